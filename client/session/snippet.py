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
# Said by what they are not: a class up to the last letter of Unicode takes 4 ms to compile.
_LETTER = r"[^\x00-/:-`{-\x7f]"
_BETWEEN = r"[\x00-/:-`{-\x7f]+"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text and where in it something sought stands; `place` is ANYWHERE for the report's own."""

    place: Field
    text: str = field(repr=False)
    hits: tuple[tuple[int, int], ...]  # first and behind the last letter; none where a text merely begins


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

    Without anything sought, or with nothing found, the beginning of the text; None while there is no text,
    or none that may still be shown.
    """
    if report.status.withdrawn:
        text = None  # whatever was read before it was
    anywhere = tuple(each for each in sought if each.place is Field.ANYWHERE)
    if text is not None and anywhere and (found := _found(text, anywhere)):
        return _cut(Field.ANYWHERE, text, found)
    for place, value in _fields(report):
        wanted = tuple(each for each in sought if each.place in (Field.ANYWHERE, place))
        if wanted and value:
            folded = fold_text(value)
            if found := _found(folded, wanted):
                return _cut(place, folded, found)
    return None if text is None or not text.shown else _cut(Field.ANYWHERE, text, [])


def _found(text: Folded, sought: tuple[Words, ...]) -> list[tuple[int, int]]:
    """Return the first place, and those after it that stand in the same piece."""
    spans: list[tuple[int, int]] = []
    for found in _pattern(sought).finditer(text.compared):
        start, end = found.span()
        if text.places is not None:
            start, end = text.places[start], text.places[end - 1] + 1
        if spans and start > spans[0][0] + _AFTER:
            break
        spans.append((start, end))
    return spans


@lru_cache(maxsize=32)
def _pattern(sought: tuple[Words, ...]) -> re.Pattern[str]:
    # Words in a row first: they say more than one of them.
    rows = [_BETWEEN.join(map(re.escape, one.words)) + _end(one) for one in sought if one.together]
    single = [re.escape(word) + _end(one) for one in sought if not one.together for word in one.words]
    either = "|".join([*rows, *sorted(single, key=len, reverse=True)])
    return re.compile(rf"(?<!{_LETTER})(?:{either})")


def _end(sought: Words) -> str:
    return f"(?!{_LETTER})" if sought.whole else ""


def _cut(place: Field, text: Folded, found: list[tuple[int, int]]) -> Snippet:
    start = found[0][0] if found else 0
    first = max(0, start - _BEFORE)
    if first:
        # From a word's beginning on, where there is one.
        space = text.shown.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    dots = "… " if first else ""
    shift = len(dots) - first
    hits = tuple((begin + shift, end + shift) for begin, end in found)
    return Snippet(place, f"{dots}{text.shown[first : start + _AFTER]}", hits)


def _fields(report: Report) -> Iterator[tuple[Field, str]]:
    yield Field.ACCESSION, report.accession
    yield Field.REFERRER, report.referrer
    yield Field.RADIOLOGIST, report.radiologist
    yield Field.EXAM, report.exam
    if report.patient is not None:
        yield Field.IDENTIFIER, report.patient.identifier
        yield Field.PATIENT, report.patient.name
