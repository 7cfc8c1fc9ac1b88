"""The columns of the worklist: heading, width, and the words of each cell.

Must never: shorten anything: that is the painter's business, and the tooltip has the full words.
"""

from __future__ import annotations

from dataclasses import dataclass

from client.model.report import Report
from client.session.view import Column, ReadState
from client.ui import badge, formats


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as it stands in the table; widths in pixels at 100 %."""

    column: Column
    title: str
    spoken: str  # what a screen reader and the menu call it
    width: int
    grows: int = 0  # its share of the width that is left over


HEADINGS = (
    Heading(Column.READ, "", "Unread or changed", 28),
    Heading(Column.CRITICAL, "", "Critical", 92),
    Heading(Column.STATUS, "Status", "Status", 132),
    Heading(Column.PATIENT, "Patient", "Patient", 156, 5),
    Heading(Column.IDENTIFIER, "Identifier", "Identifier", 84, 1),
    Heading(Column.BIRTH_DATE, "Born", "Birth date", 96),
    Heading(Column.EXAM, "Exam", "Exam", 148, 6),
    Heading(Column.MODALITY, "Type", "Modality", 46),
    Heading(Column.DATE, "Date", "Exam date", 134),
    Heading(Column.RADIOLOGIST, "Radiologist", "Radiologist", 96, 2),
    Heading(Column.REFERRER, "Referrer", "Referrer", 96, 2),
)
PLACE = {heading.column: place for place, heading in enumerate(HEADINGS)}

_IDENTIFIER_MOST = 200  # px: a longer one is cut in its middle
_GIVES = {Column.EXAM: 96, Column.RADIOLOGIST: 60, Column.REFERRER: 60}  # px: how far they give way to it

STATE_WORDS = {
    ReadState.UNREAD: "Unread",
    ReadState.CHANGED: "Changed since you read it",
    ReadState.READ: "Read",
}


WITHDRAWN_SINCE = "Withdrawn since you read it"


def withdrawn_since(report: Report, state: ReadState) -> bool:
    """Say whether this user read a version of a report that was withdrawn since, and has not been told."""
    return report.status.withdrawn and state is ReadState.CHANGED


def widths(room: int, identifier: int) -> tuple[int, ...]:
    """Return the width of each column, `identifier` being what the widest of those needs; in pixels at 100 %.

    A cut identifier is a wrong patient: exam, radiologist and referrer give way to it.
    """
    taken = {heading.column: heading.width for heading in HEADINGS}
    taken[Column.IDENTIFIER] = min(_IDENTIFIER_MOST, max(taken[Column.IDENTIFIER], identifier))
    for column, least in _GIVES.items():
        taken[column] -= max(0, min(sum(taken.values()) - room, taken[column] - least))
    left_over = max(0, room - sum(taken.values()))
    shares = sum(heading.grows for heading in HEADINGS)
    return tuple(taken[heading.column] + left_over * heading.grows // shares for heading in HEADINGS)


def cells(report: Report) -> tuple[str, ...]:
    """Return the words of every cell, in the order of HEADINGS; marks and badges have none."""
    patient = report.patient
    return (
        "",
        "",
        "",
        _apart(patient.name) if patient and patient.name else formats.UNNAMED,
        _apart(patient.identifier) if patient and patient.identifier else formats.UNIDENTIFIED,
        formats.born(patient.birth_date) if patient and patient.birth_date else "",
        _apart(report.exam),
        report.modality,
        formats.when(report.date),
        _apart(report.radiologist),
        _apart(report.referrer),
    )


def _apart(text: str) -> str:
    # ASCII has one direction only; isolating it would cost a frame a third of its time.
    return text if text.isascii() else formats.isolate(text)


def spoken(report: Report, state: ReadState, column: Column) -> str:
    """Return what a screen reader says in one cell."""
    if column is Column.READ:
        return _state_words(report, state)
    if column is Column.CRITICAL:
        return badge.CRITICAL.meaning if report.critical else "Not critical"
    if column is Column.STATUS:
        return badge.status(report.status).meaning
    words = cells(report)[PLACE[column]]
    if column is Column.EXAM and report.problem:
        return f"{words} {report.problem}".strip()
    return words or f"{HEADINGS[PLACE[column]].spoken} unknown"


def summary(report: Report, state: ReadState) -> str:
    """Return the whole row as one sentence, for the narrow list."""
    words = cells(report)
    patient = (words[PLACE[one]] for one in (Column.PATIENT, Column.IDENTIFIER))
    exam = (words[PLACE[one]] for one in (Column.EXAM, Column.DATE))
    marks = (badge.CRITICAL.meaning if report.critical else "", badge.status(report.status).meaning)
    return ", ".join(filter(None, (_state_words(report, state), *patient, *exam, *marks, report.problem)))


def _state_words(report: Report, state: ReadState) -> str:
    return WITHDRAWN_SINCE if withdrawn_since(report, state) else STATE_WORDS[state]
