"""DICOM JSON (PS3.18 F) read for what a list of images needs: a few texts, numbers and UIDs.

Must never: fail for a missing, empty or odd element, or trust a UID that is none.
"""

from __future__ import annotations

import codecs
import re

from client.errors import PortalFault
from client.model.imaging import Instance
from client.portal.fhir.parse import Json, Resource, objects, parse
from client.portal.fhir.text import line
from client.portal.related import parameter

_UID = re.compile(r"[0-9][0-9.]{0,63}", re.ASCII)
_MOST = 20_000  # objects of one answer
_UNUSABLE = (
    "The portal's list of images cannot be understood, so no images are shown. Try again; if it stays so, "
    "tell the people who run the portal."
)
STUDY_UID = "0020000D"
SERIES_UID = "0020000E"
INSTANCE_UID = "00080018"


def read_list(body: bytes, content_type: str) -> list[Resource]:
    """Return the objects of an answer; no body at all is an empty list (204).

    JSON is UTF-8; a server that declares another charset is believed.
    Raises PortalFault when it is no list of objects.
    """
    if not body.strip():
        return []
    charset = parameter(content_type, "charset")
    if charset and charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        body = _recoded(body, charset)
    try:
        found = parse(body)
    except PortalFault:
        raise PortalFault(_UNUSABLE) from None
    if type(found) not in (list, dict):
        raise PortalFault(_UNUSABLE)
    return objects(found, _MOST)


def text(item: Resource, tag: str, limit: int = 200) -> str:
    """Return an element's first value as one harmless line, a person's name as it is spelled; "" if none."""
    value = _value(item, tag)
    if type(value) is dict:
        value = next((value[key] for key in ("Alphabetic", "Ideographic") if value.get(key)), "")
    if type(value) in (int, float):
        value = str(value)
    return line(value, limit)


def uid(item: Resource, tag: str) -> str:
    """Return an element's UID, "" where it has none that is one."""
    return valid_uid(_value(item, tag))


def valid_uid(value: object) -> str:
    """Return a UID without its padding, "" for anything that is none (PS3.5 9.1)."""
    if not isinstance(value, str) or len(value) > 70:
        return ""
    plain = value.strip(" \0")
    return plain if _UID.fullmatch(plain) else ""


def number(item: Resource, tag: str, otherwise: int = 0) -> int:
    """Return an element's first value as a whole number from 0 to two thousand million."""
    value = _value(item, tag)
    if type(value) is str and len(value) <= 20:
        try:
            value = float(value)
        except ValueError:
            return otherwise
    if type(value) not in (int, float):
        return otherwise
    return int(value) if 0 <= value < 2**31 else otherwise  # type: ignore[operator, call-overload]


def instance_of(item: Resource) -> Instance | None:
    """Return the instance that an object of a search describes, None where it names none."""
    own = uid(item, INSTANCE_UID)
    if not own:
        return None
    return Instance(
        uid=own,
        sop_class=uid(item, "00080016"),
        number=number(item, "00200013"),
        frames=max(1, number(item, "00280008", 1)),
        rows=number(item, "00280010"),
        columns=number(item, "00280011"),
    )


def _value(item: Resource, tag: str) -> Json:
    element = item.get(tag) or item.get(tag.lower())
    values = element.get("Value") if type(element) is dict else None
    if type(values) is list:
        return values[0] if values else None
    return values  # some servers leave the brackets out


def _recoded(body: bytes, charset: str) -> bytes:
    try:
        return codecs.decode(body, charset, "replace").encode("utf-8", "replace")
    except (LookupError, ValueError, TypeError, AttributeError):
        return body  # an invented charset, or a codec that is none of text: UTF-8, as the standard says
