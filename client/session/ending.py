"""How a session ends: a fixed order of short steps that nothing can veto.

Owns: the order. Must never: raise, wait without a bound, or depend on the main thread being alive.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from client.reasons import EndReason

REVOKE_WITHIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Steps:
    """What ending a session consists of, in this order; see docs/architecture.md, "How a session ends"."""

    blank: Callable[[], None]  # nothing of a patient on screen
    stop: Callable[[], None]  # no more work
    destroy_key: Callable[[], None]
    close_cache: Callable[[], None]
    announce: Callable[[EndReason], None]  # the doorkeeper shows the next sign-in page now
    record: Callable[[EndReason], None]  # audit
    revoke: Callable[[], None]  # the portal forgets this session, if it can be reached within a second
    leave: Callable[[], None]  # the process ends here


class Ending:
    """Runs the steps once, from whichever thread asks first."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._first = threading.Lock()

    def begin(self, reason: EndReason) -> None:
        """End now; a second call, from any thread, returns at once."""
        if not self._first.acquire(blocking=False):
            return
        steps = self._steps
        for step in (steps.blank, steps.stop, steps.destroy_key, steps.close_cache):
            _attempt(step)
        _attempt(lambda: steps.announce(reason))
        _attempt(lambda: steps.record(reason))
        revoking = threading.Thread(target=_attempt, args=(steps.revoke,), daemon=True)
        revoking.start()
        revoking.join(REVOKE_WITHIN.total_seconds())
        steps.leave()


def _attempt(step: Callable[[], None]) -> None:
    # A step that fails must not keep the next one, least of all the last, from happening.
    try:
        step()
    except BaseException:
        return
