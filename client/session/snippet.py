"""The piece of a report around what was looked for: why this row was found.

Must never: raise, or give out anything but harmless plain text (no line ends, controls or bidirectional
marks).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from client.model.report import Report
from client.session.query import Field, Words
from client.session.words import fold

_LONGEST = 20_000  # characters of a report that are looked through
_BEFORE, _AFTER = 48, 240  # characters shown on both sides
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


@dataclass(frozen=True, slots=True)
class Snippet:
    """What stands before, in and after the first place found; `place` is the field, ANYWHERE for the text."""

    place: Field
    before: str = field(repr=False)
    hit: str = field(repr=False)  # "" where the text begins without anything to point at
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text to be looked through: as it is shown, as it is compared, and where each letter stands."""

    shown: str = field(repr=False)
    compared: str = field(repr=False)
    places: tuple[int, ...] | None = field(repr=False)  # None: the same places


def fold_text(text: str) -> Folded:
    """Make a text ready to be looked through, once."""
    shown = " ".join(text[:_LONGEST].split())
    if shown.isascii():
        shown = "".join(filter(str.isprintable, shown)) if not shown.isprintable() else shown
        return Folded(shown, shown.lower(), None)
    shown = "".join(letter for letter in shown if unicodedata.category(letter) not in _UNSEEN)
    compared: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(shown):
        folded = fold(letter)
        compared.append(folded)
        places.extend([at] * len(folded))
    return Folded(shown, "".join(compared), (*places, len(shown)))


def show_hit(text: Folded | None, report: Report, sought: Sequence[Words]) -> Snippet | None:
    """Return the first place in the text where something sought stands, else in the report's own fields.

    Without anything sought, or with nothing found, the beginning of the text; None while there is no text.
    """
    anywhere = tuple(each for each in sought if each.place is Field.ANYWHERE)
    if text is not None and anywhere and (found := _first(text, anywhere)):
        return _cut(Field.ANYWHERE, text, *found)
    for place, value in _fields(report):
        wanted = tuple(each for each in sought if each.place in (Field.ANYWHERE, place))
        if wanted and value:
            folded = fold_text(value)
            if found := _first(folded, wanted):
                return _cut(place, folded, *found)
    return None if text is None or not text.shown else _cut(Field.ANYWHERE, text, 0, 0)


def _first(text: Folded, sought: tuple[Words, ...]) -> tuple[int, int] | None:
    found = _pattern(sought).search(text.compared)
    if found is None:
        return None
    if text.places is None:
        return found.span()
    return text.places[found.start()], text.places[found.end() - 1] + 1


@lru_cache(maxsize=32)
def _pattern(sought: tuple[Words, ...]) -> re.Pattern[str]:
    # Words in a row first: they say more than one of them.
    rows = [r"[^0-9a-z\x80-\U0010ffff]+".join(map(re.escape, one.words)) for one in sought if one.together]
    single = [re.escape(word) for one in sought if not one.together for word in one.words]
    either = "|".join([*rows, *sorted(single, key=len, reverse=True)])
    return re.compile(rf"(?<![0-9a-z\x80-\U0010ffff])(?:{either})")


def _cut(place: Field, text: Folded, start: int, end: int) -> Snippet:
    first = max(0, start - _BEFORE)
    if first:
        # From a word's beginning on, where there is one.
        space = text.shown.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    before = ("… " if first else "") + text.shown[first:start]
    return Snippet(place, before, text.shown[start:end], text.shown[end : end + _AFTER])


def _fields(report: Report) -> Iterator[tuple[Field, str]]:
    yield Field.ACCESSION, report.accession
    yield Field.REFERRER, report.referrer
    yield Field.RADIOLOGIST, report.radiologist
    yield Field.EXAM, report.exam
    if report.patient is not None:
        yield Field.IDENTIFIER, report.patient.identifier
        yield Field.PATIENT, report.patient.name
