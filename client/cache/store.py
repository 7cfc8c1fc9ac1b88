"""The report cache: what a session has fetched, sealed under its key, for as long as the session lasts.

Owns: sealing and opening records, and the sentences a user reads when that does not work.
Must never: write anything but ciphertext, return or keep a record that does not verify, or outlive its
process.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.cache.key import CacheKey
from client.cache.log import Entry, Place, SegmentLog
from client.cache.record import (
    CHUNK,
    RecordId,
    chunk_count,
    open_part,
    open_small,
    seal,
    seal_small,
    sealed_size,
)
from client.errors import CacheMiss, CacheUnavailable, DamagedRecord
from client.system.volume import is_local

Content = bytes | bytearray | memoryview

_BATCH = 1024 * 1024  # bytes of content sealed and written at once
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_GO_ON = "You can go on reading; what is not stored is loaded from the portal each time."
_DISK_FULL = "The disk of this computer is full, so reports can no longer be stored for the session. "
_NO_FOLDER = (
    "The folder for stored reports cannot be used (it may be missing, read-only, or not on this computer's "
    "own disk), so no reports are stored. "
)
_TOO_LARGE = "This document is larger than the space allowed for stored reports, so it is not stored. "
_MISSING = "This report is not stored on this computer yet. It is loaded from the portal."
_DAMAGED = (
    "A report stored on this computer was damaged and is not shown. It is loaded from the portal again."
)


class ReportCache:
    """Records in nameless files under `folder`, at most `limit` bytes on disk. Thread-safe.

    `on_damage` hears of each record that did not verify, in the thread that asked for it.
    Raises CacheUnavailable when the folder cannot be made, is not local or takes no nameless file.
    """

    def __init__(
        self,
        folder: Path,
        key: CacheKey,
        limit: int,
        on_damage: Callable[[RecordId], None] | None = None,
    ) -> None:
        self._key = key
        self._log = SegmentLog(folder, limit)
        self._on_damage = on_damage
        self._counting = threading.Lock()
        self._damaged = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not is_local(folder):
                raise CacheUnavailable(_NO_FOLDER + _GO_ON)
            self._log.prepare()
        except OSError as error:
            raise _unavailable(error) from error

    def put(self, record: RecordId, data: Content) -> None:
        """Store a record, in place of what was stored under the same id.

        Raises CacheUnavailable (disk full, folder gone, larger than the limit) with nothing changed, and
        SessionEnded.
        """
        if type(data) is not bytes:
            data = memoryview(data).cast("B")
        length = len(data)
        size = sealed_size(length)
        if size > self._log.limit:
            raise CacheUnavailable(_TOO_LARGE + _GO_ON)
        aead = self._key.aead()
        nonce = self._key.reserve(chunk_count(length))
        entry = Entry(record, size, length, nonce)
        try:
            if length <= CHUNK:
                self._log.write([entry], [seal_small(aead, nonce, record, data)])
            else:
                self._log.write([entry], seal(aead, nonce, record, memoryview(data)))
        except OSError as error:
            raise _unavailable(error) from error

    def put_many(self, records: Iterable[tuple[RecordId, Content]]) -> None:
        """Store many records with few writes; each is stored or not as a whole.

        Raises as `put`; what was written before stays.
        """
        batch: list[tuple[RecordId, Content]] = []
        room = most = min(_BATCH, self._log.limit)
        for record, data in records:
            size = memoryview(data).nbytes
            room -= size + sealed_size(0)
            if room < 0 or size > CHUNK:
                self._put_batch(batch)  # in order: the same record may come twice
                batch = []
                room = most - size - sealed_size(0)
            if size > CHUNK:
                self.put(record, data)
                room = most
            else:
                batch.append((record, data))
        self._put_batch(batch)

    def get(self, record: RecordId) -> bytes:
        """Return a record; raises CacheMiss, DamagedRecord (and forgets it) and SessionEnded."""
        return self._whole(self._key.aead(), record)

    def get_many(self, records: Iterable[RecordId]) -> list[bytes | None]:
        """Return records in order, None for one that is missing or damaged; raises SessionEnded.

        The key's schedule is made once for all of them, and is there until the last is open.
        """
        aead = self._key.aead()
        found: list[bytes | None] = []
        for record in records:
            try:
                found.append(self._whole(aead, record))
            except CacheMiss:
                found.append(None)
        return found

    def read(self, record: RecordId, start: int, length: int) -> bytes:
        """Return up to `length` bytes from `start`, decrypting only what they lie in; raises as `get`."""
        if start < 0 or length < 0:
            raise ValueError("a part of a record begins at 0 or later and is not shorter than nothing")
        place = self._log.use(record)
        if place is None:
            raise CacheMiss(_MISSING)
        return self._open(record, place, range(min(start, place.length), min(start + length, place.length)))

    def size_of(self, record: RecordId) -> int:
        """Return how many bytes of content a record has; raises CacheMiss."""
        place = self._log.peek(record)
        if place is None:
            raise CacheMiss(_MISSING)
        return place.length

    def drop(self, record: RecordId) -> None:
        """Forget a record, if it is there."""
        self._log.drop(record)

    def close(self) -> None:
        """Give all disk space back; the key is its owner's to destroy. Idempotent."""
        self._log.close()

    @property
    def stored(self) -> int:
        """Bytes on disk."""
        return self._log.stored

    @property
    def damaged(self) -> int:
        """How many records did not verify in this session."""
        return self._damaged

    def __contains__(self, record: RecordId) -> bool:
        return self._log.peek(record) is not None

    def __len__(self) -> int:
        return len(self._log)

    def _put_batch(self, batch: list[tuple[RecordId, Content]]) -> None:
        if not batch:
            return
        aead = self._key.aead()
        first = self._key.reserve(len(batch))
        entries: list[Entry] = []
        pieces: list[bytes] = []
        for nonce, (record, data) in enumerate(batch, first):
            plain = data if type(data) is bytes else memoryview(data).cast("B")
            piece = seal_small(aead, nonce, record, plain)
            entries.append(Entry(record, len(piece), len(plain), nonce))
            pieces.append(piece)
        try:
            self._log.write(entries, [b"".join(pieces)])
        except OSError as error:
            raise _unavailable(error) from error

    def _whole(self, aead: AESGCM, record: RecordId) -> bytes:
        place = self._log.use(record)
        if place is None:
            raise CacheMiss(_MISSING)
        segment, offset, size, length, nonce = place
        if length > CHUNK:
            return self._open(record, place, range(length))
        try:
            return open_small(aead, nonce, record, length, segment.read(size, offset))
        except (InvalidTag, OSError) as error:
            raise self._damage(record, place) from error

    def _open(self, record: RecordId, place: Place, wanted: range) -> bytes:
        segment, offset, _, length, nonce = place

        def read_into(buffer: memoryview, begin: int) -> int:
            return segment.read_into(buffer, offset + begin)

        try:
            return open_part(self._key.aead(), nonce, record, length, wanted, read_into)
        except (InvalidTag, OSError) as error:
            raise self._damage(record, place) from error

    def _damage(self, record: RecordId, place: Place) -> DamagedRecord:
        self._log.drop(record, only=place)
        with self._counting:
            self._damaged += 1
        if self._on_damage is not None:
            self._on_damage(record)
        return DamagedRecord(_DAMAGED)


def _unavailable(error: OSError) -> CacheUnavailable:
    return CacheUnavailable((_DISK_FULL if error.errno in _FULL else _NO_FOLDER) + _GO_ON)
