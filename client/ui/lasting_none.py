"""A named workaround: PySide6 6.12 gives away references to None that it never took.

Under Python 3.11 nearly every call of a Qt method that returns nothing (`QPainter.setPen` and the like)
lowers None's reference count by one. After some 6,000 calls it reaches zero and the process aborts with
"none_dealloc: deallocating None". From Python 3.12 on None is immortal (PEP 683) and the fault has no effect.
Measured with PySide6 6.12.0 and CPython 3.11.7; tests/ui/test_lasting_none.py says when it can go.

Must never: do anything on a Python where None is immortal.
"""

from __future__ import annotations

import sys

_PLENTY = 1 << 48  # a million calls a second would need nine years to use it up


def keep_none() -> None:
    """Give None enough references to outlast any session, where it needs them; call once, before Qt."""
    if sys.version_info < (3, 12):
        import ctypes

        ctypes.c_ssize_t.from_address(id(None)).value += _PLENTY
