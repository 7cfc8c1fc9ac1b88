"""One place for what went wrong: a sign, a sentence, and how long to wait where one must.

Owns: the room it takes, kept free while there is nothing to say. Must never: take the focus.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.clock import Clock
from client.ui import theme
from client.ui.formats import countdown
from client.ui.words import Words

_SECOND = 1000  # ms
_SIGN = 16  # px
_LINES = 3  # kept free


class ProblemLine(QWidget):
    """A sentence beside a warning sign; `over` when a wait has passed."""

    over = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._sentence = ""
        self._until = timedelta(0)
        self._label = Words()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._label)
        column.addStretch(1)
        beside = _SIGN + 2 * theme.GRID
        rtl = QGuiApplication.isRightToLeft()
        self._label.setContentsMargins(0 if rtl else beside, 0, beside if rtl else 0, 0)
        self.setMinimumHeight(_LINES * self._label.fontMetrics().lineSpacing())
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._count)

    def show_problem(self, sentence: str, wait: timedelta) -> None:
        """Say `sentence`, and count `wait` down under it where it is not zero; "" clears."""
        self._sentence = sentence
        self._until = self._clock.elapsed() + wait
        self._tick.stop()
        if wait:
            self._tick.start()
        self._say()
        self.update()
        if sentence and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._label.text()))

    def clear(self) -> None:
        """Say nothing."""
        self.show_problem("", timedelta(0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sign: a triangle with a stroke, told from its shape."""
        if not self._sentence:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.width() - _SIGN if QGuiApplication.isRightToLeft() else 0, 1)
        pen = QPen(theme.current().caution, 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        sign = QPainterPath(QPointF(8, 2))
        sign.lineTo(15, 14)
        sign.lineTo(1, 14)
        sign.closeSubpath()
        painter.drawPath(sign)
        painter.drawLine(QPointF(8, 6.5), QPointF(8, 9.5))
        painter.drawPoint(QPointF(8, 11.8))
        painter.end()

    def _count(self) -> None:
        if self._clock.elapsed() < self._until:
            self._say()
            return
        self.clear()
        self.over.emit()

    def _say(self) -> None:
        wait = self._until - self._clock.elapsed()
        counting = f"\nYou can try again in {countdown(wait)}." if self._tick.isActive() else ""
        self._label.setText(self._sentence + counting)
        self._label.setAccessibleName(self._sentence)
