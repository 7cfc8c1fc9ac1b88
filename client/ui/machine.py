"""What happens to the workstation, turned into the end of the session or, where policy allows, the curtain.

Owns: which event ends a session. Must never: depend on the main thread for ending it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from client.policy.table import Policy
from client.reasons import EndReason


class Machine:
    """Watches from sign-in to the end of the process."""

    def __init__(self, policy: Policy, end: Callable[[EndReason], None], cover: Callable[[], None]) -> None:
        self._ends = {
            EndReason.SCREEN_LOCKED: policy.end_on_lock,
            EndReason.SUSPENDED: policy.end_on_suspend,
            EndReason.USER_SWITCHED: policy.end_on_user_switch,
        }
        self._end = end
        self._cover = cover
        threading.Thread(target=self._watch, name="workstation", daemon=True).start()

    def _watch(self) -> None:
        # Buses may be slow to answer; nobody waits for them here.
        if sys.platform == "linux":
            from client.system.events import Watcher
            from client.system.inhibitor import delay_suspend

            self._watcher = Watcher(self._happened)
            # Held until the process ends: a suspend waits for the end of the session.
            self._inhibitor = delay_suspend()

    def _happened(self, reason: EndReason) -> None:
        if self._ends.get(reason, True):
            self._end(reason)
        else:
            self._cover()
