"""What stands on every page beside the report: whose it is, how final, who let it out, when and what for.

Must never: leave out one of the two identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from client.model.report import Report
from client.model.user import User
from client.session.output import Purpose, Way
from client.ui import badge, formats

PURPOSES = {
    Purpose.PATIENT: "The patient",
    Purpose.REFERRER: "The referring doctor",
    Purpose.MEETING: "A case conference",
    Purpose.TRANSFER: "Transfer to another hospital",
    Purpose.RECORD: "The paper record",
}
_VERBS = {Way.PRINT: "Printed", Way.EXPORT: "Saved"}
_ELSE = 60  # characters of a purpose the user types


@dataclass(frozen=True, slots=True)
class Slip:
    """The words of a page's head and foot."""

    name: str = field(repr=False)
    facts: str = field(repr=False)
    exam: str = field(repr=False)
    banner: str
    foot: str = field(repr=False)


def write_slip(report: Report, user: User, at: datetime, way: Way, purpose: str) -> Slip:
    """Return the words for a report; `at` is aware, `purpose` the user's own or one of `PURPOSES`."""
    patient = report.patient
    facts = [
        f"ID {formats.identifier(patient.identifier if patient else '')}",
        f"born {formats.born(patient.birth_date)}" if patient and patient.birth_date else formats.born(None),
        formats.sex(patient.sex) if patient else "",
    ]
    exam = [
        formats.isolate(report.exam) or "Exam not named",
        formats.when(report.date),
        f"Version {formats.isolate(report.version)}" if report.version else "",
        f"Accession {formats.identifier(report.accession)}" if report.accession else "",
        f"Read by {formats.isolate(report.radiologist)}" if report.radiologist else "",
    ]
    mark = badge.status(report.status)
    when = at.astimezone().strftime("%Y-%m-%d %H:%M")
    foot = f"{_VERBS[way]} {when} by {formats.isolate(user.display or user.name)}"
    return Slip(
        name=formats.name(patient.name if patient else ""),
        facts="  ·  ".join(filter(None, facts)),
        exam="  ·  ".join(filter(None, exam)),
        banner="  ·  ".join((["CRITICAL"] if report.critical else []) + [f"{mark.word}: {_meaning(mark)}"]),
        foot=foot + (f"  ·  For: {formats.isolate(' '.join(purpose.split())[:_ELSE])}" if purpose else ""),
    )


def _meaning(mark: badge.Badge) -> str:
    """Return what a status means, without its word, which stands before it."""
    head, colon, rest = mark.meaning.partition(": ")
    return rest if colon else head


def chosen_purpose(words: str) -> Purpose | None:
    """Return the purpose of the list that these words are; None for what somebody typed."""
    return next((purpose for purpose, said in PURPOSES.items() if said == words), None)
