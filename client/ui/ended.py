"""Why the last session ended, in the words of the sign-in page."""

from __future__ import annotations

from client.reasons import EndReason

_SENTENCES = {
    EndReason.SIGNED_OUT: "Signed out.",
    EndReason.WINDOW_CLOSED: "Signed out because the window was closed.",
    EndReason.IDLE: "Signed out after a time without activity.",
    EndReason.ABSOLUTE_LIMIT: "Signed out because the session reached its longest time.",
    EndReason.SCREEN_LOCKED: "Signed out because the screen was locked.",
    EndReason.SUSPENDED: "Signed out because the computer went to sleep.",
    EndReason.USER_SWITCHED: "Signed out because this computer was switched to another user.",
    EndReason.REFUSED_BY_PORTAL: "Signed out because the portal no longer accepted the session.",
    EndReason.DOORKEEPER_GONE: "Signed out because a part of Safelight had stopped.",
    EndReason.ASKED_FROM_OUTSIDE: "Signed out by a command on this computer.",
    EndReason.CRASHED: "Safelight stopped unexpectedly. Please sign in again.",
    EndReason.OVERSTAYED: "Safelight did not answer and was ended. Please sign in again.",
}


def sentence(reason: EndReason, detail: str = "") -> str:
    """Return the sentence for a reason; `detail` is the time that ran out ("10 minutes"), if one did."""
    if detail and reason is EndReason.IDLE:
        return f"Signed out after {detail} without activity."
    if detail and reason is EndReason.ABSOLUTE_LIMIT:
        return f"Signed out after {detail}, the longest a session may last."
    return _SENTENCES[reason]
