"""What this user has read, as the portal keeps it: keyed values that hold no patient data.

Owns: the key the portal gave this user for marks. Must never: send a report's id in clear.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from client.model.report import Report
from client.session.view import ReadState

_KEYED = 32  # characters of a keyed value; the day on which the version was read follows it


@dataclass(frozen=True, slots=True)
class ReadMark:
    """That some version was read: which one can be recognised, but not read off; `on` None if not noted."""

    version: str
    on: date | None


class ReadMarks:
    """Read marks per version: absent is unread, another version is changed since read."""

    def __init__(self, key: bytes, marks: Mapping[str, str]) -> None:
        self._key = key
        self._marks = dict(marks)
        self._earlier: dict[str, str] = {}  # what this session's marks took the place of

    def know(self, marks: Mapping[str, str]) -> None:
        """Take over what the portal has; marks made meanwhile stay."""
        self._marks = {**marks, **self._marks}

    def _keyed(self, *parts: str) -> str:
        message = "\0".join(parts).encode()
        return base64.urlsafe_b64encode(hmac.digest(self._key, message, "sha256")[:24]).decode()

    def state(self, report: Report) -> ReadState:
        """Return whether this user has read this version, an earlier one, or none."""
        mark = self._marks.get(self._keyed("report", report.key))
        if mark is None:
            return ReadState.UNREAD
        if mark[:_KEYED] == self._version(report):
            return ReadState.READ
        return ReadState.CHANGED

    def mark(self, report: Report, on: date | None = None) -> dict[str, str]:
        """Mark this version read, on a day; return what the portal is to be told."""
        key = self._keyed("report", report.key)
        told = {key: self._version(report) + (f"{on:%Y%m%d}" if on else "")}
        if key in self._marks and self.state(report) is ReadState.CHANGED:
            self._earlier[key] = self._marks[key]
        self._marks.update(told)
        return told

    def earlier(self, report: Report) -> ReadMark | None:
        """Return the mark of the earlier version that was read before this one; None where there was none."""
        mark = self._earlier.get(self._keyed("report", report.key))
        if mark is None:
            return None
        on = None
        with contextlib.suppress(ValueError):  # a mark without its day, or of another program
            on = date.fromisoformat(mark[_KEYED:])
        return ReadMark(mark[:_KEYED], on)

    def is_of(self, mark: ReadMark, version: Report) -> bool:
        """Say whether a mark is that of this version."""
        return mark.version == self._version(version)

    def _version(self, report: Report) -> str:
        # Where the portal has no versions, what it says stands for one; where it corrects a report without
        # raising the version, the status tells.
        return self._keyed("version", report.key, report.version or report.content, report.status.value)
