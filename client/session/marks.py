"""What this user has read, as the portal keeps it: keyed values that hold no patient data.

Owns: the key the portal gave this user for marks. Must never: send a report's id in clear.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping

from client.model.report import Report
from client.session.view import ReadState


class ReadMarks:
    """Read marks per version: absent is unread, another version is changed since read."""

    def __init__(self, key: bytes, marks: Mapping[str, str]) -> None:
        self._key = key
        self._marks = dict(marks)

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
        if mark == self._version(report):
            return ReadState.READ
        return ReadState.CHANGED

    def mark(self, report: Report) -> dict[str, str]:
        """Mark this version read; return what the portal is to be told."""
        told = {self._keyed("report", report.key): self._version(report)}
        self._marks.update(told)
        return told

    def _version(self, report: Report) -> str:
        # Where the portal has no versions, what it says stands for one; where it corrects a report without
        # raising the version, the status tells.
        return self._keyed("version", report.key, report.version or report.content, report.status.value)
