"""Reading a file that decides for everybody: only if nobody but the administrator can have written it.

Owns: who may own and write a machine policy, and how much of it is read.
Must never: read anything else, or follow what a file says.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

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
        # Not blocking: a pipe in the place of the file must not hold up the start.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            _check(path, found, owner, folder=path.resolve().parent.stat())
            content = file.read(LARGEST + 1)
    except OSError as problem:
        raise unusable(path, f"it cannot be read ({problem.strerror})") from problem
    if len(content) > LARGEST:
        raise unusable(path, "it is larger than 256 kB")
    return content


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
