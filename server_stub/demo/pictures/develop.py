"""The DICOM files of a demonstration study, made when somebody first asks for its images.

Must never: draw on anything but what the portal's own resources say of the study.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import orjson

from server_stub.demo.pictures.dataset import write
from server_stub.demo.pictures.images import draw
from server_stub.demo.pictures.plan import PLANS, Kind, Sop
from server_stub.demo.pictures.structured import basic_text, encapsulated, key_objects, measurements
from server_stub.demo.pictures.subject import describe_subject

Resource = dict[str, Any]

_STUDY = """
SELECT v.body FROM token_value t JOIN resource r ON r.key=t.key
    JOIN version v ON v.key=r.key AND v.version=r.version
    WHERE t.param='identifier' AND t.code=? AND r.type='ImagingStudy'
"""
_CURRENT = """
SELECT v.body FROM resource r JOIN version v ON v.key=r.key AND v.version=r.version
    WHERE r.type=? AND r.id=?
"""
_REPORT = """
SELECT v.body FROM reference_value l JOIN resource r ON r.key=l.key
    JOIN version v ON v.key=r.key AND v.version=r.version
    WHERE l.type='ImagingStudy' AND l.id=? AND r.type='DiagnosticReport'
"""


def develop(connection: sqlite3.Connection, study_uid: str, kind: str) -> Iterator[bytes]:
    """Yield the files of a study that `plan` described; nothing where its resources are gone."""
    study = _one(connection, _STUDY, (f"urn:oid:{study_uid}",))
    if study is None:
        return
    patient = _one(connection, _CURRENT, ("Patient", study["subject"]["reference"].partition("/")[2])) or {}
    report = _one(connection, _REPORT, (study["id"],)) or {}
    subject = describe_subject(study_uid, study, patient, report)
    own = Kind(kind)
    for planned in PLANS[own].series:
        if planned.sop is Sop.BASICTEXT:
            yield write(basic_text(subject, planned))
        elif planned.sop is Sop.COMPREHENSIVE:
            yield write(measurements(subject, planned, own))
        elif planned.sop is Sop.KEY_OBJECTS:
            yield write(key_objects(subject, planned, own))
        elif planned.sop is Sop.PDF:
            yield write(encapsulated(subject, planned))
        else:
            yield from map(write, draw(subject, planned))


def _one(connection: sqlite3.Connection, sql: str, values: tuple[str, ...]) -> Resource | None:
    row = connection.execute(sql, values).fetchone()
    return None if row is None else orjson.loads(row[0])
