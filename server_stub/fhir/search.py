"""Running a search: one page of matches, what they include, and the place where the next page starts.

Owns: order, totals, and paging by the last row's place (never by offset: every page costs the same).
Must never: return a row that `visible_clause` does not allow, neither as a match nor included nor counted.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass

from server_stub.fhir.conditions import Condition, Values, write_condition
from server_stub.fhir.parameters import SERVED
from server_stub.fhir.query import Include, Query
from server_stub.fhir.visibility import sees_few, visible_clause
from server_stub.store.sessions import Caller

_MAX_INCLUDED = 5000  # rows that one page may bring along
_TOTALS_KEPT = 256
_FEW = 5000  # rows that are sooner gathered and sorted than met one by one along a sort index
_SERVED_TYPES = ",".join(f"'{name}'" for name in SERVED)


@dataclass(frozen=True, slots=True)
class Row:
    """One resource as stored."""

    key: int
    type: str
    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search."""

    matches: list[Row]
    included: list[Row]
    total: int | None
    following: list[str | int] | None  # the place after the last match; None on the last page
    cut: bool  # whether more was included than fits


class Totals:
    """Totals already counted, valid until data arrive."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str, Values], int] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, connection: sqlite3.Connection, sql: str, values: Values) -> int:
        """Return what the counting query says, counting only if it was not asked before."""
        arrival: int = connection.execute("PRAGMA user_version").fetchone()[0]
        key = (arrival, sql, values)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        total: int = connection.execute(sql, values).fetchone()[0]
        with self._lock:
            self._known[key] = total
            while len(self._known) > _TOTALS_KEPT:
                self._known.popitem(last=False)
        return total


def run_search(
    connection: sqlite3.Connection,
    totals: Totals,
    caller: Caller,
    query: Query,
    after: list[str | int] | None,
) -> Page:
    """Return the page of `query` that starts after the place `after` (None: the first page)."""
    conditions = [write_condition(wanted, caller) for wanted in query.filters]
    selective = any(condition.selective for condition in conditions)
    recent = not selective and any(_is_recent(connection, query.type, condition) for condition in conditions)
    # A unary plus keeps SQLite from walking the index behind it when few rows are wanted.
    where = ["+r.type=?" if selective else "r.type=?", *(condition.sql for condition in conditions)]
    values: Values = (query.type, *(v for condition in conditions for v in condition.values))
    total = None
    if query.total or query.count == 0:
        seen, seen_values = visible_clause(caller, "r", leads=not selective and not recent)
        counting = f"SELECT count(*) FROM resource r WHERE {' AND '.join([*where, seen])}"  # noqa: S608
        total = totals.count(connection, counting, (*values, *seen_values))
    if query.count == 0:
        return Page([], [], total, None, False)
    leads = not selective and not recent and sees_few(connection, caller, _FEW)
    seen, seen_values = visible_clause(caller, "r", leads)
    where.append(seen)
    values += seen_values
    free = "+" if selective or recent or leads else ""
    sorts = [*query.sorts, ("key", query.sorts[-1][1] if query.sorts else False)]
    if after is not None:
        sql, more = _beyond(sorts, after)
        where.append(sql)
        values += more
    columns = ", ".join(f"r.{column}" for column, _ in sorts)
    order = ", ".join(f"{free}r.{column} {'DESC' if falling else 'ASC'}" for column, falling in sorts)
    rows = connection.execute(
        f"SELECT {columns} FROM resource r WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?",  # noqa: S608
        (*values, query.count + 1),
    ).fetchall()
    following = list(rows[query.count - 1]) if len(rows) > query.count else None
    keys = [row[-1] for row in rows[: query.count]]
    matches = _read_rows(connection, keys)
    included, cut = _read_included(connection, caller, query, matches)
    return Page(matches, included, total, following, cut)


def _is_recent(connection: sqlite3.Connection, kind: str, condition: Condition) -> bool:
    """Return whether a condition leaves few rows because few were updated since: a client asks for news."""
    if condition.since is None:
        return False
    sql = "SELECT count(*) FROM (SELECT 1 FROM resource WHERE type=? AND updated>=? LIMIT ?)"
    count: int = connection.execute(sql, (kind, condition.since, _FEW)).fetchone()[0]
    return count < _FEW


def _beyond(sorts: list[tuple[str, bool]], after: list[str | int]) -> tuple[str, Values]:
    # a≥A AND (a>A OR (b≥B AND (b>B OR …))): the outer bound lets SQLite start inside the index.
    sql, values = "0", list[str | int]()
    for (column, falling), place in zip(reversed(sorts), reversed(after), strict=True):
        sign = "<" if falling else ">"
        sql = f"(r.{column}{sign}=? AND (r.{column}{sign}? OR {sql}))"
        values[:0] = (place, place)
    return sql, tuple(values)


def _read_rows(connection: sqlite3.Connection, keys: list[int]) -> list[Row]:
    places = ",".join("?" * len(keys))
    found = connection.execute(
        "SELECT r.key, r.type, r.id, v.body FROM resource r"  # noqa: S608
        " JOIN version v ON v.key=r.key AND v.version=r.version"
        f" WHERE r.key IN ({places})",
        keys,
    )
    rows = {row[0]: Row(*row) for row in found}
    return [rows[key] for key in keys]


def _read_included(
    connection: sqlite3.Connection, caller: Caller, query: Query, matches: list[Row]
) -> tuple[list[Row], bool]:
    if not matches or not (query.includes or query.revincludes):
        return [], False
    matched = {row.key for row in matches}
    wanted: dict[int, None] = {}
    for include in query.includes:
        wanted.update(dict.fromkeys(_forward(connection, caller, include, list(matched))))
    for include in query.revincludes:
        wanted.update(dict.fromkeys(_back(connection, caller, include, matches)))
    keys = [key for key in wanted if key not in matched]
    return _read_rows(connection, keys[:_MAX_INCLUDED]), len(keys) > _MAX_INCLUDED


def _forward(connection: sqlite3.Connection, caller: Caller, include: Include, keys: list[int]) -> list[int]:
    seen, values = visible_clause(caller, "r")
    kind, kinds = (" AND link.type=?", (include.target,)) if include.target else ("", ())
    rows = connection.execute(
        "SELECT DISTINCT r.key FROM reference_value link"  # noqa: S608
        " CROSS JOIN resource r ON r.type=link.type AND r.id=link.id"
        f" WHERE link.key IN ({','.join('?' * len(keys))}) AND link.param=?{kind} AND {seen}"
        f" AND r.type IN ({_SERVED_TYPES})",
        (*keys, include.parameter, *kinds, *values),
    )
    return [row[0] for row in rows]


def _back(connection: sqlite3.Connection, caller: Caller, include: Include, matches: list[Row]) -> list[int]:
    seen, values = visible_clause(caller, "r")
    ids = [row.id for row in matches]
    rows = connection.execute(
        "SELECT DISTINCT r.key FROM reference_value link"  # noqa: S608
        " CROSS JOIN resource r ON r.key=link.key AND r.type=?"
        f" WHERE link.type=? AND link.id IN ({','.join('?' * len(ids))}) AND link.param=? AND {seen}"
        " LIMIT ?",
        (include.source, matches[0].type, *ids, include.parameter, *values, _MAX_INCLUDED + 1),
    )
    return [row[0] for row in rows]
