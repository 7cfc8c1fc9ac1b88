"""A QIDO-RS search as it was asked (PS3.18 10.6.1): what must match, what is wanted, how many.

Must never: leave a parameter out silently, or quote a value; it may be a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, IntEnum
from urllib.parse import parse_qsl

from pydicom.datadict import tag_for_keyword

from server_stub.dicom_web.problem import WebError

MOST = 1000  # results of one answer
_MAX_FIELDS = 100
_TAG = re.compile(r"[0-9A-Fa-f]{8}", re.ASCII)
_UID = re.compile(r"[0-9.]{1,64}", re.ASCII)


class Level(IntEnum):
    """What a search is for."""

    STUDY = 0
    SERIES = 1
    INSTANCE = 2


class Match(Enum):
    """How a value is held against an attribute (PS3.4 C.2.2.2)."""

    UID = "list of UIDs"
    NAME = "wildcards, whatever the case and accents"
    TEXT = "wildcards"
    DATE = "range of dates"
    TIME = "range of times"
    NUMBER = "number"


_KEYS: dict[str, tuple[Match, Level]] = {
    "0020000D": (Match.UID, Level.STUDY),
    "00100010": (Match.NAME, Level.STUDY),
    "00100020": (Match.TEXT, Level.STUDY),
    "00080050": (Match.TEXT, Level.STUDY),
    "00080061": (Match.TEXT, Level.STUDY),
    "00080090": (Match.NAME, Level.STUDY),
    "00081030": (Match.TEXT, Level.STUDY),
    "00200010": (Match.TEXT, Level.STUDY),
    "00080020": (Match.DATE, Level.STUDY),
    "00080030": (Match.TIME, Level.STUDY),
    "00080060": (Match.TEXT, Level.SERIES),
    "0020000E": (Match.UID, Level.SERIES),
    "00200011": (Match.NUMBER, Level.SERIES),
    "0008103E": (Match.TEXT, Level.SERIES),
    "00180015": (Match.TEXT, Level.SERIES),
    "00080016": (Match.UID, Level.INSTANCE),
    "00080018": (Match.UID, Level.INSTANCE),
    "00200013": (Match.NUMBER, Level.INSTANCE),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One attribute that must match."""

    tag: str
    match: Match
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """A whole search."""

    keys: tuple[Key, ...]
    fields: frozenset[str]
    all_fields: bool
    limit: int
    offset: int
    fuzzy: bool  # asked for, and not offered

    def uids(self, tag: str) -> tuple[str, ...]:
        """Return the UIDs that an attribute must be one of; () for any."""
        return next((split_uids(key.value) for key in self.keys if key.tag == tag), ())


def read_question(query: str, level: Level) -> Question:
    """Read the query of a search at this level; raises WebError for what is not offered."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError:
        raise WebError(400, f"At most {_MAX_FIELDS} parameters are read, in UTF-8.") from None
    keys: dict[str, Key] = {}
    fields: set[str] = set()
    numbers = {"limit": MOST, "offset": 0}
    everything = fuzzy = False
    for name, value in pairs:
        if name == "includefield":
            wanted = [part for part in value.split(",") if part]
            everything = everything or "all" in wanted
            fields.update(_tag(part) for part in wanted if part != "all")
        elif name in numbers:
            numbers[name] = _whole(name, value)
        elif name == "fuzzymatching" and value in ("true", "false"):
            fuzzy = value == "true"
        elif name != "accept":
            tag = _tag(name)
            match, lowest = _KEYS.get(tag, (Match.TEXT, None))
            if lowest is None or lowest > level:
                raise WebError(400, f"{_spoken(name)} cannot be searched for here.")
            if tag in keys:
                raise WebError(400, f"{_spoken(name)} is asked for twice.")
            fields.add(tag)
            keys[tag] = Key(tag, match, value)
            if match is Match.UID and value and not all(map(_UID.fullmatch, split_uids(value))):
                raise WebError(400, f"{_spoken(name)} takes UIDs, separated by commas.")
    limit = min(numbers["limit"], MOST)
    wanted_keys = tuple(key for key in keys.values() if key.value)  # an empty value matches anything
    return Question(wanted_keys, frozenset(fields), everything, limit, numbers["offset"], fuzzy)


def split_uids(value: str) -> tuple[str, ...]:
    """Return the UIDs of a list, written with commas or backslashes."""
    return tuple(re.split(r"[,\\]", value))


def _tag(name: str) -> str:
    if _TAG.fullmatch(name):
        return name.upper()
    # An attribute inside a sequence is named by its path; none is searched or returned alone here.
    tag = tag_for_keyword(name) if name.isascii() and name.isalnum() and len(name) <= 64 else None
    if tag is None:
        raise WebError(400, f"{_spoken(name)} is no parameter of this search.")
    return f"{tag:08X}"


def _spoken(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9.]{1,64}", name) else "One of the parameters"


def _whole(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise WebError(400, f"{name} takes a whole number.")
    return int(value)
