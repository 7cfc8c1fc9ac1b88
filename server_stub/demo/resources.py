"""Studies and people as FHIR R4 resources.

Owns: identifiers, codes, categories as they look in the wild, attachments with size and SHA-1 (base64, R4
Attachment.hash). Must never: put a patient's name into an id or a URL.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

from server_stub.demo import attachments
from server_stub.demo.case import Category, Study
from server_stub.demo.exams import Modality, Setting
from server_stub.demo.layout import Page, lay_out
from server_stub.demo.pdf import Header, as_pdf
from server_stub.demo.people import RADIOLOGISTS, REFERRERS, Person
from server_stub.demo.pictures.attach import attach
from server_stub.demo.pictures.plan import Allowance, describe
from server_stub.demo.versions import Status, Version

Resource = dict[str, Any]

MRN_SYSTEM = "https://hospital.example.org/mrn"
NATIONAL_SYSTEM = "https://registry.example.org/national-id"
ACCESSION_SYSTEM = "https://hospital.example.org/accession"
_V2_0074 = "http://terminology.hl7.org/CodeSystem/v2-0074"
_V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_LOINC = "http://loinc.org"
_SNOMED = "http://snomed.info/sct"

_BY_MODALITY = {
    Modality.CR: ("RX", "Radiograph"),
    Modality.CT: ("CT", "CAT Scan"),
    Modality.MR: ("NMR", "Nuclear Magnetic Resonance"),
    Modality.US: ("RUS", "Radiology Ultrasound"),
    Modality.MG: ("RX", "Radiograph"),
    Modality.NM: ("NMS", "Nuclear Medicine Scan"),
    Modality.PT: ("NMS", "Nuclear Medicine Scan"),
    Modality.XA: ("RAD", "Radiology"),
    Modality.RF: ("RAD", "Radiology"),
}


class Form(Enum):
    """How a report's text travels."""

    TEXT = "text/plain"
    HTML = "text/html"
    RTF = "application/rtf"
    PDF = "application/pdf"
    NARRATIVE = "narrative"
    CONCLUSION = "conclusion"


@dataclass(frozen=True, slots=True)
class Filing:
    """How one report is filed: its ids, and what of the field's variety it gets."""

    report: str
    order: str
    imaging: str
    accession: str
    form: Form
    by_binary: bool
    tidy: bool


def instant(when: datetime) -> str:
    """A FHIR instant in UTC."""
    return when.isoformat()[:19] + "Z"  # ten times as fast as strftime


def practitioners() -> Iterator[Resource]:
    """Everyone who refers or reads."""
    for one in (*REFERRERS, *RADIOLOGISTS):
        yield {
            "resourceType": "Practitioner",
            "id": one.id,
            "meta": _meta("1", "2020-01-06T08:00:00Z"),
            "active": True,
            "identifier": [
                {"system": "https://registry.example.org/physician", "value": f"P-{one.id[-6:].upper()}"}
            ],
            "name": [{"use": "official", "family": one.family, "given": [one.given], "prefix": ["Dr."]}],
            "gender": str(one.sex),
        }


def patient(person: Person, registered: datetime) -> Resource:
    """The Patient, with a medical record number and mostly a national identifier."""
    name: Resource = {"use": "official", "text": person.name.written}
    if person.name.family:
        name["family"] = person.name.family
    if person.name.given:
        name["given"] = list(person.name.given)
    names = [name]
    if person.name.latin:
        names.append(
            {
                "use": "usual",
                "text": person.name.latin.partition(", ")[2] + " " + person.name.latin.partition(", ")[0],
            }
        )
    identifiers: list[Resource] = [
        {
            "use": "usual",
            "type": _typed("MR", "Medical record number"),
            "system": MRN_SYSTEM,
            "value": mrn(person),
        }
    ]
    if person.number % 9 != 4:
        identifiers.append(
            {
                "use": "official",
                "type": _typed("NI", "National unique individual identifier"),
                "system": NATIONAL_SYSTEM,
                "value": f"{person.born:%y%m%d}-{(person.number * 7919 + 1003) % 10000:04}",
            }
        )
    return {
        "resourceType": "Patient",
        "id": patient_id(person),
        "meta": _meta("1", instant(registered)),
        "active": True,
        "identifier": identifiers,
        "name": names,
        "gender": str(person.sex),
        "birthDate": person.shown_birth,
    }


