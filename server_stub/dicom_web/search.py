"""QIDO-RS: searches for studies, series and instances (PS3.18 10.6).

Must never: return what the caller may not see, or more than was asked for without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from server_stub.dicom_web.accept import read_accept
from server_stub.dicom_web.answer import DICOM_JSON, Answer, Asked
from server_stub.dicom_web.header import Header, complete, text
from server_stub.dicom_web.matching import check, matches
from server_stub.dicom_web.problem import not_acceptable
from server_stub.dicom_web.question import Level, Question, read_question
from server_stub.dicom_web.target import Target, instance_url
from server_stub.store.images import Image, ImageStore
from server_stub.store.sessions import Caller

_LEVELS = {"studies": Level.STUDY, "series": Level.SERIES, "instances": Level.INSTANCE}
_STUDY = frozenset({
    "00080005", "00080020", "00080030", "00080050", "00080056", "00080061", "00080090", "00080201",
    "00081030", "00081190", "00100010", "00100020", "00100030", "00100040", "0020000D", "00200010",
    "00201206", "00201208",
})  # fmt: skip
_SERIES = frozenset({
    "00080005", "00080060", "00080201", "0008103E", "00081190", "0020000E", "00200011", "00201209",
    "00400244", "00400245", "00400275",
})  # fmt: skip
_INSTANCE = frozenset({
    "00080005", "00080016", "00080018", "00080056", "00080201", "00081190", "00200013", "00280008",
    "00280010", "00280011", "00280100",
})  # fmt: skip
_RETURNED = {Level.STUDY: _STUDY, Level.SERIES: _SERIES, Level.INSTANCE: _INSTANCE}
# What belongs to a series or an instance says nothing about all of a study.
_BELOW_STUDY = frozenset({"00080060", "0008103E", "00180015"}) | _SERIES | _INSTANCE


def search(store: ImageStore, caller: Caller, asked: Asked, target: Target) -> Answer:
    """Answer a search at the level that the target names."""
    wishes = read_accept(asked.accept)
    if not any(w.takes(DICOM_JSON) or w.takes("application/json") for w in wishes if not w.multipart):
        raise not_acceptable("Searches are answered as application/dicom+json.")
    level = _LEVELS[target.tail]
    question = read_question(asked.query, level)
    check(question.keys)
    found = list(_found(store, caller, target, level, question, asked.base))
    shown = found[question.offset : question.offset + question.limit]
    warnings = []
    if len(found) > question.offset + len(shown):
        left = len(found) - question.offset - len(shown)
        warnings.append(f'299 safelight "There are {left} additional results that can be requested"')
    if question.fuzzy:
        warnings.append(
            '299 safelight "The fuzzymatching parameter is not supported. '
            'Only literal matching has been performed."'
        )
    headers = {"Warning": ", ".join(warnings)} if warnings else {}
    if not shown:
        return Answer(204, b"", headers=headers)
    body = orjson.dumps([_selected(header, level, question, target) for header in shown])
    return Answer(200, body, headers=headers)


def _found(
    store: ImageStore, caller: Caller, target: Target, level: Level, question: Question, base: str
) -> Iterator[Header]:
    if level is Level.STUDY:
        headers: Iterable[Header] = _studies(store, caller, question, base)
    else:
        study, series = target.study, target.series
        studies, uids = question.uids("0020000D"), question.uids("0020000E")
        # Only to ask the database for less; every key is looked at again below.
        images = store.find(
            caller,
            study or (studies[0] if len(studies) == 1 else ""),
            series or (uids[0] if len(uids) == 1 else ""),
        )
        headers = _series(images, base) if level is Level.SERIES else _instances(images, base)
    return (header for header in headers if matches(header, question.keys))


def _studies(store: ImageStore, caller: Caller, question: Question, base: str) -> list[Header]:
    found = []
    accession = next((key.value for key in question.keys if key.tag == "00080050"), "")
    exact = "" if set(accession) & set("*?") else accession
    for row in store.studies(caller, question.uids("0020000D"), exact):
        header = _load(row.header, base)
        header = {tag: element for tag, element in header.items() if tag not in _BELOW_STUDY}
        header["00080005"] = _element("CS", "ISO_IR 192")
        header["00080056"] = _element("CS", "ONLINE")
        header["00080061"] = _element("CS", *row.modalities)
        header["00081190"] = _element("UR", f"{base}/studies/{row.uid}")
        header["00201206"] = _element("IS", row.series)
        header["00201208"] = _element("IS", row.instances)
        found.append(header)
    # Newest first; the UID makes the order the same every time, so that pages fit together.
    found.sort(key=lambda header: text(header, "0020000D"))
    found.sort(key=lambda header: text(header, "00080020") + text(header, "00080030"), reverse=True)
    return found


def _series(images: list[Image], base: str) -> Iterator[Header]:
    grouped: dict[tuple[str, str], list[Image]] = {}
    for image in images:
        grouped.setdefault((image.study, image.series), []).append(image)
    for (study, series), members in grouped.items():
        header = _load(members[0].header, base)
        header["00081190"] = _element("UR", f"{base}/studies/{study}/series/{series}")
        header["00201209"] = _element("IS", len(members))
        yield header


def _instances(images: list[Image], base: str) -> Iterator[Header]:
    for image in images:
        header = _load(image.header, base)
        header["00080056"] = _element("CS", "ONLINE")
        header["00081190"] = _element("UR", instance_url(base, image.study, image.series, image.uid))
        yield header


def _load(stored: bytes, base: str) -> Header:
    header: Header = orjson.loads(stored)
    url = instance_url(base, text(header, "0020000D"), text(header, "0020000E"), text(header, "00080018"))
    completed = complete(stored, url)
    if completed != stored:
        header = orjson.loads(completed)
    return header


def _selected(header: Header, level: Level, question: Question, target: Target) -> Header:
    if question.all_fields:
        kept: Iterable[str] = header
    else:
        wanted = set(_RETURNED[level]) | question.fields
        # What the address does not say, the answer does (PS3.18 10.6.1.2.3).
        if level > Level.STUDY:
            wanted |= {"0020000D"} | (set(_STUDY) if not target.study else set())
        if level is Level.INSTANCE:
            wanted |= {"0020000E"} | (set(_SERIES) if not target.series else set())
        kept = wanted & header.keys()
    return {tag: header[tag] for tag in sorted(kept)}


def _element(vr: str, *values: Any) -> Header:
    return {"vr": vr, "Value": list(values)}
