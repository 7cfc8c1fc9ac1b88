"""A DiagnosticReport to a row of the worklist.

Owns: what each column says. Must never: raise for a report that is odd (it becomes a row whose `problem` says
why), or put a value of the report into that sentence. FHIR R4, DiagnosticReport.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from sys import intern

from client.model.moment import Moment
from client.model.report import Patient, Report, ReportStatus
from client.portal.fhir.modality import modality_of
from client.portal.fhir.parse import Json, Resource, objects
from client.portal.fhir.people import PeopleBook, identifier_of_type, patient_of
from client.portal.fhir.text import EXAM, line

NO_ID = "The portal sent this report without an identifier, so it cannot be opened. Ask its staff for it."
NOT_A_REPORT = (
    "The portal sent something here that is not a report. Ask the portal's staff what belongs here."
)
TOO_DEEP = "This report is built in a way that cannot be kept safely. Ask the portal's staff for it."
NOT_UNDERSTOOD = (
    "This report carries an instruction that changes its meaning and that Safelight does not know, "
    "so it is not shown. Read it in the portal itself."
)
NO_PATIENT = "The portal sent this report without its patient, so it is not shown. Ask its staff for it."

# ACR actionable findings, RadLex: category 1 (within minutes) and 2 (within hours).
_CRITICAL = frozenset({"RID49480", "RID49481"})
_STATUS = {status.value: status for status in ReportStatus}


def read_report(
    resource: Resource, included: Mapping[str, Resource], book: PeopleBook, content: str = ""
) -> Report:
    """Read one DiagnosticReport; `content` is the hash of its JSON.

    `included` holds other resources by their reference ("Patient/1", or their full URL). What the report says
    itself is used where they are missing.
    """
    key = resource.get("id")
    if type(key) is not str or not 0 < len(key) <= 64 or not key.isascii() or not key.isprintable():
        return placeholder(repr(sorted(resource, key=str)) + repr(resource.get("identifier")), NO_ID)
    meta = resource.get("meta")
    version = meta.get("versionId") if type(meta) is dict else None
    code = resource.get("code")
    exam = intern(concept_text(code)) if type(code) is dict else ""  # a few hundred names in all
    issued = Moment.parse(resource.get("issued"))
    order = _order(resource, included)
    patient = _patient(resource, included, book)
    status = resource.get("status")
    return Report(
        key=key,
        version=line(version, 64),
        status=_STATUS.get(status, ReportStatus.UNKNOWN) if type(status) is str else ReportStatus.UNKNOWN,
        critical=_critical(resource.get("conclusionCode")),
        patient=patient,
        exam=exam,
        modality=modality_of(resource, exam),
        date=_made(resource) or issued,
        issued=issued,
        radiologist=_person(resource.get("resultsInterpreter"), included, book)
        or _person(resource.get("performer"), included, book),
        referrer=_person(order.get("requester"), included, book) if order else "",
        accession=_accession(resource, order),
        problem=_problem(resource, patient),
        content=content,
    )


def requester_of(resource: Resource, included: Mapping[str, Resource]) -> str:
    """Return the reference to whoever ordered a report, "" where the order names nobody."""
    order = _order(resource, included)
    for reference in objects(order.get("requester"), 1) if order else ():
        target = reference.get("reference")
        if type(target) is str and len(target) <= 2000:
            return target
    return ""


def placeholder(seed: str, problem: str) -> Report:
    """Return a row for something that is no report; the same `seed` gives the same key."""
    key = "unreadable-" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:24]
    return Report(
        key=key,
        version="",
        status=ReportStatus.UNKNOWN,
        critical=False,
        patient=None,
        exam="",
        modality="",
        date=None,
        issued=None,
        radiologist="",
        referrer="",
        accession="",
        problem=problem,
    )


def concept_text(concept: Resource) -> str:
    """Return what a CodeableConcept is called: its text, else its first coding's display, else its code."""
    text = line(concept.get("text"), EXAM)
    if text:
        return text
    codings = objects(concept.get("coding"), 20)
    for name in ("display", "code"):
        for coding in codings:
            text = line(coding.get(name), EXAM)
            if text:
                return text
    return ""


