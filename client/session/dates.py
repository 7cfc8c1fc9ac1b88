"""Days as people type them: today, last week, 2026-10, 2026-10-01..2026-10-31, >2026-10-01.

Must never: raise, or guess between day and month: only dates with the year in front are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_COMPARED = re.compile(r"(>=|<=|>|<)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included; None is open."""

    first: date | None
    last: date | None

    def __contains__(self, day: date | None) -> bool:
        """Whether a day lies within; an unknown one does not."""
        return (
            day is not None
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )


def read_days(text: str, today: date, *, years: bool = False) -> Days | None:
    """Return the days that `text` means, None where it means none; with `years`, a year alone is a date."""
    text = text.strip().lower()
    try:
        named = _named(text, today)
        if named is not None:
            return named
        if ".." in text:
            return _range(*text.split("..", 1))
        compared = _COMPARED.fullmatch(text)
        if compared is not None:
            return _beyond(compared[1], compared[2])
        return _span(text) if years or "-" in text else None
    except (ValueError, OverflowError):
        return None  # a thirteenth month, the day after the last there is


def _named(text: str, today: date) -> Days | None:
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    match text:
        case "today":
            return Days(today, today)
        case "yesterday":
            return Days(today - _DAY, today - _DAY)
        case "this-week":
            return Days(monday, monday + 6 * _DAY)
        case "last-week":
            return Days(monday - 7 * _DAY, monday - _DAY)
        case "this-month":
            return _month(month.year, month.month)
        case "last-month":
            before = month - _DAY
            return _month(before.year, before.month)
        case "this-year":
            return _year(today.year)
        case "last-year":
            return _year(today.year - 1)
    return None


def _range(first: str, last: str) -> Days | None:
    begin, end = _span(first), _span(last)
    if (first.strip() and begin is None) or (last.strip() and end is None) or begin is end is None:
        return None
    return Days(begin.first if begin else None, end.last if end else None)


def _beyond(sign: str, text: str) -> Days | None:
    span = _span(text)
    if span is None or span.first is None or span.last is None:
        return None
    match sign:
        case ">":
            return Days(span.last + _DAY, None)
        case ">=":
            return Days(span.first, None)
        case "<":
            return Days(None, span.first - _DAY)
    return Days(None, span.last)


def _span(text: str) -> Days | None:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if found[3]:
        only = date(year, month, day)
        return Days(only, only)
    return _month(year, month) if found[2] else _year(year)


def _month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return Days(first, after - _DAY)


def _year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))
