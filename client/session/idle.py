"""When nobody is there any more: pure arithmetic on moments of the suspend-aware clock.

Owns: the four states of a session in time, and which limit ends it.
Must never: start a timer, read a clock or know a window. Whoever asks brings the moment, so waking from a
suspend past the deadline answers ENDED at once.
NIST SP 800-63B 4.2.3, 4.3.3: an inactivity limit and an overall limit, the earlier one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from client.policy.table import Policy
from client.reasons import EndReason


class IdleState(Enum):
    """What the screen has to show."""

    ACTIVE = "active"
    CURTAIN = "curtain"  # covered; activity brings it back
    WARNING = "warning"  # the end is near; covered unless only the overall limit brings it
    ENDED = "ended"  # for good


@dataclass(frozen=True, slots=True)
class Limits:
    """The times that count, all longer than zero."""

    curtain_after: timedelta
    warn_before_end: timedelta
    end_after_idle: timedelta
    end_after: timedelta

    @classmethod
    def of(cls, policy: Policy) -> Limits:
        """Return the limits that a policy sets."""
        return cls(policy.curtain_after, policy.warn_before_end, policy.end_after_idle, policy.end_after)


class Idle:
    """The times of one session; `started` and every moment are `Clock.elapsed()`."""

    def __init__(self, limits: Limits, started: timedelta) -> None:
        self._limits = limits
        self._last = started  # the last activity
        self._seen = started  # the latest moment anybody asked about: time does not go back
        self._last_possible = started + limits.end_after

    @property
    def deadline(self) -> timedelta:
        """The moment the session ends if nothing more happens."""
        return min(self._last + self._limits.end_after_idle, self._last_possible)

    @property
    def limit_at(self) -> timedelta:
        """The moment the session ends whatever happens in it."""
        return self._last_possible

    @property
    def reason(self) -> EndReason:
        """Which limit the deadline is: IDLE or ABSOLUTE_LIMIT."""
        if self._last_possible <= self._last + self._limits.end_after_idle:
            return EndReason.ABSOLUTE_LIMIT
        return EndReason.IDLE

    def active(self, at: timedelta) -> None:
        """Note that somebody did something then; after the end it changes nothing."""
        # A moment in the past is fine (a workstation says for how long it has been idle), unless somebody
        # has already been told that the session is over: an end that was shown is never taken back.
        if self._seen < self.deadline and self._last < at < self.deadline:
            self._last = at
            self._seen = max(self._seen, at)

    def state(self, now: timedelta) -> IdleState:
        """Return what holds at this moment."""
        now = self._see(now)
        if now >= self.deadline:
            return IdleState.ENDED
        if now >= self.deadline - self._limits.warn_before_end:
            return IdleState.WARNING
        return IdleState.CURTAIN if self.covered(now) else IdleState.ACTIVE

    def covered(self, now: timedelta) -> bool:
        """Whether the screen hides what is on it: always when idle, not for the overall limit alone."""
        now = self._see(now)
        return now >= min(self._last + self._limits.curtain_after, self.deadline)

    def remaining(self, now: timedelta) -> timedelta:
        """Return the time until the end, never below zero."""
        return max(self.deadline - self._see(now), timedelta())

    def _see(self, now: timedelta) -> timedelta:
        self._seen = max(self._seen, now)
        return self._seen
