"""How the search line's text was understood, in words.

Must never: leave a condition unsaid, or say one that is not in force.
"""

from __future__ import annotations

from client.session.dates import Days
from client.session.query import Clause, Dated, Field, Kind, Query, Standing, Test, Words
from client.ui import badge, formats

PLACES = {
    Field.PATIENT: "Patient",
    Field.IDENTIFIER: "Identifier",
    Field.ACCESSION: "Accession",
    Field.REFERRER: "Referrer",
    Field.RADIOLOGIST: "Radiologist",
    Field.EXAM: "Exam",
}
_STANDINGS = {
    Standing.CRITICAL: "critical",
    Standing.UNREAD: "unread",
    Standing.CHANGED: "changed since you read it",
    Standing.READ: "read",
}


def understood(query: Query) -> str:
    """Return all conditions of a query as one line; "" where it has none."""
    kinds = [each.test.code for each in query.clauses if isinstance(each.test, Kind) and not each.excluded]
    parts = [f"type {' or '.join(kinds)}"] if kinds else []
    for clause in query.clauses:
        if not isinstance(clause.test, Kind) or clause.excluded:
            parts.append(_say(clause))
    if query.unfinished:
        parts.append(f"{query.unfinished}: …")
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]


def _say(clause: Clause) -> str:
    said = _say_test(clause.test)
    return f"not {said}" if clause.excluded else said


def _say_test(test: Test) -> str:
    if isinstance(test, Words):
        shown = f"“{formats.isolate(test.shown)}”"
        if test.place is not Field.ANYWHERE:
            return f"{PLACES[test.place].lower()} {shown}"
        return f"{shown} in a row" if test.together else shown
    if isinstance(test, Kind):
        return f"type {test.code}"
    if isinstance(test, Dated):
        said = f"exam {say_days(test.days)}"
        return f"{said}, or that date in the report" if test.written else said
    if isinstance(test, Standing):
        return _STANDINGS[test]
    return f"status {badge.status(test).word.lower()}"


def say_days(days: Days) -> str:
    """Return the days as words: "on", "from … to …", "up to …"."""
    first, last = days.first, days.last
    if first is None:
        return f"up to {last}" if last else "at any time"
    if last is None:
        return f"from {first} on"
    return f"on {first}" if first == last else f"{first} to {last}"


def portal_answer(found: int, new: int, more: bool) -> str:
    """Return what came of asking the portal: how many it found, and how many of these were not here."""
    if not found:
        return "The portal finds nothing by name, identifier or accession number"
    said = f"The portal finds {'the first ' if more else ''}{found}"
    if not new:
        return f"{said}: {'it was' if found == 1 else 'all were'} here already"
    return f"{said}, {new} of them not here before" if found > 1 else f"{said}, not here before"
