"""Windows: input idle time, and what the system tells a window of locking, sleeping and switching.

Owns: the meaning of the numbers. Must never: import a window toolkit; the ui hands in what its native event
filter saw.
Written from the documentation and tested against fakes: never run on Windows.
GetLastInputInfo, WTSRegisterSessionNotification, WM_WTSSESSION_CHANGE, WM_POWERBROADCAST.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from client.reasons import EndReason

WM_POWERBROADCAST = 0x0218
WM_WTSSESSION_CHANGE = 0x02B1
_PBT_APMSUSPEND = 0x0004
_NOTIFY_FOR_THIS_SESSION = 0

_SESSION_CHANGES = {
    0x2: EndReason.USER_SWITCHED,  # WTS_CONSOLE_DISCONNECT
    0x4: EndReason.USER_SWITCHED,  # WTS_REMOTE_DISCONNECT
    0x6: EndReason.USER_SWITCHED,  # WTS_SESSION_LOGOFF
    0x7: EndReason.SCREEN_LOCKED,  # WTS_SESSION_LOCK
}
_TICKS = 2**32  # GetTickCount goes round every 49.7 days


class _LastInput(ctypes.Structure):  # LASTINPUTINFO
    _fields_ = [("cbSize", ctypes.c_uint32), ("dwTime", ctypes.c_uint32)]


class User(Protocol):
    """The part of user32 that is used."""

    def GetLastInputInfo(self, info: Any) -> int:
        """Fill in the tick of the last input; 0 when it failed."""
        ...


class Kernel(Protocol):
    """The part of kernel32 that is used."""

    def GetTickCount(self) -> int:
        """Return the milliseconds since the start of the system, modulo 2**32."""
        ...


class Terminal(Protocol):
    """The part of wtsapi32 that is used."""

    def WTSRegisterSessionNotification(self, window: int, flags: int) -> int:
        """Have WM_WTSSESSION_CHANGE sent to a window; 0 when it failed."""
        ...


def input_idle(user: User | None = None, kernel: Kernel | None = None) -> Callable[[], timedelta | None]:
    """Return a source of the time since the last input of this login session."""
    user32: User = user or getattr(ctypes, "windll").user32  # noqa: B009 (only Windows' ctypes has it)
    kernel32: Kernel = kernel or getattr(ctypes, "windll").kernel32  # noqa: B009

    def idle() -> timedelta | None:
        info = _LastInput(cbSize=ctypes.sizeof(_LastInput))
        if not user32.GetLastInputInfo(ctypes.byref(info)):
            return None
        return timedelta(milliseconds=((kernel32.GetTickCount() & (_TICKS - 1)) - info.dwTime) % _TICKS)

    return idle


def listen_to_session(window: int, terminal: Terminal | None = None) -> bool:
    """Have Windows tell this window (its handle) of session changes; return whether it will."""
    wtsapi: Terminal = terminal or getattr(ctypes, "windll").wtsapi32  # noqa: B009
    return bool(wtsapi.WTSRegisterSessionNotification(window, _NOTIFY_FOR_THIS_SESSION))


def meaning(message: int, parameter: int) -> EndReason | None:
    """Return why a session has to end after this window message and its wParam; None if it does not."""
    if message == WM_WTSSESSION_CHANGE:
        return _SESSION_CHANGES.get(parameter)
    if message == WM_POWERBROADCAST and parameter == _PBT_APMSUSPEND:
        return EndReason.SUSPENDED
    return None
