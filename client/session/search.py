"""The quick filter's index over patient, exam and report text, in memory only.

Owns: one SQLite FTS5 table without content. Must never: touch a file, or raise on what a user types.

Chosen by measurement on 10,000 reports: `detail=none` keeps a quarter of the memory of the full index, and
`prefix='1 2 3'` answers the first letters typed from their own lists. Words are folded by
`client.session.words`, so that what is indexed and what is typed are always cut the same way.
A contentless table cannot delete: a report that is added again gets a new row; the old one is passed over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

import orjson

from client.model.report import Report
from client.session.words import fold, words

# Nobody means a longer query; the bound keeps a pasted page from becoming one.
_LONGEST_QUERY = 200
_ASKED_KEPT = 12  # words whose rows are remembered
# The most text of one report that is indexed, in characters: some sixty printed pages.
_LONGEST_TEXT = 200_000


class SearchIndex:
    """What the quick filter looks in; every method may be called from any thread."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA temp_store = MEMORY")
        self._database.execute(
            "CREATE VIRTUAL TABLE reports USING fts5"
            "(text, content='', detail='none', columnsize=0, prefix='1 2 3', tokenize='ascii')"
        )
        self._keys: list[str] = [""]  # by row of the table; "" where the row was superseded
        self._row_of: dict[str, int] = {}
        self._asked: dict[str, set[int]] = {}  # rows by word, while nothing is added
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
                text = fold(_line(report)) + "\n" + fold(body[:_LONGEST_TEXT])
                with self._mine():
                    self._insert(report.key, text)
        finally:
            with self._mine():
                self._database.execute("RELEASE batch")

    def matches(self, text: str) -> list[str] | None:
        """Return the keys of the reports that have every word of `text` (as the start of a word of theirs).

        None when `text` holds no word at all, which means that it filters nothing out.
        """
        asked = words(text[:_LONGEST_QUERY])
        if not asked:
            return None
        # A word that starts another asked one adds nothing; the longest first is likely the rarest.
        asked = sorted(set(asked), key=len, reverse=True)
        needed = [word for place, word in enumerate(asked) if not _starts(word, asked[:place])]
        with self._mine():
            found = self._rows(needed[0])
            for word in needed[1:]:
                found = found & self._rows(word)
            return list(filter(None, map(self._keys.__getitem__, found)))

    def close(self) -> None:
        """Let go of the index; idempotent."""
        with self._mine():
            self._database.close()

    def _rows(self, word: str) -> set[int]:
        # Someone who types the second word has asked for the first with every letter before.
        rows = self._asked.get(word)
        if rows is None:
            # One text of all row numbers instead of a tuple for each: half the time where many match.
            (text,) = self._database.execute(
                "SELECT '[' || group_concat(rowid) || ']' FROM reports WHERE reports MATCH ?",
                (f'"{word}" *',),
            ).fetchone()
            rows = set() if text is None else set(orjson.loads(text))
            if len(self._asked) == _ASKED_KEPT:
                self._asked.clear()
            self._asked[word] = rows
        return rows

    def _insert(self, key: str, text: str) -> None:
        self._asked.clear()
        row = len(self._keys)
        self._database.execute("INSERT INTO reports(rowid, text) VALUES (?, ?)", (row, text))
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


def _line(report: Report) -> str:
    patient = report.patient
    who = () if patient is None else (patient.name, patient.identifier)
    born = patient.birth_date.at.date().isoformat() if patient and patient.birth_date else ""
    parts = (*who, born, report.exam, report.modality, report.accession, report.radiologist, report.referrer)
    return "\n".join(parts)


def _starts(word: str, others: list[str]) -> bool:
    return any(other.startswith(word) for other in others)