def patient_id(person: Person) -> str:
    """Opaque, and the same for the same seed."""
    return f"pat-{person.number:06}"


def mrn(person: Person) -> str:
    """Seven digits, not in the order of registration."""
    return f"{(person.number * 611953 + 417) % 10_000_000:07}"


def file_study(
    person: Person,
    study: Study,
    history: tuple[Version, ...],
    filing: Filing,
    dice: Random,
    pictures: Allowance,
) -> Iterator[Resource]:
    """Order, images, all versions of the report (oldest first) with their Binary, a copy for another."""
    ordered = min(
        study.when
        - timedelta(
            minutes=dice.randint(30, 20000) if study.setting is Setting.OUTPATIENT else dice.randint(8, 40)
        ),
        history[0].issued,
    )
    yield _order(person, study, history, filing, ordered)
    made = history[-1].status is not Status.CANCELLED
    imaging = _imaging(person, study, filing, dice) if made else None
    kind = None
    if imaging is not None:
        if history[-1].dictated and history[-1].status is not Status.ENTERED_IN_ERROR:
            kind = pictures.take(study.exam.modality)
        if kind is not None:
            describe(imaging, kind)
        yield imaging
    base = _report_base(person, study, filing, made, dice)
    for number, version in enumerate(history, 1):
        for resource in _version(person, study, version, number, filing, base):
            last = resource["resourceType"] == "DiagnosticReport" and number == len(history)
            if last and kind is not None and imaging is not None:
                yield from attach(resource, imaging, patient(person, study.when), kind)
            yield resource
    if dice.random() < 0.2 and history[-1].status not in (Status.REGISTERED, Status.CANCELLED):
        yield _copy(person, study, history[-1], filing, dice)


def _order(
    person: Person, study: Study, history: tuple[Version, ...], filing: Filing, ordered: datetime
) -> Resource:
    last = history[-1].status
    status = {Status.CANCELLED: "revoked", Status.REGISTERED: "active"}.get(last, "completed")
    return {
        "resourceType": "ServiceRequest",
        "id": filing.order,
        "meta": _meta("1", instant(ordered)),
        "identifier": [_accession(filing)],
        "status": status,
        "intent": "order",
        "priority": "stat" if study.setting is Setting.EMERGENCY else "routine",
        "code": _code(study),
        "subject": {"reference": f"Patient/{patient_id(person)}"},
        "authoredOn": instant(ordered),
        "requester": {
            "reference": f"Practitioner/{study.referrer.id}",
            "display": f"Dr. {study.referrer.given} {study.referrer.family}",
        },
        "reasonCode": [{"text": study.why}],
    }


def _imaging(person: Person, study: Study, filing: Filing, dice: Random) -> Resource:
    uid = f"2.25.{int(hashlib.sha1(filing.imaging.encode(), usedforsecurity=False).hexdigest()[:30], 16)}"
    count = {Modality.CT: (2, 420), Modality.MR: (6, 240), Modality.PT: (3, 600), Modality.MG: (4, 4)}.get(
        study.exam.modality, (1, 12)
    )
    return {
        "resourceType": "ImagingStudy",
        "id": filing.imaging,
        "meta": _meta("1", instant(study.when)),
        "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}, _accession(filing)],
        "status": "available",
        "modality": [{"system": _DCM, "code": str(study.exam.modality)}],
        "subject": {"reference": f"Patient/{patient_id(person)}"},
        "started": instant(study.when),
        "basedOn": [{"reference": f"ServiceRequest/{filing.order}"}],
        "numberOfSeries": count[0],
        "numberOfInstances": count[0] + dice.randint(0, count[1]),
        "description": study.title,
        "series": [
            {
                "uid": f"{uid}.1",
                "number": 1,
                "modality": {"system": _DCM, "code": str(study.exam.modality)},
                "bodySite": {"system": _DCM, "code": study.exam.site, "display": study.exam.site.title()},
            }
        ],
    }


