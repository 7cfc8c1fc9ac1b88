"""What becomes of a fault nobody foresaw: a line in the log that says where it happened, never what it said.

Owns: the log file (0600, in the user's state folder, kept small) and the hooks that would otherwise print.
Must never: write the text of an exception, a value or a path of the user's: any may hold patient data.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

LARGEST = 256 * 1024  # bytes; then the log becomes the old log, and the one before that goes
_FRAMES = 12

Told = Callable[[BaseException], None]


def describe(fault: BaseException) -> str:
    """Return the kind of a fault and the places it came through, innermost last: module and line only."""
    frames = traceback.walk_tb(fault.__traceback__)
    places = [f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in frames]
    return " ".join([type(fault).__name__, *places[-_FRAMES:]])


class FaultLog:
    """Writes lines; a disk that does not take them is no further fault."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Append a line with the time, in UTC, and the process."""
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        words = f"{moment} {os.getpid()} {line}\n".encode("ascii", "replace")
        with self._lock:
            try:
                self._append(self._folder() / "safelight.log", words)
            except Exception:
                return

    def _append(self, path: Path, words: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        file = os.open(path, flags, 0o600)
        try:
            os.write(file, words)
            full = os.fstat(file).st_size > LARGEST
        finally:
            os.close(file)
        if full:
            path.replace(path.with_suffix(".log.1"))


def install(log: FaultLog, told: Told) -> None:
    """Have every unforeseen fault of this process, in any thread, written to `log` and given to `told`."""

    def handle(fault: BaseException | None) -> None:
        if fault is not None:
            log.write("unexpected " + describe(fault))
            told(fault)

    def of_main(_kind: type[BaseException], fault: BaseException, _trace: TracebackType | None) -> None:
        handle(fault)

    sys.excepthook = of_main
    sys.unraisablehook = lambda unraisable: handle(unraisable.exc_value)
    threading.excepthook = lambda failed: handle(failed.exc_value)
