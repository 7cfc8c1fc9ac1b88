"""The lines between the doorkeeper and a session process: words of ASCII, one message a line.

Owns: how a message is written and read, on both sides.
Must never: carry anything but a word, a reason and a moment; no user's, patient's or portal's text fits in.
It is on the start-up path: a named tuple, as in `client.policy`, because dataclasses cost milliseconds there.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from client.reasons import EndReason

LONGEST = 200  # bytes of a line, its end included
_CHUNK = 4096


class Word(Enum):
    """What a line says."""

    READY = "ready"  # session → doorkeeper: the hidden sign-in page exists
    PAINTED = "painted"  # the sign-in page is on screen
    SIGNED_IN = "signed-in"  # a user is in
    DEADLINE = "deadline"  # end me when this moment passes and I have said nothing more
    ENDED = "ended"  # screen blank, key destroyed, cache closed
    SHOW = "show"  # doorkeeper → session: show yourself
    END = "end"  # end now


_WITH_REASON = frozenset({Word.ENDED, Word.SHOW, Word.END})


class WireError(ValueError):
    """A line that is not of this protocol; the message never repeats what it said."""


class Line(NamedTuple):
    """One message; `reason` goes with ended, show and end, `at` (suspend-aware clock) with deadline."""

    word: Word
    reason: EndReason | None = None
    at: timedelta | None = None


def encode(line: Line) -> bytes:
    """Return the line as bytes, its line end included."""
    if line.word is Word.DEADLINE:
        if line.at is None:
            raise WireError("A deadline needs its moment.")
        return b"deadline %.3f\n" % line.at.total_seconds()
    if line.word in _WITH_REASON:
        if line.reason is None and line.word is not Word.SHOW:
            raise WireError("An end needs its reason.")
        return f"{line.word.value} {line.reason.value if line.reason else '-'}\n".encode("ascii")
    return f"{line.word.value}\n".encode("ascii")


def decode(raw: bytes) -> Line:
    """Return the message in a line, with or without its line end; WireError where it is none."""
    try:
        name, *rest = raw.decode("ascii").split()
        word = Word(name)
        if word is Word.DEADLINE:
            (moment,) = rest
            return Line(word, at=timedelta(seconds=float(moment)))
        if word in _WITH_REASON:
            (reason,) = rest
            if word is Word.SHOW and reason == "-":
                return Line(word)
            return Line(word, reason=EndReason(reason))
        () = rest
        return Line(word)
    except (ValueError, OverflowError):
        # `from None`: the cause's text would repeat the line.
        raise WireError("The other process said something that is not of the protocol.") from None


def say(descriptor: int, line: Line) -> None:
    """Write one message; OSError when the other side is gone."""
    raw = encode(line)
    while raw:
        raw = raw[os.write(descriptor, raw) :]


def listen(descriptor: int) -> Iterator[Line]:
    """Yield messages until the other side is gone; lines too long or not of the protocol are skipped.

    Blocks: give it a thread. The buffer never holds more than one chunk, whatever the other side writes.
    """
    rest = b""
    skipping = False  # inside a line that is already too long
    while chunk := _read(descriptor):
        *lines, rest = (rest + chunk).split(b"\n")
        for raw in lines:
            if not skipping and len(raw) < LONGEST:
                try:
                    yield decode(raw)
                except WireError:
                    continue
            skipping = False
        if len(rest) >= LONGEST:
            rest, skipping = b"", True


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        return b""  # closed under us, or reset: the other side is gone either way


def take_over_standard_streams() -> tuple[int, int]:
    """Move the protocol away from standard input and output; return (read, write) descriptors.

    Afterwards a stray print of a library goes to standard error, and no grandchild inherits the pipes, so
    that their end of file is really the end of this process.
    """
    reading, writing = os.dup(0), os.dup(1)  # os.dup: not inheritable
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return reading, writing
