"""What is written into the trail, and how people and reports are named there.

Owns: the acts and the event. Must never: hold patient data; there is no field that could take a free text.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

_WORD = re.compile(r"[A-Za-z0-9_.-]{0,64}")


class Act(Enum):
    """What happened."""

    SIGNED_IN = "signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SESSION_ENDED = "session-ended"  # detail: the EndReason
    REPORT_OPENED = "report-opened"
    REPORT_COPIED = "report-copied"
    REPORT_PRINTED = "report-printed"  # detail: the purpose, where it is one of the program's own words
    REPORT_EXPORTED = "report-exported"  # detail: as above
    REPORT_WITHDRAWN = "report-withdrawn"  # one read before, and gone since
    CRITICAL_ACKNOWLEDGED = "critical-acknowledged"
    SYNC_STOPPED = "sync-stopped"
    RECORD_DAMAGED = "record-damaged"  # a cache record that does not verify
    TRAIL_TORN = "trail-torn"  # the last line of the trail was cut by a crash
    KEY_NOT_KEPT = "key-not-kept"  # no keyring: the chain starts anew with each session


def is_word(text: str) -> bool:
    """Whether a text may stand in an event as it is."""
    return _WORD.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the trail; every text is an opaque word of at most 64 characters of A-Z a-z 0-9 _ . -

    Raises ValueError for any other text, without quoting it.
    """

    act: Act
    at: datetime  # wall clock, UTC
    session: str = ""  # the portal's id of the session
    subject: str = ""  # the pseudonym of a report version
    detail: str = ""  # a word of the program's own, such as an end reason

    def __post_init__(self) -> None:
        for word in (self.session, self.subject, self.detail):
            if not is_word(word):
                raise ValueError("An audit event holds opaque words only.")

    def as_words(self) -> dict[str, str]:
        """Return the event as it is stored and sent; empty words are left out."""
        words = {
            "act": self.act.value,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "session": self.session,
            "subject": self.subject,
            "detail": self.detail,
        }
        return {name: word for name, word in words.items() if word}


def pseudonym(key: bytes, *parts: str) -> str:
    """Return the name of something in the trail: HMAC-SHA256 of its parts under `key`, 43 characters.

    With the key that the portal gave to this user, the portal, and nobody else, can tell what it stands for.
    """
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        mac.update(len(encoded).to_bytes(4, "big"))
        mac.update(encoded)
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
