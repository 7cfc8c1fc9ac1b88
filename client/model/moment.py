"""A date or time exactly as precise as the portal gave it (FHIR R4 `date`, `dateTime`, `instant`).

Must never: invent a day or an hour that nobody wrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}.*)?)?)?")


class Precision(IntEnum):
    """How much of a moment is known."""

    YEAR = 1
    MONTH = 2
    DAY = 3
    TIME = 4


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point in time: `at` in UTC for sorting, `precision` for showing."""

    at: datetime
    precision: Precision

    @classmethod
    def parse(cls, text: object) -> Moment | None:
        """Read a FHIR date or dateTime; None for anything that is not one."""
        if not isinstance(text, str) or len(text) > 40:
            return None
        shape = _SHAPE.fullmatch(text.strip())
        if shape is None:
            return None
        year, month, day, time = shape.groups()
        try:
            if time is not None:
                at = datetime.fromisoformat(text.strip())
                at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
            else:
                at = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
        except (ValueError, OverflowError):
            return None
        # Some programs write their empty date as year 1, or "for ever" as year 9999; neither is a date, and
        # at the edges of the calendar no local time can be made of them.
        if not 1 < at.year < 9999:
            return None
        if time is not None:
            return cls(at, Precision.TIME)
        if day is not None:
            return cls(at, Precision.DAY)
        return cls(at, Precision.YEAR if month is None else Precision.MONTH)
