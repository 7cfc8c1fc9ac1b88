"""A process that reads one document and ends, where a process cannot be forked: see `client.darkroom.spare`.

Must never: outlive the session, or read a byte of the document before it is locked in.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import warnings

from client.darkroom.developing import develop, prepare
from client.darkroom.task import Task
from client.system import memory, parent

_LONGEST_NAME = 200
_LOOK = 1.0  # seconds between two looks whether the session is there


class _Streams:
    """The way to the session: standard input and output."""

    def settimeout(self, seconds: float | None, /) -> None:
        """Nothing: this side waits as long as the session lets it."""

    def send(self, data: memoryview, /) -> int:
        """Return how many of the bytes were taken."""
        return os.write(1, data)

    def recv_into(self, space: memoryview, /) -> int:
        """Return how many bytes were put into `space`; 0 where the session is gone."""
        found = os.read(0, len(space))
        space[: len(found)] = found
        return len(found)

    def shutdown(self, how: int, /) -> None:
        """Nothing: the streams end with the process."""

    def close(self) -> None:
        """Nothing: the streams end with the process."""


def _watch(session: int) -> None:
    while os.getppid() == session:
        time.sleep(_LOOK)
    os._exit(1)


def _module() -> str:
    name = b""
    while not name.endswith(b"\n") and len(name) < _LONGEST_NAME:
        piece = os.read(0, 1)
        if not piece:
            os._exit(0)
        name += piece
    return name.rstrip(b"\n").decode()


def main() -> int:
    """Be such a process."""
    if sys.platform == "darwin":  # Linux and Windows end it by themselves, even in the middle of a loop
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    parent.end_with_parent()
    memory.harden_process(dumpable=False)
    logging.disable(logging.CRITICAL)  # parsers quote what they read
    warnings.simplefilter("ignore")
    sys.dont_write_bytecode = True
    prepare(Task.COMPOSE.value)
    develop(_Streams(), prepare(_module()))
    os._exit(0)
