"""Requests in the name of the signed-in user.

Owns: the one retry after a refused token. Must never: send the token to an origin that the portal's
description does not name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from client.errors import SessionRefused
from client.portal import failures
from client.portal.address import display_host, origin
from client.portal.connection import FHIR_JSON, Answer, Connection
from client.portal.description import PortalDescription
from client.portal.exchange import PAGE, SMALL, Limits, Stop
from client.portal.signin import SignedIn, Tokens


class Access:
    """The portal as this user may use it; safe from any thread."""

    def __init__(self, connection: Connection, description: PortalDescription, signed_in: SignedIn) -> None:
        self.description = description
        self._connection = connection
        self._tokens = Tokens(connection, description, signed_in)
        images = {origin(description.images)} if description.images else set()
        self.homes = frozenset({origin(description.fhir), description.origin} | images)

    def fetch(
        self,
        method: str,
        url: str,
        *,
        accept: str = "application/json",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits = SMALL,
        stop: Stop | None = None,
        at_home: bool = False,
    ) -> Answer:
        """Send one request, with the token where it belongs; a refused token is renewed once.

        With `at_home` only the portal's own addresses are asked; LedElsewhere for any other.
        Raises SessionRefused when the portal accepts no token of this session any more, or any PortalError.
        """
        home = origin(url)
        if at_home and home not in self.homes:
            raise failures.led_elsewhere(display_host(self.description.fhir))
        token = self._tokens.current() if home in self.homes else ""
        for last_try in (False, True):
            try:
                return self._connection.fetch(
                    method,
                    url,
                    accept=accept,
                    token=token,
                    token_origin=home,
                    body=body,
                    headers=headers,
                    limits=limits,
                    stop=stop,
                    redirects=self.homes if at_home else None,
                )
            except SessionRefused:
                if last_try or not token:
                    raise
                token = self._tokens.replace(token)
        raise AssertionError("unreachable")

    def search(self, url: str, stop: Stop | None = None, *, strict: bool = True) -> Answer:
        """Fetch a page of FHIR search results, as fresh as the portal has them."""
        headers = {"Prefer": f"handling={'strict' if strict else 'lenient'}", "Cache-Control": "no-cache"}
        return self.fetch("GET", url, accept=FHIR_JSON, headers=headers, limits=PAGE, stop=stop)

    def revoke(self, timeout: timedelta) -> None:
        """End the tokens at the portal: best effort, never raises."""
        self._tokens.revoke(timeout)
