"""A segment: one nameless file that only grows, and is given back to the disk whole.

Owns: how the cache's bytes lie on disk. `tempfile.TemporaryFile` makes a file that has no name from the
first moment (Linux, O_TMPFILE), loses it before it holds a byte (other POSIX systems), or is deleted by the
system when its last handle closes (Windows): the end of the process, however it comes, is the end of the
file.
Must never: see anything but ciphertext, or make the disk wait (nothing here is to survive, so nothing is
flushed).
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from client.cache.record import RecordId

if sys.platform == "win32":  # no reads and writes at a position there
    _moving = threading.Lock()

    def _read_into(descriptor: int, buffer: memoryview, offset: int) -> int:
        with _moving:
            os.lseek(descriptor, offset, os.SEEK_SET)
            found = os.read(descriptor, len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def _read(descriptor: int, length: int, offset: int) -> bytes:
        with _moving:
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.read(descriptor, length)

    def _write(descriptor: int, data: bytes | memoryview, offset: int) -> int:
        with _moving:
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.write(descriptor, data)

else:

    def _read_into(descriptor: int, buffer: memoryview, offset: int) -> int:
        return os.preadv(descriptor, [buffer], offset)

    _read = os.pread
    _write = os.pwrite


class NotNameless(OSError):
    """The file system kept a name for a file that must have none."""


def nameless_file(folder: Path) -> IO[bytes]:
    """Return a new empty file that has no name; raises OSError, NotNameless among them."""
    # unbuffered: a buffer would be one more copy to look after; the segment closes it
    file = tempfile.TemporaryFile(dir=folder, buffering=0, prefix="safelight-")  # noqa: SIM115
    if sys.platform != "win32" and os.fstat(file.fileno()).st_nlink != 0:
        file.close()
        raise NotNameless("a temporary file has kept a name")
    return file


class Segment:
    """A nameless file, and what of it is still wanted. The log's locks guard everything but the reads.

    It is closed, and its space given back, when the last one to refer to it lets go: so a reader needs no
    lock to keep it open, and no descriptor is closed (and given to another file) under a read.
    """

    __slots__ = ("_descriptor", "_file", "live", "records", "retired", "size")

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._descriptor = file.fileno()
        self.size = 0  # bytes on disk
        self.live = 0  # bytes of records still in the index
        self.records: set[RecordId] = set()
        self.retired = False  # no longer counted

    @property
    def dead(self) -> int:
        """Bytes that only cost room."""
        return self.size - self.live

    def append(self, pieces: Iterable[bytes | memoryview]) -> int:
        """Write the pieces at the end and return where they begin; on OSError nothing has been added."""
        begin = end = self.size
        for piece in pieces:
            written = _write(self._descriptor, piece, end)
            end += written
            if written != len(piece):  # a nearly full disk takes a part, and says why at the next try
                rest = memoryview(piece)[written:]
                while rest:
                    written = _write(self._descriptor, rest, end)
                    end += written
                    rest = rest[written:]
        self.size = end
        return begin

    def shrink(self) -> None:
        """Give back what a failed `append` left beyond the end."""
        os.ftruncate(self._descriptor, self.size)

    def read(self, length: int, offset: int) -> bytes:
        """Return up to `length` bytes from `offset`; fewer mean that the file is shorter."""
        return _read(self._descriptor, length, offset)

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill `buffer` from `offset` and return how many bytes there were."""
        return _read_into(self._descriptor, buffer, offset)

    def __del__(self) -> None:
        self._file.close()
