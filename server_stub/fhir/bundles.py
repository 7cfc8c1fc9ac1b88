"""Bundles, put together from the stored bytes without reading them again.

Must never: parse or re-serialise a resource; that is what keeps a page of 200 reports cheap.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import orjson

from server_stub.fhir.moments import write_instant
from server_stub.fhir.search import Row


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version of a resource."""

    version: int
    updated: int  # milliseconds since the epoch
    body: bytes


def write_searchset(
    base: str,
    matches: list[Row],
    included: list[Row],
    outcome: bytes | None,
    total: int | None,
    links: dict[str, str],
) -> bytes:
    """Return a searchset Bundle as JSON; `base` is the FHIR base without a slash at its end."""
    prefix = b'{"fullUrl":"' + base.encode()
    entries = [_entry(prefix, row, b"match") for row in matches]
    entries += [_entry(prefix, row, b"include") for row in included]
    if outcome is not None:
        entries.append(b'{"resource":' + outcome + b',"search":{"mode":"outcome"}}')
    return _bundle(b"searchset", total, links, entries)


def write_history(base: str, name: str, versions: list[Version], total: int, links: dict[str, str]) -> bytes:
    """Return a history Bundle as JSON, in the order given; `name` is "Type/id"."""
    entries = []
    for version in versions:
        extra = orjson.dumps(
            {
                "request": {"method": "PUT", "url": name},
                "response": {
                    "status": "200",
                    "etag": f'W/"{version.version}"',
                    "lastModified": write_instant(version.updated),
                },
            }
        )
        entries.append(f'{{"fullUrl":"{base}/{name}","resource":'.encode() + version.body + b"," + extra[1:])
    return _bundle(b"history", total, links, entries)


def _entry(prefix: bytes, row: Row, mode: bytes) -> bytes:
    name = f'/{row.type}/{row.id}","resource":'.encode()
    return prefix + name + row.body + b',"search":{"mode":"' + mode + b'"}}'


def _bundle(kind: bytes, total: int | None, links: dict[str, str], entries: list[bytes]) -> bytes:
    head = [
        b'{"resourceType":"Bundle","id":"' + str(uuid.uuid4()).encode() + b'","type":"' + kind + b'"',
        b'"link":' + orjson.dumps([{"relation": relation, "url": url} for relation, url in links.items()]),
    ]
    if total is not None:
        head.append(b'"total":' + str(total).encode())
    if entries:  # FHIR allows no empty lists
        head.append(b'"entry":[' + b",".join(entries) + b"]")
    return b",".join(head) + b"}"
