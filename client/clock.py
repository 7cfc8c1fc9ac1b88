"""The one source of time.

Owns: elapsed time that goes on while the machine sleeps, and the wall clock in UTC.
Must never: use the wall clock for a limit, since a user or a wrong battery can move it.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What limits are measured with; tests bring their own."""

    def elapsed(self) -> timedelta:
        """Return the time since some fixed moment, suspended time included."""
        ...

    def now(self) -> datetime:
        """Return the wall clock, timezone-aware, in UTC."""
        ...


def _suspend_aware() -> int | None:
    # Windows counts suspended time in QueryPerformanceCounter, which is Python's monotonic(). Python's own
    # monotonic() stands still while a Mac sleeps; the system's CLOCK_MONOTONIC goes on there.
    if sys.platform == "linux":
        return time.CLOCK_BOOTTIME
    if sys.platform == "darwin":
        return time.CLOCK_MONOTONIC
    return None


_CLOCK = _suspend_aware()


class SystemClock:
    """The machine's own clocks."""

    def elapsed(self) -> timedelta:
        """Return the time since boot, suspended time included."""
        seconds = time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
        return timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the wall clock in UTC."""
        return datetime.now(UTC)
