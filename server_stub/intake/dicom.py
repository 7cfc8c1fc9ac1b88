"""DICOM files → the Patient and the ImagingStudy they belong to.

Owns: what a DICOM file says to FHIR, and which files are kept for DICOMweb.
Must never: take a file without Study Instance UID and Patient ID, or two files for one SOP Instance UID.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from pathlib import Path
from typing import Any

import pydicom
from pydicom.errors import InvalidDicomError

from server_stub.dicom_web.header import write_header
from server_stub.fhir.values import Resource
from server_stub.intake.bundles import Item
from server_stub.store.images import Image, ImageStore

_TAGS = [
    "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "StudyDate", "StudyTime",
    "TimezoneOffsetFromUTC", "Modality", "AccessionNumber", "StudyDescription", "SeriesDescription",
    "SeriesNumber", "InstanceNumber", "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate",
    "PatientSex", "SpecificCharacterSet",
]  # fmt: skip
_UNREADABLE = (OSError, EOFError, ValueError, AttributeError, KeyError, NotImplementedError)
_SEXES = {"M": "male", "F": "female", "O": "other"}
_NAMESPACE = uuid.UUID("5c1d6c8e-6a5c-5a8e-9f07-9d4cf2a7f3b1")


class Studies:
    """Studies put together from files that come in any order."""

    def __init__(self, images: ImageStore | None) -> None:
        """With `images`, the files are kept for DICOMweb."""
        self._images = images
        self._kept: dict[str, Image] = {}
        self._patients: dict[str, Item] = {}
        self._studies: dict[str, Item] = {}

    def add(self, path: Path) -> str:
        """Take one file; returns why not, or ""."""
        try:
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=_TAGS)
            return self._add(path, {tag: _text(header, tag) for tag in _TAGS})
        except (InvalidDicomError, *_UNREADABLE):
            return "the DICOM header cannot be read"

    def record(self) -> None:
        """Let DICOMweb know the files kept; to be called once the studies are in the database."""
        if self._images is not None:
            self._images.record(list(self._kept.values()))
            self._kept.clear()

    def items(self) -> list[Item]:
        """Return all patients and studies found."""
        return [*self._patients.values(), *self._studies.values()]

    def _add(self, path: Path, header: dict[str, str]) -> str:
        if not header["StudyInstanceUID"] or not header["SOPInstanceUID"] or not header["SeriesInstanceUID"]:
            return "it names no study, series or instance"
        if not header["PatientID"]:
            return "it names no patient"
        if self._images is not None and (reason := self._keep(path, header["SOPInstanceUID"], self._images)):
            return reason
        issuer = header["IssuerOfPatientID"]
        patient = str(uuid.uuid5(_NAMESPACE, f"{issuer}|{header['PatientID']}"))
        study = str(uuid.uuid5(_NAMESPACE, header["StudyInstanceUID"]))
        if patient not in self._patients:
            self._patients[patient] = Item(_patient(patient, header), str(path), "")
        if study not in self._studies:
            self._studies[study] = Item(_study(study, patient, header), str(path), "")
        _add_instance(self._studies[study].resource, header)
        return ""

    def _keep(self, path: Path, uid: str, images: ImageStore) -> str:
        content = path.read_bytes()
        known = self._kept[uid].digest if uid in self._kept else images.digest(uid)
        if known is not None:
            same = known == hashlib.sha256(content).digest()
            return "" if same else "another file of this instance is here already"
        self._kept[uid] = read_image(content)
        images.write(uid, content)
        return ""


def read_image(content: bytes) -> Image:
    """Return what DICOMweb needs to know of a DICOM file; raises as pydicom does when it cannot be read."""
    dataset = pydicom.dcmread(io.BytesIO(content))
    number = _text(dataset, "InstanceNumber")
    return Image(
        uid=_text(dataset, "SOPInstanceUID"),
        study=_text(dataset, "StudyInstanceUID"),
        series=_text(dataset, "SeriesInstanceUID"),
        modality=_text(dataset, "Modality") or "OT",
        number=int(number) if number.isdigit() and len(number) < 10 else 0,
        syntax=str(dataset.file_meta.get("TransferSyntaxUID", "")) or "1.2.840.10008.1.2",
        digest=hashlib.sha256(content).digest(),
        header=write_header(dataset),
    )


def _patient(own: str, header: dict[str, str]) -> Resource:
    family, _, rest = header["PatientName"].split("=")[0].partition("^")
    name: dict[str, Any] = {"family": family} if family else {}
    given = [part for part in rest.split("^")[:2] if part]
    if given:
        name["given"] = given
    identifier = {"value": header["PatientID"]}
    if header["IssuerOfPatientID"]:
        identifier["assigner"] = {"display": header["IssuerOfPatientID"]}  # type: ignore[assignment]
    resource: Resource = {"resourceType": "Patient", "id": own, "identifier": [identifier]}
    if name:
        resource["name"] = [name]
    if header["PatientSex"] in _SEXES:
        resource["gender"] = _SEXES[header["PatientSex"]]
    birth = _date(header["PatientBirthDate"])
    if birth:
        resource["birthDate"] = birth
    return resource


def _study(own: str, patient: str, header: dict[str, str]) -> Resource:
    identifiers: list[dict[str, Any]] = [
        {"system": "urn:dicom:uid", "value": f"urn:oid:{header['StudyInstanceUID']}"}
    ]
    if header["AccessionNumber"]:
        coding = {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}
        identifiers.append({"type": {"coding": [coding]}, "value": header["AccessionNumber"]})
    resource: Resource = {
        "resourceType": "ImagingStudy",
        "id": own,
        "identifier": identifiers,
        "status": "available",
        "subject": {"reference": f"Patient/{patient}"},
        "series": [],
    }
    started = _date(header["StudyDate"])
    time, zone = header["StudyTime"], header["TimezoneOffsetFromUTC"]
    if started and len(zone) == 5 and time[:6].isdigit() and len(time) >= 6:
        started += f"T{time[:2]}:{time[2:4]}:{time[4:6]}{zone[:3]}:{zone[3:]}"
    if started:
        resource["started"] = started
    if header["StudyDescription"]:
        resource["description"] = header["StudyDescription"]
    return resource


def _add_instance(study: Resource, header: dict[str, str]) -> None:
    series = next((s for s in study["series"] if s["uid"] == header["SeriesInstanceUID"]), None)
    if series is None:
        series = {
            "uid": header["SeriesInstanceUID"],
            "modality": {
                "system": "http://dicom.nema.org/resources/ontology/DCM",
                "code": header["Modality"] or "OT",
            },
            "instance": [],
        }
        if header["SeriesNumber"].isdigit():
            series["number"] = int(header["SeriesNumber"])
        if header["SeriesDescription"]:
            series["description"] = header["SeriesDescription"]
        study["series"].append(series)
    if any(instance["uid"] == header["SOPInstanceUID"] for instance in series["instance"]):
        return
    instance: dict[str, Any] = {
        "uid": header["SOPInstanceUID"],
        "sopClass": {"system": "urn:ietf:rfc:3986", "code": f"urn:oid:{header['SOPClassUID']}"},
    }
    if header["InstanceNumber"].isdigit():
        instance["number"] = int(header["InstanceNumber"])
    series["instance"].append(instance)


def _date(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isdigit() else ""


def _text(header: pydicom.Dataset, tag: str) -> str:
    value = header.get(tag)
    return "" if value is None else str(value).strip().strip("\0")
