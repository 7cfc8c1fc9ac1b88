"""A session process does not outlive the doorkeeper.

Owns: asking the kernel to end this process with its parent.
Must never: be the only guard. End of file on the doorkeeper's pipe is the other one, and the one that lets a
session end properly; this one holds when the session process is hung.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)
_SIGKILL = 9  # signal(7); importing signal would cost 1 ms before the first paint


def end_with_parent() -> bool:
    """Have the kernel kill this process when its parent ends; return False where the kernel cannot.

    Linux only. On Windows the doorkeeper's job object does it (`client.system.job`); macOS has only the pipe.
    The setting belongs to the parent's thread that started us: the doorkeeper starts from its main thread.
    """
    if sys.platform != "linux":
        return False
    before = os.getppid()
    done = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0
    if os.getppid() != before:
        os.kill(os.getpid(), _SIGKILL)  # it ended between the two lines: its death will not be told again
    return bool(done)
