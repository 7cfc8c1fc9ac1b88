"""What the session says to the darkroom's first process."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

ORDER = Struct("=BI59s")
"""An `Order`, the number of the process it is about, the module that does the work."""


class Order(IntEnum):
    """What the session wants."""

    DEVELOP = 1  # one end of a pair of sockets comes with it
    END = 2
