"""The way to one portal: every request and every answer goes through here.

Owns: the TLS connections. Must never: send a token to another origin or after a redirect, take an unbounded
answer, let an environment variable or a cookie matter, or name a URL's query anywhere.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin

import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from client.clock import Clock, SystemClock
from client.errors import PortalError, PortalFault
from client.portal import failures
from client.portal.address import checked, display_host, origin
from client.portal.exchange import CONNECT, SMALL, Exchange, Limits, PortalAdapter, Stop, under

FHIR_JSON = "application/fhir+json"
_REDIRECTS = 3
_CHUNK = 262_144  # bytes
_USER_AGENT = "Safelight"

# urllib3 writes whole URLs, queries included, into its log.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class _NoCookies(DefaultCookiePolicy):
    def __init__(self) -> None:
        super().__init__(allowed_domains=[])


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer, whole."""

    status: int
    headers: Mapping[str, str] = field(repr=False)  # names without regard to case
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The declared media type, lower case, without parameters; "" if none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Connection:
    """A pool of TLS connections, usable from several threads; `close()` stops whatever is under way."""

    def __init__(self, context: ssl.SSLContext, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self._stop = Stop()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(_NoCookies())
        self._session.adapters.clear()
        self._session.mount("https://", PortalAdapter(context))

    def open(self, url: str, stop: Stop | None = None) -> None:
        """Make the connection ahead of need, while the user types; the answer does not matter.

        Raises NotTrusted or Unreachable, so that the sign-in page can say so early.
        """
        self.fetch("HEAD", urljoin(checked(url), "/"), limits=SMALL, stop=stop, accept_any_status=True)

    def fetch(
        self,
        method: str,
        url: str,
        *,
        accept: str = "application/json",
        token: str = "",
        token_origin: str = "",
        body: bytes | bytearray | None = None,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        limits: Limits = SMALL,
        stop: Stop | None = None,
        accept_any_status: bool = False,
        redirects: Collection[str] | None = None,
    ) -> Answer:
        """Send one request and return its whole answer.

        The token goes along only to `token_origin`. GET follows up to three redirects within https, to the
        origins in `redirects` (None: to any), and no redirect gets the token.
        Raises the PortalErrors of `client.errors`: SessionRefused for a 401 where the token went, and
        LedElsewhere for a redirect that is not followed.
        """
        asked = checked(url)
        for _ in range(_REDIRECTS + 1):
            sent = {"Accept": accept, "Accept-Encoding": "gzip, identity", "User-Agent": _USER_AGENT}
            if body is not None:
                sent["Content-Type"] = content_type
            sent.update(headers or {})
            known = bool(token and token_origin) and origin(asked) == token_origin
            if known:
                sent["Authorization"] = f"Bearer {token}"
            answer = self._send(method, asked, sent, body, limits, stop)
            if answer.status in (301, 302, 303, 307, 308) and method == "GET" and not accept_any_status:
                target = answer.headers.get("Location", "")
                before, asked = asked, checked(urljoin(asked, target)) if target else asked
                if redirects is not None and origin(asked) not in redirects:
                    raise failures.led_elsewhere(display_host(before))
                token = ""
                continue
            if 200 <= answer.status < 300 or accept_any_status:
                return answer
            # Without the token, a 401 says nothing of this session: it must not end it.
            status = 403 if answer.status == 401 and not known else answer.status
            raise failures.from_status(status, answer.headers, display_host(asked), self.clock.now())
        raise PortalFault("The portal sends us round in circles, so nothing was fetched. Tell its staff.")

    def close(self) -> None:
        """Stop every exchange under way and close the connections; nothing can be fetched afterwards."""
        self._stop.set()
        self._session.close()

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | bytearray | None,
        limits: Limits,
        stop: Stop | None,
    ) -> Answer:
        exchange = Exchange(limits)
        stops = [self._stop] if stop is None else [self._stop, stop]
        for each in stops:
            each.watch(exchange)
        try:
            try:
                return self._attempt(method, url, headers, body, limits, exchange)
            except PortalError:
                raise
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if any(each.is_set for each in stops):
                    raise failures.stopped() from None
                failure = failures.from_exception(error, display_host(url))
                if not _was_stale(error, exchange, method):
                    raise failure from None
            # The portal had closed an idle connection just as we used it: once more, on a new one.
            try:
                return self._attempt(method, url, headers, body, limits, exchange)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise failures.from_exception(error, display_host(url)) from None
        finally:
            for each in stops:
                each.forget(exchange)

    def _attempt(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | bytearray | None,
        limits: Limits,
        exchange: Exchange,
    ) -> Answer:
        request = requests.Request(method, url, headers=dict(headers), data=body)
        with under(exchange):
            patience = exchange.patience
            answer = self._session.send(
                self._session.prepare_request(request),
                stream=True,
                timeout=(min(CONNECT.total_seconds(), patience), patience),
                allow_redirects=False,
            )
            try:
                content = _read(answer.raw, limits.size, url)
            except BaseException:
                answer.raw.close()  # what is left unread must not be taken for the next answer
                raise
            answer.raw.release_conn()
        return Answer(answer.status_code, CaseInsensitiveDict(answer.headers), content)


def _read(raw: urllib3.HTTPResponse, limit: int, url: str) -> bytes:
    declared = raw.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared[:18]) > limit:
        raise failures.too_much(display_host(url))
    chunks: list[bytes] = []
    size = 0
    while chunk := raw.read(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise failures.too_much(display_host(url))
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _was_stale(error: Exception, exchange: Exchange, method: str) -> bool:
    if exchange.answered or method not in ("GET", "HEAD"):
        return False
    return any(
        isinstance(cause, (ConnectionResetError, BrokenPipeError, ConnectionAbortedError, ssl.SSLEOFError))
        or type(cause).__name__ == "RemoteDisconnected"
        for cause in failures.causes(error)
    )
