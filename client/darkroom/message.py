"""What goes between the session and a process that develops: a small JSON object and bytes, both ways.

Owns: the form of a message. Must never: believe a length before it was held against a bound: the other side
may have been taken over by the document it reads.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import orjson

Blob = bytes | bytearray | memoryview
Said = Mapping[str, Any]
"""What a message says besides its bytes; its values are JSON's."""

LARGEST = 512 * 1024 * 1024  # bytes of one message: four times the largest picture that is drawn
_LARGEST_SAID = 16 * 1024 * 1024  # of its JSON
_MOST_BLOBS = 256
_HEAD = struct.Struct("=II")
_LENGTH = struct.Struct("=Q")


class Link(Protocol):
    """A way to another process; a socket is one. Raises OSError, TimeoutError among them."""

    def settimeout(self, seconds: float | None, /) -> None:
        """Let no later call last longer."""
        ...

    def send(self, data: memoryview, /) -> int:
        """Return how many of the bytes were taken."""
        ...

    def recv_into(self, space: memoryview, /) -> int:
        """Return how many bytes were put into `space`; 0 where the other side is gone."""
        ...

    def shutdown(self, how: int, /) -> None:
        """Let nothing more come or go, for any thread."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class Garbled(Exception):
    """What came is no message."""


class HungUp(Exception):
    """The other side is gone."""


@dataclass(frozen=True, slots=True)
class Message:
    """One request or one answer; `blobs` are bytes-like."""

    said: Said = field(repr=False)
    blobs: tuple[Blob, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Until:
    """A moment by which something has to be there; `None` for whenever it comes."""

    moment: float | None = None

    @classmethod
    def within(cls, span: timedelta) -> Until:
        """Return the moment `span` from now."""
        return cls(time.monotonic() + span.total_seconds())

    def left(self) -> float | None:
        """Return the seconds until then; raises TimeoutError when it is past already."""
        if self.moment is None:
            return None
        left = self.moment - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def hold(self, link: Link) -> None:
        """Let the next call on `link` last no longer; raises TimeoutError when it is past already."""
        if self.moment is not None:  # a locked-in process waits for ever, and could not set it
            link.settimeout(self.left())


def send(link: Link, said: Said, blobs: Sequence[Blob], until: Until) -> None:
    """Send a message; raises TimeoutError, and HungUp where nobody takes it."""
    words = orjson.dumps(said)
    views = [memoryview(blob).cast("B") for blob in blobs]
    head = _HEAD.pack(len(words), len(views)) + b"".join(_LENGTH.pack(len(view)) for view in views)
    try:
        for part in (memoryview(head + words), *views):
            sent = 0
            while sent < len(part):
                until.hold(link)
                sent += link.send(part[sent : sent + _PIECE])
    except TimeoutError:
        raise
    except OSError:
        raise HungUp from None


def receive(link: Link, until: Until) -> Message:
    """Return the next message; raises TimeoutError, HungUp and Garbled."""
    length, count = _HEAD.unpack(_take(link, _HEAD.size, until))
    if length > _LARGEST_SAID or count > _MOST_BLOBS:
        raise Garbled
    lengths = [_LENGTH.unpack(_take(link, _LENGTH.size, until))[0] for _ in range(count)]
    if sum(lengths) > LARGEST:
        raise Garbled
    try:
        said = orjson.loads(_take(link, length, until))
    except orjson.JSONDecodeError:
        raise Garbled from None
    if not isinstance(said, dict):
        raise Garbled
    return Message(said, tuple(_take(link, each, until) for each in lengths))


_PIECE = 1 << 20  # bytes handed over at once: the time is looked at in between


def _take(link: Link, length: int, until: Until) -> bytearray:
    found = bytearray(length)
    view = memoryview(found)
    taken = 0
    while taken < length:
        until.hold(link)
        try:
            got = link.recv_into(view[taken:])
        except TimeoutError:
            raise
        except OSError:
            raise HungUp from None
        if got == 0:
            raise HungUp
        taken += got
    return found
