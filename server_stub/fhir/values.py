"""A resource's searchable values, taken out of its JSON.

Owns: following paths, and the shapes of FHIR's token, date, reference and name types.
Must never: fail on a resource that is shaped differently; what cannot be indexed is simply not found by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from server_stub.fhir.moments import read_period, read_range
from server_stub.fhir.parameters import FOLLOWED, HELD, SERVED, Kind, Parameter, find_parameter

Resource = dict[str, Any]

_REFERENCE = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[A-Za-z0-9.\-]{1,64})?")
LINK = "_link"  # the name under which references are kept that are no search parameter


@dataclass(slots=True)
class Values:
    """What one resource can be found by."""

    tokens: set[tuple[str, str, str]] = field(default_factory=set)  # parameter, code, system
    dates: set[tuple[str, int, int]] = field(default_factory=set)  # parameter, low, high
    references: set[tuple[str, str, str]] = field(default_factory=set)  # parameter, type, id
    texts: set[tuple[str, str, str]] = field(default_factory=set)  # parameter, folded, exact
    sorts: dict[str, int] = field(default_factory=dict)  # column → milliseconds


def take_values(resource: Resource) -> Values:
    """Return everything the resource's type can be searched by."""
    kind = str(resource.get("resourceType"))
    values = Values()
    for parameter in (*SERVED.get(kind, ()), *HELD.get(kind, ())):
        for path in parameter.paths:
            for found in follow(resource, path):
                _take(values, parameter, found)
    for path in FOLLOWED.get(kind, ()):
        for found in follow(resource, path):
            target = read_reference(found)
            if target is not None:
                values.references.add((LINK, *target))
    return values


def follow(resource: Any, path: str) -> Iterator[Any]:
    """Yield every value at a dotted path, lists flattened."""
    name, _, rest = path.partition(".")
    value = resource.get(name) if isinstance(resource, dict) else None
    for item in value if isinstance(value, list) else (value,):
        if item is None:
            continue
        if rest:
            yield from follow(item, rest)
        else:
            yield item


def read_reference(text: object) -> tuple[str, str] | None:
    """Return (type, id) of a relative reference, versioned or not; None otherwise.

    An absolute one is about another server's resource, whatever its path ends in (FHIR R4,
    references.html#literal).
    """
    match = _REFERENCE.fullmatch(text) if isinstance(text, str) else None
    return None if match is None else (match[1], match[2])


def subject_of(resource: Resource) -> str:
    """Return the reference to the person the resource is about, "" if none or if its type has no subject."""
    kind = resource.get("resourceType")
    if kind not in SERVED or find_parameter(kind, "subject") is None:
        return ""
    subject = resource.get("subject")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    return reference if isinstance(reference, str) else ""


def fold_text(text: str) -> str:
    """Return the form in which names are compared: without case, accents and doubled spaces."""
    # Compatibility caseless matching (Unicode 3.13, D146), then without marks.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold())
    decomposed = unicodedata.normalize("NFKD", folded.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def _take(values: Values, parameter: Parameter, found: Any) -> None:
    if parameter.kind is Kind.TOKEN:
        values.tokens.update((parameter.name, code, system) for system, code in _tokens(found))
    elif parameter.kind is Kind.DATE:
        moments = read_period(found) if isinstance(found, dict) else read_range(found)
        if moments is not None:
            values.dates.add((parameter.name, *moments))
            if parameter.sort:
                values.sorts.setdefault(parameter.sort, moments[0])
    elif parameter.kind is Kind.REFERENCE:
        target = read_reference(found.get("reference")) if isinstance(found, dict) else None
        if target is not None:
            values.references.add((parameter.name, *target))
    else:
        for exact in _names(found):
            folded = fold_text(exact)
            for piece in {folded, *folded.split(" ")}:
                values.texts.add((parameter.name, piece, exact))


def _tokens(found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, str):
        yield "", found
    elif isinstance(found, dict):
        for coding in follow(found, "coding"):
            yield from _tokens(coding)
        code = found.get("code", found.get("value"))
        if isinstance(code, str):
            system = found.get("system")
            yield system if isinstance(system, str) else "", code


def _names(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for part in ("text", "family", "given", "prefix", "suffix"):
            yield from (piece for piece in follow(found, part) if isinstance(piece, str))
