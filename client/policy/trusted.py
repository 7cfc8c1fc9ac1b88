"""Reading a file that decides for everybody: only if nobody but the administrator can have written it.

Owns: who may own and write a machine policy, and how much of a policy or of preferences is read.
Must never: follow what a file says, or wait for one: a pipe in its place must not hold up the start.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from client.errors import PolicyError

LARGEST = 256 * 1024  # bytes
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ASK = "Nobody can sign in until your IT support has corrected it."


def read_trusted(path: Path, owner: int) -> bytes | None:
    """Return the content, None if there is no such file.

    PolicyError if it cannot be read, is no file, is too large, or could have been written by somebody other
    than root and `owner` (a user id): the file itself or the folder it lies in.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise unusable(path, f"it cannot be read ({problem.strerror})") from problem
    try:
        with _open(path) as file:
            found = os.fstat(file.fileno())
            _check(path, found, owner, folder=path.resolve().parent.stat())
            content = file.read(LARGEST + 1)
    except OSError as problem:
        raise unusable(path, f"it cannot be read ({problem.strerror})") from problem
    if len(content) > LARGEST:
        raise unusable(path, "it is larger than 256 kB")
    return content


def read_own(path: Path) -> bytes | None:
    """Return the content of a file of the user's own, None if there is none; OSError if it cannot be read."""
    try:
        with _open(path) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError("not a file")
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    if len(content) > LARGEST:
        raise OSError("too large")
    return content


def _open(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")


def unusable(place: object, why: str) -> PolicyError:
    """Return the error that says which policy cannot be used, and why."""
    return PolicyError(f"The organisation's policy in {place} cannot be used: {why}. {_ASK}")


def _check(path: Path, found: os.stat_result, owner: int, folder: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise unusable(path, "it is not a file")
    if os.name != "posix":
        return  # Windows reads its policy from a part of the registry that only administrators can write
    for what, status in (("it", found), ("its folder", folder)):
        if status.st_uid not in (0, owner):
            raise unusable(path, f"{what} does not belong to root")
        if status.st_mode & _OTHERS_MAY_WRITE:
            raise unusable(path, f"{what} can be changed by users who are not root")
