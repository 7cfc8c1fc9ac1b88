"""One Observation (FHIR R4) as the results it holds: its own value, then its components.

Must never: give a value without its comparator, or one that belongs to another patient or was withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping

from client.model.report import Code, Result
from client.portal.fhir.parse import Json, Resource, objects
from client.portal.fhir.text import line, paragraphs

_VALUE = 100_000  # characters
_COMPONENTS = 100
_DEEPEST = 4  # members within each other
_UNREADABLE = "This result could not be read. See it at the portal."
_ANOTHERS = "This result belongs to another patient at the portal, so it is not shown."
_WITHDRAWN = "This result was withdrawn."
_INTERPRETATIONS = {
    "A": "Abnormal", "AA": "Critically abnormal", "H": "High", "HH": "Critically high", "HU": "Very high",
    "L": "Low", "LL": "Critically low", "LU": "Very low", "N": "Normal", "POS": "Positive",
    "NEG": "Negative", "IND": "Indeterminate", "E": "Equivocal", "DET": "Detected", "ND": "Not detected",
    "U": "Significant change up", "D": "Significant change down", "B": "Better", "W": "Worse",
}  # fmt: skip
_ABSENT = {
    "unknown": "Not known",
    "not-performed": "Not done",
    "not-applicable": "Does not apply",
    "error": "Measurement failed",
    "masked": "Withheld by the portal",
    "temp-unknown": "Not known yet",
    "not-asked": "Not asked",
    "asked-unknown": "Asked, not known",
    "unsupported": "Not available",
    "not-permitted": "Not permitted",
}


def read_observation(
    resource: Resource,
    *,
    subject: str = "",
    key: str = "",
    contained: Mapping[str, Resource] | None = None,
    depth: int = 0,
) -> list[Result]:
    """Return an Observation's results: itself first, then its components and the members in `contained`.

    `subject` is the report's patient; an Observation of another one is named, its value is not.
    """
    if resource.get("resourceType") != "Observation":
        return [unreadable(key)]
    status = line(resource.get("status"), 40)
    owner = resource.get("subject")
    own = line(owner.get("reference"), 2000) if type(owner) is dict else ""
    if own and subject and _last(own) != _last(subject):
        return [_problem(key, _ANOTHERS, Code("", "", ""), status, depth)]
    if status in ("entered-in-error", "cancelled"):
        return [_problem(key, _WITHDRAWN, _code(resource), status, depth)]
    results = [_result(resource, status, depth, key)]
    for component in objects(resource.get("component"), _COMPONENTS):
        results.append(_result(component, status, depth + 1, ""))
    if contained is not None and depth < _DEEPEST:
        for reference in members_of(resource):
            if reference in contained:
                member = contained[reference]
                results += read_observation(member, subject=subject, contained=contained, depth=depth + 1)
            if len(results) > _COMPONENTS:
                break
    return results


def members_of(resource: Resource) -> list[str]:
    """Return the references to the Observations that this one groups."""
    found = (line(item.get("reference"), 2000) for item in objects(resource.get("hasMember"), _COMPONENTS))
    return [reference for reference in found if reference]


def unreadable(key: str) -> Result:
    """Return what stands for a result that is no Observation."""
    return _problem(key, _UNREADABLE, Code("", "", ""), "", 0)


def code_of(concept: Json) -> Code:
    """Read a CodeableConcept: the author's words before a code's own, the code that was chosen first."""
    if type(concept) is not dict:
        return Code("", "", "")
    codings = objects(concept.get("coding"), 20)
    codings.sort(key=lambda coding: coding.get("userSelected") is not True)
    coding = next((each for each in codings if each.get("code")), codings[0] if codings else {})
    display = line(concept.get("text"), 300) or next(
        filter(None, (line(c.get("display"), 300) for c in codings)), ""
    )
    return Code(display, line(coding.get("code"), 100), line(coding.get("system"), 200))


def _code(resource: Resource) -> Code:
    return code_of(resource.get("code"))


def _result(resource: Resource, status: str, depth: int, key: str) -> Result:
    value, unit = _value(resource)
    reason = code_of(resource.get("dataAbsentReason"))
    notes = (paragraphs(note.get("text"), 2000) for note in objects(resource.get("note"), 10))
    ranges = (_range_said(each) for each in objects(resource.get("referenceRange"), 10))
    interpretations = (_interpretation(each) for each in objects(resource.get("interpretation"), 10))
    return Result(
        name=_code(resource),
        value=value,
        unit=unit,
        reference_range="; ".join(filter(None, ranges)),
        interpretation=", ".join(filter(None, interpretations)),
        status=status,
        absent="" if value else _ABSENT.get(reason.code, reason.display or reason.code),
        note="\n".join(filter(None, notes)),
        depth=depth,
        key=key,
    )


def _problem(key: str, problem: str, name: Code, status: str, depth: int) -> Result:
    return Result(name, "", "", "", "", status, "", "", depth, key, problem)


def _interpretation(concept: Json) -> str:
    code = code_of(concept)
    return code.display or _INTERPRETATIONS.get(code.code, code.code)


def _value(resource: Resource) -> tuple[str, str]:
    """Return a value[x] ready to read, and its unit where it has one."""
    for name, value in resource.items():
        if not name.startswith("value"):
            continue
        match name.removeprefix("value"):
            case "Quantity" if type(value) is dict:
                return _quantity(value)
            case "CodeableConcept":
                code = code_of(value)
                return code.display or code.code, ""
            case "String":
                return paragraphs(value, _VALUE), ""
            case "Boolean" if type(value) is bool:
                return "Yes" if value else "No", ""
            case "Range" if type(value) is dict:
                return _range(value), ""
            case "Ratio" if type(value) is dict:
                return _ratio(value), ""
            case "Period" if type(value) is dict:
                return f"{line(value.get('start'), 40) or '…'} – {line(value.get('end'), 40) or '…'}", ""
            case "SampledData" if type(value) is dict:
                return "A series of samples, which is not shown here", ""
            case "Integer" | "Time" | "DateTime":
                return _number(value) or line(value, 60), ""
    return "", ""


def _quantity(value: Resource) -> tuple[str, str]:
    number = _number(value.get("value"))
    comparator = line(value.get("comparator"), 10)
    unit = line(value.get("unit"), 60) or line(value.get("code"), 60)
    return (f"{comparator} {number}" if comparator and number else number), unit if number else ""


def _number(value: Json) -> str:
    return f"{value:.12g}" if type(value) in (int, float) else line(value, 60) if type(value) is str else ""


def _with_unit(value: Json) -> str:
    return " ".join(filter(None, _quantity(value))) if type(value) is dict else ""


def _range(value: Resource) -> str:
    low, high = value.get("low"), value.get("high")
    bottom, top = _with_unit(low), _with_unit(high)
    if type(low) is dict and type(high) is dict and _quantity(low)[1] == _quantity(high)[1]:
        bottom = _quantity(low)[0]
    if bottom and top:
        return f"{bottom} – {top}"
    return f"≥ {bottom}" if bottom else f"≤ {top}" if top else ""


def _range_said(value: Resource) -> str:
    """Return a reference range with what it is for, where that is not the usual one."""
    said = line(value.get("text"), 200) or _range(value)
    kind = code_of(value.get("type"))
    if not said or kind.code in ("", "normal"):
        return said
    return f"{said} ({kind.display or kind.code})"


def _ratio(value: Resource) -> str:
    return f"{_with_unit(value.get('numerator'))} : {_with_unit(value.get('denominator'))}".strip(" :")


def _last(reference: str) -> str:
    return reference.partition("/_history/")[0].rstrip("/").rpartition("/")[2]
