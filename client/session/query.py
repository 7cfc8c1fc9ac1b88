"""What somebody typed into the search line, as conditions on reports.

Owns: the search line's grammar. Must never: raise, whatever the text, or leave a part of it out unsaid: what
is no condition is looked for as words.

    nodule upper          both words (or longer ones that begin so), in any place
    "right upper lobe"    these words in a row, whole once the quotes are closed
    patient:okafor        in the patient's name; also id: accession: referrer: reader: exam:
    CT  type:MR           the kind of exam; several kinds mean any of them
    2026-10  >2026-10-01  the exam's date; also a..b, today, yesterday, last week, this month
    critical unread changed   what the list itself knows; also is:read, status:final
    -word                 without it, before any of these
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from client.model.report import ReportStatus
from client.session.dates import Days, read_days
from client.session.words import words

LONGEST = 200
"""Characters that are looked at: nobody means a longer query, and a pasted page must not become one."""


class Field(Enum):
    """Where a word has to stand."""

    ANYWHERE = "anywhere"
    PATIENT = "patient"
    IDENTIFIER = "identifier"
    ACCESSION = "accession"
    REFERRER = "referrer"
    RADIOLOGIST = "radiologist"
    EXAM = "exam"


class Standing(Enum):
    """What the worklist knows of a report beside its words."""

    CRITICAL = "critical"
    UNREAD = "unread"
    CHANGED = "changed"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Words:
    """All of these words: `together` in a row, `whole` where they may not begin longer ones."""

    words: tuple[str, ...] = field(repr=False)
    shown: str = field(repr=False)  # as typed
    place: Field = Field.ANYWHERE
    together: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A modality, in capitals."""

    code: str


@dataclass(frozen=True, slots=True)
class Dated:
    """An exam's date; `written` are the words of one that may as well stand in the report (a birth date)."""

    days: Days
    written: tuple[str, ...] = field(default=(), repr=False)


Test = Words | Kind | Dated | Standing | ReportStatus


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition, or its opposite."""

    test: Test
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All conditions; a report has to meet each (any one of several kinds of exam)."""

    clauses: tuple[Clause, ...] = ()
    unfinished: str = ""  # a field that still waits for its word

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.clauses)

    @property
    def sought(self) -> tuple[Words, ...]:
        """The words that a found report has, in the order typed."""
        return tuple(each.test for each in self.clauses if isinstance(each.test, Words) and not each.excluded)


_FIELDS = {
    **dict.fromkeys(("patient", "name"), Field.PATIENT),
    **dict.fromkeys(("id", "mrn", "identifier"), Field.IDENTIFIER),
    **dict.fromkeys(("accession", "acc"), Field.ACCESSION),
    **dict.fromkeys(("referrer", "ref"), Field.REFERRER),
    **dict.fromkeys(("reader", "radiologist"), Field.RADIOLOGIST),
    "exam": Field.EXAM,
}
_KIND_FIELDS = ("type", "modality")
_DATE_FIELDS = ("date",)
_STANDINGS = {each.value: each for each in Standing}
_STATUSES = {each.value: each for each in ReportStatus}
_ALIASES = {"PET": "PT"}
# DICOM PS3.3 C.7.3.1.1.1, those a radiology worklist meets: others are asked for as type:XX.
MODALITIES = frozenset(
    [
        "BMD",
        "CR",
        "CT",
        "DX",
        "IO",
        "IVUS",
        "MG",
        "MR",
        "NM",
        "OCT",
        "OT",
        "PET",
        "PT",
        "PX",
        "RF",
        "RG",
        "SR",
        "US",
        "XA",
        "XR",
    ]
)

_PART = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)(?P<closed>"?)|(?P<bare>\S*))'
)
_TWO_WORDS = re.compile(r"(?i)\b(last|this)\s+(week|month|year)\b")


def read_query(text: str, today: date) -> Query:
    """Return what `text` asks for; `today` is the day on this workstation's calendar."""
    clauses: list[Clause] = []
    unfinished = ""
    for part in _parts(text[:LONGEST]):
        minus, name, phrase, bare = part.group("minus", "field", "phrase", "bare")
        typed = bare if phrase is None else phrase
        if name and name.lower() in _KNOWN and not words(typed):
            unfinished = name.lower()
            continue
        found = _clause((name or "").lower(), typed, today, quoted=phrase is not None)
        if found is None:
            whole = f"{name}:{typed}" if name else typed
            found = _as_words(whole, whole, Field.ANYWHERE, quoted=phrase is not None)
        if isinstance(found, Words) and part["closed"]:
            found = replace(found, whole=True)
        if found is not None:
            clauses.append(Clause(found, bool(minus)))
    return Query(tuple(clauses), unfinished)


def _parts(text: str) -> Iterator[re.Match[str]]:
    # "last week" is one word to the grammar; inside quotes it stays what it is.
    outside = re.split(r'("[^"]*"?)', text)
    outside[::2] = [_TWO_WORDS.sub(r"\1-\2", piece) for piece in outside[::2]]
    place, text = 0, "".join(outside)
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        part = _PART.match(text, place)
        if part is None or part.end() == place:
            return
        yield part
        place = part.end()


def _clause(name: str, typed: str, today: date, *, quoted: bool) -> Test | None:
    if name in _FIELDS:
        return _as_words(typed, typed, _FIELDS[name], quoted=quoted)
    if name in _KIND_FIELDS:
        code = typed.strip().upper()
        return Kind(_ALIASES.get(code, code)) if code.isascii() and code.isalnum() else None
    if name in _DATE_FIELDS:
        days = read_days(typed, today, years=True)
        return None if days is None else Dated(days)
    if name == "is":
        return _STANDINGS.get(typed.lower())
    if name == "status":
        return _STATUSES.get(typed.lower())
    if name or quoted:
        return None
    if typed.upper() in MODALITIES:
        return Kind(_ALIASES.get(typed.upper(), typed.upper()))
    if typed.lower() in _STANDINGS and typed.lower() != Standing.READ.value:  # "read" is a word of reports
        return _STANDINGS[typed.lower()]
    days = read_days(typed, today)
    written = days is not None and typed[0].isdecimal() and ".." not in typed
    return None if days is None else Dated(days, tuple(words(typed)) if written else ())


def _as_words(typed: str, shown: str, place: Field, *, quoted: bool) -> Words | None:
    asked = tuple(words(typed))
    return Words(asked, shown.strip(), place, quoted and len(asked) > 1) if asked else None


_KNOWN = frozenset({*_FIELDS, *_KIND_FIELDS, *_DATE_FIELDS, "is", "status"})
