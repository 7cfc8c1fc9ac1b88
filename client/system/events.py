"""What happens to the workstation: screen locked, about to sleep, another user in front.

Owns: listening to logind and to the desktop's screen saver on D-Bus, each in a thread of its own.
Must never: decide what follows (the policy does), take anything from a message but the fact itself, or
believe one that is not logind's: on the system bus any user of the machine can write to any program.

A bus that goes away is tried again, and a logind that starts anew is followed; what happened meanwhile is
noticed by comparing logind's own state before and after. On Windows and macOS the window system brings these
events: `client.system.windows`, `.macos`.
"""

from __future__ import annotations

import os
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus
from jeepney.io.blocking import DBusConnection

from client.reasons import EndReason
from client.system.bus import LOGIND, MANAGER, NoBus, ask, ask_property, connect

RETRY_AFTER = 2.0  # seconds
_SESSION = "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
# Each desktop its own: the free one (KDE and others), GNOME, Cinnamon, MATE, Xfce.
_SCREEN_SAVERS = frozenset(
    f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "cinnamon", "mate", "xfce")
)


class Watcher:
    """Calls `notify`, from its threads, with SCREEN_LOCKED, SUSPENDED or USER_SWITCHED, each time."""

    def __init__(
        self, notify: Callable[[EndReason], None], system_bus: str = "SYSTEM", session_bus: str = "SESSION"
    ) -> None:
        self._notify = notify
        self._stopping = Event()
        self._connections: dict[str, DBusConnection] = {}
        self.listening = {system_bus: Event(), session_bus: Event()}  # set while signals would be heard
        self._state: dict[str, bool] = {}  # what logind last said of our session
        self._threads = [
            Thread(target=self._watch, args=(system_bus, self._logind), name="logind", daemon=True),
            Thread(target=self._watch, args=(session_bus, self._desktop), name="screen saver", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop both threads and wait for them; nothing is notified afterwards."""
        self._stopping.set()
        for connection in list(self._connections.values()):
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads it
            except OSError:
                continue  # lost already
        for thread in self._threads:
            thread.join()

    def _watch(self, bus: str, listen: Callable[[DBusConnection], Iterator[EndReason]]) -> None:
        while not self._stopping.is_set():
            try:
                with connect(bus) as connection:
                    self._connections[bus] = connection
                    for reason in listen(connection):
                        self._notify(reason)
            except NoBus:
                pass  # none here, or not any more: try again
            except Exception as fault:
                # Told like any fault nobody foresaw, but the workstation does not stay unwatched for it.
                place = type(fault), fault, fault.__traceback__, threading.current_thread()
                threading.excepthook(threading.ExceptHookArgs(place))
            finally:
                self._connections.pop(bus, None)
                self.listening[bus].clear()
            self._stopping.wait(RETRY_AFTER)

    def _logind(self, connection: DBusConnection) -> Iterator[EndReason]:
        signals = self._signals(connection)
        own = _own_session(connection)
        _subscribe(connection, sender=_BUS.bus_name, member="NameOwnerChanged", first=LOGIND)
        _subscribe(connection, sender=LOGIND, interface=MANAGER.interface, member="PrepareForSleep")
        _subscribe(connection, sender=LOGIND, interface=_SESSION, member="Lock", path=own)
        _subscribe(connection, sender=LOGIND, interface=_PROPERTIES, member="PropertiesChanged", path=own)
        owner = _owner(connection)
        yield from self._compared(connection, own)
        self._hears(connection)
        for message in signals:
            match message.header.fields.get(HeaderFields.sender), message.body:
                case _BUS.bus_name, (name, _, str(now)) if name == LOGIND:
                    owner = now
                    if owner:
                        yield from self._compared(connection, own)
                case sender, _ if sender == owner:
                    yield from self._said(message, own)

    def _compared(self, connection: DBusConnection, own: str | None) -> Iterator[EndReason]:
        if own is not None:
            session = DBusAddress(own, LOGIND, _SESSION)
            now = {name: _flag(connection, session, name) for name in _MEANING}
            yield from self._changed(now, first=True)

    def _said(self, message: Message, own: str | None) -> Iterator[EndReason]:
        fields = message.header.fields
        ours = own in (None, fields.get(HeaderFields.path))
        match fields.get(HeaderFields.interface), fields.get(HeaderFields.member), message.body:
            case MANAGER.interface, "PrepareForSleep", (True, *_):
                yield EndReason.SUSPENDED
            case str(interface), "Lock", _ if interface == _SESSION and ours:
                yield EndReason.SCREEN_LOCKED
            case str(interface), "PropertiesChanged", (str(of), dict(changed), *_) if ours:
                if interface == _PROPERTIES and of == _SESSION:
                    yield from self._changed({name: _plain(value) for name, value in changed.items()})

    def _desktop(self, connection: DBusConnection) -> Iterator[EndReason]:
        signals = self._signals(connection)
        for interface in sorted(_SCREEN_SAVERS):
            _subscribe(connection, interface=interface, member="ActiveChanged")
        self._hears(connection)
        for message in signals:
            # The session bus has nobody on it but this user: whoever says it, it is believed.
            fields = message.header.fields
            known = fields.get(HeaderFields.interface) in _SCREEN_SAVERS
            known = known and fields.get(HeaderFields.member) == "ActiveChanged"
            if known and message.body[:1] == (True,):
                yield EndReason.SCREEN_LOCKED

    def _signals(self, connection: DBusConnection) -> Iterator[Message]:
        # A queue of its own: signals that come while a question waits for its answer are kept.
        queue: deque[Message] = deque()
        connection.filter(MatchRule(type="signal"), queue=queue)
        return self._received(connection, queue)

    def _received(self, connection: DBusConnection, queue: deque[Message]) -> Iterator[Message]:
        while not self._stopping.is_set():
            try:
                yield connection.recv_until_filtered(queue)
            except (OSError, ValueError) as problem:
                raise NoBus from problem

    def _hears(self, connection: DBusConnection) -> None:
        for bus, known in self._connections.items():
            if known is connection:
                self.listening[bus].set()

    def _changed(self, said: dict[str, Any], *, first: bool = False) -> Iterator[EndReason]:
        """Compare with what was known; a `first` answer is no event: some desktops leave a stale hint."""
        for name, (bad, reason) in _MEANING.items():
            value = said.get(name)
            if isinstance(value, bool):
                if value is bad and self._state.get(name, bad if first else not bad) is not bad:
                    yield reason
                self._state[name] = value


_MEANING = {
    "LockedHint": (True, EndReason.SCREEN_LOCKED),
    "Active": (False, EndReason.USER_SWITCHED),
}


def _own_session(connection: DBusConnection) -> str | None:
    """Return the path of our login session; None makes every session's lock count, the safe side."""
    try:
        return str(ask(connection, MANAGER, "GetSessionByPID", "u", os.getpid())[0])
    except NoBus:
        pass  # started by the user's own service manager (GNOME): ask for the session with the screen
    try:
        (user,) = ask(connection, MANAGER, "GetUserByPID", "u", os.getpid())
        display = ask_property(
            connection, DBusAddress(user, LOGIND, "org.freedesktop.login1.User"), "Display"
        )
        return str(display[1])
    except (NoBus, IndexError, TypeError):
        return None


def _flag(connection: DBusConnection, session: DBusAddress, name: str) -> bool | None:
    try:
        return bool(ask_property(connection, session, name))
    except NoBus:
        return None  # an older logind without it


def _owner(connection: DBusConnection) -> str | None:
    """Return the name under which logind itself writes: the bus vouches for it, in every message."""
    try:
        return str(ask(connection, _BUS, "GetNameOwner", "s", LOGIND)[0])
    except (NoBus, IndexError):
        return None  # no logind yet: its coming will be told


def _plain(variant: object) -> object:
    return variant[1] if isinstance(variant, tuple) and len(variant) == 2 else None


def _subscribe(connection: DBusConnection, *, first: str | None = None, **fields: str | None) -> None:
    rule = MatchRule(type="signal", **fields)
    if first is not None:
        rule.add_arg_condition(0, first)
    ask(connection, _BUS, "AddMatch", "s", rule.serialise())


_BUS = DBusAddress(message_bus.object_path, message_bus.bus_name, message_bus.interface)
