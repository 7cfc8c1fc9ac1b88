"""The trail on disk until the portal has it: durable, chained, delivered by any later sign-in.

Owns: one file of links, mode 0600, and its lock. Must never: hold patient data, lose an event that `append`
returned for, or forget one before the portal has taken it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from client.audit.chain import START, Link, link, read_line
from client.audit.event import Act, Event

Send = Callable[[Sequence[Mapping[str, object]]], None]

_BATCH = 100
_COMPACT = 64 * 1024  # bytes; a trail that was delivered is shortened beyond this


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the trail stands."""

    size: int  # bytes of whole lines
    number: int  # of the last link, 0 before the first
    mac: str
    delivered: int  # number of the last link that the portal has


class AuditQueue:
    """The trail of this operating-system user's sessions; several processes may write to it."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Use `folder`, which must exist and be private. `key`: 32 bytes, see `client.audit.chain_key`."""
        self._file = folder / "audit.jsonl"
        self._lock = folder / "audit.lock"
        self._key = key
        self._tail: _Tail | None = None

    def append(self, event: Event) -> None:
        """Write an event; it survives a crash once this returns. Raises OSError when it cannot be written."""
        with self._locked() as file:
            self._append(file, event)

    def waiting(self) -> tuple[Link, ...]:
        """Return the links that the portal does not have yet, oldest first."""
        with self._locked() as file:
            tail = self._find_tail(file)
            return tuple(each for each in _links(file, tail.size) if each.number > tail.delivered)

    def deliver(self, send: Send) -> int:
        """Give everything that waits to `send`, oldest first, in batches; return how many were taken.

        `send` may raise: what it took before stays delivered, the rest waits for the next time. A batch whose
        taking could not be noted is sent again; its `mac` tells the portal that it has it.
        """
        links = self.waiting()
        for start in range(0, len(links), _BATCH):
            batch = links[start : start + _BATCH]
            send([_as_sent(each) for each in batch])
            with self._locked() as file:
                self._note_delivered(file, batch[-1].number)
        return len(links)

    def _append(self, file: int, event: Event) -> None:
        tail = self._find_tail(file)
        new = link(self._key, tail.number + 1, tail.mac, event.as_words())
        line = new.line()
        _write(file, tail.size, line)
        self._tail = _Tail(tail.size + len(line), new.number, new.mac, tail.delivered)

    def _note_delivered(self, file: int, number: int) -> None:
        tail = self._find_tail(file)
        number = max(number, tail.delivered)
        if number == tail.number and tail.size > _COMPACT:
            self._shorten(file, tail)
            return
        line = orjson.dumps({"delivered": number}) + b"\n"
        _write(file, tail.size, line)
        self._tail = _Tail(tail.size + len(line), tail.number, tail.mac, number)

    def _shorten(self, file: int, tail: _Tail) -> None:
        # Only the last link stays, so that the chain goes on from it. Written beside, then put in place.
        last = [each for each in _links(file, tail.size) if each.number == tail.number]
        content = last[-1].line() + orjson.dumps({"delivered": tail.number}) + b"\n"
        beside = self._file.with_suffix(".new")
        new = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write(new, 0, content)
        finally:
            os.close(new)
        beside.replace(self._file)
        self._tail = None

    def _find_tail(self, file: int) -> _Tail:
        size = os.fstat(file).st_size
        if self._tail is not None and self._tail.size == size and self._is_last(file, self._tail):
            return self._tail
        content = _read(file, size)
        whole = content.rfind(b"\n") + 1
        number, mac, delivered = 0, START, 0
        for line in content[:whole].splitlines():
            found = read_line(line)
            if found is not None:
                number, mac = found.number, found.mac
            else:
                delivered = max(delivered, _delivered(line))
        self._tail = _Tail(whole, number, mac, min(delivered, number))
        if whole < size:
            os.ftruncate(file, whole)  # a crash cut the last line: its writer was never told that it was kept
            self._append(file, Event(Act.TRAIL_TORN, datetime.now(UTC)))
        return self._tail

    def _is_last(self, file: int, tail: _Tail) -> bool:
        if tail.size == 0:
            return True
        end = _read(file, tail.size, max(0, tail.size - 2000))
        return tail.mac.encode() in end

    @contextmanager
    def _locked(self) -> Iterator[int]:
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _wait_for(lock)
            file = os.open(self._file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            try:
                yield file
            finally:
                os.close(file)
        finally:
            os.close(lock)  # gives the lock back


def _as_sent(each: Link) -> dict[str, object]:
    return {**each.event, "n": each.number, "key": each.key_id, "previous": each.previous, "mac": each.mac}


def _links(file: int, size: int) -> Iterator[Link]:
    for line in _read(file, size).splitlines():
        found = read_line(line)
        if found is not None:
            yield found


def _delivered(line: bytes) -> int:
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        return 0
    number = said.get("delivered") if type(said) is dict else None
    return number if type(number) is int else 0


def _read(file: int, end: int, start: int = 0) -> bytes:
    os.lseek(file, start, os.SEEK_SET)
    chunks = []
    while start < end and (chunk := os.read(file, end - start)):
        chunks.append(chunk)
        start += len(chunk)
    return b"".join(chunks)


def _write(file: int, start: int, content: bytes) -> None:
    os.lseek(file, start, os.SEEK_SET)
    while content:
        content = content[os.write(file, content) :]
    os.fsync(file)


def _wait_for(lock: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(lock, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
