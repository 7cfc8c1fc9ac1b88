"""A named workaround: PySide6 6.12 gives away references to None, True and False that it never took.

Under Python 3.11 nearly every call of a Qt method that returns nothing (`QPainter.setPen` and the like)
lowers None's reference count by one, and some that return a truth value lower that one's. After some 6,000
calls the process aborts with "none_dealloc: deallocating None", or at its end with "bool_dealloc". From
Python 3.12 on these objects are immortal (PEP 683) and the fault has no effect. Measured with PySide6 6.12.0
and CPython 3.11.7; tests/ui/test_lasting_none.py says when this can go.

Must never: do anything on a Python where they are immortal.
"""

from __future__ import annotations

import sys

_PLENTY = 1 << 48  # a million calls a second would need nine years to use it up


def keep_none() -> None:
    """Give None, True and False enough references to outlast any session, where they need them.

    Call it once, before Qt is used.
    """
    if sys.version_info < (3, 12):
        import ctypes

        for lasting in (None, True, False):
            ctypes.c_ssize_t.from_address(id(lasting)).value += _PLENTY
