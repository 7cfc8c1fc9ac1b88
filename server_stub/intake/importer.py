"""Writing resources into the database: versions, indexes, and who may see them.

Owns: what a new content of a known id means, and that taking the same data twice changes nothing.
Must never: let one file's `Patient/example` become a version of another file's `Patient/example`.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from server_stub.fhir.moments import BEGINNING, read_range, write_instant
from server_stub.fhir.values import Resource, Values, subject_of, take_values
from server_stub.fhir.visibility import EARLIER, rebuild_visible
from server_stub.intake.bundles import Item, digest_of, rewrite_references
from server_stub.store.database import Database


@dataclass(slots=True)
class Taken:
    """What one import changed."""

    versions: dict[str, int] = field(default_factory=dict)  # by resource type
    known: int = 0  # resources that were there already, exactly so

    @property
    def total(self) -> int:
        """How many versions are new."""
        return sum(self.versions.values())


def take(database: Database, batches: Iterable[list[Item]]) -> Taken:
    """Write all batches in one transaction; resources of a batch may refer to each other."""
    taken = Taken()
    with database.write() as connection:
        writer = _Writer(connection, taken)
        for batch in batches:
            writer.take(batch)
        writer.index()
        if taken.total:
            rebuild_visible(connection)
            arrival = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute(f"PRAGMA user_version={int(arrival) + 1}")
    if taken.total:
        database.settle()
    return taken


def as_batches(resources: Iterable[Resource], source: str) -> Iterator[list[Item]]:
    """Turn a generator of resources, relative references and all, into batches."""
    for number, resource in enumerate(resources, 1):
        yield [Item(resource, source, f"resource {number}")]


class _Writer:
    def __init__(self, connection: sqlite3.Connection, taken: Taken) -> None:
        self._connection = connection
        self._taken = taken
        self._touched: set[int] = set()
        self._now = int(time.time() * 1000)

    def take(self, batch: list[Item]) -> None:
        renamed: dict[str, str] = {}
        ready = []
        for item in batch:
            digest = digest_of(item.resource)
            if item.loose and self._belongs_to_another(item, digest):
                kind, own = item.resource["resourceType"], item.resource["id"]
                item.resource["id"] = f"{own[:55]}-{digest.hex()[:8]}"
                renamed[f"{kind}/{own}"] = f"{kind}/{item.resource['id']}"
            ready.append((item, digest))
        for item, digest in ready:
            if renamed:
                rewrite_references(item.resource, lambda text: renamed.get(text, text))
            self._write(item, digest)

    def _belongs_to_another(self, item: Item, digest: bytes) -> bool:
        if _declared_version(item.resource) is not None:
            return False
        row = self._connection.execute(
            "SELECT r.source, (SELECT count(*) FROM version v WHERE v.key=r.key AND v.digest=?)"
            " FROM resource r WHERE r.type=? AND r.id=?",
            (digest, item.resource["resourceType"], item.resource["id"]),
        ).fetchone()
        return row is not None and row[1] == 0 and row[0] != _source(item)

    def _write(self, item: Item, digest: bytes) -> None:
        resource = item.resource
        kind, own = resource["resourceType"], resource["id"]
        run = self._connection.execute
        row = run("SELECT key, version FROM resource WHERE type=? AND id=?", (kind, own)).fetchone()
        declared = _declared_version(resource)
        if row is None:
            version = declared or 1
            key = run(
                "INSERT INTO resource(type, id, version, source) VALUES (?,?,?,?)",
                (kind, own, version, _source(item)),
            ).lastrowid
            assert key is not None  # noqa: S101 - SQLite gives every inserted row one
        else:
            key, current = row
            if run("SELECT 1 FROM version WHERE key=? AND digest=?", (key, digest)).fetchone():
                self._taken.known += 1
                return
            version = declared or current + 1
            if run("SELECT 1 FROM version WHERE key=? AND version=?", (key, version)).fetchone():
                version = current + 1
            if version > current:
                run("UPDATE resource SET version=? WHERE key=?", (version, key))
        updated = self._stamp(resource, version)
        run(
            "INSERT INTO version(key, version, updated, subject, digest, body) VALUES (?,?,?,?,?,?)",
            (key, version, updated, subject_of(resource), digest, orjson.dumps(resource)),
        )
        self._touched.add(key)
        self._taken.versions[kind] = self._taken.versions.get(kind, 0) + 1

    def _stamp(self, resource: Resource, version: int) -> int:
        meta: dict[str, Any] = resource["meta"] if isinstance(resource.get("meta"), dict) else {}
        covered = read_range(meta.get("lastUpdated"))
        updated = self._now if covered is None else covered[0]
        stamp = meta["lastUpdated"] if covered else write_instant(updated)
        resource["meta"] = {**meta, "versionId": str(version), "lastUpdated": stamp}
        return updated

    def index(self) -> None:
        """Make the search values of every touched resource anew, from its current version."""
        for key in sorted(self._touched):
            rows = self._connection.execute(
                "SELECT version, updated, subject, body FROM version WHERE key=? ORDER BY version DESC",
                (key,),
            ).fetchall()
            _, updated, subject, body = rows[0]
            values = take_values(orjson.loads(body))
            for earlier in rows[1:]:
                if subject and earlier[2] == subject:
                    found = take_values(orjson.loads(earlier[3])).references
                    values.references.update((EARLIER, kind, own) for _, kind, own in found)
            self._store(key, updated, subject, values, len(rows) > 1)
        self._touched.clear()

    def _store(self, key: int, updated: int, subject: str, values: Values, replaces: bool) -> None:
        connection = self._connection
        if replaces:
            for table in ("token_value", "date_value", "reference_value", "text_value"):
                connection.execute(f"DELETE FROM {table} WHERE key=?", (key,))  # noqa: S608
        connection.execute(
            "UPDATE resource SET updated=?, subject=?, date=?, issued=? WHERE key=?",
            (
                updated,
                subject,
                values.sorts.get("date", BEGINNING),
                values.sorts.get("issued", BEGINNING),
                key,
            ),
        )
        tables = (
            ("token_value(key, param, code, system)", values.tokens),
            ("date_value(key, param, low, high)", values.dates),
            ("reference_value(key, param, type, id)", values.references),
            ("text_value(key, param, folded, exact)", values.texts),
        )
        for table, rows in tables:
            if rows:
                connection.executemany(
                    f"INSERT INTO {table} VALUES (?,?,?,?)",  # noqa: S608
                    [(key, *row) for row in sorted(rows)],
                )


def count_reports(database: Database) -> int:
    """Return how many DiagnosticReports the portal holds."""
    count: int = (
        database.reader().execute("SELECT count(*) FROM resource WHERE type='DiagnosticReport'").fetchone()[0]
    )
    return count


def _source(item: Item) -> bytes:
    return hashlib.sha256(item.source.encode("utf-8", "surrogatepass")).digest()[:16]


def _declared_version(resource: Resource) -> int | None:
    meta = resource.get("meta")
    text = meta.get("versionId") if isinstance(meta, dict) else None
    if isinstance(text, str) and text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10:
        return int(text)
    return None
