"""The password on the sign-in page: its field, Show, and the line that says that Caps Lock is on.

Owns: the password while it is typed. Must never: leave one uncovered where somebody else may be looking, or
keep one that nobody goes on typing. It is on the start-up path: what is not seen at first is made later.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from client.ui import fonts, numbers
from client.ui.words import Words

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer

    from client.ui.caps_lock import CapsLock

FORGOTTEN_AFTER = timedelta(minutes=2)
_LONGEST = 512  # characters of a user name or a password


class Password(QObject):
    """Three widgets for the page to place: `field`, `show` and `caution`."""

    def __init__(self, app: QApplication, parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self._caps_lock: CapsLock | None = None
        self._typed: QTimer | None = None
        self.field = typed_field("Password")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.show = QPushButton("Show")
        self.show.setProperty("role", "inline")
        self.show.setCheckable(True)
        self.show.setFont(fonts.sans(fonts.SMALL))
        self.show.setAccessibleName("Show password")
        self.show.setAutoDefault(True)  # Enter presses it
        self.caution = Words(role="caution", pixels=fonts.SMALL)
        self.show.toggled.connect(self._uncover)
        self.field.textEdited.connect(self._keep_a_while)
        app.focusChanged.connect(self._follow_focus)

    def take(self) -> str:
        """Return what was typed, which is then out of the field."""
        typed = self.field.text()
        self.clear()
        return typed

    def clear(self) -> None:
        """Empty the field and cover it again."""
        self.show.setChecked(False)
        self.field.clear()

    def _keep_a_while(self) -> None:
        from PySide6.QtCore import QTimer

        if self._typed is None:
            self._typed = QTimer(self, singleShot=True, interval=FORGOTTEN_AFTER // timedelta(milliseconds=1))
            self._typed.timeout.connect(self._forget)
        self._typed.start()

    def _forget(self) -> None:
        if self.field.text():
            self.clear()
            self.caution.setText("Not sent for 2 minutes, so the password was taken out.")

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or now.window() is not self.field.window():
            self.show.setChecked(False)  # somebody else may be looking
        if now is self.field and self._caps_lock is None:
            from client.ui.caps_lock import CapsLock

            self._caps_lock = CapsLock(self._app, self.field)
            self._caps_lock.changed.connect(lambda on: self.caution.setText("Caps Lock is on." if on else ""))
            self._caps_lock.look()

    def _uncover(self, on: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
        self.field.setEchoMode(mode)
        self.show.setText("Hide" if on else "Show")


def typed_field(name: str) -> QLineEdit:
    """Return a field for something that is typed as it is: no capitals, no corrections, not remembered."""
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setMaxLength(_LONGEST)
    field.setProperty("inputMethodHints", numbers.TYPED_AS_IS)
    field.setFont(fonts.sans(fonts.BODY))
    return field
