"""Files and connections taken from a process by the kernel, whatever calls it makes (landlock(7)).

Owns: a rule set that allows nothing, or nothing but reading in a few folders, in the words of whichever
version the kernel knows. Must never: allow writing anywhere.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every processor
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
# How many of the rights to files each version knows (linux/landlock.h): 2 added moving between folders,
# 3 truncating, 5 talking to devices.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_READ_FILE, _BENEATH = 1 << 2, 1
_CONNECTIONS = 0b11  # from version 4: TCP, bind and connect
_SCOPES = 0b11  # from version 6: abstract sockets of, and signals to, processes outside


def version() -> int:
    """Return the kernel's version of landlock; 0 where there is none, or it is switched off."""
    if sys.platform != "linux":
        return 0
    return max(0, _call(_CREATE, None, 0, _VERSION))


def lock_in(reads: Sequence[str] = ()) -> bool:
    """Let this thread open no file and no connection; False where the kernel cannot see to it.

    But what is below the folders `reads`, where they exist, it may open to read.
    The process must not be able to gain privileges any more (`prctl(PR_SET_NO_NEW_PRIVS)`), or be root.
    """
    known = version()
    if known == 0:
        return False
    attributes = rules(known)
    rule_set = _call(_CREATE, attributes, len(attributes), 0)
    if rule_set < 0:
        return False
    try:
        for folder in reads:
            _allow_reading(rule_set, folder)
        return _call(_RESTRICT, rule_set, 0) == 0
    finally:
        os.close(rule_set)


def _allow_reading(rule_set: int, folder: str) -> None:
    try:
        place = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    except OSError:
        return
    try:  # struct landlock_path_beneath_attr
        _call(_ADD, rule_set, _BENEATH, struct.pack("=Qi", _READ_FILE, place), 0)
    finally:
        os.close(place)


def rules(known: int) -> bytes:
    """Return struct landlock_ruleset_attr for a version of landlock: everything it can refuse."""
    files = (1 << _FILE_RIGHTS[min(known, max(_FILE_RIGHTS))]) - 1
    found = struct.pack("=Q", files)
    if known >= 4:
        found += struct.pack("=Q", _CONNECTIONS)
    if known >= 6:
        found += struct.pack("=Q", _SCOPES)
    return found


def _call(number: int, *arguments: bytes | int | None) -> int:
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    return int(call(ctypes.c_long(number), *map(_word, arguments)))


def _word(argument: bytes | int | None) -> ctypes.c_void_p | ctypes.c_char_p | ctypes.c_long:
    if argument is None:
        return ctypes.c_void_p()
    return ctypes.c_char_p(argument) if isinstance(argument, bytes) else ctypes.c_long(argument)
