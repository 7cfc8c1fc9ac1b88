"""One place for what went wrong: a sign, a sentence, and how long to wait where one must.

Must never: take the focus.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from client.clock import Clock
from client.ui import theme
from client.ui.words import Words

_SECOND = 1000  # ms


class ProblemLine(QWidget):
    """A sentence beside a warning sign, `width` pixels in all; `over` when a wait has passed."""

    over = Signal()

    def __init__(self, clock: Clock, width: int) -> None:
        super().__init__()
        self._clock = clock
        self._sentence = ""
        self._until = timedelta(0)
        self._sign = QLabel()
        self._sign.setFixedSize(theme.ICON, theme.ICON)
        self._words = Words(width=width - theme.ICON - 2 * theme.GRID)
        column = QVBoxLayout()
        column.addWidget(self._sign)
        column.addStretch(1)
        beside = QVBoxLayout()
        beside.addWidget(self._words)
        beside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.GRID)
        row.addLayout(column)
        row.addLayout(beside)
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._count)

    def show_problem(self, sentence: str, wait: timedelta) -> None:
        """Say `sentence`, and count `wait` down under it where it is not zero."""
        from client.ui import icons  # here, as below: nothing goes wrong before the first paint

        self._sentence = sentence
        self._until = self._clock.elapsed() + wait
        self._tick.stop()
        if wait:
            self._tick.start()
        self._sign.setPixmap(
            icons.pixmap("triangle-alert", theme.current().caution, theme.ICON, self.devicePixelRatioF())
        )
        self._say()
        self._announce()

    def clear(self) -> None:
        """Say nothing."""
        self._tick.stop()
        self._sentence = ""
        self._sign.clear()
        self._words.setText("")

    def _count(self) -> None:
        if self._clock.elapsed() < self._until:
            self._say()
            return
        self.clear()
        self.over.emit()

    def _say(self) -> None:
        from client.ui.formats import countdown

        wait = self._until - self._clock.elapsed()
        counting = f"\nYou can try again in {countdown(wait)}." if self._tick.isActive() else ""
        self._words.setText(self._sentence + counting)

    def _announce(self) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._words.text()))