def _report_base(person: Person, study: Study, filing: Filing, made: bool, dice: Random) -> Resource:
    base: Resource = {
        "identifier": [_accession(filing)],
        "basedOn": [{"reference": f"ServiceRequest/{filing.order}"}],
        "code": _code(study),
        "subject": {"reference": f"Patient/{patient_id(person)}"},
        "effectiveDateTime": instant(study.when),
        "resultsInterpreter": [_interpreter(study, dice)],
    }
    if category := _category(study.exam.modality, dice):
        base["category"] = category
    if made:
        base["imagingStudy"] = [{"reference": f"ImagingStudy/{filing.imaging}"}]
    return base


def _version(
    person: Person, study: Study, version: Version, number: int, filing: Filing, base: Resource
) -> Iterator[Resource]:
    report: Resource = {
        "resourceType": "DiagnosticReport",
        "id": filing.report,
        "meta": _meta(str(number), instant(version.issued + timedelta(seconds=2))),
        "status": str(version.status),
        **base,
        "issued": instant(version.issued),
    }
    if version.status is Status.REGISTERED:
        del report["resultsInterpreter"]
        yield report
        return
    if study.critical and version.impression:
        first = study.critical.category is Category.MINUTES
        report["conclusionCode"] = [
            {
                "coding": [
                    {
                        "system": "http://radlex.org",
                        "code": "RID49480" if first else "RID49481",
                        "display": f"ACR Category {1 if first else 2} Actionable Finding",
                    }
                ],
            }
        ]
    page = lay_out(study, version)
    if version.status is Status.CANCELLED or (not version.dictated):
        report["conclusion"] = version.note
        yield report
        return
    if filing.form is Form.NARRATIVE:
        report["text"] = {"status": "additional", "div": attachments.as_narrative(page)}
    elif filing.form is Form.CONCLUSION:
        report["conclusion"] = attachments.as_conclusion(page)
    else:
        if version.impression and (filing.form is Form.RTF or filing.tidy):
            report["conclusion"] = " ".join(version.impression)
        data, content_type = _content(person, study, page, filing)
        attachment: Resource = {
            "contentType": content_type,
            "language": study.language,
            "size": len(data),
            "hash": base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
            "title": f"{study.title} report",
            "creation": instant(version.issued),
        }
        encoded = base64.b64encode(data).decode()
        if filing.by_binary:
            binary = f"bin-{filing.report[4:]}-{number}"
            yield {
                "resourceType": "Binary",
                "id": binary,
                "meta": _meta("1", instant(version.issued)),
                "contentType": content_type.partition(";")[0],
                "securityContext": {"reference": f"DiagnosticReport/{filing.report}"},
                "data": encoded,
            }
            attachment["url"] = f"Binary/{binary}"
        else:
            attachment["data"] = encoded
        report["presentedForm"] = [attachment]
        if filing.accession[-1] == "7" and version.status is Status.FINAL:
            yield _document(person, study, version, filing, attachment)
    yield report


