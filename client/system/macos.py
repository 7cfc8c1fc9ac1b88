"""macOS: input idle time, and the meaning of the notifications of locking, sleeping and switching.

Owns: which notification means what. Must never: import a window toolkit or a bridge to Cocoa; whoever
observes the notifications hands in their names.
Written from the documentation and tested against fakes: never run on macOS.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from client.reasons import EndReason

_SERVICES = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"
_COMBINED_SESSION = 0  # kCGEventSourceStateCombinedSessionState
_ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType

# The first two of NSDistributedNotificationCenter, the others of NSWorkspace's own centre.
MEANING = {
    "com.apple.screenIsLocked": EndReason.SCREEN_LOCKED,
    "com.apple.screensaver.didstart": EndReason.SCREEN_LOCKED,
    "NSWorkspaceWillSleepNotification": EndReason.SUSPENDED,
    "NSWorkspaceScreensDidSleepNotification": EndReason.SCREEN_LOCKED,
    "NSWorkspaceSessionDidResignActiveNotification": EndReason.USER_SWITCHED,
}


def event_idle(services: Any = None) -> Callable[[], timedelta | None]:
    """Return a source of the time since the last input event of this login session."""
    library = services or ctypes.CDLL(_SERVICES)
    ask = library.CGEventSourceSecondsSinceLastEventType
    ask.restype = ctypes.c_double
    ask.argtypes = [ctypes.c_int32, ctypes.c_uint32]

    def idle() -> timedelta | None:
        seconds = float(ask(_COMBINED_SESSION, _ANY_INPUT))
        return timedelta(seconds=seconds) if seconds >= 0 else None

    return idle
