"""Bytes to JSON and back, fast first and forgiving second.

Owns: which JSON is taken. Must never: fail with anything but PortalFault, or quote what it read.
"""

from __future__ import annotations

import json
import re

import orjson

from client.errors import PortalFault

Json = object  # what a parser returns: dict, list, str, int, float, bool or None
Resource = dict[str, object]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_UNUSABLE = (
    "The portal answered with something that is not a FHIR document, so nothing could be read from it. "
    "Try again; if it stays so, tell the people who run the portal."
)


def parse(data: bytes) -> Json:
    """Read one JSON document.

    Lone surrogates and bad UTF-8, which some portals send inside texts, become replacement characters; NaN
    and Infinity become null.
    Raises PortalFault when it is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return _without_surrogates(json.loads(data.decode("utf-8-sig", "replace"), parse_constant=_absent))
    except (ValueError, RecursionError):
        raise PortalFault(_UNUSABLE) from None


def parse_object(data: bytes) -> Resource:
    """Read one JSON object; raises PortalFault when it is anything else."""
    value = parse(data)
    if not isinstance(value, dict):
        raise PortalFault(_UNUSABLE)
    return value


def dump(value: Json) -> bytes | None:
    """Write JSON as compact UTF-8; None when it is nested too deeply to be written."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return None


def objects(value: Json, limit: int = 50) -> list[Resource]:
    """Return the objects of an array, or of a single object where an array was due; at most `limit`."""
    if type(value) is list:
        return [item for item in value[:limit] if type(item) is dict]
    return [value] if type(value) is dict else []


def _absent(_constant: str) -> None:
    return None  # NaN and Infinity are no JSON; some portals write them all the same


def _without_surrogates(value: Json) -> Json:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_LONE_SURROGATE.sub("\ufffd", key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(value) if abs(value) < 10**300 else None  # as orjson reads it
    return value
