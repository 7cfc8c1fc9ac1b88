"""Which reports the worklist shows, and in which order.

Must never: know how any of it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ReadState(Enum):
    """What this user has seen of a report."""

    CHANGED = "changed"  # read, and there is a newer version since
    UNREAD = "unread"
    READ = "read"


class Column(Enum):
    """What the worklist can be sorted by."""

    READ = "read"
    CRITICAL = "critical"
    STATUS = "status"
    PATIENT = "patient"
    IDENTIFIER = "identifier"
    BIRTH_DATE = "birth-date"
    EXAM = "exam"
    MODALITY = "modality"
    DATE = "date"
    RADIOLOGIST = "radiologist"
    REFERRER = "referrer"


class Filter(Enum):
    """The drawers of the worklist; a report can lie in several."""

    UNREAD = "unread"
    CRITICAL = "critical"
    TODAY = "today"
    CHANGED = "changed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class View:
    """What the user asked to see: newest exam first unless they say otherwise."""

    column: Column = Column.DATE
    descending: bool = True
    filter: Filter = Filter.ALL
    modalities: frozenset[str] = frozenset()  # none means any
    words: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything can be left out."""
        return bool(self.filter is not Filter.ALL or self.modalities or self.words.strip())


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports lie in each drawer, and of each modality in the drawer that is open."""

    by_filter: dict[Filter, int]
    by_modality: dict[str, int]  # in alphabetical order; "" for reports that name none
