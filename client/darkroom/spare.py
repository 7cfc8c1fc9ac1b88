"""Where a process cannot be forked safely (macOS, Windows): a fresh one for each document, one kept ready.

Owns: those processes, seen from the session; what they are is `client.darkroom.spare_process`.
Must never: hand one a second document. Written from the documentation for those systems; its tests run it on
Linux.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

from client.darkroom.first_process import command, environment
from client.system.job import Job


class Pipes:
    """The way to a process by its standard streams; what lasts too long is ended with the process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise OSError("There are no pipes to the process.")
        self._process = process
        self._sending, self._receiving = process.stdin, process.stdout
        self._seconds: float | None = None

    def settimeout(self, seconds: float | None, /) -> None:
        """Let no later call last longer."""
        self._seconds = seconds

    def send(self, data: memoryview, /) -> int:
        """Return how many of the bytes were taken."""
        with self._bounded():
            return os.write(self._sending.fileno(), data)

    def recv_into(self, space: memoryview, /) -> int:
        """Return how many bytes were put into `space`; 0 where the other side is gone."""
        with self._bounded():
            found = os.read(self._receiving.fileno(), len(space))
        space[: len(found)] = found
        return len(found)

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[None]:
        overdue = threading.Event()

        def end() -> None:
            overdue.set()
            self._process.kill()

        timer = threading.Timer(self._seconds if self._seconds is not None else threading.TIMEOUT_MAX, end)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
        if overdue.is_set():
            raise TimeoutError

    def shutdown(self, _how: int, /) -> None:
        """Let nothing more come or go: whoever waits reads end of file."""
        self._process.kill()

    def close(self) -> None:
        """Hang up; what is left of the process is reaped."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._sending.close()
        self._receiving.close()


class Spares:
    """Starts the processes; the next one imports its parsers while this one works."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gone = threading.Event()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        # A process that could outlive the session is not started at all: its job ends it.
        self._job = Job(getattr(ctypes, "windll").kernel32) if sys.platform == "win32" else None  # noqa: B009
        self._spare = self._start()

    def develop(self, number: int, module: str) -> Pipes:
        """Return the way to a process that does this work; OSError where there is none to be had."""
        with self._lock:
            if self._gone.is_set():
                raise OSError("The darkroom is closed.")
            process, self._spare = self._spare, self._start()
            self._processes[number] = process
        link = Pipes(process)
        link.send(memoryview(module.encode() + b"\n"))
        return link

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command("client.darkroom.spare_process"),
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        if self._job is not None:
            try:
                self._job.take(int(getattr(process, "_handle", 0)))
            except OSError:
                process.kill()
                raise
        return process

    def end(self, number: int) -> None:
        """End that process; at once."""
        with self._lock:
            process = self._processes.pop(number, None)
        if process is not None:
            process.kill()

    def kill(self) -> None:
        """End all of them; at once."""
        with self._lock:
            self._gone.set()
            for process in (*self._processes.values(), self._spare):
                process.kill()

    def wait(self) -> None:
        """Block until the helper is gone."""
        self._gone.wait()
        self._spare.wait()
        for stream in (self._spare.stdin, self._spare.stdout):
            if stream is not None:
                stream.close()
