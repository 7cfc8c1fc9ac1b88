"""What the operating system can do for a secret in memory, and against dumps of it.

Owns: one page that is locked into RAM and left out of core dumps, error reports and forked children, and the
switches that keep this process's memory from being dumped or read by another program of the same user.
Must never: make a Python object (`bytes`, `int`, `str`) of what is on the page.

Linux does all of it. macOS locks and wipes, but has no call that leaves one page out of a dump: there the
limit on core dumps does the work. Windows locks, wipes and leaves the page out of error reports; those
calls are written after their documentation and have not been run.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys

_ENTROPY = "/dev/urandom"
_PR_SET_DUMPABLE = 4  # linux/prctl.h


class SecretPage:
    """One page of memory for a secret; `locked` tells whether the system keeps it out of swap.

    Only the process `owner` may touch it: a forked child is left without the page.
    """

    __slots__ = ("_address", "_map", "_view", "locked", "owner")

    def __init__(self) -> None:
        if sys.platform == "win32":
            self._map = mmap.mmap(-1, mmap.PAGESIZE)
        else:  # private: Python's default is shared, which a forked child would go on seeing
            self._map = mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._address = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        self.owner = os.getpid()
        self._view = memoryview(self._map)
        self.locked = _lock(self._address, mmap.PAGESIZE)
        _leave_out_of_dumps(self._map, self._address)

    def view(self, length: int) -> memoryview:
        """Return the first `length` bytes of the page itself; what holds it must let go before `wipe`."""
        return self._view[:length]

    def fill_random(self, length: int) -> None:
        """Let the system's random generator write `length` bytes straight onto the page.

        Raises OSError where the generator cannot be read.
        """
        if sys.platform == "win32":
            # BCRYPT_USE_SYSTEM_PREFERRED_RNG = 2; the result is an NTSTATUS, 0 for success
            generate = ctypes.WinDLL("bcrypt").BCryptGenRandom
            generate.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
            if generate(None, self._address, length, 2) != 0:
                raise OSError("BCryptGenRandom did not fill the page")
            return
        source = os.open(_ENTROPY, os.O_RDONLY | os.O_CLOEXEC)
        try:
            filled = 0
            while filled < length:
                with self._view[filled:length] as rest:
                    got = os.readv(source, [rest])
                if got == 0:
                    raise OSError("the system's random generator ended")
                filled += got
        finally:
            os.close(source)

    def wipe(self) -> None:
        """Overwrite the page with zeros and give it back to the system; once only."""
        if os.getpid() == self.owner:  # a forked child has no such page, and would crash on it
            ctypes.memset(self._address, 0, mmap.PAGESIZE)
        self._view.release()
        self._map.close()


def _lock(address: int, length: int) -> bool:
    if sys.platform == "win32":
        lock = ctypes.WinDLL("kernel32").VirtualLock
        lock.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
        return bool(lock(address, length))
    lock = ctypes.CDLL(None).mlock
    lock.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    return bool(lock(address, length) == 0)


def _leave_out_of_dumps(page: mmap.mmap, address: int) -> None:
    if sys.platform == "linux":
        page.madvise(mmap.MADV_DONTDUMP)
        page.madvise(mmap.MADV_DONTFORK)
    if sys.platform == "win32":
        # Windows 10 1703 and later; older ones do not have the call, and `harden_process` has no heap
        # reported
        exclude = getattr(ctypes.WinDLL("kernel32"), "WerRegisterExcludedMemoryBlock", None)
        if exclude is not None:
            exclude.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
            exclude(address, mmap.PAGESIZE)


def harden_process(dumpable: bool) -> tuple[str, ...]:
    """Switch off dumps of this process's memory; return a sentence for each thing the system refused.

    With `dumpable` False, Linux also refuses other programs of the same user to read this memory (and to
    trace the process). True is for tests that have to look and do not run as root. Never raises.
    """
    if sys.platform == "win32":
        return _harden_windows()
    refused = []
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        refused.append("Core dumps of this program could not be switched off.")
    if sys.platform == "linux" and not dumpable:
        prctl = ctypes.CDLL(None).prctl
        prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
        if prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            refused.append(
                "Other programs of this user could not be kept from reading this program's memory."
            )
    return tuple(refused)


def _harden_windows() -> tuple[str, ...]:
    if sys.platform != "win32":
        return ()
    kernel = ctypes.WinDLL("kernel32")
    # SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX: no error box, which is what offers to send a dump
    kernel.SetErrorMode(0x0001 | 0x0002)
    # WER_FAULT_REPORTING_FLAG_NOHEAP: an error report, if policy makes one, holds no heap. Full local dumps
    # (LocalDumps in the registry) are an administrator's choice that no program can refuse; SECURITY.md
    # says so.
    set_flags = getattr(kernel, "WerSetFlags", None)
    if set_flags is None or set_flags(0x0001) != 0:
        return ("Windows error reports of this program could not be kept free of its memory.",)
    return ()
