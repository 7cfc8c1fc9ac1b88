"""How this process's Python shares time and memory: a window must answer while pages of reports are read.

Owns: the settings of the interpreter that concern the whole process. Must never: be called for a part of it.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from datetime import timedelta

TURN = timedelta(microseconds=200)
"""How long a background thread may keep the interpreter when the window wants it. A frame asks for it anew at
many of its drawing calls: Python's own 5 ms, and 1 ms still where several threads work, make a frame late."""

_OBJECTS = 10_000
"""Objects made and kept between two rounds of the garbage collector, each some 2 ms: what is read of a page
of reports lies in no cycle, and with Python's own 700 a third of the time of reading it goes into looking."""


def settle_for_session() -> None:
    """Set the interpreter up for a session; what is loaded by now is never searched for garbage again."""
    sys.setswitchinterval(TURN.total_seconds())
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)


def give_back_memory() -> None:
    """Return to the system what reading many pages left free; where it cannot be asked for, do nothing."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; musl has none
        if trim is not None:
            trim(0)
