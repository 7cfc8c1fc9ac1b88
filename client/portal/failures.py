"""What went wrong, as one of our own exceptions with a sentence for the user.

Owns: the words. Must never: quote an address beyond its host, a header or a body.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from urllib3.exceptions import DecodeError

from client.errors import (
    Busy,
    NotTrusted,
    PortalError,
    PortalFault,
    SessionEnded,
    SessionRefused,
    Unreachable,
    Withdrawn,
)

_NEVER_MIND = (
    "Nothing was sent to it. Tell the people who run the portal; do not enter your password elsewhere."
)
_CERTIFICATE = {  # OpenSSL's X509_V_ERR_ numbers
    7: "The certificate of {host} was not made by the authority that it names.",
    9: "The certificate of {host} is not valid yet. Check this computer's date and time.",
    10: "The certificate of {host} has expired.",
    18: "The certificate of {host} was signed by itself, so nobody vouches for it.",
    19: "The certificate of {host} comes from an authority that this computer does not trust.",
    20: "The certificate of {host} comes from an authority that this computer does not trust.",
    21: "The certificate of {host} comes from an authority that this computer does not trust.",
    23: "The certificate of {host} was revoked.",
    62: "The certificate that {host} shows was made for another address.",
    64: "The certificate that {host} shows was made for another address.",
}


class NotAccepted(PortalFault):
    """The portal refused the wording of a request (400, 406 …); a plainer one may do."""


class LedElsewhere(PortalFault):
    """An answer would have to be fetched from an address that was not to be asked."""


_LONGEST_WAIT = timedelta(hours=1)
_SHORTEST_WAIT = timedelta(seconds=1)


def from_exception(error: BaseException, host: str) -> PortalError:
    """Return our exception for one that requests, urllib3, ssl or the socket raised."""
    chain = tuple(causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            sentence = _CERTIFICATE.get(cause.verify_code, "The certificate of {host} cannot be trusted.")
            return NotTrusted(f"{sentence.format(host=host)} {_NEVER_MIND}")
    if any(isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) for cause in chain):
        return Unreachable(
            f"The connection to {host} broke off. What is already here stays readable; try again."
        )
    if any(isinstance(cause, ssl.SSLError) for cause in chain):
        return NotTrusted(
            f"{host} offers no connection that is secure enough (TLS 1.2 or later), so none was made. "
            "Tell the people who run the portal."
        )
    if any(isinstance(cause, DecodeError) for cause in chain):
        return PortalFault(f"The answer of {host} was packed in a way that cannot be unpacked. Try again.")
    if any(isinstance(cause, TimeoutError) for cause in chain) or "Timeout" in type(error).__name__:
        return Unreachable(
            f"{host} does not answer. What is already here stays readable; try again in a while, and "
            "check this computer's network connection."
        )
    names = {type(cause).__name__ for cause in chain}
    if names & {"NameResolutionError", "gaierror"}:
        return Unreachable(
            f"The name {host} is not known here. Check the network connection and the portal's address."
        )
    if names & {"NewConnectionError", "ConnectionRefusedError"}:
        return Unreachable(
            f"No connection to {host}. Check this computer's network connection, or try again in a while."
        )
    return Unreachable(f"The connection to {host} broke off. What is already here stays readable; try again.")


def from_status(status: int, headers: Mapping[str, str], host: str, now: datetime) -> PortalError:
    """Return our exception for an answer whose status is not a success."""
    if status == 401:
        return SessionRefused(f"{host} no longer accepts this sign-in. Sign in again to go on.")
    if status in (403, 404, 410):
        return Withdrawn(f"{host} no longer offers this, or not to you. It is treated as withdrawn.")
    if status in (429, 503):
        wait = retry_after(headers, now)
        return Busy(
            f"{host} is busy and asks for {spoken(wait)} of patience. What is already here stays readable.",
            wait,
        )
    if 300 <= status < 400:
        return PortalFault(f"{host} sends us elsewhere in a way that is not safe to follow. Tell its staff.")
    if status >= 500:
        return PortalFault(f"{host} has a fault of its own and could not answer. Try again in a while.")
    return NotAccepted(
        f"{host} did not accept what was asked of it. Try again; if it stays so, tell its staff."
    )


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return the wait that an answer asks for: x-ms-retry-after-ms, or Retry-After in seconds or as a date.

    Between one second and one hour, 30 seconds where nothing sensible is said (RFC 9110 10.2.3).
    """
    wait = timedelta(seconds=30)
    milliseconds, said = headers.get("x-ms-retry-after-ms", ""), headers.get("Retry-After", "").strip()
    if _is_number(milliseconds):
        wait = timedelta(milliseconds=int(milliseconds))
    elif _is_number(said):
        wait = timedelta(seconds=int(said))
    elif said:
        try:
            date = parsedate_to_datetime(said)
            wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
        except (ValueError, OverflowError):
            pass
    return min(max(wait, _SHORTEST_WAIT), _LONGEST_WAIT)


def too_much(host: str) -> PortalFault:
    """Return the exception for an answer beyond its bound."""
    return PortalFault(
        f"{host} sent more than could be safely taken, so the answer was dropped. Tell its staff."
    )


def led_elsewhere(host: str) -> LedElsewhere:
    """Return the exception for a way that leads off the addresses allowed for it."""
    return LedElsewhere(f"{host} points to another address for this, which was not asked. Tell its staff.")


def stopped() -> SessionEnded:
    """Return the exception for work that someone stopped, most often by signing out."""
    return SessionEnded("Stopped before the portal had answered.")


def spoken(wait: timedelta) -> str:
    """Return a wait in words, coarse enough to be said in a sentence."""
    seconds = round(wait.total_seconds())
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{round(seconds / 60)} minutes"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and everything that caused it, as far as anybody kept it."""
    # requests and urllib3 keep the cause as `reason`, as an argument, or as Python's own context.
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue and len(seen) < 50:
        cause = queue.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        queue.extend([getattr(cause, "reason", None), cause.__cause__, cause.__context__, *cause.args])
