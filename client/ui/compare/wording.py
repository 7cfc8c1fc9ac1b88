"""What a comparison says in words: how far apart, what changed, in which part of the report.

Must never: let a word of a report pass as markup; `marking` escapes what it takes from here.
"""

from __future__ import annotations

from datetime import date

from client.documents import SectionRole
from client.documents.difference import Change, Difference, Part
from client.documents.telling import Point
from client.model.report import Report
from client.session.history import SinceRead
from client.ui import badge, formats

_WHERE = {
    None: "report",
    SectionRole.EXAM: "exam",
    SectionRole.INDICATION: "indication",
    SectionRole.TECHNIQUE: "technique",
    SectionRole.COMPARISON: "comparison",
    SectionRole.FINDINGS: "findings",
    SectionRole.IMPRESSION: "impression",
    SectionRole.RECOMMENDATION: "follow-up",
    SectionRole.ADDENDUM: "addendum",
}
_TOLD = 3  # points in one line; all of them stand above the texts


def apart(other: Report, current: Report) -> str:
    """Return how long before or after `current` the other exam was made: "8 months earlier"; or ""."""
    if other.date is None or current.date is None:
        return ""
    days = (current.date.at.date() - other.date.at.date()).days
    if days == 0:
        return "same day"
    length, unit = abs(days), "day"
    if length >= 730:
        length, unit = length // 365, "year"
    elif length >= 60:
        length, unit = length * 12 // 365, "month"
    elif length >= 14:
        length, unit = length // 7, "week"
    return f"{length} {unit}{'' if length == 1 else 's'} {'earlier' if days > 0 else 'later'}"


def version(report: Report) -> str:
    """Return "version 2", or words for a portal that does not number them."""
    return f"version {formats.isolate(report.version)}" if report.version else "a version"


def where(part: Part) -> str:
    """Return what a part is called in a sentence."""
    if part.role is SectionRole.OTHER:
        return formats.isolate(part.heading) or "report"
    return _WHERE[part.role]


def point(said: Point, part: Part) -> tuple[str, str]:
    """Return what changed and where: ("left → right", "in the impression, before …")."""
    before, after = formats.isolate(said.before), formats.isolate(said.after)
    place = f"the {where(part)}"
    if said.whole:
        return (after, f"in new words of {place}") if after else (before, f"in words taken out of {place}")
    near = f", before “{formats.isolate(said.near)}”" if said.near else ""
    if before and after:
        return f"{before} → {after}", f"in {place}{near}"
    if after:
        return f"“{after}” added", f"to {place}{near}"
    return f"“{before}” taken out", f"of {place}{near}"


def all_points(difference: Difference) -> list[tuple[str, str]]:
    """Return what is pointed out, each thing once, the impression first."""
    found = (point(said, part) for part in difference.parts for said in part.points)
    return list(dict.fromkeys(found))


def extent(difference: Difference) -> str:
    """Return how much changed: "4 words added, 1 taken out; new: addendum"."""
    if difference.same:
        return "The words are the same"
    said = []
    if difference.added:
        said.append(f"{difference.added} word{'' if difference.added == 1 else 's'} added")
    if difference.removed:
        said.append(
            f"{difference.removed}{'' if said else ' word' + 's' * (difference.removed > 1)} taken out"
        )
    counted = ", ".join(said) or "Only marks and numbering changed"
    for fate, word in ((Change.ADDED, "new"), (Change.REMOVED, "gone")):
        parts = [where(part) for part in difference.parts if part.change is fate]
        if parts:
            counted += f"; {word}: {', '.join(dict.fromkeys(parts))}"
    return counted


def headline(difference: Difference) -> str:
    """Return in one line what matters most."""
    told = [" ".join((what, place.partition(",")[0])) for what, place in all_points(difference)]
    more = [f"{len(told) - _TOLD} more"] if len(told) > _TOLD else []
    return "; ".join((*dict.fromkeys(told[:_TOLD]), *more, extent(difference)))


def status_change(before: Report, after: Report) -> str:
    """Return "final → corrected", or "" where the status is the same."""
    if before.status is after.status:
        return ""
    return " → ".join(badge.status(each.status).word.lower() for each in (before, after))


def read_then(since: SinceRead) -> str:
    """Return "You read version 2 of this report on 2026-11-03", as far as it is known."""
    what = version(since.read) if since.read is not None else "an earlier version"
    return f"You read {what} of this report{_on(since.on)}"


def _on(day: date | None) -> str:
    return f" on {day.isoformat()}" if day else ""
