"""How often sign-in pages may fail in a row before the doorkeeper gives up, and the pause before each try.

Owns: the count of processes in a row that ended before anybody signed in.
Must never: know a process or a clock; it is told what happened.
"""

from __future__ import annotations

from datetime import timedelta

SETTLED = timedelta(seconds=10)  # a process that lived as long did not fail at its start
TRIES = 5
_PAUSES = [timedelta(seconds=wait) for wait in (0, 0.2, 0.5, 1)]


class Patience:
    """Counts failures; `exhausted` after five in a row, unless people could use the page that failed."""

    def __init__(self) -> None:
        self._failures = 0

    @property
    def exhausted(self) -> bool:
        """True when another try would be of no use."""
        return self._failures >= TRIES

    @property
    def pause(self) -> timedelta:
        """How long to wait before the next try."""
        return _PAUSES[min(self._failures, len(_PAUSES) - 1)]

    def could_not_start(self) -> None:
        """The system refused to start a process."""
        self._failures += 1

    def failed(self, lived: timedelta, *, was_seen: bool) -> None:
        """Count a process that ended before anybody signed in."""
        self._failures = 1 if lived >= SETTLED else self._failures + 1
        if was_seen:
            # People could use this one: what ends such pages slows the next down, but never stops the door.
            self._failures = min(self._failures, TRIES - 1)

    def restore(self) -> None:
        """Somebody signed in, or a session ended as sessions do."""
        self._failures = 0
