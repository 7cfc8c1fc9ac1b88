"""Who sees what. The one rule, in one place, applied to every read, search, include, count and history.

- A radiologist sees everything.
- An administrator sees Practitioners, and no patient, report or document.
- A referring physician sees the reports they ordered (the report's `basedOn` ServiceRequest has them, or a
  PractitionerRole of theirs, as `requester`) or are a recipient of (a Communication that is `about` the
  report has them as `recipient`, and its status is neither entered-in-error nor not-done); what those
  reports reference, their results with the members of these; the DocumentReferences related to them with
  their Binary; and nothing else.
- Images are seen by whoever sees an ImagingStudy that has their Study Instance UID as `identifier`.

Old versions: those that are about the same patient as the current one. A report that was once filed under the
wrong patient does not show that patient to whoever sees the corrected report. Where nothing says whom a
version is about (a Binary, a Patient, a report without subject), only a radiologist sees more than the
current one.

Must never: be answered by anything but "not there". Owns table `visible`, rebuilt whenever data arrive.
"""

from __future__ import annotations

import sqlite3

from server_stub.store.sessions import Caller
from server_stub.store.users import Role

_MEMBERS = 3  # how deep groups of results are followed, as readers do
EARLIER = "_earlier"  # references of earlier versions about the same patient

# CROSS JOIN keeps SQLite to the order written: it has no statistics yet when data arrive.
_ORDERED_OR_RECEIVED = """
INSERT OR IGNORE INTO visible(practitioner, key)
WITH person(type, id, practitioner) AS (
    SELECT 'Practitioner', id, id FROM resource WHERE type='Practitioner'
    UNION SELECT type, id, id FROM reference_value
        WHERE type='Practitioner' AND param IN ('requester', 'recipient')
    UNION SELECT 'PractitionerRole', role.id, named.id FROM resource role
        CROSS JOIN reference_value named
            ON named.key=role.key AND named.param='practitioner' AND named.type='Practitioner'
        WHERE role.type='PractitionerRole')
SELECT person.practitioner, report.key
    FROM resource report
    CROSS JOIN reference_value basis
        ON basis.key=report.key AND basis.param='based-on' AND basis.type='ServiceRequest'
    CROSS JOIN resource request ON request.type='ServiceRequest' AND request.id=basis.id
    CROSS JOIN reference_value who ON who.key=request.key AND who.param='requester'
    CROSS JOIN person ON person.type=who.type AND person.id=who.id
    WHERE report.type='DiagnosticReport'
UNION
SELECT person.practitioner, report.key
    FROM resource message
    CROSS JOIN reference_value about
        ON about.key=message.key AND about.param='about' AND about.type='DiagnosticReport'
    CROSS JOIN resource report ON report.type='DiagnosticReport' AND report.id=about.id
    CROSS JOIN reference_value who ON who.key=message.key AND who.param='recipient'
    CROSS JOIN person ON person.type=who.type AND person.id=who.id
    WHERE message.type='Communication' AND NOT EXISTS (
        SELECT 1 FROM token_value state WHERE state.key=message.key AND state.param='status'
        AND state.code IN ('entered-in-error', 'not-done'))
"""

# A document that is related to several reports is seen by those who see all of them.
_DOCUMENTS = """
INSERT OR IGNORE INTO visible(practitioner, key)
SELECT seen.practitioner, document.key
    FROM resource document
    CROSS JOIN reference_value related ON related.key=document.key AND related.param='related'
        AND related.type='DiagnosticReport'
    CROSS JOIN resource report ON report.type='DiagnosticReport' AND report.id=related.id
    CROSS JOIN visible seen ON seen.key=report.key
    WHERE document.type='DocumentReference'
    GROUP BY document.key, seen.practitioner
    HAVING count(*) = (SELECT count(*) FROM reference_value every WHERE every.key=document.key
        AND every.param='related' AND every.type='DiagnosticReport')
"""

_REFERENCED = """
INSERT OR IGNORE INTO visible(practitioner, key)
SELECT seen.practitioner, target.key
    FROM visible seen
    CROSS JOIN resource source ON source.key=seen.key AND source.type IN ({sources})
    CROSS JOIN reference_value link ON link.key=source.key
    CROSS JOIN resource target ON target.type=link.type AND target.id=link.id
    WHERE target.type IN ({targets})
"""


def rebuild_visible(connection: sqlite3.Connection) -> None:
    """Work out the table anew, inside the caller's transaction."""
    connection.execute("DELETE FROM visible")
    connection.execute(_ORDERED_OR_RECEIVED)
    connection.execute(_DOCUMENTS)
    _spread(
        connection,
        ("DiagnosticReport",),
        ("Patient", "ServiceRequest", "Practitioner", "ImagingStudy", "Observation", "Binary"),
    )
    for _ in range(_MEMBERS):
        _spread(connection, ("Observation",), ("Observation",))
    _spread(connection, ("DocumentReference",), ("Binary",))
    _spread(connection, ("ServiceRequest",), ("Practitioner",))


def _spread(connection: sqlite3.Connection, sources: tuple[str, ...], targets: tuple[str, ...]) -> None:
    sql = _REFERENCED.format(sources=",".join("?" * len(sources)), targets=",".join("?" * len(targets)))
    connection.execute(sql, (*sources, *targets))


def visible_clause(caller: Caller, alias: str, leads: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return an SQL condition, with its values, on the `resource` row named `alias`.

    `leads` says that the query should start from what the caller sees, instead of looking each row up.
    """
    if caller.role is Role.RADIOLOGIST:
        return "1", ()
    if caller.role is Role.ADMINISTRATOR:
        return f"{alias}.type='Practitioner'", ()
    if leads:
        sql = f"{alias}.key IN (SELECT key FROM visible WHERE practitioner=?)"  # noqa: S608
    else:
        sql = f"EXISTS (SELECT 1 FROM visible WHERE practitioner=? AND visible.key={alias}.key)"  # noqa: S608
    return sql, (caller.practitioner or "",)


def visible_study_clause(caller: Caller, column: str) -> tuple[str, tuple[str, ...]]:
    """Return an SQL condition, with its values, on the `column` that holds a Study Instance UID."""
    seen, values = visible_clause(caller, "r")
    sql = (
        "EXISTS (SELECT 1 FROM token_value t CROSS JOIN resource r ON r.key=t.key"  # noqa: S608
        f" WHERE t.param='identifier' AND t.code='urn:oid:' || {column} AND r.type='ImagingStudy' AND {seen})"
    )
    return sql, values


def sees_few(connection: sqlite3.Connection, caller: Caller, few: int) -> bool:
    """Return whether the caller sees fewer than `few` things, so that a search had better start from them."""
    if caller.role is not Role.REFERRING_PHYSICIAN:
        return False
    sql = "SELECT count(*) FROM (SELECT 1 FROM visible WHERE practitioner=? LIMIT ?)"
    count: int = connection.execute(sql, (caller.practitioner or "", few)).fetchone()[0]
    return count < few


def visible_versions(caller: Caller, current: int, subject: str) -> tuple[str, tuple[str | int, ...]]:
    """Return an SQL condition, with its values, on the versions of a resource that the caller may see.

    `current` is the number of its newest version, `subject` whom that one is about ("" if it does not say).
    """
    if caller.role is Role.RADIOLOGIST:
        return "1", ()
    return ("subject=?", (subject,)) if subject else ("version=?", (current,))
