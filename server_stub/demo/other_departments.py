"""Reports that are not radiology: laboratory, electrocardiography, pathology.

They are in the same portal in real life, and a radiology client must keep them out.
"""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from server_stub.demo.people import REFERRERS, Person
from server_stub.demo.resources import ACCESSION_SYSTEM, Resource, instant, patient_id
from server_stub.demo.wording import DateStyle, Sex, say

_V2 = "http://terminology.hl7.org/CodeSystem/v2-0074"
_LOINC = "http://loinc.org"

_KINDS: tuple[tuple[list[tuple[str, str, str]], tuple[str, str], str], ...] = (
    (
        [(_V2, "LAB", "Laboratory")],
        ("58410-2", "CBC panel - Blood by Automated count"),
        "COMPLETE BLOOD COUNT\n\nHemoglobin      #122-158# g/L\nHematocrit      0.#37-46#\nLeukocytes      #4.2-9.8# x10⁹/L\nPlatelets       #160-380# x10⁹/L\nMCV             #82-96# fL\n",
    ),
    (
        [(_V2, "CH", "Chemistry")],
        ("24323-8", "Comprehensive metabolic 2000 panel - Serum or Plasma"),
        "METABOLIC PANEL\n\nSodium          #136-144# mmol/L\nPotassium       #3.6-4.9# mmol/L\nCreatinine      #58-98# µmol/L\nALT             #12-44# U/L\nGlucose         #4.4-6.2# mmol/L\n",
    ),
    (
        [(_V2, "EC", "Electrocardiac (e.g., EKG, EEC, Holter)")],
        ("11524-6", "EKG study"),
        "12-LEAD ELECTROCARDIOGRAM\n\n[Sinus rhythm|Sinus bradycardia], #54-88#/min. PR #142-188# ms, QRS #82-104# ms, QTc #398-438# ms. Normal axis. [No ST-segment or T-wave abnormality.|Nonspecific T-wave flattening in the lateral leads.]\n",
    ),
    (
        [(_LOINC, "LP29708-2", "Cardiology")],
        ("18745-0", "Cardiac catheterization study"),
        "CORONARY ANGIOGRAPHY\n\nRadial access. Left main without stenosis. LAD with a [30|40] % mid stenosis. Circumflex and RCA without significant stenosis. Left ventricular end-diastolic pressure #8-14# mmHg.\n",
    ),
    (
        [(_V2, "SP", "Surgical Pathology"), (_LOINC, "LP7839-6", "Pathology")],
        ("11526-1", "Pathology study"),
        "SURGICAL PATHOLOGY\n\nSpecimen: [skin, shoulder, excision|colon, polyp, snare].\nDiagnosis: [Benign intradermal nevus, completely excised.|Tubular adenoma with low-grade dysplasia, margins clear.]\n",
    ),
    (
        [(_V2, "MB", "Microbiology")],
        ("630-4", "Bacteria identified in Urine by Culture"),
        "URINE CULTURE\n\n[No growth after 48 hours.|Escherichia coli, more than 100,000 CFU/mL, susceptible to nitrofurantoin and fosfomycin.]\n",
    ),
)


def report(person: Person, place: int, end: datetime, dice: Random) -> Iterator[Resource]:
    """One order and its report from another department."""
    categories, (code, display), template = dice.choice(_KINDS)
    lived = (end.date() - person.born).days
    when = end - timedelta(
        days=dice.randint(0, max(0, min(600, lived - 5))), minutes=-dice.randint(400, 1000)
    )
    age = person.age(when)
    text = "\n".join(
        say(line, dice, person.sex, age, DateStyle.ISO)
        if "   " not in line
        else _row(line, dice, person.sex, age)
        for line in template.split("\n")
    )
    data = text.encode()
    number = f"{person.number:06}-x{place:02}"
    accession = {"system": ACCESSION_SYSTEM, "value": f"L{when:%y}{person.number * 41 + place:07}"}
    concept: dict[str, Any] = {
        "coding": [{"system": _LOINC, "code": code, "display": display}],
        "text": display,
    }
    subject = {"reference": f"Patient/{patient_id(person)}"}
    yield {
        "resourceType": "ServiceRequest",
        "id": f"ord-{number}",
        "meta": {"versionId": "1", "lastUpdated": instant(when)},
        "identifier": [accession],
        "status": "completed",
        "intent": "order",
        "code": concept,
        "subject": subject,
        "authoredOn": instant(when),
        "requester": {"reference": f"Practitioner/{dice.choice(REFERRERS).id}"},
    }
    issued = when + timedelta(minutes=dice.randint(40, 300))
    yield {
        "resourceType": "DiagnosticReport",
        "id": f"rep-{number}",
        "meta": {"versionId": "1", "lastUpdated": instant(issued)},
        "identifier": [accession],
        "basedOn": [{"reference": f"ServiceRequest/ord-{number}"}],
        "status": "final",
        "category": [
            {"coding": [{"system": system, "code": own, "display": name}]} for system, own, name in categories
        ],
        "code": concept,
        "subject": subject,
        "effectiveDateTime": instant(when),
        "issued": instant(issued),
        "presentedForm": [
            {
                "contentType": "text/plain; charset=utf-8",
                "language": "en",
                "size": len(data),
                "title": display,
                "hash": base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
                "data": base64.b64encode(data).decode(),
            }
        ],
    }


def _row(line: str, dice: Random, sex: Sex, age: float) -> str:
    """A line of a table: `say` without closing up the columns."""
    label = line[: line.rindex("  ") + 2]
    return label + say(line[len(label) :], dice, sex, age, DateStyle.ISO)
