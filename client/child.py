"""One session process, seen from its parent: started with the least means, told, ended, reaped.

Owns: the command, the environment and the pipe ends of a session process.
Must never: import anything that costs time. The first sign-in page waits for this module: argparse would
cost 12 ms, subprocess 8, dataclasses 6. They are imported while the process below is already starting.
"""

from __future__ import annotations

import os
import sys

# The first argument by which the frozen program is a session process, or one of its darkroom's.
SESSION_PROCESS = "--session-process"
DARKROOM_PROCESS = "--darkroom-process"

# os.path: importing pathlib would cost 5 ms.
_PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
# `-I` keeps the current folder, PYTHONPATH and the user's own packages out, and `-S` (5 ms) the search for
# packages. Both places are handed over explicitly: a checkout and an installation start the same way, and the
# child has its parent's version. The collector of garbage waits until the page is painted (`client.app`).
_START = (
    f"import gc, sys; sys.path += sys.argv[1].split({os.pathsep!r}); gc.disable(); "
    "from client.app import main; sys.exit(main(sys.argv[2:]))"
)

# What would write TLS secrets to a file or change whom TLS libraries trust: no process of ours has it.
MISLEADING_VARIABLES = frozenset({
    "SSLKEYLOGFILE", "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
})  # fmt: skip

_SET = {
    "LD_BIND_NOW": "1",  # keeps AES round keys off the stack
    # One heap for all threads, of which one at a time works in Python anyway. With a heap for each, what a
    # page of reports leaves free in one is not used by the next: 3 to 7 of 140 MB with 10,000 reports.
    "MALLOC_ARENA_MAX": "1",
}


def command(words: list[str]) -> list[str]:
    """Return the command line of a session process; `--portal=URL` becomes the two words `--portal URL`."""
    options: list[str] = []
    for word in words:
        options += word.split("=", 1) if word.startswith(("--portal=", "--ca-file=")) else [word]
    if getattr(sys, "frozen", False):
        return [sys.executable, SESSION_PROCESS, *options]
    return [sys.executable, "-I", "-S", "-c", _START, os.pathsep.join(_packages()), *options]


def _packages() -> list[str]:
    from site import getsitepackages  # loaded already: by Python itself

    return [_PACKAGE_ROOT, *getsitepackages()]


def environment() -> dict[str, str]:
    """Return this process's environment without what misleads, with what hardens it and keeps it small."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in MISLEADING_VARIABLES and not name.startswith("PYTHON")
    }
    return {**kept, **_SET}


class Child:
    """A started session process: `pid`, and the descriptors `reading` (its words) and `writing` (ours)."""

    def __init__(self, arguments: list[str]) -> None:
        _hold_standard_streams()
        its_input, self.writing = os.pipe()
        self.reading, its_output = os.pipe()
        self.exit_code: int | None = None
        try:
            self.pid = os.posix_spawn(
                arguments[0],
                arguments,
                environment(),
                file_actions=[(os.POSIX_SPAWN_DUP2, its_input, 0), (os.POSIX_SPAWN_DUP2, its_output, 1)],
                setpgroup=0,  # Ctrl-C in a terminal reaches the doorkeeper alone, which then ends the session
            )
        except OSError:
            self.close()
            raise
        finally:
            os.close(its_input)
            os.close(its_output)

    def gone(self) -> bool:
        """Reap the process if it has ended; true once nothing of it is left."""
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid == self.pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is not None

    def kill(self) -> None:
        """End it without asking. The pid cannot be another's: it is ours until `gone` reaps it."""
        if not self.gone():
            from signal import SIGKILL  # by now it costs nothing; at the top it would cost 3 ms

            os.kill(self.pid, SIGKILL)

    def wait(self) -> int:
        """Block until it has ended; return its exit code, negative for a signal."""
        if self.exit_code is None:
            self.exit_code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.exit_code

    def hang_up(self) -> None:
        """Close our way to it: it reads end of file and ends."""
        if self.writing >= 0:
            os.close(self.writing)
            self.writing = -1

    def close(self) -> None:
        """Close both descriptors; only when nobody reads them any more."""
        self.hang_up()
        if self.reading >= 0:
            os.close(self.reading)
            self.reading = -1


def start(words: list[str]) -> Child:
    """Start a session process with these options; OSError where the system refuses."""
    arguments = command(words)
    if sys.platform == "win32":
        from client.system.job import start_in_job

        return start_in_job(arguments, environment())
    return Child(arguments)


def _hold_standard_streams() -> None:
    # Started with a closed standard stream, a pipe end would take its number, and the child would lose it.
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
