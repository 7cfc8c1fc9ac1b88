"""Which rows of the worklist a query finds: words from the index, everything else from the worklist itself.

Must never: do I/O, or take a row out of the list because it was just read (what the user looks at stays).
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from client.session.query import Dated, Field, Kind, Query, Standing, Test, Words
from client.session.search import SearchIndex
from client.session.worklist import Worklist


class Finding:
    """Joins one worklist and its index; the main thread alone uses it."""

    def __init__(self, worklist: Worklist, index: SearchIndex) -> None:
        self._worklist = worklist
        self._index = index
        self._known = (-1, -1)  # of which index and worklist the places are
        self._places: list[int] | None = None  # row of the worklist by row of the index; None: the same

    def rows(self, query: Query, kept: Collection[int] = ()) -> Collection[int] | None:
        """Return the rows that meet `query`, None for all of them.

        `kept` are rows that stay although they do not any more meet what is asked of their standing or date.
        """
        if not query:
            return None
        found: set[int] | None = None
        excluded: list[set[int]] = []
        kinds: list[set[int]] = []
        for clause in query.clauses:
            rows = self._meeting(clause.test)
            if clause.excluded:
                excluded.append(rows.difference(kept) if kept and _passes(clause.test) else rows)
            elif isinstance(clause.test, Kind):
                kinds.append(rows)
            else:
                if kept and _passes(clause.test):
                    rows = rows.union(kept)
                found = rows if found is None else found & rows
        if kinds:
            either = set(chain.from_iterable(kinds)) if len(kinds) > 1 else kinds[0]
            found = either if found is None else found & either
        if excluded:
            found = set(range(len(self._worklist))) if found is None else set(found)
            found.difference_update(*excluded)
        return found

    def _meeting(self, test: Test) -> set[int]:
        worklist = self._worklist
        if isinstance(test, Words):
            return self._having(test)
        if isinstance(test, Kind):
            # Where a report names no kind, its exam's own words stand for it.
            rows = worklist.of_modality(test.code)
            unnamed = worklist.of_modality("")
            if unnamed:
                rows = rows | (unnamed & self._having(Words((test.code.lower(),), test.code, Field.EXAM)))
            return rows
        if isinstance(test, Dated):
            rows = worklist.within(test.days)
            if test.written:
                rows = rows | self._having(Words(test.written, "", together=len(test.written) > 1))
            return rows
        return worklist.standing(test)

    def _having(self, sought: Words) -> set[int]:
        rows = self._index.rows(sought)
        places = self._look_up()  # afterwards: the index may grow meanwhile
        if places is None:
            return rows
        found = set(map(places.__getitem__, rows))
        found.discard(-1)
        return found

    def _look_up(self) -> list[int] | None:
        known = (self._index.age, len(self._worklist))
        if known != self._known:
            keys = self._index.keys()
            places = [self._worklist.row_of(key) for key in keys]
            here = [-1 if row is None else row for row in places]
            self._places = None if here == list(range(len(here))) else here
            self._known = known
        return self._places


def _passes(test: Test) -> bool:
    """Say whether a report comes to meet this, or ceases to, without a new version of it."""
    return isinstance(test, (Standing, Dated))
