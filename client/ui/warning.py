"""The warning: a strip along the bottom edge that counts down to the end of the session.

At the bottom, because Sign out is at the top and must stay in reach.
Must never: be a dialog, take the focus from what it warns about, or swallow the key that answers it.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from client.ui import fonts, theme
from client.ui.formats import countdown

_HEIGHT = 10 * theme.GRID  # px
_RUNNING_OUT = theme.GRID  # px: the bar that grows shorter
_SAID_AT = tuple(timedelta(seconds=seconds) for seconds in (60, 30, 10))


class WarningStrip(QWidget):
    """Shown over the edge of `parent` while `show_remaining` is called; hide it when the user is back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._words = ""
        self._whole = self._remaining = timedelta(0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFont(fonts.sans(fonts.BODY, strong=True))
        self.hide()

    def show_remaining(self, remaining: timedelta) -> None:
        """Show, or go on showing, how long is left; a warning's first call says how long it is in all."""
        if not self.isVisible():
            self._whole = self._remaining = remaining
            self.fit()
            self.show()
        self.raise_()
        before, self._remaining = self._remaining, remaining
        words = f"Signing out in {countdown(remaining)}  ·  press any key to stay"
        if words == self._words:
            return
        self._words = words
        self.setAccessibleName(words)
        self.update()
        spoken = before == self._whole or any(remaining <= said < before for said in _SAID_AT)
        if spoken and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def fit(self) -> None:
        """Lie along the bottom edge again, after the window's size changed."""
        window = self._window
        self.setGeometry(0, window.height() - _HEIGHT, window.width(), _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words, and under them how much of the time is left."""
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.caution)
        painter.setPen(colours.on_caution)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        share = self._remaining / self._whole if self._whole else 0.0
        bar = QRect(0, _HEIGHT - _RUNNING_OUT, round(self.width() * min(1.0, share)), _RUNNING_OUT)
        painter.fillRect(bar, colours.on_caution)
        painter.end()
