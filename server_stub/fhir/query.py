"""A search request as written, read into a query (FHIR R4 search, 3.1.1).

Owns: which parameters there are, their prefixes, modifiers and limits, and what is ignored or refused.
Must never: leave a parameter out without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from server_stub.fhir.outcome import FhirError, Issue
from server_stub.fhir.parameters import SERVED, Kind, Parameter, find_parameter, sort_columns
from server_stub.fhir.values import fold_text

DEFAULT_COUNT = 50
MAX_COUNT = 500
MAX_VALUES = 1000  # values, and words of names, in all parameters of one search together
_MAX_SORTS = 3

Pairs = tuple[tuple[str, str], ...]


class Handling(Enum):
    """What the client wants done with parameters the portal does not know (Prefer: handling)."""

    STRICT = "strict"
    LENIENT = "lenient"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: any of `values`, on a parameter, perhaps of the patient (`patient.name`)."""

    parameter: str
    kind: Kind
    values: tuple[str, ...]
    modifier: str = ""
    targets: tuple[str, ...] = ()
    chained: bool = False


@dataclass(frozen=True, slots=True)
class Include:
    """`_include` (or `_revinclude`): a reference of `source` to follow (or to follow back)."""

    source: str
    parameter: str
    target: str  # "" = any


@dataclass(slots=True)
class Query:
    """A search that can be run."""

    type: str
    pairs: Pairs = ()  # what was understood, as written: for link[self] and the following pages
    filters: list[Filter] = field(default_factory=list)
    sorts: list[tuple[str, bool]] = field(default_factory=list)  # column, descending
    count: int = DEFAULT_COUNT
    total: bool = False
    includes: list[Include] = field(default_factory=list)
    revincludes: list[Include] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # names as written
    base: str = ""  # the portal's own FHIR base as the client writes it: what begins so is a local reference
    values: int = 0  # how many values the filters have


def read_query(
    resource_type: str, pairs: Iterable[tuple[str, str]], handling: Handling, base: str = ""
) -> Query:
    """Read the parameters; raises FhirError(400) for what is wrong, and for unknown ones if strict."""
    query = Query(resource_type, base=base)
    used: list[tuple[str, str]] = []
    for name, value in pairs:
        if _read_pair(query, name, value):
            used.append((name, value))
        elif handling is Handling.STRICT:
            raise _bad(
                f"The parameter {_quote(name)} is not offered for {resource_type}.", Issue.NOT_SUPPORTED
            )
        else:
            query.ignored.append(name)
    query.pairs = tuple(used)
    return query


def read_handling(prefer: Iterable[str]) -> Handling:
    """Return what the Prefer headers say about unknown parameters; lenient if they say nothing."""
    wishes = {part.strip().lower() for header in prefer for part in header.replace(";", ",").split(",")}
    return Handling.STRICT if "handling=strict" in wishes else Handling.LENIENT


def _read_pair(query: Query, name: str, value: str) -> bool:
    if not value:
        return False
    base, _, modifier = name.partition(":")
    if base in ("_count", "_total", "_sort", "_include", "_revinclude", "_format") and modifier:
        raise _bad(f"{base} is offered without modifiers only.", Issue.NOT_SUPPORTED)
    match base:
        case "_count":
            if not (value.isascii() and value.isdigit() and len(value) < 10):
                raise _bad("_count must be a whole number.")
            query.count = min(int(value), MAX_COUNT)
        case "_total":
            if value not in ("none", "estimate", "accurate"):
                raise _bad("_total must be none, estimate or accurate.")
            query.total = value != "none"
        case "_format":
            if value not in ("json", "application/json", "application/fhir+json", "application/fhir json"):
                raise FhirError(406, Issue.NOT_SUPPORTED, "This portal writes FHIR as JSON only.")
        case "_sort":
            query.sorts = _read_sort(query.type, value)
        case "_include":
            query.includes.append(_read_include(value, query.type, None))
        case "_revinclude":
            query.revincludes.append(_read_include(value, None, query.type))
        case _:
            return _read_filter(query, base, modifier, value)
    return True


