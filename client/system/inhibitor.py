"""Suspend waits until the session has ended.

Owns: logind's delay lock, held as long as somebody is signed in (systemd's "Inhibitor Locks", mode delay).
Must never: block a suspend for good; logind goes on after its own InhibitDelayMaxSec (5 s).
Linux only. Windows and macOS give a program a moment of their own when they tell it of the suspend.
"""

from __future__ import annotations

import os

from client.system.bus import MANAGER, NoBus, ask, connect

_WHAT, _WHO, _WHY, _MODE = "sleep", "Safelight", "The session ends before the computer sleeps.", "delay"


class Inhibitor:
    """A held delay lock. The kernel gives it back when the process ends, `release` at once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let the computer sleep; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def delay_suspend(bus: str = "SYSTEM") -> Inhibitor | None:
    """Take the lock; None where there is no logind: the session still ends, on waking if not before."""
    try:
        connection = connect(bus, enable_fds=True)
    except NoBus:
        return None
    with connection:
        try:
            (descriptor,) = ask(connection, MANAGER, "Inhibit", "ssss", _WHAT, _WHO, _WHY, _MODE)
        except NoBus:
            return None
        return Inhibitor(descriptor.to_raw_fd())
