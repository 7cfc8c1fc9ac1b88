"""One JSON document → the resources in it, their references made relative.

Takes: single resources, and Bundles of type transaction, batch, collection, searchset, history and document.
Must never: guess; what it does not understand is named and left out.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from server_stub.fhir.parameters import TAKEN
from server_stub.fhir.values import Resource
from server_stub.intake.complaints import Complaints

_BUNDLES = ("transaction", "batch", "collection", "searchset", "history", "document")
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}", re.ASCII)
_MODES = ("match", "include", None)


@dataclass(slots=True)
class Item:
    """One resource on its way in."""

    resource: Resource
    source: str  # the file, or what generated it
    place: str  # where in it
    loose: bool = False  # from a collection: its id means something within that Bundle only


def open_document(document: Any, source: str, place: str, complaints: Complaints) -> list[Item]:
    """Return the resources of one document."""
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        complaints.add(source, place, "it is no FHIR resource")
        return []
    if document["resourceType"] != "Bundle":
        item = _check(Item(document, source, place), complaints)
        return [] if item is None else [item]
    kind = document.get("type")
    if kind not in _BUNDLES:
        complaints.add(source, place, "a Bundle of this type is not taken")
        return []
    entries = document.get("entry")
    items: list[Item] = []
    names: dict[str, str] = {}
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        where = f"{place}, entry {number}".removeprefix(", ")
        item = _open_entry(entry, kind, Item({}, source, where, kind == "collection"), complaints)
        if item is not None:
            items.append(item)
            full = entry.get("fullUrl")
            if isinstance(full, str):
                names[full] = f"{item.resource['resourceType']}/{item.resource['id']}"
    if names:
        for item in items:
            rewrite_references(item.resource, lambda text: _shorten(text, names))
    return items


def _shorten(reference: str, names: dict[str, str]) -> str:
    full, history, version = reference.partition("/_history/")
    return names[full] + history + version if full in names else reference


def rewrite_references(value: Any, rewrite: Callable[[str], str]) -> None:
    """Pass every reference, and every attachment's url, through `rewrite`, in place."""
    if isinstance(value, list):
        for part in value:
            rewrite_references(part, rewrite)
    elif isinstance(value, dict):
        for name, part in value.items():
            if isinstance(part, str):
                if name == "reference" or (name == "url" and ("contentType" in value or "title" in value)):
                    value[name] = rewrite(part)
            elif isinstance(part, (list, dict)):
                rewrite_references(part, rewrite)


def digest_of(resource: Resource) -> bytes:
    """Return what tells two contents apart, whatever the order of their fields."""
    return hashlib.sha256(orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)).digest()


def _open_entry(entry: Any, kind: str, item: Item, complaints: Complaints) -> Item | None:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        complaints.add(item.source, item.place, "the entry holds no FHIR resource")
        return None
    item.resource = resource
    if kind in ("transaction", "batch"):
        request = entry.get("request")
        method = request.get("method") if isinstance(request, dict) else None
        if method not in ("PUT", "POST"):
            complaints.add(item.source, item.place, "only PUT and POST entries are taken")
            return None
        if method == "POST" or "id" not in resource:
            # The server chooses the id (FHIR R4 http, 3.1.0.11.2): the same one every time the file is taken.
            resource["id"] = str(
                uuid.uuid5(uuid.NAMESPACE_URL, str(entry.get("fullUrl")) + digest_of(resource).hex())
            )
    elif kind == "searchset":
        search = entry.get("search")
        if isinstance(search, dict) and search.get("mode") not in _MODES:
            return None
    return _check(item, complaints)


def _check(item: Item, complaints: Complaints) -> Item | None:
    kind = item.resource["resourceType"]
    if kind not in TAKEN:
        known = kind if re.fullmatch(r"[A-Z][A-Za-z]{1,40}", kind, re.ASCII) else "unnamed"
        complaints.add(
            item.source, f"{item.place} ({known})".removeprefix(" "), "this portal holds no such resources"
        )
        return None
    own = item.resource.get("id")
    if own is None:
        item.resource["id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, digest_of(item.resource).hex()))
    elif not isinstance(own, str) or _ID.fullmatch(own) is None:
        complaints.add(item.source, f"{item.place} ({kind})".removeprefix(" "), "its id is not a FHIR id")
        return None
    return item