def _content(person: Person, study: Study, page: Page, filing: Filing) -> tuple[bytes, str]:
    if filing.form is Form.HTML:
        return attachments.as_html(page, filing.tidy).encode(), "text/html; charset=utf-8"
    if filing.form is Form.RTF:
        return attachments.as_rtf(page).encode("ascii"), "application/rtf" if filing.tidy else "text/rtf"
    if filing.form is Form.PDF:
        header = Header(
            person.name.plain,
            person.shown_birth,
            mrn(person),
            filing.accession,
            f"{study.when:%Y-%m-%d %H:%M}",
            f"Dr. {study.referrer.family}",
        )
        return as_pdf(page, header), "application/pdf"
    return attachments.as_text(page).encode(), "text/plain; charset=utf-8" if filing.tidy else "text/plain"


def _document(
    person: Person, study: Study, version: Version, filing: Filing, attachment: Resource
) -> Resource:
    """A DocumentReference that repeats the report's attachment, as many systems file it twice."""
    return {
        "resourceType": "DocumentReference",
        "id": f"doc-{filing.report[4:]}",
        "meta": _meta("1", instant(version.issued)),
        "status": "current",
        "type": {"coding": [{"system": _LOINC, "code": "18748-4", "display": "Diagnostic imaging study"}]},
        "subject": {"reference": f"Patient/{patient_id(person)}"},
        "date": instant(version.issued),
        "author": [{"reference": f"Practitioner/{study.radiologist.id}"}],
        "content": [{"attachment": attachment}],
        "context": {"related": [{"reference": f"DiagnosticReport/{filing.report}"}]},
    }


def _copy(person: Person, study: Study, version: Version, filing: Filing, dice: Random) -> Resource:
    """The copy that lets another physician than the referrer read the report."""
    reader = dice.choice([one for one in REFERRERS if one.id != study.referrer.id])
    return {
        "resourceType": "Communication",
        "id": f"com-{filing.report[4:]}",
        "meta": _meta("1", instant(version.issued)),
        "status": "completed",
        "subject": {"reference": f"Patient/{patient_id(person)}"},
        "about": [{"reference": f"DiagnosticReport/{filing.report}"}],
        "sent": instant(version.issued),
        "recipient": [{"reference": f"Practitioner/{reader.id}"}],
        "sender": {"reference": f"Practitioner/{study.radiologist.id}"},
    }


def _category(modality: Modality, dice: Random) -> list[Resource]:
    """Radiology as real portals say it: mostly RAD, else one of its siblings, several at once, or nothing."""
    rad = _concept(_V2_0074, "RAD", "Radiology")
    by_modality = _concept(_V2_0074, *_BY_MODALITY[modality])
    loinc = _concept(_LOINC, "LP29684-5", "Radiology")
    roll = dice.random()
    if roll < 0.42:
        return [rad]
    if roll < 0.58:
        return [loinc]
    if roll < 0.70:
        return [by_modality]
    if roll < 0.78:
        return [_concept(_SNOMED, "394914008", "Radiology")]
    if roll < 0.93:
        return [loinc, rad] if modality in (Modality.XA, Modality.RF) else [loinc, by_modality]
    if roll < 0.98:
        return [{"coding": [*rad["coding"], *loinc["coding"]], "text": "Radiology"}]
    return []


def _interpreter(study: Study, dice: Random) -> Resource:
    reference: Resource = {"reference": f"Practitioner/{study.radiologist.id}"}
    if dice.random() < 0.5:
        reference["display"] = f"Dr. {study.radiologist.given} {study.radiologist.family}"
    return reference


def _code(study: Study) -> Resource:
    coding = study.exam.coding(study.side)
    code: Resource = {"text": study.title}
    if coding:
        code["coding"] = [{"system": _LOINC, "code": coding[0], "display": coding[1]}]
    return code


def _accession(filing: Filing) -> Resource:
    return {"type": _typed("ACSN", "Accession ID"), "system": ACCESSION_SYSTEM, "value": filing.accession}


def _typed(code: str, display: str) -> Resource:
    return _concept(_V2_0203, code, display)


def _concept(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _meta(version: str, updated: str) -> Resource:
    return {"versionId": version, "lastUpdated": updated}
