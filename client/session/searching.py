"""What searching needs beside the index: the texts of found reports, the portal's own search, saved searches.

Owns: bringing what the portal found into the worklist, like any other report. Must never: ask the portal for
anything by itself: a search tells it whom one looks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from client.errors import SafelightError
from client.model.report import Report
from client.portal.searches import FoundThere, Searches
from client.session.lanes import Lanes
from client.session.portal_search import questions
from client.session.query import Query
from client.session.reading import Reading, searched
from client.session.saved import SavedSearches
from client.session.search import SearchIndex
from client.session.snippet import Folded, fold_text


@dataclass(frozen=True, slots=True)
class PortalAnswer:
    """What the portal found: all keys, in the portal's order; `more` where it did not give out all of it."""

    keys: tuple[str, ...] = field(repr=False)
    more: bool


class Searching:
    """Asked by the worklist's view; answers come on the main thread."""

    def __init__(
        self,
        searches: Searches,
        reading: Reading,
        index: SearchIndex,
        lanes: Lanes,
        deliver: Callable[[Sequence[Report]], None],
    ) -> None:
        """`deliver` puts reports into the worklist; called in the background."""
        self._searches = searches
        self._reading = reading
        self._index = index
        self._lanes = lanes
        self._deliver = deliver
        self.saved = SavedSearches(searches, lanes)

    def texts(self, reports: Sequence[Report], done: Callable[[Sequence[Folded]], None]) -> None:
        """Bring the texts of reports that are here, in their order; empty ones for those that are not."""
        empty = tuple(fold_text("") for _ in reports)
        self._lanes.run(
            lambda: tuple(map(fold_text, self._reading.searched(reports))),
            done=done,
            failed=lambda _error: done(empty),  # a row without its second line is still a row
        )

    def at_portal(
        self, query: Query, done: Callable[[PortalAnswer], None], failed: Callable[[SafelightError], None]
    ) -> None:
        """Search what the portal has, as far as it can be asked for what was typed."""
        asked = questions(query)

        def look() -> PortalAnswer:
            found = self._searches.look(asked)
            self._take(found)
            return PortalAnswer(tuple(each.report.key for each in found.reports), found.more)

        self._lanes.run(look, done=done, failed=failed)

    def _take(self, found: FoundThere) -> None:
        self._reading.keep(found.reports)
        self._index.add((each.report, searched(each.report, each.resource)) for each in found.reports)
        self._deliver([each.report for each in found.reports])
