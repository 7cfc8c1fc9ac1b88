"""The system calls a locked-in process may make, as a filter the kernel checks (seccomp(2), mode 2).

Owns: the list, for each processor Safelight is built for, and the filter made of it.
Must never: name a call that writes a file, makes a socket or a process, or reaches another process.
A call that is not on the list fails with EPERM: a parser that asks for too much gets an error, and its
document a placeholder. A call in another processor's manner ends the process.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

# linux/audit.h: how the kernel names a processor; then the calls in its own numbers (its unistd.h).
_X86_64, _AARCH64 = 0xC000003E, 0xC00000B7
_CALLS: dict[str, tuple[int | None, int | None]] = {
    # the one socket that is left
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "poll": (7, None),
    "ppoll": (271, 73),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    # memory
    "brk": (12, 214),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    # time, chance, and what the C library asks of itself
    "futex": (202, 98),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "sysinfo": (99, 179),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    # the end
    "exit": (60, 93),
    "exit_group": (231, 94),
}
_READ_A_FILE = (257, 56)  # openat: where landlock sees to which
# Calls whose third argument must have none of these bits: no memory that can be run, no file to be written,
# made or cut (mman.h, fcntl.h: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE).
_WITHOUT = {"mmap": 0x4, "mprotect": 0x4, "openat": 0x3 | 0x40 | 0x200 | 0x400000}

# linux/filter.h and linux/seccomp.h
_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _PROCESSOR, _THIRD_ARGUMENT = 0, 4, 32  # where they lie in struct seccomp_data, low half first
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # refuse: with EPERM, which is 1
_X32 = 0x40000000  # the other manner of a 64-bit x86 kernel

_PR_SET_NO_NEW_PRIVS, _PR_GET_SECCOMP, _PR_SET_SECCOMP, _FILTER = 38, 21, 22, 2


class _Program(ctypes.Structure):  # struct sock_fprog
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def offered() -> bool:
    """Return whether this kernel has filters, and Safelight the numbers of this processor."""
    return sys.platform == "linux" and _processor() is not None and _prctl(_PR_GET_SECCOMP, 0, 0) >= 0


def give_up_privileges() -> bool:
    """Let no program this process starts be more than it is: both kinds of lock ask for that first."""
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1, 0) == 0


def lock_in(*, files: bool = False) -> bool:
    """Let this thread make the listed calls only; False where the kernel does not take the filter.

    With `files` it may also open one to read: only for a process that landlock holds to a few folders.
    """
    if not offered() or not give_up_privileges():
        return False
    steps = program(files=files)
    filter_ = _Program(len(steps) // 8, steps)
    return _prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(filter_)) == 0


def program(*, files: bool = False) -> bytes:
    """Return the filter for this processor: struct sock_filter, eight bytes a step."""
    processor = _processor()
    if processor is None:
        raise OSError("Safelight has no list of system calls for this processor.")
    column = 0 if processor == _X86_64 else 1
    steps = [
        _step(_LOAD, _PROCESSOR),
        _step(_EQUAL, processor, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
    ]
    if processor == _X86_64:
        steps += [_step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _KILL)]
    calls = {**_CALLS, "openat": _READ_A_FILE} if files else _CALLS
    for name, numbers in calls.items():
        number = numbers[column]
        if number is None:
            continue
        if name in _WITHOUT:
            steps += [
                _step(_EQUAL, number, 0, 5),
                _step(_LOAD, _THIRD_ARGUMENT),
                _step(_AND, _WITHOUT[name]),
                _step(_EQUAL, 0, 0, 1),
                _step(_RETURN, _ALLOW),
                _step(_RETURN, _REFUSE),
            ]
        else:
            steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW)]
    return b"".join([*steps, _step(_RETURN, _REFUSE)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _processor() -> int | None:
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    return {"x86_64": _X86_64, "aarch64": _AARCH64}.get(os.uname().machine)


def _prctl(option: int, second: int, third: int) -> int:
    call = ctypes.CDLL(None, use_errno=True).prctl
    call.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    return int(call(option, second, third, 0, 0))
