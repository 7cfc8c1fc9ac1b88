"""How a process that is about to read a document locks itself in.

Owns: the order of the locks, the limits, and the word for how strong they are on this machine.
Must never: be called by a process that still has to open something, or refuse where a lock is missing: a
report opens on every machine, and what the machine lacks is said in SECURITY.md and by `strength`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import Enum

from client.darkroom import landlock, seccomp

MEMORY = 1024 * 1024 * 1024  # bytes a document may cost beyond what its parsers weigh
PROCESSOR_SECONDS = 600  # of one process in all; each question has its own, shorter time (client.darkroom)


class Strength(Enum):
    """What keeps a parser that was taken over from doing harm; the value is what a reader is told."""

    CALLS_AND_FILES = "a short list of system calls, and no file or connection by any of them"
    CALLS = "a short list of system calls"
    FILES = "no file can be opened"
    LIMITS = "a process of its own, with limits on memory, time and written files"
    PROCESS = "a process of its own"


def strength() -> Strength:
    """Return what `lock_in` will do on this machine; nothing is locked by asking."""
    return _called(seccomp.offered(), landlock.version() > 0)


def lock_in(reads: Sequence[str] = ()) -> Strength:
    """Give up everything but memory, the clock and the descriptors that are open; return how far it went.

    Files below the folders `reads` can still be read, where landlock can see to it that no others can.
    """
    if sys.platform == "win32":
        return Strength.PROCESS
    _limit()
    if sys.platform == "darwin":
        return Strength.LIMITS
    files = seccomp.give_up_privileges() and landlock.lock_in(reads)
    calls = seccomp.lock_in(files=files and bool(reads))
    return _called(calls, files)  # last: it forbids the calls that the others need


def _called(calls: bool, files: bool) -> Strength:
    if calls:
        return Strength.CALLS_AND_FILES if files else Strength.CALLS
    if files:
        return Strength.FILES
    return Strength.PROCESS if sys.platform == "win32" else Strength.LIMITS


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NPROC, 0)
    _lower(resource.RLIMIT_CPU, PROCESSOR_SECONDS)
    _lower(resource.RLIMIT_NOFILE, 8)
    if sys.platform == "linux":
        # Counted from here: PDF's allocator has 32 GB of addresses set aside, of which it uses little.
        # What it makes writable of them is counted by RLIMIT_DATA alone.
        addresses, data = _sizes()
        _lower(resource.RLIMIT_AS, addresses + MEMORY)
        _lower(resource.RLIMIT_DATA, data + MEMORY)


def _lower(which: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (bound, bound))


def _sizes() -> tuple[int, int]:
    # proc(5), statm: pages; the first is the whole address space, the sixth data and stack.
    import resource
    from pathlib import Path

    words = Path("/proc/self/statm").read_bytes().split()
    page = resource.getpagesize()
    return int(words[0]) * page, int(words[5]) * page
