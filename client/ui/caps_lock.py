"""Whether Caps Lock is on, told while a password is typed.

Owns: asking X11 or Windows; where neither is there (Wayland, macOS) the letters that arrive tell.
Must never: keep or pass on what is typed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget


class CapsLock(QObject):
    """Watches one field; `changed` says whether its user should be warned."""

    changed = Signal(bool)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._on = False
        self._ask: Callable[[], bool] | None = None
        self._asked = False
        field.installEventFilter(self)

    def eventFilter(self, _field: QObject, event: QEvent) -> bool:
        """Look at the key's state with every key, and pass everything on."""
        kind = event.type()
        if kind is QEvent.Type.FocusIn:
            self._look(None)
        elif isinstance(event, QKeyEvent) and kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self._look(event)
        elif kind is QEvent.Type.FocusOut:
            self._tell(False)
        return False

    def _look(self, key: QKeyEvent | None) -> None:
        if not self._asked:  # not sooner: the sign-in page must not wait for ctypes
            self._asked, self._ask = True, _system()
        if self._ask is not None:
            self._tell(self._ask())
        elif key is not None and key.type() is QEvent.Type.KeyPress:
            told = letter_tells(key.text(), bool(key.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            if told is not None:
                self._tell(told)

    def _tell(self, on: bool) -> None:
        if on is not self._on:
            self._on = on
            self.changed.emit(on)


def letter_tells(text: str, shift: bool) -> bool | None:
    """Return whether a typed letter shows Caps Lock on or off; None if it is no letter with two cases."""
    if len(text) != 1 or text.lower() == text.upper():
        return None
    return text.isupper() is not shift


def _system() -> Callable[[], bool] | None:
    if sys.platform == "win32":
        import ctypes

        state = ctypes.windll.user32.GetKeyState
        return lambda: bool(state(0x14) & 1)  # VK_CAPITAL, toggled
    if QGuiApplication.platformName() == "xcb":
        return _x11()
    return None


def _x11() -> Callable[[], bool] | None:
    import ctypes

    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XkbGetIndicatorState.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint,
        ctypes.POINTER(ctypes.c_uint),
    )
    # Kept open until the process ends, which is when the session ends.
    display = x11.XOpenDisplay(None)
    if not display:
        return None

    def ask() -> bool:
        lamps = ctypes.c_uint(0)
        x11.XkbGetIndicatorState(display, 0x100, ctypes.byref(lamps))  # XkbUseCoreKbd
        return bool(lamps.value & 1)

    return ask
