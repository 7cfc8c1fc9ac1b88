"""Whether a header matches the keys of a search (PS3.4 C.2.2.2)."""

from __future__ import annotations

import re
from functools import lru_cache

from server_stub.dicom_web.header import Header, values
from server_stub.dicom_web.problem import WebError
from server_stub.dicom_web.question import Key, Match, split_uids
from server_stub.fhir.values import fold_text


def matches(header: Header, keys: tuple[Key, ...]) -> bool:
    """Whether all keys match."""
    return all(any(_fits(key, spelled) for spelled in _spellings(header, key.tag)) for key in keys)


def check(keys: tuple[Key, ...]) -> None:
    """Raise WebError for a range that is none, before anything is compared with it."""
    for key in keys:
        if key.match in (Match.DATE, Match.TIME):
            _range(key.value, key.match)


def _spellings(header: Header, tag: str) -> list[str]:
    found: list[str] = []
    for value in values(header, tag):
        if isinstance(value, dict):  # a person's name: alphabetic, ideographic, phonetic
            found += [str(part) for part in value.values()]
        elif value is not None:
            found.append(str(value))
    return found


def _fits(key: Key, value: str) -> bool:
    if key.match is Match.UID:
        return value in split_uids(key.value)
    if key.match is Match.NUMBER:
        return value == key.value.strip()
    if key.match in (Match.DATE, Match.TIME):
        low, high = _range(key.value, key.match)
        plain = value.replace(".", "") if key.match is Match.DATE else value.replace(":", "")
        return low <= plain <= high
    if key.match is Match.NAME:
        return _pattern(fold_text(key.value)).fullmatch(fold_text(value)) is not None
    return _pattern(key.value).fullmatch(value) is not None


@lru_cache(maxsize=64)
def _range(value: str, match: Match) -> tuple[str, str]:
    shape = r"\d{8}" if match is Match.DATE else r"\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?"
    found = re.fullmatch(rf"({shape})?(-)?({shape})?", value, re.ASCII)
    if found is None or not (found[1] or found[3]) or (found[1] and found[3] and not found[2]):
        raise WebError(400, "A date is written 20240131, a range 20240101-20240131, 20240101- or -20240131.")
    low = found[1] or ""
    high = found[3] or ("~" if found[2] else low)
    return low, high + "~"  # "~" sorts after every digit: 1030 as an end covers 103059


@lru_cache(maxsize=64)
def _pattern(value: str) -> re.Pattern[str]:
    # Runs of * are one: many in a row would take exponential time.
    pieces = re.split(r"(\*+|\?)", value)
    return re.compile(
        "".join(
            ".*" if piece.startswith("*") else "." if piece == "?" else re.escape(piece) for piece in pieces
        ),
        re.DOTALL,
    )
