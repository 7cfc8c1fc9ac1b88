"""How long the desktop says nobody has touched it, over D-Bus: GNOME's Mutter and KDE's screen saver.

Owns: the two questions, and doubt about the answers.
Must never: wait longer than `bus.ANSWER_WITHIN`, or take a counter that stands still for activity.
Under Wayland these are the only ones who know.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jeepney import DBusAddress
from jeepney.io.blocking import DBusConnection

from client.system.activity import running_time
from client.system.bus import NoBus, ask, connect

_MUTTER = DBusAddress(
    "/org/gnome/Mutter/IdleMonitor/Core", "org.gnome.Mutter.IdleMonitor", "org.gnome.Mutter.IdleMonitor"
)
_SCREEN_SAVER = DBusAddress(
    "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver"
)
_LONGEST = 2**40  # 30 years in milliseconds
_SECOND = timedelta(seconds=1)
_MILLISECOND = timedelta(milliseconds=1)


def gnome_idle(bus: str = "SESSION") -> DesktopIdle | None:
    """Return GNOME's answer as a source; None where GNOME does not answer."""
    # Other desktops have a service by that name too, with a counter that need not count.
    return DesktopIdle.open(bus, _MUTTER, "GetIdletime", Doubted())


def kde_idle(bus: str = "SESSION") -> DesktopIdle | None:
    """Return the answer of KDE, or of a desktop like it, as a source; None where none answers."""
    return DesktopIdle.open(bus, _SCREEN_SAVER, "GetSessionIdleTime", Doubted())


class DesktopIdle:
    """A source: one method of one service, and what its number means."""

    def __init__(
        self,
        connection: DBusConnection,
        address: DBusAddress,
        member: str,
        meaning: Callable[[int], timedelta | None],
    ) -> None:
        self._connection = connection
        self._address = address
        self._member = member
        self._meaning = meaning

    @classmethod
    def open(
        cls, bus: str, address: DBusAddress, member: str, meaning: Callable[[int], timedelta | None]
    ) -> DesktopIdle | None:
        """Return the source if the service answers now; None otherwise."""
        try:
            source = cls(connect(bus), address, member, meaning)
        except NoBus:
            return None
        if source._ask() is None:
            source.close()
            return None
        return source

    def __call__(self) -> timedelta | None:
        """Ask; None without an answer, or with one that is not believed yet."""
        value = self._ask()
        return None if value is None else self._meaning(value)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self) -> int | None:
        try:
            value = int(ask(self._connection, self._address, self._member)[0])
        except (NoBus, IndexError, TypeError, ValueError):
            return None
        return value if 0 <= value < _LONGEST else None


class Doubted:
    """A counter that may be in seconds, in milliseconds, or stuck: believed once it has been seen to count.

    Desktops differ, and one stuck at zero would keep a session open for ever. Until then it answers None, and
    only activity in the program itself counts.
    """

    def __init__(self, awake: Callable[[], timedelta] = running_time) -> None:
        self._awake = awake
        self._unit: timedelta | None = None
        self._first: tuple[timedelta, int] | None = None

    def __call__(self, value: int) -> timedelta | None:
        """Return what the number means, None as long as that is not known."""
        if self._unit is None:
            self._learn(value, self._awake())
        return None if self._unit is None else value * self._unit

    def _learn(self, value: int, now: timedelta) -> None:
        if self._first is None or value < self._first[1]:
            self._first = (now, value)
            return
        since, first = self._first
        passed, counted = now - since, value - first
        if passed < 3 * _SECOND or counted == 0:
            return
        if passed / 2 <= counted * _SECOND <= passed * 2:
            self._unit = _SECOND
        elif passed / 2 <= counted * _MILLISECOND <= passed * 2:
            self._unit = _MILLISECOND
        else:
            self._first = (now, value)  # somebody was there in between: look again
