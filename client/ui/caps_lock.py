"""Whether Caps Lock is on, told while a password is typed.

Owns: asking X11 or Windows; where neither is there (Wayland, macOS) the letters that arrive tell.
Must never: keep or pass on what is typed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent


class CapsLock(QObject):
    """Watches one field, from when it first has the focus; `changed` says whether to warn its user."""

    changed = Signal(bool)

    def __init__(self, app: QApplication, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._on = False
        self._ask = _system()
        field.installEventFilter(self)
        app.focusChanged.connect(self._follow_focus)

    def look(self) -> None:
        """Ask the system, where it can be asked."""
        if self._ask is not None:
            self._tell(self._ask())

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is self._field:
            self.look()
        else:
            self._tell(False)

    def eventFilter(self, _field: QObject, event: QEvent) -> bool:
        """Look with every key, and pass everything on."""
        kind = event.type()
        if kind == event.Type.KeyPress or kind == event.Type.KeyRelease:
            self._look_at(event)  # type: ignore[arg-type]  # Qt gives key events these types
        return False

    def _look_at(self, key: QKeyEvent) -> None:
        if self._ask is not None:
            self.look()
        elif key.type() == key.Type.KeyPress:
            from PySide6.QtCore import Qt

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
    if QApplication.platformName() == "xcb":
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
