"""Names, identifiers, dates and times as they stand on the screen.

Owns: one unmistakable way to write each. Dates are ISO (2026-11-21), the only order that no reader of any
locale takes for another; times are the workstation's own 24-hour clock. Nothing shows more precision than
the portal gave. Every text that came from outside is isolated (Unicode UAX 9, FSI … PDI), so that an
Arabic or Hebrew name never reorders its neighbours.
Must never: cut a family name while there is a given name to cut.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF

from client.model.moment import Moment, Precision
from client.model.report import Sex
from client.model.user import LastSignIn

ELLIPSIS = "…"
UNNAMED = "Name unknown"
UNIDENTIFIED = "no identifier"

_FSI, _LRI, _PDI = "\u2068", "\u2066", "\u2069"
# Embeddings, overrides and isolates from outside would break out of ours; joiners (200C, 200D) are spelling.
_BIDI_CONTROLS = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def isolate(text: str) -> str:
    """Return `text` so that its direction cannot touch what stands beside it; "" stays ""."""
    return f"{_FSI}{text.translate(_BIDI_CONTROLS)}{_PDI}" if text else ""


def name(text: str) -> str:
    """Return a person's name, "FAMILY, Given", in full."""
    return isolate(text) or UNNAMED


def elided_name(text: str, metrics: QFontMetrics | QFontMetricsF, width: float) -> str:
    """Return the name in at most `width` pixels, cut in the middle of the given names first.

    Show `name(text)` in full as the tooltip wherever this differs from it.
    """
    if not text or metrics.horizontalAdvance(text) <= width:
        return name(text)
    family, comma, given = text.partition(", ")
    start = f"{family}{comma}"
    room = width - metrics.horizontalAdvance(start)
    shortest = metrics.horizontalAdvance(f"{given[:1]}{ELLIPSIS}")
    if given and room >= shortest:
        return isolate(start + metrics.elidedText(given, Qt.TextElideMode.ElideMiddle, int(room)))
    return isolate(metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width)))


def identifier(text: str) -> str:
    """Return an identifier, always left to right; words saying so where there is none."""
    return f"{_LRI}{text.translate(_BIDI_CONTROLS)}{_PDI}" if text else UNIDENTIFIED


def sex(value: Sex) -> str:
    """Return F, M, X (other) or "" (unknown)."""
    return {Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "X", Sex.UNKNOWN: ""}[value]


def born(moment: Moment | None) -> str:
    """Return a birth date as precise as it is known: 1962-03-04, 1962-03, 1962, or words for none."""
    return _day(moment.at, moment.precision) if moment else "birth date unknown"


def age(birth: Moment | None, on: date) -> str:
    """Return the age on a day: 12 d, 7 mo, 64 y; "63-64 y" with an en dash where the birth date is not exact.

    "" where it is unknown or would be negative.
    """
    if birth is None:
        return ""
    first, last = _birthdays(birth)
    if last > on:
        return ""
    oldest, youngest = _age(first, on), _age(last, on)
    if oldest == youngest:
        return f"{oldest[0]} {oldest[1]}"
    if oldest[1] == youngest[1]:
        return f"{youngest[0]}–{oldest[0]} {oldest[1]}"
    return f"{youngest[0]} {youngest[1]} – {oldest[0]} {oldest[1]}"


def when(moment: Moment | None, zone: tzinfo | None = None) -> str:
    """Return 2026-11-21 14:02 in `zone` (the workstation's where None), or the date alone; "" for none."""
    if moment is None:
        return ""
    if moment.precision is Precision.TIME:
        return moment.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return _day(moment.at, moment.precision)


def clock(at: datetime, zone: tzinfo | None = None) -> str:
    """Return the time of day, 14:02, of an aware datetime."""
    return at.astimezone(zone).strftime("%H:%M")


def last_sign_in(last: LastSignIn, zone: tzinfo | None = None) -> str:
    """Return "Last sign-in 2026-11-21 18:02 on ws-3 · 2 failed tries since" with the parts that are known."""
    on = f" on {isolate(last.workstation)}" if last.workstation else ""
    tries = last.failures_since
    since = f" · {tries} failed tr{'y' if tries == 1 else 'ies'} since" if tries else ""
    return f"Last sign-in {last.at.astimezone(zone):%Y-%m-%d %H:%M}{on}{since}"


def countdown(left: timedelta) -> str:
    """Return what is left as 0:42, 8:41 or 1:02:03, rounded up so that 0:00 means over."""
    seconds = max(0, -(-left // timedelta(seconds=1)))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def span(length: timedelta) -> str:
    """Return a duration in words: 30 seconds, 10 minutes, 1 hour 30 minutes."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}"
        for count, unit in ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        if count
    ]
    return " ".join(parts[:2]) or "0 seconds"


def _day(at: datetime, precision: Precision) -> str:
    # Not strftime: its %Y does not pad years before 1000 on every system.
    return at.date().isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(precision, 10)]


def _birthdays(birth: Moment) -> tuple[date, date]:
    day = birth.at.astimezone(UTC).date()
    if birth.precision is Precision.YEAR:
        return day, day.replace(month=12, day=31)
    if birth.precision is Precision.MONTH:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1) if day.year < 9999 else date.max
        return day, following - timedelta(days=1)
    return day, day


def _age(birth: date, on: date) -> tuple[int, str]:
    months = (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
    if months >= 24:
        return months // 12, "y"
    if months >= 2:
        return months, "mo"
    return (on - birth).days, "d"
