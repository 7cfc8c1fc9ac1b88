"""Which resource types the portal holds, and which search parameters it offers for each (FHIR R4).

Owns: the one table that indexing, searching and the CapabilityStatement share.
Must never: name a parameter that R4 does not define for the type.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """FHIR R4 search parameter types, as far as offered."""

    TOKEN = "token"  # noqa: S105
    DATE = "date"
    REFERENCE = "reference"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter: where its values are, as dotted paths into the resource."""

    name: str
    kind: Kind
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()  # for references
    sort: str = ""  # the column of table `resource` that sorts by it; "" = not sortable


def _token(name: str, *paths: str) -> Parameter:
    return Parameter(name, Kind.TOKEN, paths or (name,))


def _date(name: str, *paths: str, sort: str = "") -> Parameter:
    return Parameter(name, Kind.DATE, paths or (name,), sort=sort)


def _reference(name: str, path: str, *targets: str) -> Parameter:
    return Parameter(name, Kind.REFERENCE, (path,), targets)


def _string(name: str, *paths: str) -> Parameter:
    return Parameter(name, Kind.STRING, paths or (name,))


_CLINICIAN = ("Practitioner", "PractitionerRole", "Organization")

SERVED: dict[str, tuple[Parameter, ...]] = {
    "DiagnosticReport": (
        _reference("patient", "subject", "Patient"),
        _reference("subject", "subject", "Patient"),
        _reference("based-on", "basedOn", "ServiceRequest"),
        _reference("performer", "performer", *_CLINICIAN),
        _reference("results-interpreter", "resultsInterpreter", *_CLINICIAN),
        _reference("result", "result", "Observation"),
        _token("category"),
        _token("code"),
        _token("status"),
        _token("identifier"),
        _token("conclusion", "conclusionCode"),
        _date("date", "effectiveDateTime", "effectivePeriod", sort="date"),
        _date("issued", "issued", sort="issued"),
    ),
    "Patient": (
        _token("identifier"),
        _token("gender"),
        _string("name"),
        _string("family", "name.family"),
        _string("given", "name.given"),
        _date("birthdate", "birthDate", sort="date"),
    ),
    "Practitioner": (_token("identifier"), _string("name"), _string("family", "name.family")),
    "ServiceRequest": (
        _reference("patient", "subject", "Patient"),
        _reference("subject", "subject", "Patient"),
        _reference("requester", "requester", *_CLINICIAN),
        _reference("performer", "performer", *_CLINICIAN),
        _token("identifier"),
        _token("status"),
        _token("category"),
        _token("code"),
        _date("authored", "authoredOn", sort="date"),
    ),
    "ImagingStudy": (
        _reference("patient", "subject", "Patient"),
        _reference("subject", "subject", "Patient"),
        _reference("basedon", "basedOn", "ServiceRequest"),
        _reference("referrer", "referrer", "Practitioner", "PractitionerRole"),
        _token("identifier"),
        _token("status"),
        _token("modality", "series.modality"),
        _date("started", sort="date"),
    ),
    "Observation": (
        _reference("patient", "subject", "Patient"),
        _reference("subject", "subject", "Patient"),
        _reference("has-member", "hasMember", "Observation"),
        _token("identifier"),
        _token("status"),
        _token("category"),
        _token("code"),
        _date("date", "effectiveDateTime", "effectivePeriod", sort="date"),
    ),
    "Binary": (),
    "DocumentReference": (
        _reference("patient", "subject", "Patient"),
        _reference("subject", "subject", "Patient"),
        _reference("related", "context.related", "DiagnosticReport", "ServiceRequest", "ImagingStudy"),
        _token("identifier", "masterIdentifier", "identifier"),
        _token("status"),
        _token("type"),
        _token("category"),
        _date("date", sort="date"),
    ),
}

# Held because they decide who may see what (server_stub.fhir.visibility); never answered themselves.
HELD: dict[str, tuple[Parameter, ...]] = {
    "Communication": (
        _reference("about", "about", "DiagnosticReport"),
        _reference("recipient", "recipient", "Practitioner", "PractitionerRole"),
        _token("status"),
    ),
    "PractitionerRole": (_reference("practitioner", "practitioner", "Practitioner"),),
}

TAKEN = frozenset(SERVED) | frozenset(HELD)

# References that are no search parameter in R4, but that a reader of the resource follows.
FOLLOWED: dict[str, tuple[str, ...]] = {
    "DiagnosticReport": ("presentedForm.url", "imagingStudy.reference"),
    "DocumentReference": ("content.attachment.url",),
}

COMMON_SORTS = {"_lastUpdated": "updated", "_id": "id"}


def find_parameter(resource_type: str, name: str) -> Parameter | None:
    """Return a type's own parameter of that name, or None."""
    return next((entry for entry in SERVED[resource_type] if entry.name == name), None)


def sort_columns(resource_type: str) -> dict[str, str]:
    """Return what `_sort` may name, and the column behind each."""
    own = {entry.name: entry.sort for entry in SERVED[resource_type] if entry.sort}
    return {**COMMON_SORTS, **own}
