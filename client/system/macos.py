"""macOS: input idle time, and whether the screen is locked, another user is in front, or the Mac has slept.

Owns: the calls and the meaning of their answers. Must never: import a window toolkit or a bridge to Cocoa.
The state of the login session is asked for again and again (a look costs microseconds): notifications would
need a run loop of Cocoa's own in some thread.
Written from the documentation and tested against fakes: never run on macOS.
CGSessionCopyCurrentDictionary, CFDictionaryGetValue, CGEventSourceSecondsSinceLastEventType.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from client.reasons import EndReason

_FRAMEWORKS = "/System/Library/Frameworks"
_SERVICES = f"{_FRAMEWORKS}/ApplicationServices.framework/ApplicationServices"
_FOUNDATION = f"{_FRAMEWORKS}/CoreFoundation.framework/CoreFoundation"
_OBJECTIVE_C = "/usr/lib/libobjc.dylib"
_COMBINED_SESSION = 0  # kCGEventSourceStateCombinedSessionState
_ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_LOCKED = "CGSSessionScreenIsLocked"  # only there while it is
_IN_FRONT = "kCGSSessionOnConsoleKey"
SLEPT = timedelta(seconds=3)  # this much more on the clock that counts sleep


class LoginSession:
    """What the window server says of this login session; call it for the reason to end, if there is one.

    `counting` counts sleep, `awake` does not: when they part, the Mac has slept.
    """

    def __init__(
        self,
        counting: Callable[[], timedelta],
        awake: Callable[[], timedelta],
        services: Any = None,
        foundation: Any = None,
    ) -> None:
        self._counting, self._awake = counting, awake
        self._ahead = counting() - awake()
        self._core = foundation or ctypes.CDLL(_FOUNDATION)
        self._copy = (services or ctypes.CDLL(_SERVICES)).CGSessionCopyCurrentDictionary
        self._copy.restype = ctypes.c_void_p
        self._core.CFStringCreateWithCString.restype = ctypes.c_void_p
        self._core.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
        self._core.CFDictionaryGetValue.restype = ctypes.c_void_p
        self._core.CFDictionaryGetValue.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        self._core.CFBooleanGetValue.restype = ctypes.c_bool
        self._core.CFBooleanGetValue.argtypes = [ctypes.c_void_p]
        self._core.CFRelease.argtypes = [ctypes.c_void_p]
        self._names = {name: self._core.CFStringCreateWithCString(None, name.encode(), _UTF8)
                       for name in (_LOCKED, _IN_FRONT)}  # fmt: skip

    def __call__(self) -> EndReason | None:
        """Look."""
        before, self._ahead = self._ahead, self._counting() - self._awake()
        if self._ahead - before >= SLEPT:
            return EndReason.SUSPENDED
        session = self._copy()
        if not session:
            return None  # no window server: nothing is shown either
        try:
            if self._says(session, _LOCKED) is True:
                return EndReason.SCREEN_LOCKED
            return EndReason.USER_SWITCHED if self._says(session, _IN_FRONT) is False else None
        finally:
            self._core.CFRelease(session)

    def _says(self, session: int, name: str) -> bool | None:
        value = self._core.CFDictionaryGetValue(session, self._names[name])
        return bool(self._core.CFBooleanGetValue(value)) if value else None


def event_idle(services: Any = None) -> Callable[[], timedelta | None]:
    """Return a source of the time since the last input event of this login session."""
    library = services or ctypes.CDLL(_SERVICES)
    ask = library.CGEventSourceSecondsSinceLastEventType
    ask.restype = ctypes.c_double
    ask.argtypes = [ctypes.c_int32, ctypes.c_uint32]

    def idle() -> timedelta | None:
        seconds = float(ask(_COMBINED_SESSION, _ANY_INPUT))
        return timedelta(seconds=seconds) if seconds >= 0 else None

    return idle


def conceal_pasteboard(objective_c: Any = None) -> None:
    """Mark what this process just copied as concealed, for clipboard managers (nspasteboard.org)."""
    library = objective_c or ctypes.CDLL(_OBJECTIVE_C)
    library.objc_getClass.restype = library.sel_registerName.restype = ctypes.c_void_p
    library.objc_getClass.argtypes = library.sel_registerName.argtypes = [ctypes.c_char_p]

    def send(receiver: int, message: bytes, *arguments: object) -> int:
        kinds = [ctypes.c_char_p if isinstance(each, bytes) else ctypes.c_void_p for each in arguments]
        call = ctypes.cast(
            library.objc_msgSend,
            ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, *kinds),
        )
        return call(receiver, library.sel_registerName(message), *arguments) or 0

    board = send(library.objc_getClass(b"NSPasteboard"), b"generalPasteboard")
    string = library.objc_getClass(b"NSString")
    kind = send(string, b"stringWithUTF8String:", b"org.nspasteboard.ConcealedType")
    empty = send(string, b"stringWithUTF8String:", b"")
    send(board, b"setString:forType:", empty, kind)
