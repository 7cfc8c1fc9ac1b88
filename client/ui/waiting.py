"""Waiting for an answer: how long already, and a way out, in the place of the button that started it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from client.clock import Clock
from client.ui import theme
from client.ui.words import Words

_SECOND = 1000  # ms
_SAY_AFTER = timedelta(seconds=2)  # an answer that comes at once needs no figures


class WaitingRow(QWidget):
    """Words, seconds and [Cancel]; counts only while shown."""

    def __init__(self, words: str, clock: Clock) -> None:
        super().__init__()
        self._words = words
        self._clock = clock
        self._since = clock.elapsed()
        self._label = Words(words)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Cancel signing in")
        self.cancel.setAutoDefault(True)  # Enter presses it
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self._label, 1)
        row.addWidget(self.cancel)
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._count)

    def start(self) -> None:
        """Begin to count and take the focus, so that one key cancels."""
        self._since = self._clock.elapsed()
        self._count()
        self._tick.start()
        self.cancel.setFocus()

    def stop(self) -> None:
        """Stop counting."""
        self._tick.stop()

    def _count(self) -> None:
        waited = self._clock.elapsed() - self._since
        seconds = f"  {waited // timedelta(seconds=1)} s" if waited >= _SAY_AFTER else ""
        self._label.setText(self._words + seconds)
