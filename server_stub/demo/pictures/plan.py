"""Which demonstration studies have images, and which series and instances these are.

Owns: the UIDs, derived from the study's own. Must never: need a pixel; they are drawn when first asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from server_stub.demo.exams import Modality

Resource = dict[str, Any]

INSERT_MM = 30.0
"""Diameter of the sphere in the middle of the CT phantom, which the measurements name."""
INSERT_HU = 100
TAG_SYSTEM = "https://safelight.example.org/demonstration-pictures"
_DCM = "http://dicom.nema.org/resources/ontology/DCM"


class Kind(Enum):
    """A kind of phantom; the value is written into ImagingStudy.meta.tag."""

    CT = "ct"
    CR = "cr"
    MR = "mr"
    US = "us"
    MG = "mg"


class Sop(Enum):
    """SOP classes of the demonstration (PS3.6 annex A)."""

    CT = "1.2.840.10008.5.1.4.1.1.2"
    CR = "1.2.840.10008.5.1.4.1.1.1"
    MR = "1.2.840.10008.5.1.4.1.1.4"
    US_CINE = "1.2.840.10008.5.1.4.1.1.3.1"
    MG = "1.2.840.10008.5.1.4.1.1.1.2"
    BASICTEXT = "1.2.840.10008.5.1.4.1.1.88.11"
    COMPREHENSIVE = "1.2.840.10008.5.1.4.1.1.88.33"
    KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
    PDF = "1.2.840.10008.5.1.4.1.1.104.1"


@dataclass(frozen=True, slots=True)
class Planned:
    """One series: its instances are numbered from 1."""

    number: int
    modality: str
    description: str
    sop: Sop
    count: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The series of a kind of study, and which image is the key image."""

    series: tuple[Planned, ...]
    key: tuple[int, int]  # series and instance number


TEXT = Planned(900, "SR", "Report", Sop.BASICTEXT, 1)
_MEASURES = Planned(901, "SR", "Measurements", Sop.COMPREHENSIVE, 1)
_KEYS = Planned(902, "KO", "Key images", Sop.KEY_OBJECTS, 1)
_PDF = Planned(903, "DOC", "Report (PDF)", Sop.PDF, 1)

PLANS = {
    Kind.CT: Plan((Planned(2, "CT", "Axial 5 mm", Sop.CT, 40), _MEASURES, _KEYS), (2, 20)),
    Kind.CR: Plan((Planned(1, "CR", "Frontal view", Sop.CR, 1), _PDF), (1, 1)),
    Kind.MR: Plan(
        (Planned(2, "MR", "T2 axial", Sop.MR, 20), Planned(3, "MR", "T1 sagittal", Sop.MR, 12), TEXT, _KEYS),
        (2, 10),
    ),
    Kind.US: Plan((Planned(1, "US", "Cine", Sop.US_CINE, 1), TEXT), (1, 1)),
    Kind.MG: Plan((Planned(1, "MG", "R CC", Sop.MG, 1), Planned(2, "MG", "L CC", Sop.MG, 1), _KEYS), (1, 1)),
}
_MOST = {Kind.CT: 2, Kind.CR: 3, Kind.MR: 2, Kind.US: 2, Kind.MG: 1}
_BY_MODALITY = {
    Modality.CT: Kind.CT,
    Modality.CR: Kind.CR,
    Modality.MR: Kind.MR,
    Modality.US: Kind.US,
    Modality.MG: Kind.MG,
}


@dataclass(slots=True)
class Allowance:
    """How many studies of each kind have images already; the first ones of a set get them."""

    _given: Counter[Kind] = field(default_factory=Counter)

    def take(self, modality: Modality) -> Kind | None:
        """Return the kind of pictures that this study gets, None for none."""
        kind = _BY_MODALITY.get(modality)
        if kind is None or self._given[kind] >= _MOST[kind]:
            return None
        self._given[kind] += 1
        return kind


def series_uid(study: str, number: int) -> str:
    """Return the UID of a series."""
    return f"{study}.{number}"


def instance_uid(study: str, series: int, number: int) -> str:
    """Return the UID of an instance."""
    return f"{study}.{series}.{number}"


def describe(study: Resource, kind: Kind) -> None:
    """Let an ImagingStudy name the series and instances of its images."""
    uid = study_uid(study)
    plan = PLANS[kind]
    study["meta"] = {**study["meta"], "tag": [{"system": TAG_SYSTEM, "code": kind.value}]}
    study["numberOfSeries"] = len(plan.series)
    study["numberOfInstances"] = sum(one.count for one in plan.series)
    site = study["series"][0].get("bodySite")
    study["series"] = [
        {
            "uid": series_uid(uid, one.number),
            "number": one.number,
            "modality": {"system": _DCM, "code": one.modality},
            "description": one.description,
            **({"bodySite": site} if site else {}),
            "numberOfInstances": one.count,
            "instance": [
                {
                    "uid": instance_uid(uid, one.number, number),
                    "sopClass": {"system": "urn:ietf:rfc:3986", "code": f"urn:oid:{one.sop.value}"},
                    "number": number,
                }
                for number in range(1, one.count + 1)
            ],
        }
        for one in plan.series
    ]


def key_image(study: Resource, kind: Kind) -> tuple[Resource, Resource]:
    """Return a Media for a report to contain, and the entry of DiagnosticReport.media that points to it."""
    uid = study_uid(study)
    series, number = PLANS[kind].key
    instance = instance_uid(uid, series, number)
    path = f"studies/{uid}/series/{series_uid(uid, series)}/instances/{instance}"
    media = {
        "resourceType": "Media",
        "id": "key-image",
        "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:{instance}"}],
        "partOf": [{"reference": f"ImagingStudy/{study['id']}"}],
        "status": "completed",
        "subject": study["subject"],
        "content": {"contentType": "application/dicom", "url": f"../dicom-web/{path}"},
    }
    return media, {"comment": "Key image", "link": {"reference": "#key-image"}}


def study_uid(study: Resource) -> str:
    """Return the Study Instance UID of a demonstration ImagingStudy."""
    value: str = study["identifier"][0]["value"]
    return value.removeprefix("urn:oid:")


def noted(resources: Iterable[Resource], planned: list[tuple[str, str, str]]) -> Iterator[Resource]:
    """Pass resources on; UID, accession and kind of each study with images to be drawn go into `planned`."""
    for resource in resources:
        if resource["resourceType"] == "ImagingStudy":
            tags = resource["meta"].get("tag", [])
            accession = resource["identifier"][1]["value"]
            planned.extend(
                (study_uid(resource), accession, tag["code"]) for tag in tags if tag["system"] == TAG_SYSTEM
            )
        yield resource
