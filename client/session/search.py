"""The index over patient, exam and report text, in memory only.

Owns: two SQLite FTS5 tables without content. Must never: touch a file, or raise on what a user types.

Chosen by measurement on 10,000 reports: `detail=none` keeps a quarter of the memory of the full index, and
`prefix='1 2 3'` answers the first letters typed from their own lists. Where a word has to stand in one field
it is looked for behind that field's mark, which nobody can type. Words in a row need every word's place: a
second table has them, without lists of first letters, which would make it three times as large.
Words are folded by `client.session.words`, so that what is indexed and what is typed are always cut the same
way. A contentless table cannot delete: a report that is added again gets a new row, and the old one is
passed over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

import orjson

from client.model.report import Report
from client.session.query import Field, Words
from client.session.words import fold, words

_ASKED_KEPT = 200_000  # rows of earlier questions that are remembered
_BEGUN = 3  # letters
# The most text of one report that is indexed, in characters: some sixty printed pages.
_LONGEST_TEXT = 200_000
# Letters for private use: folding takes them out of whatever a report or a user says.
_MARKS = {place: chr(0xE000 + number) for number, place in enumerate(Field)}
_APART = f" {_MARKS[Field.ANYWHERE]} "  # no words in a row across it


class SearchIndex:
    """What words are looked for in; every method may be called from any thread."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA temp_store = MEMORY")
        self._database.execute(
            "CREATE VIRTUAL TABLE reports USING fts5"
            "(text, content='', detail='none', columnsize=0, prefix='1 2 3', tokenize='ascii')"
        )
        self._database.execute(
            "CREATE VIRTUAL TABLE places USING fts5"
            "(text, content='', detail='full', columnsize=0, tokenize='ascii')"
        )
        self._keys: list[str] = []  # by row of the table; "" where the row was superseded
        self._row_of: dict[str, int] = {}
        self._asked: dict[str, set[int]] = {}  # rows by question, while nothing is added
        self._turn = Lock()
        self._held = Lock()

    def __len__(self) -> int:
        """Return how many reports can be found."""
        return len(self._row_of)

    def add(self, batch: Iterable[tuple[Report, str]]) -> None:
        """Index reports with their plain text; one that is known is replaced.

        A keystroke waits for one report of the batch at most, not for the batch.
        """
        batch = list(batch)
        with self._mine():
            self._database.execute("SAVEPOINT batch")
        try:
            for report, body in batch:
                text = _line(report) + _APART + fold(body[:_LONGEST_TEXT])
                fields = _marked(report)
                with self._mine():
                    self._insert(report.key, fields, text)
        finally:
            with self._mine():
                self._database.execute("RELEASE batch")

    def rows(self, sought: Words) -> set[int]:
        """Return the rows of the reports that have these words, or longer ones that begin so.

        In a row, only the last may be longer; of one that has hardly begun it is not looked yet where it
        stands: every word with that letter would be asked. What comes back is not to be changed.
        """
        with self._mine():
            if not sought.together:
                return self._having(sought.words, sought.place, sought.whole)
            *before, last = sought.words
            row = before if len(last) < _BEGUN and not sought.whole else sought.words
            found = self._asked_for("places", f'"{" ".join(row)}"{_star(sought.whole or row is before)}')
            if row is before:
                found = found & self._having((last,), sought.place, whole=False)
            if sought.place is not Field.ANYWHERE:
                found = found & self._having(sought.words, sought.place, whole=False)
            return found

    def keys(self) -> Sequence[str]:
        """Return the keys of the reports by row; "" where a newer version has a row of its own."""
        with self._mine():
            return self._keys.copy()

    @property
    def age(self) -> int:
        """How many reports were ever added: as long as this stays, rows and keys do."""
        return len(self._keys)

    def close(self) -> None:
        """Let go of the index; idempotent."""
        with self._mine():
            self._database.close()

    def _having(self, asked: Sequence[str], place: Field, whole: bool) -> set[int]:
        # A word that starts another asked one adds nothing; the longest first is likely the rarest.
        by_length = sorted(set(asked), key=len, reverse=True)
        needed = [word for at, word in enumerate(by_length) if whole or not _starts(word, by_length[:at])]
        star = _star(whole)
        mark = "" if place is Field.ANYWHERE else _MARKS[place]
        found = self._asked_for("reports", f'"{mark}{needed[0]}"{star}')
        for word in needed[1:]:
            found = found & self._asked_for("reports", f'"{mark}{word}"{star}')
        return found

    def _asked_for(self, table: str, match: str) -> set[int]:
        # Someone who types the second word has asked for the first with every letter before.
        rows = self._asked.get(match)
        if rows is None:
            # One text of all row numbers instead of a tuple for each: half the time where many match.
            (text,) = self._database.execute(
                f"SELECT '[' || group_concat(rowid) || ']' FROM {table} WHERE {table} MATCH ?",  # noqa: S608
                (match,),
            ).fetchone()
            rows = set() if text is None else set(orjson.loads(text))
            self._asked[match] = rows
            while len(self._asked) > 1 and sum(map(len, self._asked.values())) > _ASKED_KEPT:
                del self._asked[next(iter(self._asked))]
        return rows

    def _insert(self, key: str, fields: str, text: str) -> None:
        self._asked.clear()
        row = len(self._keys)
        self._database.execute("INSERT INTO reports(rowid, text) VALUES (?, ?)", (row, f"{text}\n{fields}"))
        self._database.execute("INSERT INTO places(rowid, text) VALUES (?, ?)", (row, text))
        self._keys.append(key)
        before = self._row_of.get(key)
        if before is not None:
            self._keys[before] = ""
        self._row_of[key] = row

    @contextmanager
    def _mine(self) -> Iterator[None]:
        # Two locks make a queue of two: who waits holds the turn, so a busy writer cannot starve a keystroke.
        with self._turn:
            self._held.acquire()
        try:
            yield
        finally:
            self._held.release()


def _fields(report: Report) -> Iterator[tuple[Field, str]]:
    if report.patient is not None:
        yield Field.PATIENT, report.patient.name
        yield Field.IDENTIFIER, report.patient.identifier
    yield Field.EXAM, report.exam
    yield Field.ACCESSION, report.accession
    yield Field.RADIOLOGIST, report.radiologist
    yield Field.REFERRER, report.referrer


def _line(report: Report) -> str:
    patient = report.patient
    born = patient.birth_date.at.date().isoformat() if patient and patient.birth_date else ""
    parts = (*(text for _, text in _fields(report)), born, report.modality)
    return _APART.join(map(fold, filter(None, parts)))


def _marked(report: Report) -> str:
    return " ".join(_MARKS[place] + word for place, text in _fields(report) for word in words(text))


def _star(whole: bool) -> str:
    return "" if whole else " *"


def _starts(word: str, others: list[str]) -> bool:
    return any(other.startswith(word) for other in others)