def _read_filter(query: Query, base: str, modifier: str, value: str) -> bool:
    parameter = _common(base) or find_parameter(query.type, base)
    chained = False
    if (
        parameter is None
        and base
        in (
            "patient.identifier",
            "patient.name",
            "subject.identifier",
            "subject.name",
        )
        and find_parameter(query.type, "patient") is not None
    ):
        parameter, chained = find_parameter("Patient", base.partition(".")[2]), True
    if parameter is None:
        return False
    if modifier not in _MODIFIERS[parameter.kind] and not (
        parameter.kind is Kind.REFERENCE and modifier in parameter.targets
    ):
        raise _bad(f"That modifier is not offered for {base}.", Issue.NOT_SUPPORTED)
    values = tuple(part for part in _split(value) if part)
    if not values:
        return False
    words = [fold_text(part).split() for part in values] if parameter.kind is Kind.STRING else []
    query.values += max(len(values), sum(len(part) for part in words))
    if query.values > MAX_VALUES:
        raise _bad(f"At most {MAX_VALUES} values can be asked for in one search.", Issue.TOO_COSTLY)
    if parameter.kind is Kind.REFERENCE and query.base:
        values = tuple(part.removeprefix(f"{query.base}/") for part in values)
    query.filters.append(Filter(parameter.name, parameter.kind, values, modifier, parameter.targets, chained))
    return True


_MODIFIERS = {
    Kind.TOKEN: ("", "not"),
    Kind.DATE: ("",),
    Kind.REFERENCE: ("",),
    Kind.STRING: ("", "exact", "contains"),
}


def _common(name: str) -> Parameter | None:
    if name == "_id":
        return Parameter("_id", Kind.TOKEN, ())
    if name == "_lastUpdated":
        return Parameter("_lastUpdated", Kind.DATE, ())
    return None


def _read_sort(resource_type: str, value: str) -> list[tuple[str, bool]]:
    columns = sort_columns(resource_type)
    sorts = []
    for part in value.split(","):
        column = columns.get(part.removeprefix("-"))
        if column is None:
            raise _bad(f"{resource_type} can be sorted by {', '.join(columns)}.", Issue.NOT_SUPPORTED)
        sorts.append((column, part.startswith("-")))
    if len(sorts) > _MAX_SORTS:
        raise _bad(f"At most {_MAX_SORTS} sort keys are offered.", Issue.TOO_COSTLY)
    return sorts


def _read_include(value: str, source: str | None, target: str | None) -> Include:
    name = "_include" if source else "_revinclude"
    parts = value.split(":")
    if len(parts) not in (2, 3) or parts[0] not in SERVED or (source and parts[0] != source):
        raise _bad(f"{name} must be Type:parameter, of a type that fits this search.", Issue.NOT_SUPPORTED)
    parameter = find_parameter(parts[0], parts[1])
    if parameter is None or parameter.kind is not Kind.REFERENCE:
        raise _bad(f"{name}: {parts[0]} has no such reference parameter in FHIR R4.", Issue.NOT_SUPPORTED)
    wanted = parts[2] if len(parts) == 3 else (target or "")
    if wanted and wanted not in parameter.targets:
        raise _bad(f"{name}: {parts[0]}:{parts[1]} does not lead to that type.", Issue.NOT_SUPPORTED)
    return Include(parts[0], parameter.name, wanted)


def _split(value: str) -> list[str]:
    # A backslash keeps the comma after it from separating (R4 search, 3.1.1.4.0.1).
    parts, part, escaped = [], "", False
    for character in value:
        if escaped:
            part += character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == ",":
            parts.append(part)
            part = ""
        else:
            part += character
    return [*parts, part]


def _bad(message: str, issue: Issue = Issue.INVALID) -> FhirError:
    return FhirError(400, issue, message)


def _quote(name: str) -> str:
    # A parameter's name is not a person's; still only what looks like one is repeated.
    plain = name.replace("-", "").replace("_", "").replace(".", "").replace(":", "")
    return name if plain.isascii() and plain.isalnum() and len(name) <= 40 else "given"
