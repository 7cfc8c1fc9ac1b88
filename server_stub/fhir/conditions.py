"""Filters as SQL conditions on a row `r` of table `resource`.

Owns: FHIR's token, date, reference and string matching (R4 search, 3.1.1.4).
Must never: put a value of the request into the SQL text.
"""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.fhir.moments import read_range
from server_stub.fhir.outcome import FhirError, Issue
from server_stub.fhir.parameters import Kind
from server_stub.fhir.query import Filter
from server_stub.fhir.values import fold_text, read_reference
from server_stub.fhir.visibility import visible_clause
from server_stub.store.sessions import Caller

Values = tuple[str | int, ...]

_PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
# The search value covers [a, b), the resource's own value [low, high).
_DATE_TESTS = {
    "eq": ("({low}>=? AND {high}<=?)", "ab"),
    "ne": ("NOT ({low}>=? AND {high}<=?)", "ab"),
    "gt": ("{high}>?", "b"),
    "lt": ("{low}<?", "a"),
    "ge": ("({high}>? OR ({low}>=? AND {high}<=?))", "bab"),
    "le": ("({low}<? OR ({low}>=? AND {high}<=?))", "aab"),
    "sa": ("{low}>=?", "b"),
    "eb": ("{high}<=?", "a"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL and its values; `selective` when few rows are expected, so that the search starts from it."""

    sql: str
    values: Values
    selective: bool
    since: int | None = None  # no row that was updated before is meant; milliseconds since the epoch


def write_condition(wanted: Filter, caller: Caller) -> Condition:
    """Return the condition for a filter; raises FhirError(400) for a value that cannot be one."""
    if not wanted.chained:
        return _on_row(wanted, "r")
    # Only patients the caller may see take part: a count must not reveal anything about another.
    inner = _on_row(wanted, "p")
    seen, seen_values = visible_clause(caller, "p")
    sql = (
        "r.key IN (SELECT link.key FROM resource p JOIN reference_value link"  # noqa: S608
        " ON link.type='Patient' AND link.id=p.id AND link.param='patient'"
        f" WHERE p.type='Patient' AND {inner.sql} AND {seen})"
    )
    return Condition(sql, (*inner.values, *seen_values), True)


def _on_row(wanted: Filter, row: str) -> Condition:
    if wanted.parameter == "_id":
        places = ",".join("?" * len(wanted.values))
        test = "NOT IN" if wanted.modifier == "not" else "IN"
        return Condition(f"{row}.id {test} ({places})", wanted.values, wanted.modifier != "not")
    if wanted.parameter == "_lastUpdated":
        sql, values = _dates(wanted, f"{row}.updated", f"({row}.updated+1)")
        since = _beginning(wanted)
        if since is None:
            return Condition(sql, values, False)
        # Said once more in the one form that an index can serve.
        return Condition(f"({row}.updated>=? AND {sql})", (since, *values), False, since)
    match wanted.kind:
        case Kind.TOKEN:
            sql, values = _tokens(wanted)
            table = "token_value"
        case Kind.DATE:
            sql, values = _dates(wanted, "found.low", "found.high")
            table = "date_value"
        case Kind.REFERENCE:
            sql, values = _references(wanted)
            table = "reference_value"
        case Kind.STRING:
            return _texts(wanted, row)
    if wanted.kind is Kind.REFERENCE or wanted.parameter == "identifier":
        sql = f"{row}.key IN (SELECT found.key FROM {table} found WHERE found.param=? AND {sql})"  # noqa: S608
        return Condition(sql, (wanted.parameter, *values), True)
    negation = "NOT " if wanted.modifier == "not" else ""
    sql = (
        f"{negation}EXISTS (SELECT 1 FROM {table} found"  # noqa: S608
        f" WHERE found.key={row}.key AND found.param=? AND {sql})"
    )
    return Condition(sql, (wanted.parameter, *values), False)


def _tokens(wanted: Filter) -> tuple[str, Values]:
    tests, values = [], list[str | int]()
    for value in wanted.values:
        system, bar, code = value.rpartition("|")
        if not bar:
            tests.append("found.code=?")
            values.append(code)
        elif not code:
            tests.append("found.system=?")
            values.append(system)
        else:
            tests.append("(found.code=? AND found.system=?)")
            values += (code, system)
    return _join(tests, "OR"), tuple(values)


def _dates(wanted: Filter, low: str, high: str) -> tuple[str, Values]:
    tests, values = [], list[str | int]()
    for value in wanted.values:
        prefix, date = (value[:2], value[2:]) if value[:2] in _PREFIXES else ("eq", value)
        covered = read_range(date)
        if covered is None or prefix not in _DATE_TESTS:
            raise FhirError(
                400,
                Issue.INVALID,
                f"{wanted.parameter} must be a FHIR date, with eq, ne, gt, lt, ge, le, sa or eb.",
            )
        test, order = _DATE_TESTS[prefix]
        tests.append(test.format(low=low, high=high))
        values += [covered["ab".index(letter)] for letter in order]
    return _join(tests, "OR"), tuple(values)


def _beginning(wanted: Filter) -> int | None:
    covered = [read_range(value[2:]) for value in wanted.values if value[:2] in ("ge", "gt", "sa")]
    starts = [moment[0] for moment in covered if moment is not None]
    return min(starts) if len(starts) == len(wanted.values) else None


def _references(wanted: Filter) -> tuple[str, Values]:
    types = (wanted.modifier,) if wanted.modifier else wanted.targets
    tests, values = [], list[str | int]()
    for value in wanted.values:
        target = read_reference(value)
        for kind in types if target is None else (target[0],):
            tests.append("(found.type=? AND found.id=?)")
            values += (kind, value if target is None else target[1])
    return _join(tests, "OR"), tuple(values)


def _texts(wanted: Filter, row: str) -> Condition:
    tests, values = [], list[str | int]()
    for value in wanted.values:
        words = []
        for word in (value,) if wanted.modifier else fold_text(value).split():
            sql, bound = _word(word, wanted.modifier)
            words.append(
                f"{row}.key IN (SELECT found.key FROM text_value found WHERE found.param=? AND {sql})"  # noqa: S608
            )
            values += (wanted.parameter, *bound)
        tests.append(_join(words, "AND"))
    return Condition(_join(tests, "OR"), tuple(values), True)


def _join(tests: list[str], operator: str) -> str:
    # Halved again and again: SQLite refuses an expression 1000 deep, and a chain is as deep as it is long.
    if len(tests) < 2:
        return tests[0] if tests else "0"
    middle = len(tests) // 2
    return f"({_join(tests[:middle], operator)} {operator} {_join(tests[middle:], operator)})"


def _word(word: str, modifier: str) -> tuple[str, Values]:
    if modifier == "exact":
        return "found.exact=?", (word,)
    if modifier == "contains":
        return "instr(found.folded, ?) > 0", (fold_text(word),)
    return "found.folded>=? AND found.folded<?", (word, word + "\U0010ffff")
