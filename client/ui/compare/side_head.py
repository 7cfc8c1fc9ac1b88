"""The head of one side of a comparison: its own standing, exam and date. Whose it is stands in the banner.

Must never: name the patient, or leave the status out.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.model.report import Report
from client.ui import badge, fonts, formats, theme
from client.ui.lettering import Lettering
from client.ui.report import style
from client.ui.tip import set_tooltip

HEIGHT = 52  # px: what the banner gives up while it is shared


class SideHead(QWidget):
    """Two rows: badges and exam, then the date and what this side is."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self._marks: Sequence[badge.Badge] = ()
        self._strong = self._plain = ""
        self._strong_letters = Lettering(fonts.sans(15, strong=True))
        self._plain_letters = Lettering(fonts.sans(13))
        self.setAccessibleName(name)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_report(self, report: Report, what: str) -> None:
        """Show a report's standing; `what` says which side this is."""
        marks = [badge.CRITICAL] if report.critical else []
        number = f"v{formats.isolate(report.version)}" if 0 < len(report.version) <= 5 else ""
        date = formats.when(report.date) or "Date unknown"
        self.show_words(
            (*marks, badge.status(report.status)),
            formats.isolate(report.exam) or "Exam not named",
            "  ·  ".join(filter(None, (date, number, what))),
        )

    def show_words(self, marks: Sequence[badge.Badge], strong: str, plain: str) -> None:
        """Show badges and two lines of words."""
        self._marks, self._strong, self._plain = marks, strong, plain
        set_tooltip(self, self.spoken())
        self.update()

    def spoken(self) -> str:
        """Return all that is shown, in full."""
        return " ".join((*(mark.meaning for mark in self._marks), f"{self._strong}.", self._plain))

    def empty(self) -> None:
        """Show nothing, and give the room back."""
        self.hide()
        self.show_words((), "", "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the two rows."""
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colours.line)
        row = QRectF(style.MARGIN, 5, self.width() - 2.0 * style.MARGIN, 20)
        for mark in self._marks:
            row.setLeft(badge.paint(painter, QPointF(row.left(), row.top()), mark).right() + 8)
        painter.setPen(colours.text)
        self._draw(painter, self._strong_letters, row, self._strong)
        painter.setPen(colours.secondary)
        below = QRectF(style.MARGIN, 28, self.width() - 2.0 * style.MARGIN, 18)
        self._draw(painter, self._plain_letters, below, self._plain)
        painter.end()

    @staticmethod
    def _draw(painter: QPainter, letters: Lettering, box: QRectF, words: str) -> None:
        if letters.width(words) > box.width():
            words = letters.metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, box.width()))
        letters.draw(painter, box.left(), box.top() + letters.middle(box.height()), words)
