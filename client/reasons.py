"""Why a session ends, in one place: the doorkeeper, the session, the audit and the sign-in page use these.

Must never: import anything heavy; the doorkeeper reads it.
"""

from __future__ import annotations

from enum import Enum


class EndReason(Enum):
    """Why the last session ended."""

    SIGNED_OUT = "signed-out"
    WINDOW_CLOSED = "window-closed"
    IDLE = "idle"
    ABSOLUTE_LIMIT = "absolute-limit"
    SCREEN_LOCKED = "screen-locked"
    SUSPENDED = "suspended"
    USER_SWITCHED = "user-switched"
    REFUSED_BY_PORTAL = "refused-by-portal"
    DOORKEEPER_GONE = "doorkeeper-gone"
    ASKED_FROM_OUTSIDE = "asked-from-outside"  # `safelight --end-session`
    CRASHED = "crashed"  # the process ended without saying why
    OVERSTAYED = "overstayed"  # the doorkeeper had to end it
