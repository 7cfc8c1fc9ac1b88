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
    SAVE = Entry(Place.SEARCH, ("Ctrl+S",), "Save this search under a name")
    REMOVE = Entry(Place.SEARCH, ("Ctrl+Shift+S",), "Remove this saved search")
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
    SAVED = Entry(Place.WORKLIST, ("Alt+6", "Alt+7", "Alt+8", "Alt+9"), "Your saved searches")
    REFRESH = Entry(Place.WORKLIST, ("F5",), "Look for new reports")

    NEXT_REPORT = Entry(Place.REPORT, ("J", "Alt+Down", "Alt+Right"), "Next report of the list")
    PREVIOUS_REPORT = Entry(Place.REPORT, ("K", "Alt+Up", "Alt+Left"), "Previous report of the list")
    IMPRESSION = Entry(Place.REPORT, ("I",), "Impression")
    INDICATION = Entry(Place.REPORT, ("1",), "Indication")
    TECHNIQUE = Entry(Place.REPORT, ("2",), "Technique")
    COMPARISON = Entry(Place.REPORT, ("3",), "Comparison")
    FINDINGS = Entry(Place.REPORT, ("4",), "Findings")
    RECOMMENDATION = Entry(Place.REPORT, ("5",), "Follow-up")
    ADDENDUM = Entry(Place.REPORT, ("6",), "Addendum")
    FIND = Entry(Place.REPORT, ("Ctrl+F",), "Find in the report")
    FIND_NEXT = Entry(Place.REPORT, ("F3",), "Next find")
    FIND_PREVIOUS = Entry(Place.REPORT, ("Shift+F3",), "Previous find")
    PRIOR = Entry(Place.REPORT, ("P",), "Most relevant prior, beside it")
    EARLIER_PRIOR = Entry(Place.REPORT, ("[", "Ctrl+Left"), "Prior before that")
    LATER_PRIOR = Entry(Place.REPORT, ("]", "Ctrl+Right"), "Prior after that")
    TOGETHER = Entry(Place.REPORT, ("L",), "Scroll both together, or apart")
    VERSIONS = Entry(Place.REPORT, ("V",), "Versions of this report")
    CHANGE = Entry(Place.REPORT, ("D",), "What changed since you read it")
    IMAGES = Entry(Place.REPORT, ("G",), "Images of this report")
    NEWER = Entry(Place.REPORT, ("R",), "Read the newer version")
    NEXT_DOCUMENT = Entry(Place.REPORT, ("Ctrl+Tab",), "Next document of the report")
    LARGER = Entry(Place.REPORT, ("Ctrl++", "Ctrl+="), "Larger")
    SMALLER = Entry(Place.REPORT, ("Ctrl+-",), "Smaller")
    SIZE = Entry(Place.REPORT, ("Ctrl+0",), "Size as designed")
    PRINT = Entry(Place.REPORT, ("Ctrl+P",), "Print")
    EXPORT = Entry(Place.REPORT, ("Ctrl+Shift+P",), "Save as an encrypted PDF")
    LEAVE = Entry(Place.REPORT, ("Esc",), "Close the report")

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
