"""The one table of keys: shortcuts, hints and the sheet are all made from it.

Must never: name a key that nothing is bound to (tests/ui/keys looks), or give one key two meanings in
a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    """Where a key works, in the order of the sheet."""

    SEARCH = "Search"
    WORKLIST = "Worklist"
    REPORT = "Report"
    ANYWHERE = "Everywhere"


@dataclass(frozen=True, slots=True)
class Entry:
    """Keys that do one thing, in Qt's portable spelling; the first is the one that hints name."""

    place: Place
    keys: tuple[str, ...]
    words: str


class Key(Enum):
    """What keys do; in each place in the order in which the sheet lists them."""

    SEARCH = Entry(Place.SEARCH, ("Ctrl+K", "/"), "Search what is here")
    FIRST_FOUND = Entry(Place.SEARCH, ("Return", "Enter"), "Open the first found")
    TO_LIST = Entry(Place.SEARCH, ("Down",), "Go to the list")
    KEEP = Entry(Place.SEARCH, ("Ctrl+S",), "Keep this search under a name")
    FORGET = Entry(Place.SEARCH, ("Ctrl+Shift+S",), "Forget this kept search")
    PORTAL = Entry(Place.SEARCH, ("Ctrl+Return", "Ctrl+Enter"), "Search at the portal too")
    CLEAR = Entry(Place.SEARCH, ("Esc",), "Clear the search, then all filters")

    NEXT_ROW = Entry(Place.WORKLIST, ("J", "Down"), "Next report")
    PREVIOUS_ROW = Entry(Place.WORKLIST, ("K", "Up"), "Previous report")
    OPEN = Entry(Place.WORKLIST, ("Return", "Enter"), "Open")
    NEXT_UNREAD = Entry(Place.WORKLIST, ("U",), "Open the next unread")
    PREVIOUS_UNREAD = Entry(Place.WORKLIST, ("Shift+U",), "Open the previous unread")
    FIRST_ROW = Entry(Place.WORKLIST, ("Home",), "First report")
    LAST_ROW = Entry(Place.WORKLIST, ("End",), "Last report")
    SORT = Entry(Place.WORKLIST, ("S",), "Sort by …")
    UNREAD = Entry(Place.WORKLIST, ("Alt+1",), "Unread")
    CRITICAL = Entry(Place.WORKLIST, ("Alt+2",), "Critical")
    TODAY = Entry(Place.WORKLIST, ("Alt+3",), "Today")
    CHANGED = Entry(Place.WORKLIST, ("Alt+4",), "Changed since you read it")
    ALL = Entry(Place.WORKLIST, ("Alt+5",), "All reports")
    KEPT = Entry(Place.WORKLIST, ("Alt+6", "Alt+7", "Alt+8", "Alt+9"), "Your kept searches")
    REFRESH = Entry(Place.WORKLIST, ("F5",), "Look for new reports")

    SHEET = Entry(Place.ANYWHERE, ("?", "F1"), "Show or leave these keys")
    SIGN_OUT = Entry(Place.ANYWHERE, ("Ctrl+Q",), "Sign out")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, in Qt's portable spelling."""
        return self.value.keys

    @property
    def words(self) -> str:
        """What they do."""
        return self.value.words

    @property
    def place(self) -> Place:
        """Where they do it."""
        return self.value.place
