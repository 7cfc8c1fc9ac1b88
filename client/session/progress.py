"""How far the worklist has come: what the footer says about it.

Must never: hold anything of a report or a patient; the two sentences are for the user to read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """The worklist's state of loading at one moment."""

    loaded: int = 0  # reports here
    total: int | None = None  # reports the portal says there are; None where it does not say
    running: bool = False
    incomplete: str = ""  # why something may be missing; "" when nothing is known to be
    failure: str = ""  # why loading stopped; "" when it did not
    as_of: datetime | None = None  # when the portal last gave its whole list, timezone-aware
    indexed: int | None = None  # how many of the reports here can be found by their words; None: all
    unreachable: bool = False  # it stopped because the portal does not answer
