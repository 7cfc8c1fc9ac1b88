"""A DICOM dataset as DICOM JSON (PS3.18 F): what a search answers with and what `metadata` gives.

Bulky values become `BulkDataURI`s, written relative to their instance until somebody asks (`complete`).
Must never: put pixels into it, or fail for one odd element (it is then named without a value).
"""

from __future__ import annotations

from typing import Any

import orjson
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

Header = dict[str, Any]

_INLINE = 1024  # bytes; a longer binary value is bulk data
_BINARY = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_MARK = b'"BulkDataURI":"bulkdata/'
_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, NotImplementedError, EOFError, OverflowError)


def write_header(dataset: Dataset) -> bytes:
    """Return the header of a dataset; raises ValueError when it cannot be written as JSON."""
    header = _describe(dataset, "bulkdata")
    header["00080005"] = {"vr": "CS", "Value": ["ISO_IR 192"]}  # JSON is UTF-8, whatever the file was
    try:
        return orjson.dumps(dict(sorted(header.items())), default=float)
    except TypeError as error:  # orjson's own errors are TypeErrors
        msg = "The header cannot be written as JSON."
        raise ValueError(msg) from error


def complete(header: bytes, instance_url: str) -> bytes:
    """Return a stored header with its bulk data addressed absolutely."""
    # Within a JSON text the quotation marks would be escaped: this can only be the key itself.
    return header.replace(_MARK, b'"BulkDataURI":"' + instance_url.encode() + b"/bulkdata/")


def values(header: Header, tag: str) -> list[Any]:
    """Return the values of an element, [] where it has none."""
    element = header.get(tag)
    found = element.get("Value") if isinstance(element, dict) else None
    return found if isinstance(found, list) else []


def text(header: Header, tag: str) -> str:
    """Return an element's first value as text, a person's name in its alphabetic spelling; "" if none."""
    found = values(header, tag)
    if not found or found[0] is None:
        return ""
    return str(found[0].get("Alphabetic", "") if isinstance(found[0], dict) else found[0])


def whole(header: Header, tag: str, otherwise: int) -> int:
    """Return an element's first value as a whole number."""
    try:
        return int(float(text(header, tag)))
    except (ValueError, OverflowError):
        return otherwise


def _describe(dataset: Dataset, path: str) -> Header:
    header: Header = {}
    for tag in sorted(dataset.keys()):
        if tag.group == 0x0002 or tag.element == 0:
            continue
        key = f"{int(tag):08X}"
        if tag in PIXELS:
            raw = dataset.get_item(tag)
            header[key] = {"vr": (raw.VR if raw else None) or "OW", "BulkDataURI": f"{path}/{key}"}
            continue
        try:
            header[key] = _element(dataset, tag, key, path)
        except _UNREADABLE:
            header[key] = {"vr": "UN"}
    return header


def _element(dataset: Dataset, tag: BaseTag, key: str, path: str) -> Header:
    element = dataset[tag]
    if element.VR == "SQ":
        items = [_describe(item, f"{path}/{key}/{place}") for place, item in enumerate(element.value)]
        return {"vr": "SQ", "Value": items} if items else {"vr": "SQ"}
    if element.VR in _BINARY and isinstance(element.value, bytes) and len(element.value) > _INLINE:
        return {"vr": element.VR, "BulkDataURI": f"{path}/{key}"}
    described: Header = element.to_json_dict(None, 2**31)
    return described
