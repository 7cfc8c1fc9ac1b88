"""Where the cache's records lie: segments that only grow, and an index in memory.

Owns: the index, the order of use, the bound on disk space and how space comes back. It handles sealed bytes
only. Readers take no lock: each of their two steps in the index is one call of the dictionary, which no other
thread sees half done. So nothing here may walk through the index. Writers take turns on a lock of their own,
and hold the short lock while they change more than one thing; a large record being written never keeps a
reader waiting.
Must never: know the key, or leave more on disk than the bound and one segment.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from client.cache.record import RecordId
from client.cache.segments import Segment, nameless_file
from client.errors import SessionEnded

# A 32nd of the bound: few enough open files, and little room lost to the one being tidied.
_SEGMENTS = 32
# Giving back a gigabyte takes the kernel a quarter of a second on one thread (page cache, then the disk's
# discard).
_CLOSERS = 4
_OVER = "This session has ended, so nothing more is stored or read. Sign in again to go on."


class Place(NamedTuple):
    """Where a record lies, and what only memory knows of it."""

    segment: Segment
    offset: int
    size: int  # bytes on disk
    length: int  # bytes of content
    nonce: int  # of its first chunk


class Entry(NamedTuple):
    """A record about to be written."""

    record: RecordId
    size: int
    length: int
    nonce: int


class SegmentLog:
    """Sealed records in nameless files, at most `limit` bytes of them."""

    __slots__ = (
        "_active",
        "_closed",
        "_doomed",
        "_folder",
        "_index",
        "_lock",
        "_segments",
        "_writing",
        "limit",
        "stored",
    )

    def __init__(self, folder: Path, limit: int) -> None:
        self.limit = limit
        self.stored = 0  # bytes on disk
        self._folder = folder
        self._index: OrderedDict[RecordId, Place] = OrderedDict()  # least recently used first
        self._segments: list[Segment] = []
        self._active: Segment | None = None
        self._doomed: list[Segment] = []  # retired, let go of outside of the lock: closing takes milliseconds
        self._closed = False
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return len(self._index)

    def prepare(self) -> None:
        """Make the first segment, so that a folder that cannot be used is known at once; raises OSError."""
        with self._writing:
            self._open_for(0)

    def peek(self, record: RecordId) -> Place | None:
        """Return where a record lies, without counting it as a use."""
        return self._index.get(record)

    def use(self, record: RecordId) -> Place | None:
        """Return where a record lies; the place keeps its file open. Raises SessionEnded."""
        index = self._index
        try:
            place = index[record]
            index.move_to_end(record)
        except KeyError:  # never here, or dropped this moment
            if self._closed:
                raise SessionEnded(_OVER) from None
            return None
        return place

    def write(self, entries: Sequence[Entry], pieces: Iterable[bytes | memoryview]) -> None:
        """Append the pieces, which hold the entries one after the other; together at most `limit` bytes.

        Raises OSError, with nothing added, when the disk does not take them, and SessionEnded.
        """
        size = sum(entry.size for entry in entries)
        with self._writing:
            self._make_room(size)
            segment = self._open_for(size)
            offset = self._append(segment, pieces)
            with self._lock:
                if self._closed:
                    raise SessionEnded(_OVER)
                self.stored += size
                self._enter(entries, segment, offset)

    def drop(self, record: RecordId, only: Place | None = None) -> None:
        """Forget a record, or `only` if it still lies there."""
        with self._lock:
            if only is None or self._index.get(record) is only:
                self._remove(record)
        self._bury()

    def close(self) -> None:
        """Forget every record and give all the space back. Idempotent."""
        with self._lock:
            self._closed = True
            self._index.clear()
            self._doomed += self._segments
            self._segments.clear()
            self._active = None
            self.stored = 0
        if len(self._doomed) < _CLOSERS:
            self._bury()
            return
        closers = [threading.Thread(target=self._bury, name="cache-close") for _ in range(_CLOSERS)]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join()

    # everything below either holds the writers' turn, or says that it wants the short lock held

    def _make_room(self, size: int) -> None:
        while True:
            with self._lock:
                if self._closed:
                    raise SessionEnded(_OVER)
                if self.stored + size <= self.limit:
                    return
                worst = max(self._segments, key=_dead)
                tidy = 2 * worst.dead >= worst.size
                if tidy:
                    if worst is self._active:
                        self._active = None
                else:
                    self._discard(*self._index.popitem(last=False))
            if tidy:
                self._tidy(worst)
            del worst  # or it would be let go of, and closed, inside the lock
            self._bury()

    def _tidy(self, segment: Segment) -> None:
        # what is still wanted moves as it is, sealed; at most half a segment
        with self._lock:
            wanted = list(segment.records)
        try:
            for record in wanted:
                place = self._index.get(record)
                if place is not None and place.segment is segment:
                    self._move(record, place)
        except OSError:  # the disk has no room even for this: better to fetch those records again
            with self._lock:
                for record in segment.records.copy():
                    self._remove(record)
        with self._lock:
            if not segment.retired and not self._closed:
                self._retire(segment)

    def _move(self, record: RecordId, place: Place) -> None:
        sealed = place.segment.read(place.size, place.offset)
        target = self._open_for(place.size)
        offset = self._append(target, [sealed])
        with self._lock:
            if self._closed:
                raise SessionEnded(_OVER)
            self.stored += len(sealed)
            if self._index.get(record) is place:
                self._discard(record, place)
                self._index[record] = place._replace(segment=target, offset=offset)  # keeps its turn
                target.records.add(record)
                target.live += place.size

    def _open_for(self, size: int) -> Segment:
        active = self._active
        if active is None or (active.size and active.size + size > self.limit // _SEGMENTS):
            active = Segment(nameless_file(self._folder))
        with self._lock:
            if self._closed:
                raise SessionEnded(_OVER)
            if active is not self._active:
                self._active = active
                self._segments.append(active)
        return active

    def _append(self, segment: Segment, pieces: Iterable[bytes | memoryview]) -> int:
        try:
            return segment.append(pieces)
        except OSError:
            with contextlib.suppress(OSError):
                segment.shrink()
            raise

    def _enter(self, entries: Sequence[Entry], segment: Segment, offset: int) -> None:
        # a loop of its own names: it runs once for every record of a sync
        index, records = self._index, segment.records
        for record, size, length, nonce in entries:
            before = index.pop(record, None)
            if before is not None:
                self._discard(record, before)
            index[record] = Place(segment, offset, size, length, nonce)
            records.add(record)
            segment.live += size
            offset += size

    def _remove(self, record: RecordId) -> None:
        place = self._index.pop(record, None)
        if place is not None:
            self._discard(record, place)

    def _discard(self, record: RecordId, place: Place) -> None:
        segment = place.segment
        segment.records.discard(record)
        segment.live -= place.size
        if not segment.live and segment is not self._active and not segment.retired:
            self._retire(segment)

    def _retire(self, segment: Segment) -> None:
        self._segments.remove(segment)
        self.stored -= segment.size
        segment.retired = True
        if segment is self._active:
            self._active = None
        self._doomed.append(segment)

    def _bury(self) -> None:
        while self._doomed:
            with contextlib.suppress(IndexError):  # another thread took the last one
                self._doomed.pop()


def _dead(segment: Segment) -> int:
    return segment.dead
