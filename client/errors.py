"""The exceptions of Safelight.

Every message is a sentence the user may read: what happened, what it means, what to do.
No message ever holds a value from a report, a name, an identifier or a URL's query.

    SafelightError
    ├── PolicyError            the organisation's rules cannot be read or are out of range: no sign-in
    ├── PortalError            the portal, or the way to it
    │   ├── Unreachable        no name, no connection, silence, or a connection cut in the middle
    │   ├── NotTrusted         its certificate or TLS version is not acceptable; never an offer to go on
    │   ├── SignInRefused      wrong user name or password
    │   │   └── LockedOut      too many tries; `retry_after` says how long
    │   ├── SessionRefused     the portal no longer accepts this session's token
    │   ├── Withdrawn          it says 403, 404 or 410: as far as this user is concerned it is not there
    │   ├── Busy               it asks for time (429, 503); `retry_after` says how long
    │   └── PortalFault        it answered with something that cannot be used, or too much of it
    ├── CacheError             the encrypted cache
    │   ├── CacheMiss          the record is not (any more) in the cache
    │   │   └── DamagedRecord  it was, but does not verify: to be fetched again and told to the audit trail
    │   └── CacheUnavailable   the cache cannot be made or written (folder read-only, disk full)
    ├── FolderRefused          a folder Safelight needs is not private to the user, or cannot be made
    ├── DocumentError          the content of a report cannot be shown; the message says why
    ├── DevelopError           the darkroom could make nothing to show of a document; the message says why
    │   └── DarkroomClosed     it takes no document: it cannot be started, or the session is over
    ├── SessionEnded           work was asked of a session that is over
    └── Unexpected             a fault nobody foresaw: says where, never what it said
"""

from __future__ import annotations

from datetime import timedelta


class SafelightError(Exception):
    """The root: `str()` of it is a sentence for the user."""


class PolicyError(SafelightError):
    """The policy cannot be read or holds a value out of bounds: nobody signs in."""


class PortalError(SafelightError):
    """Anything that went wrong between here and the portal."""


class Unreachable(PortalError):
    """No name, no connection, no answer in time, or an answer cut in the middle."""


class NotTrusted(PortalError):
    """The portal's certificate or TLS version is not acceptable."""


class SignInRefused(PortalError):
    """The portal does not know this user name with this password."""


class LockedOut(SignInRefused):
    """Too many tries; the portal wants `retry_after` to pass first."""

    def __init__(self, message: str, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SessionRefused(PortalError):
    """The portal no longer accepts this session's token."""


class Withdrawn(PortalError):
    """The portal answers as if the thing were not there (403, 404, 410)."""


class Busy(PortalError):
    """The portal asks to be left alone for `retry_after`."""

    def __init__(self, message: str, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PortalFault(PortalError):
    """The portal answered with something that cannot be used."""


class CacheError(SafelightError):
    """Anything about the encrypted cache."""


class CacheMiss(CacheError):
    """The record is not, or no longer, in the cache."""


class DamagedRecord(CacheMiss):
    """The record is there but does not verify."""


class CacheUnavailable(CacheError):
    """The cache cannot be made or written."""


class FolderRefused(SafelightError):
    """A folder Safelight needs is a link, another user's, or cannot be made."""


class DocumentError(SafelightError):
    """The content of a report cannot be shown."""


class DevelopError(SafelightError):
    """The darkroom could not make something to show of a document; the session goes on."""


class DarkroomClosed(DevelopError):
    """The darkroom takes no document: its helper cannot be started, or the session is over."""


class SessionEnded(SafelightError):
    """The session is over; no more work is taken."""


class Unexpected(SafelightError):
    """Something nobody foresaw; it carries the kind of the fault, never its text, which may hold a value."""

    def __init__(self, fault: BaseException) -> None:
        code = type(fault).__name__
        where = _place(fault)
        super().__init__(
            "Something unexpected happened, and this could not be done. Try again; if it happens again, "
            f"tell your administrator this code: {code}{where}."
        )


def _place(fault: BaseException) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    module = trace.tb_frame.f_globals.get("__name__", "?")
    return f" in {module} line {trace.tb_lineno}"
