"""Why a document could not be developed.

Owns: the reasons and the sentence of each. A locked-in process names a reason and never words of its own:
what it has read may have taken it over, and its words would stand on the screen as Safelight's.
"""

from __future__ import annotations

from enum import Enum


class Refusal(Enum):
    """A reason; `sentence` is what a reader is told."""

    DAMAGED = "damaged"
    LOCKED = "locked"
    TOO_LARGE = "too large"
    UNKNOWN_FORM = "unknown form"
    UNKNOWN_COMPRESSION = "unknown compression"
    NO_PICTURE = "no picture"
    NOT_THERE = "not there"
    UNFORESEEN = "unforeseen"
    OVERDUE = "overdue"
    GONE = "gone"
    NO_ROOM = "no room"
    CLOSED = "closed"

    @property
    def sentence(self) -> str:
        """What happened, what it means, what to do."""
        return _SENTENCES[self]


_SENTENCES = {
    Refusal.DAMAGED: (
        "This document is damaged and cannot be shown. Open it at the portal, or ask who sent it."
    ),
    Refusal.LOCKED: "This document asks for a password and cannot be shown. Open it at the portal.",
    Refusal.TOO_LARGE: "This document is too large to be shown here. Open it at the portal.",
    Refusal.UNKNOWN_FORM: "This kind of document cannot be shown here. Open it at the portal.",
    Refusal.UNKNOWN_COMPRESSION: (
        "This image is compressed in a way that Safelight cannot read. Open it at the portal or in a viewer "
        "for images."
    ),
    Refusal.NO_PICTURE: "This object holds no image. What it holds can be seen at the portal.",
    Refusal.NOT_THERE: "The document has no such page or image. Open the report again.",
    Refusal.UNFORESEEN: (
        "This document could not be read, for a reason Safelight does not know. Open it at the portal."
    ),
    Refusal.OVERDUE: (
        "Reading this document took too long and was stopped. Try again; if it happens again, open it at the "
        "portal."
    ),
    Refusal.GONE: (
        "The helper that reads this document stopped in the middle. Everything else goes on; try again, or "
        "open the document at the portal."
    ),
    Refusal.NO_ROOM: (
        "The helper that reads documents cannot be started on this computer. Plain text can still be read; "
        "tell your administrator."
    ),
    Refusal.CLOSED: "This document is closed. Open it again.",
}


class Refused(Exception):
    """Raised where a document is read, for a reason its reader can be told."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
