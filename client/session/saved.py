"""The searches this user saved, as the portal keeps them.

Owns: their order and what is shown of them before the portal has answered. Main thread only.
Must never: write one to this computer: a search may hold a patient's name.
"""

from __future__ import annotations

from collections.abc import Callable

from client.errors import SafelightError
from client.model.saved import LONGEST_NAME, LONGEST_QUERY, SavedSearch
from client.portal.searches import Searches
from client.session.lanes import Lane, Lanes

_NOT_LOADED = "Your saved searches did not come from the portal; those you save now are kept all the same. {}"
_NOT_SAVED = "This search lasts until you sign out: the portal did not save it. {}"
_NOT_REMOVED = "This search comes back when you sign in again: the portal did not remove it. {}"


class SavedSearches:
    """Shown at once, told to the portal behind it."""

    def __init__(self, searches: Searches, lanes: Lanes) -> None:
        self._searches = searches
        self._lanes = lanes
        self._all: dict[str, SavedSearch] = {}
        self._removed: set[str] = set()  # before the portal's own list came
        self._changed: Callable[[tuple[SavedSearch, ...]], None] = lambda _all: None
        self._say: Callable[[str], None] = lambda _sentence: None

    def start(self, changed: Callable[[tuple[SavedSearch, ...]], None], say: Callable[[str], None]) -> None:
        """Fetch what the portal has; `changed` hears of the list each time, `say` of what went wrong."""
        self._changed, self._say = changed, say
        failed = self._teller(_NOT_LOADED)
        self._lanes.run(self._searches.saved, done=self._take, failed=failed, lane=Lane.AHEAD)

    def save(self, name: str, query: str) -> None:
        """Save a search, instead of one of the same name."""
        search = SavedSearch(" ".join(name.split())[:LONGEST_NAME], query.strip()[:LONGEST_QUERY])
        if not (search.name and search.query and (search.name + search.query).isprintable()):
            self._say(
                "This search was not saved: a name or a word of it cannot be written down. Type it anew."
            )
            return
        self._all[search.name] = search
        self._removed.discard(search.name)
        self._tell()
        self._lanes.run(lambda: self._searches.change(save=[search]), failed=self._teller(_NOT_SAVED))

    def remove(self, name: str) -> None:
        """Remove the search of that name."""
        if self._all.pop(name, None) is not None:
            self._removed.add(name)
            self._tell()
            self._lanes.run(lambda: self._searches.change(remove=[name]), failed=self._teller(_NOT_REMOVED))

    def _take(self, found: tuple[SavedSearch, ...]) -> None:
        # What was saved or removed meanwhile is newer than the answer.
        there = {each.name: each for each in found if each.name not in self._removed}
        self._all = {**there, **self._all}
        self._tell()

    def _tell(self) -> None:
        self._changed(tuple(self._all.values()))

    def _teller(self, words: str) -> Callable[[SafelightError], None]:
        return lambda error: self._say(words.format(error))
