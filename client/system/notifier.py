"""One notification on the desktop, by D-Bus (freedesktop.org's Desktop Notifications 1.2).

Owns: that there is never more than one, the newest in place of the one before, and that it goes at the end.
Must never: hold up anybody (a thread of its own does the talking), or be told anything of a patient: desktops
keep what they were told. Where there is no such service, it is silent; Windows and macOS have none yet.
"""

from __future__ import annotations

import threading
from datetime import timedelta

from jeepney import DBusAddress
from jeepney.io.blocking import DBusConnection

from client.system.bus import NoBus, ask, connect

_SERVICE = DBusAddress(
    "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
)
_SHOWN_FOR = 10_000  # ms
_UNTIL_SEEN = 0
_NORMAL, _CRITICAL = 1, 2  # urgency
CLOSED_WITHIN = timedelta(milliseconds=300)
"""How long the end of a session waits for the desktop."""


class Notifier:
    """Shows the words it was given last; its thread begins with the first."""

    def __init__(self, bus: str = "SESSION") -> None:
        self._bus = bus
        self._wanted: tuple[str, bool] | None = None
        self._closing = False
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._id = 0  # of what is on the desktop

    def show(self, words: str, *, lasting: bool) -> None:
        """Say `words` in place of what was said before; "" takes it away; `lasting` until somebody saw it."""
        with self._turn:
            if self._closing:
                return
            self._wanted = words, lasting
            self._turn.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._talk, name="notifier", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Have the notification taken away and show none any more; returns at once, from any thread."""
        with self._turn:
            self._closing = True
            self._turn.notify()

    def wait(self) -> None:
        """Wait, but not for long, until that is done."""
        if self._thread is not None:
            self._thread.join(CLOSED_WITHIN.total_seconds())

    def _talk(self) -> None:
        connection: DBusConnection | None = None
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._wanted is not None or self._closing)
                closing = self._closing
                words, lasting = ("", False) if closing or self._wanted is None else self._wanted
                self._wanted = None
            try:
                if connection is None and words:
                    connection = connect(self._bus)
                if connection is not None:
                    self._say(connection, words, lasting)
            except NoBus:
                _drop(connection)
                connection, self._id = None, 0  # tried anew with the next words
            if closing:
                _drop(connection)
                return

    def _say(self, connection: DBusConnection, words: str, lasting: bool) -> None:
        if not words:
            known, self._id = self._id, 0
            if known:
                ask(connection, _SERVICE, "CloseNotification", "u", known)
            return
        hints = {
            "urgency": ("y", _CRITICAL if lasting else _NORMAL),
            "desktop-entry": ("s", "safelight"),
            "transient": ("b", not lasting),
        }
        shown_for = _UNTIL_SEEN if lasting else _SHOWN_FOR
        actions: list[str] = []
        body = ("Safelight", self._id, "safelight", words, "", actions, hints, shown_for)
        (self._id,) = ask(connection, _SERVICE, "Notify", "susssasa{sv}i", *body)


def _drop(connection: DBusConnection | None) -> None:
    if connection is not None:
        connection.close()
