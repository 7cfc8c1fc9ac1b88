"""From the sign-in page to a signed-in portal.

Owns: the connection before anybody is signed in, and the one try under way.
Must never: import at start what the sign-in page does not need to be painted.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from client.errors import PolicyError, SafelightError
from client.policy.table import Policy
from client.ui.bridge import Bridge
from client.ui.sign_in import SignInPage

if TYPE_CHECKING:
    from client.portal.connection import Connection
    from client.portal.description import PortalDescription
    from client.portal.exchange import Stop
    from client.portal.portal import Portal
    from client.session.lanes import Lanes

T = TypeVar("T")


class Door(QObject):
    """Signs a user in, off the main thread."""

    signed_in = Signal(object)  # Portal

    def __init__(self, page: SignInPage, policy: Policy, bridge: Bridge) -> None:
        super().__init__(page)
        self._page = page
        self._policy = policy
        self._bridge = bridge
        self._cancelled = 0  # how often; whatever was begun before the last time no longer counts
        self._stops: list[Stop] = []  # of what is asked of the portal
        self._ready = threading.Lock()
        self._connection: Connection | None = None
        self._description: PortalDescription | None = None
        self._lanes: Lanes | None = None
        page.submitted.connect(self._submit)
        page.cancelled.connect(self._cancel)

    def prepare(self, imported: Callable[[], None]) -> None:
        """Reach the portal and import what a session needs, while the user types; `imported` follows."""
        begun = self._cancelled
        self._background().run(
            lambda: self._reach(self._stoppable(begun)), done=self._introduce, failed=lambda _error: None
        )
        self._background().run(_import_reading, done=lambda _none: imported())

    def settle(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[SafelightError], None]
    ) -> None:
        """Do a last step of signing in off the main thread."""
        self._background().run(work, done=done, failed=failed)

    def close(self) -> None:
        """Deliver nothing more: the session has threads of its own."""
        self._background().close()

    def _background(self) -> Lanes:
        from client.session.lanes import Lanes

        if self._lanes is None:
            self._lanes = Lanes(self._bridge.post, self._page.show_problem)
        return self._lanes

    def _introduce(self, description: PortalDescription) -> None:
        self._page.set_portal(description.name, self._policy.notice or description.notice)

    def _stoppable(self, begun: int) -> Stop:
        """Return what stops a request when its try is cancelled; off the main thread: its import is slow."""
        from client.portal.exchange import Stop

        stop = Stop()
        self._stops.append(stop)
        if begun != self._cancelled:
            stop.set()
        return stop

    def _reach(self, stop: Stop) -> PortalDescription:
        from client.portal.connection import Connection
        from client.portal.description import describe
        from client.portal.trust import make_context
        from client.session.session import Session  # noqa: F401 (imported here so that sign-in need not wait)

        with self._ready:
            if self._connection is None:
                if not self._policy.portal:
                    raise PolicyError(
                        "No portal is set, so nobody can sign in. Start Safelight with --portal and the "
                        "portal's address, or ask your administrator to set it."
                    )
                self._connection = Connection(make_context(self._policy.ca_file))
            if self._description is None:
                self._description = describe(self._connection, self._policy.portal, self._policy, stop)
            return self._description

    def _submit(self, user: str, password: object) -> None:
        begun = self._cancelled

        def work() -> Portal:
            from client.portal.portal import Portal

            stop = self._stoppable(begun)
            description = self._reach(stop)
            assert self._connection is not None  # noqa: S101 (_reach made it)
            host = socket.gethostname()
            # A session begins with two requests at once: their second connection is made meanwhile.
            self._background().run(partial(_open, self._connection, description.fhir, stop), failed=_ignore)
            return Portal.sign_in(self._connection, description, user, str(password), host, stop)

        def done(portal: Portal) -> None:
            if begun != self._cancelled:
                # Cancelled meanwhile: what the portal granted is given back.
                threading.Thread(target=portal.sign_out, daemon=True).start()
                return
            self.signed_in.emit(portal)

        def failed(error: SafelightError) -> None:
            if begun == self._cancelled:
                self._page.show_problem(error)

        self._background().run(work, done=done, failed=failed)

    def _cancel(self) -> None:
        self._cancelled += 1
        stops, self._stops = self._stops, []
        for stop in stops:
            stop.set()  # or the next try would wait behind a portal that does not answer this one


def _open(connection: Connection, url: str, stop: Stop) -> None:
    connection.open(url, stop)


def _ignore(_error: SafelightError) -> None:
    """Do nothing: who needs the connection makes it, and hears why that fails."""


def _import_reading() -> None:
    import client.ui.curtain
    import client.ui.machine
    import client.ui.presence
    import client.ui.reading
    import client.ui.warning  # noqa: F401 (only so that a sign-in need not wait for them)
