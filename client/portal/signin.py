"""Signing in with user name and password, and the tokens that follow.

Owns: access and refresh token, in memory only. Must never: write them, show them in a `repr`, send them to
another origin than the portal's, or try a refused refresh token twice (its reuse ends the whole family).
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from dataclasses import dataclass, field
from datetime import timedelta

import orjson

from client.clock import Clock
from client.errors import LockedOut, PortalError, PortalFault, SafelightError, SessionRefused, SignInRefused
from client.model.moment import Moment
from client.model.user import LastSignIn, Role, User
from client.portal import failures
from client.portal.address import display_host
from client.portal.connection import Answer, Connection
from client.portal.description import PortalDescription
from client.portal.exchange import BRIEF, Limits, Stop
from client.portal.fhir.body import decode_base64
from client.portal.fhir.parse import Resource, parse_object
from client.portal.fhir.text import line

_KEY = 32  # bytes
_AHEAD = timedelta(seconds=60)  # a token this near its end is renewed before it is used
_REFUSED = "The portal no longer accepts this sign-in. Sign in again to go on."
_UNUSABLE = (
    "The portal answered the sign-in in a way that Safelight does not understand, so nobody is signed in. "
    "Tell the people who run the portal."
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the portal said when the user signed in."""

    user: User
    marks_key: bytes = field(repr=False)  # 32 bytes, for marks and for names in the audit trail
    keeps_marks: bool  # otherwise the portal gave no such key, and this one is good for this session only
    session: str = field(repr=False)  # the portal's opaque id of this session
    lasts: timedelta | None  # the portal's absolute limit
    access: str = field(repr=False)
    access_lasts: timedelta
    refresh: str = field(repr=False)


def sign_in(
    connection: Connection,
    description: PortalDescription,
    user: str,
    password: bytearray | str,
    workstation: str,
    stop: Stop | None = None,
) -> SignedIn:
    """Sign in; a password given as bytearray (UTF-8) is overwritten, whatever happens.

    Raises SignInRefused, LockedOut, or any PortalError of the connection.
    """
    secret = password if isinstance(password, bytearray) else bytearray(password.encode())
    body = _sign_in_body(user, secret, workstation)
    _wipe(secret)
    try:
        answer = connection.fetch("POST", description.sign_in, body=body, stop=stop, accept_any_status=True)
    finally:
        _wipe(body)
    if answer.status in (401, 403):
        raise SignInRefused("User name or password is wrong. Check both and try again.")
    if answer.status == 429:
        wait = failures.retry_after(answer.headers, connection.clock.now())
        raise LockedOut(
            f"Too many wrong tries. The portal takes the next one in {failures.spoken(wait)}; if you forgot "
            "your password, ask the people who run the portal.",
            wait,
        )
    if answer.status in (404, 405, 410):
        raise PortalFault("The portal has no sign-in where it says it has one. Tell its staff.")
    _expect_success(answer, description.sign_in, connection.clock)
    return read_sign_in(answer.body)


def read_sign_in(body: bytes) -> SignedIn:
    """Read the portal's answer to a sign-in; raises PortalFault for anything else."""
    said = parse_object(body)
    user = said.get("user")
    if type(user) is not dict:
        raise PortalFault(_UNUSABLE)
    try:
        role = Role(user.get("role"))
    except ValueError:
        raise PortalFault(_UNUSABLE) from None
    name = line(user.get("name"), 100)
    if not name:
        raise PortalFault(_UNUSABLE)
    access, lasts, refresh = _tokens(said)
    key = decode_base64(said.get("marks_key"))
    keeps_marks = key is not None and len(key) == _KEY
    return SignedIn(
        user=User(
            name, line(user.get("display"), 100) or name, role, _last_sign_in(said.get("last_sign_in"))
        ),
        # Never a short key, let alone none: anybody could tell from the trail which report is meant.
        marks_key=key if key is not None and keeps_marks else secrets.token_bytes(_KEY),
        keeps_marks=keeps_marks,
        session=line(said.get("session"), 100),
        lasts=_duration(said.get("session_expires_in")),
        access=access,
        access_lasts=lasts,
        refresh=refresh,
    )