def key_of(reference: Json) -> str:
    """Return the id that a Reference names, "" where it names none."""
    if type(reference) is not dict:
        return ""
    target = reference.get("reference")
    if type(target) is not str or len(target) > 2000:
        return ""
    return target.partition("/_history/")[0].rpartition("/")[2].removeprefix("#")[:200]


def _problem(resource: Resource, patient: Patient | None) -> str:
    if resource.get("modifierExtension") or resource.get("implicitRules"):
        # FHIR R4 2.4.1.1 and Resource.implicitRules: a reader that does not know them must not go on.
        return NOT_UNDERSTOOD
    return NO_PATIENT if patient is None else ""


def _patient(resource: Resource, included: Mapping[str, Resource], book: PeopleBook) -> Patient | None:
    subject = resource.get("subject")
    if type(subject) is not dict:
        return None
    key = key_of(subject)
    found = _resolve(subject, resource, included)
    if found is not None and found.get("resourceType") == "Patient":
        return book.patient(found, key)
    name = line(subject.get("display"))
    identifier = subject.get("identifier")
    number = line(identifier.get("value"), 64) if type(identifier) is dict else ""
    if not (key or name or number):
        return None
    # Not entered in the book: the full patient may come with another page.
    return patient_of({"name": [{"text": name}], "identifier": [{"value": number}]}, key)


def _resolve(reference: Json, resource: Resource, included: Mapping[str, Resource]) -> Resource | None:
    if type(reference) is not dict:
        return None
    target = reference.get("reference")
    if type(target) is not str:
        return None
    if target[:1] == "#":
        for contained in objects(resource.get("contained"), 100):
            if contained.get("id") == target[1:]:
                return contained
        return None
    found = included.get(target)
    if found is None and "/" in target:
        target = target.partition("/_history/")[0]
        found = included.get("/".join(target.rsplit("/", 2)[-2:]))
    return found


def _order(resource: Resource, included: Mapping[str, Resource]) -> Resource | None:
    for reference in objects(resource.get("basedOn"), 10):
        found = _resolve(reference, resource, included)
        if found is not None and found.get("resourceType") == "ServiceRequest":
            return found
    return None


def _person(references: Json, included: Mapping[str, Resource], book: PeopleBook) -> str:
    found_organisation = ""
    for reference in objects(references, 10):
        target = reference.get("reference")
        found = included.get(target) if type(target) is str else None
        name = book.name(found, target) if found is not None and type(target) is str else ""
        name = name or line(reference.get("display"))
        if not name:
            continue
        if type(target) is str and "Organization/" in target:
            found_organisation = found_organisation or name
        else:
            return name
    return found_organisation


def _made(resource: Resource) -> Moment | None:
    moment = Moment.parse(resource.get("effectiveDateTime"))
    if moment is None:
        period = resource.get("effectivePeriod")
        if type(period) is dict:
            moment = Moment.parse(period.get("start")) or Moment.parse(period.get("end"))
    return moment


def _accession(resource: Resource, order: Resource | None) -> str:
    found = identifier_of_type(resource.get("identifier"), "ACSN")
    if not found and order is not None:
        found = identifier_of_type(order.get("identifier"), "ACSN")
    if not found:
        for reference in objects(resource.get("basedOn"), 10):
            found = identifier_of_type(reference.get("identifier"), "ACSN")
            if found:
                break
    return found


def _critical(concepts: Json) -> bool:
    for concept in objects(concepts):
        for coding in objects(concept.get("coding")):
            code, system = coding.get("code"), coding.get("system")
            if type(code) is str and code in _CRITICAL:
                return system is None or (type(system) is str and "radlex" in system.lower())
    return False
