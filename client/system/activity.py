"""For how long nobody has touched the workstation, whichever program the user is in.

Owns: choosing the one source that answers on this desktop.
Must never: say less than the truth after a suspend. Such sources count time that stands still while the
machine sleeps, so the moment of the last activity is put on the suspend-aware clock here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from client.clock import Clock, SystemClock

# For how long the workstation has been idle as the source sees it; None when it does not answer.
Source = Callable[[], timedelta | None]


def running_time() -> timedelta:
    """Return the time the machine has been awake: what the sources count."""
    return timedelta(seconds=time.monotonic())


class WorkstationIdle:
    """Call it for the time since the last key or pointer movement, suspended time included.

    None where no source of this desktop answers: then only activity in the program itself can count. Not for
    several threads at once.
    """

    def __init__(
        self, source: Source | None, clock: Clock | None = None, awake: Callable[[], timedelta] = running_time
    ) -> None:
        self._source = source
        self._clock = clock or SystemClock()
        self._awake = awake
        self._asked: timedelta | None = None  # when we asked last, on the clock that stands still
        self._last = timedelta()  # the last activity, on the suspend-aware clock

    def __call__(self) -> timedelta | None:
        """Ask the source."""
        idle = None if self._source is None else self._source()
        if idle is None:
            return None
        awake, now = self._awake(), self._clock.elapsed()
        last = awake - idle
        # What happened before we asked last is known, and as old as any suspend since has made it.
        if self._asked is None or last > self._asked:
            self._last = last + (now - awake)
        self._asked = awake
        return max(now - self._last, timedelta())


def first_of(sources: Iterable[Callable[[], Source | None]]) -> Source | None:
    """Return the first source that can be opened; None if none can."""
    opened = (open_source() for open_source in sources)
    return next((source for source in opened if source is not None), None)


def of_this_workstation() -> WorkstationIdle:
    """Return what answers here. Opening a source may take a second where a desktop's service hangs."""
    if sys.platform == "win32":
        from client.system.windows import input_idle

        return WorkstationIdle(input_idle())
    if sys.platform == "darwin":
        from client.system.macos import event_idle

        return WorkstationIdle(event_idle())
    from client.system.desktop import gnome_idle, kde_idle
    from client.system.x11 import x11_idle

    # Under Wayland an X server may be there too, which sees only the windows of old programs: it comes last.
    return WorkstationIdle(first_of((gnome_idle, kde_idle, x11_idle)))