class Tokens:
    """The access token in use, renewed ahead of its end by whoever needs it first; safe from any thread."""

    def __init__(self, connection: Connection, description: PortalDescription, signed_in: SignedIn) -> None:
        self._connection = connection
        self._description = description
        self._clock: Clock = connection.clock
        self._lock = threading.Lock()
        self._access = signed_in.access
        self._refresh = signed_in.refresh
        self._ends = self._clock.elapsed() + signed_in.access_lasts
        self._renew = self._ends - min(_AHEAD, signed_in.access_lasts / 4)
        self._over = False

    def current(self) -> str:
        """Return a token that is good for a while yet; raises SessionRefused when there can be none."""
        if self._over or self._clock.elapsed() >= self._renew:
            with self._lock:
                if self._over:
                    raise SessionRefused(_REFUSED)
                now = self._clock.elapsed()
                if now >= self._renew:
                    try:
                        self._exchange()
                    except SessionRefused:
                        raise
                    except PortalError:
                        # Not renewed, but perhaps good for these last seconds; the next use tries again.
                        if now >= self._ends:
                            raise
        return self._access

    def replace(self, refused: str) -> str:
        """Return another token than the one that was just refused; raises SessionRefused if there is none."""
        with self._lock:
            if self._over:
                raise SessionRefused(_REFUSED)
            if self._access == refused:  # otherwise another thread was faster
                self._exchange()
            return self._access

    def revoke(self, timeout: timedelta) -> None:
        """Tell the portal that these tokens are over: best effort, within `timeout`, never raises."""
        self._over = True
        refresh, self._refresh, self._access = self._refresh, "", ""
        if not (refresh and self._description.sign_out):
            return
        limits = Limits(timeout, timeout, BRIEF.size)
        with contextlib.suppress(SafelightError):
            body = orjson.dumps({"refresh_token": refresh})
            self._connection.fetch("POST", self._description.sign_out, body=body, limits=limits)

    def _exchange(self) -> None:
        url = self._description.refresh
        body = orjson.dumps({"refresh_token": self._refresh})
        answer = self._connection.fetch("POST", url, body=body, accept_any_status=True)
        if answer.status in (
            400,
            401,
            403,
            404,
        ):  # 400: `invalid_request` for an ended family, seen in the wild
            self._over = True
        else:
            _expect_success(answer, url, self._clock)
        if self._over:  # refused, or signed out meanwhile
            raise SessionRefused(_REFUSED)
        try:
            access, lasts, refresh = _tokens(parse_object(answer.body))
        except PortalFault:
            # The old refresh token is used up and the new one cannot be read.
            self._over = True
            raise SessionRefused(_REFUSED) from None
        self._access, self._refresh = access, refresh or self._refresh
        self._ends = self._clock.elapsed() + lasts
        self._renew = self._ends - min(_AHEAD, lasts / 4)


def _expect_success(answer: Answer, url: str, clock: Clock) -> None:
    if not 200 <= answer.status < 300:
        raise failures.from_status(answer.status, answer.headers, display_host(url), clock.now())


def _tokens(said: Resource) -> tuple[str, timedelta, str]:
    access, refresh = said.get("access_token"), said.get("refresh_token", "")
    lasts = _duration(said.get("expires_in"))
    kind = said.get("token_type", "Bearer")
    for token in (access, refresh):
        if type(token) is not str or len(token) > 8192 or not token.isascii() or not token.isprintable():
            raise PortalFault(_UNUSABLE)
    if not access or type(kind) is not str or kind.lower() != "bearer":
        raise PortalFault(_UNUSABLE)
    return str(access), lasts or timedelta(minutes=5), str(refresh)


def _duration(seconds: object) -> timedelta | None:
    if isinstance(seconds, (int, float)) and 0 < seconds < 10**8:
        return timedelta(seconds=seconds)
    return None


def _last_sign_in(said: object) -> LastSignIn | None:
    if type(said) is not dict:
        return None
    at = Moment.parse(said.get("at"))
    failures = said.get("failures_since")
    if at is None:
        return None
    count = failures if type(failures) is int and 0 <= failures < 10**6 else 0
    return LastSignIn(at.at, line(said.get("workstation"), 100), count)


def _sign_in_body(user: str, secret: bytearray, workstation: str) -> bytearray:
    # Written by hand so that no immutable copy of the password is made on the way.
    body = bytearray(orjson.dumps({"user": user, "workstation": workstation})[:-1])
    body += b',"password":"'
    for byte in secret:
        if byte < 0x20 or byte in b'"\\':
            body += b"\\u%04x" % byte
        else:
            body.append(byte)
    body += b'"}'
    return body


def _wipe(secret: bytearray) -> None:
    secret[:] = bytes(len(secret))
