"""One session process from its start to its last trace, and what the doorkeeper knows of it.

Owns: the stages of a process, and when it has overstayed.
Must never: trust the process: the longest session there can be is a limit of the doorkeeper's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from client.child import Child
from client.reasons import EndReason

LONGEST = timedelta(hours=12)  # from sign-in, whatever a session says: no policy can allow more
UNSAID = timedelta(minutes=15)  # from sign-in until a session says its own deadline: the longest idle time
OVERRUN = timedelta(seconds=2)  # beyond its own deadline
GRACE = timedelta(seconds=1.5)  # after it was told to end
GONE_WITHIN = timedelta(seconds=2)  # after it said that it has ended
SILENT_WITHIN = timedelta(seconds=0.5)  # its end of file, after the process itself is gone
_ANY_MOMENT = timedelta(milliseconds=10)

Reply = Callable[[bool], None]


class Stage(Enum):
    """How far a session process has come."""

    HIDDEN = "hidden"  # waiting, ready or nearly so
    SHOWN = "shown"  # its sign-in page is, or is about to be, on screen
    SIGNED_IN = "signed-in"
    LEAVING = "leaving"  # its session is over; the process may still be there


@dataclass(slots=True, eq=False)
class Visit:
    """One session process; moments on the suspend-aware clock."""

    child: Child
    started: timedelta
    stage: Stage = Stage.HIDDEN
    shown_for: EndReason | None = None
    said: EndReason | None = None  # the reason of its own `ended`
    deadline: timedelta | None = None
    last_possible: timedelta | None = None  # of a signed-in session
    kill_at: timedelta | None = None
    killed: bool = False
    painted: bool = False
    silent: bool = False  # its end of file was read
    gone_since: timedelta | None = None
    asked: list[Reply] = field(default_factory=list)  # who waits for its end

    def sign_in(self, now: timedelta) -> None:
        """Somebody signed in: from now on there is a limit, said or not."""
        self.stage = Stage.SIGNED_IN
        self.deadline, self.last_possible = now + UNSAID, now + LONGEST

    def set_deadline(self, at: timedelta) -> None:
        """Take the process's own deadline, but never one beyond the longest session."""
        self.deadline = at if self.last_possible is None else min(at, self.last_possible)

    def leave(self, now: timedelta) -> Stage:
        """Its session is over: give it a moment to go; return how far it had come."""
        was, self.stage = self.stage, Stage.LEAVING
        self.deadline, self.kill_at = None, now + GONE_WITHIN
        return was

    def told_to_end(self, now: timedelta) -> None:
        """It was told to end: it has a moment to do so, counted from the first time."""
        if self.kill_at is None:
            self.kill_at = now + GRACE

    def has_departed(self, now: timedelta) -> bool:
        """True when nothing of it is left and its last words have come in, or will not."""
        if not self.child.gone():
            return False
        self.gone_since = self.gone_since or now
        return self.silent or now - self.gone_since >= SILENT_WITHIN

    def has_overstayed(self, now: timedelta) -> bool:
        """True when it is to be killed."""
        overrun = self.deadline is not None and now >= self.deadline + OVERRUN
        return overrun or (self.kill_at is not None and now >= self.kill_at)

    def next_look(self, now: timedelta) -> timedelta | None:
        """When something may have to be done about it."""
        moments = [] if self.kill_at is None else [self.kill_at]
        if self.deadline is not None:
            moments.append(self.deadline + OVERRUN)
        if self.stage is Stage.LEAVING or self.silent or self.gone_since is not None:
            moments.append(now + _ANY_MOMENT)  # it should be gone any moment
        return min(moments, default=None)
