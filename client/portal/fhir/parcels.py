"""A Bundle's entries in parcels: no more of a page than one parcel has to be objects at a time.

A page of 200 reports makes objects of ten times its size; taken parcel by parcel they stay in the processor's
own cache, which halves the time, and the window waits for one parcel at most instead of for the page.

Owns: where a page may be cut. Must never: cut where it is not proved to be between two entries. JSON is read
from left to right: where the text before a cut, with its bracket closed, is JSON by itself, the cut lies
outside every text and at the very depth of the entries. Every parcel is parsed that way; one that is not JSON
means that the page has to be read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from client.portal.fhir.parse import Json, Resource

PARCEL = 16 * 1024
"""Bytes after which the next entry begins another parcel."""

_EDGE = 16_384  # bytes in which the entries begin: ids, links and a total come before them
_BEGIN = re.compile(rb'"entry"[ \t\r\n]*:[ \t\r\n]*\[([ \t\r\n]*\{[ \t\r\n]*"[A-Za-z]{1,30}")')
_END = re.compile(rb"\][ \t\r\n]*\}[ \t\r\n]*\Z")
_TAIL = 200  # bytes in which the page's last brackets stand


class NotSoCut(ValueError):
    """A parcel is not JSON by itself: read the page as a whole."""


@dataclass(frozen=True, slots=True)
class Parcels:
    """A Bundle cut up: what it says beside its entries, and where its parcels of entries lie."""

    bundle: Resource = field(repr=False)
    _data: bytes = field(repr=False)
    _bounds: tuple[tuple[int, int], ...]

    def backwards(self) -> Iterator[list[Json]]:
        """Yield the entries parcel by parcel, the last parcel first: what is included stands at the end.

        Raises NotSoCut.
        """
        for start, end in reversed(self._bounds):
            try:
                yield orjson.loads(b"[" + self._data[start:end] + b"]")
            except orjson.JSONDecodeError:
                raise NotSoCut from None


def cut_up(data: bytes) -> Parcels | None:
    """Return a Bundle's parcels; None for a page that is short, or written as this cannot cut it."""
    if len(data) <= 2 * PARCEL:
        return None
    begin = _BEGIN.search(data, 0, _EDGE)
    end = _END.search(data, len(data) - _TAIL)
    if begin is None or end is None:
        return None
    try:
        bundle = orjson.loads(data[: begin.start()].rstrip(b" \t\r\n,") + b"}")
    except orjson.JSONDecodeError:
        return None
    return Parcels(bundle, data, tuple(_bounds(data, b"}," + begin[1], begin.start(1), end.start())))


def _bounds(data: bytes, between: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    # Entries are looked for as the first is written; a portal that varies makes larger parcels, not others.
    while (cut := data.find(between, start + PARCEL, end)) >= 0:
        yield start, cut + 1
        start = cut + 2
    yield start, end
