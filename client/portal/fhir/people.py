"""Patients and practitioners: names, identifiers, birth dates.

Owns: which of several names and identifiers is shown. Must never: mix two patients' data.
"""

from __future__ import annotations

from client.model.moment import Moment
from client.model.report import Patient, Sex
from client.portal.fhir.parse import Json, Resource, objects
from client.portal.fhir.text import line

_SEX = {sex.value: sex for sex in Sex}
_NAME_ORDER = {
    "official": 0,
    "usual": 1,
    None: 2,
    "temp": 4,
    "nickname": 5,
    "anonymous": 5,
    "maiden": 6,
    "old": 7,
}
_IDENTIFIER_ORDER = {"official": 0, "usual": 0, None: 1, "secondary": 2, "temp": 3, "old": 4}


class PeopleBook:
    """Everybody met in a session once, so that reports share one object each; safe from any thread."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Json, Patient]] = {}
        self._names: dict[str, tuple[Json, str]] = {}

    def name(self, resource: Resource, reference: str) -> str:
        """Read the name of a Practitioner or Organization, or return it where this version of it is known."""
        meta = resource.get("meta")
        version = meta.get("versionId") if type(meta) is dict else None
        known = self._names.get(reference)
        if known is not None and version is not None and known[0] == version:
            return known[1]
        said = resource.get("name")
        name = line(said) if type(said) is str else plain_name(said)
        self._names[reference] = version, name
        return name

    def patient(self, resource: Resource, key: str) -> Patient:
        """Read a Patient resource, or return the known patient where its version or its content is known."""
        meta = resource.get("meta")
        version = meta.get("versionId") if type(meta) is dict else None
        known = self._known.get(key) if key else None
        if known is not None and version is not None and known[0] == version:
            return known[1]
        patient = patient_of(resource, key)
        if known is not None and known[1] == patient:
            patient = known[1]
        if key:
            self._known[key] = version, patient
        return patient


def patient_of(resource: Resource, key: str) -> Patient:
    """Read a Patient resource; what it does not say is "", None or UNKNOWN."""
    sex = resource.get("gender")
    return Patient(
        key=key,
        name=human_name(resource.get("name")),
        identifier=_identifier(resource.get("identifier")),
        birth_date=Moment.parse(resource.get("birthDate")),
        sex=_SEX.get(sex, Sex.UNKNOWN) if type(sex) is str else Sex.UNKNOWN,
    )


def human_name(value: Json) -> str:
    """Return "FAMILY, Given Middle" of the best HumanName: official, then usual, then the first."""
    names = objects(value, 20)
    if len(names) > 1:
        names.sort(key=_name_rank)
    for name in names:
        shown = _one_name(name)
        if shown:
            return shown
    return ""


def plain_name(value: Json) -> str:
    """Return "Prefix Given Family" of the best HumanName: how colleagues write each other."""
    names = objects(value, 20)
    names.sort(key=_name_rank)
    for name in names:
        text = line(name.get("text"))
        if text:
            return text
        parts = [*_words(name.get("prefix")), *_words(name.get("given")), line(name.get("family"))]
        shown = " ".join(part for part in parts if part)
        if shown:
            return line(shown)
    return ""


def identifier_of_type(value: Json, wanted: str) -> str:
    """Return the value of the first Identifier whose type carries the code `wanted`, "" if none does."""
    for identifier in objects(value, 50):
        if wanted in _type_codes(identifier):
            found = line(identifier.get("value"), 64)
            if found:
                return found
    return ""


def _one_name(name: Resource) -> str:
    family = line(name.get("family"))
    given = " ".join(_words(name.get("given")))
    if family:
        family = family.upper()
        return line(f"{family}, {given}" if given else family)
    return line(name.get("text")) or line(given)


def _words(value: Json) -> list[str]:
    if type(value) is str:
        value = [value]
    if type(value) is not list:
        return []
    return [word for word in (line(item, 100) for item in value[:10]) if word]


def _name_rank(name: Resource) -> int:
    use = name.get("use")
    return _NAME_ORDER.get(use, 3) if use is None or type(use) is str else 3


def _identifier(value: Json) -> str:
    best, best_rank = "", 100
    for identifier in objects(value, 50):
        use = identifier.get("use")
        rank = _IDENTIFIER_ORDER.get(use, 2) if use is None or type(use) is str else 2
        if "MR" not in _type_codes(identifier):
            rank += 10
        if rank < best_rank and (found := line(identifier.get("value"), 64)):
            best, best_rank = found, rank
    return best


def _type_codes(identifier: Resource) -> list[object]:
    kind = identifier.get("type")
    if type(kind) is not dict:
        return []
    return [coding.get("code") for coding in objects(kind.get("coding"), 10)]
