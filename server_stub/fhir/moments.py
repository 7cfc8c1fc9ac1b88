"""FHIR dates as ranges of milliseconds since the epoch, for indexing and searching (R4 search, 3.1.1.4.7).

Must never: treat a date as more precise than it was written. Times without a zone are read as UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

BEGINNING = -(2**53)
END = 2**53
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


def read_range(text: object) -> tuple[int, int] | None:
    """Return the half-open range [low, high) in milliseconds that a FHIR date covers; None if it is none."""
    shape = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if shape is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = shape.groups()
    try:
        start = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=UTC,
        )
        if day is None:
            end = start.replace(month=start.month + 1) if month and start.month < 12 else _next_year(start)
        elif hour is None:
            end = start + timedelta(days=1)
        else:
            end = start + (timedelta(minutes=1) if second is None else timedelta(seconds=1))
    except (ValueError, OverflowError):
        return None
    low, high = _milliseconds(start), _milliseconds(end)
    if fraction is not None:
        low += int(fraction.ljust(3, "0")[:3])
        high = low + 10 ** (3 - min(len(fraction), 3))
    shift = _zone_minutes(zone) * 60_000
    return low - shift, high - shift


def read_period(period: dict[str, object]) -> tuple[int, int] | None:
    """Return the range of a FHIR Period; an end that is not written is open."""
    start, end = read_range(period.get("start")), read_range(period.get("end"))
    if start is None and end is None:
        return None
    return (BEGINNING if start is None else start[0], END if end is None else end[1])


def write_instant(milliseconds: int) -> str:
    """Return a FHIR instant in UTC, to the millisecond."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


def _next_year(start: datetime) -> datetime:
    return start.replace(year=start.year + 1, month=1)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _zone_minutes(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return minutes if zone[0] == "+" else -minutes
