"""One page of paper as it will come out, and the keys to the next.

Must never: show a page that is not ready as if it were empty.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from client.ui import fonts, theme
from client.ui.output.paper import INK, Paper
from client.ui.paged.painting import dim

_EDGE = 4 * theme.GRID
_BACK = (Qt.Key.Key_PageUp, Qt.Key.Key_Up, Qt.Key.Key_Left)
_ON = (Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Space)


class Preview(QWidget):
    """Shows a paper page by page."""

    failed = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._paper: Paper | None = None
        self._ready = False
        self.page = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Preview")
        self.setMinimumWidth(280)

    def show_paper(self, paper: Paper | None) -> None:
        """Show a paper from its first page; nothing for None."""
        self._paper, self._ready = paper, False
        self.go_to(0)

    def go_to(self, page: int) -> None:
        """Show a page, counted from 0."""
        paper = self._paper
        self.update()
        if paper is None or not 0 <= page < paper.body.count:
            return
        self.page, self._ready = page, False
        self.moved.emit(page)

        def ready() -> None:
            if self._paper is paper and self.page == page:
                self._ready = True
                self.update()

        paper.body.bring(page, ready, self.failed.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the pages."""
        if event.key() in _BACK or event.key() in _ON:
            self.go_to(self.page + (1 if event.key() in _ON else -1))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go through the pages."""
        if delta := event.angleDelta().y():
            self.go_to(self.page + (1 if delta < 0 else -1))
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sheet of paper, all of it."""
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.ground)
        if (paper := self._paper) is not None:
            points = paper.points
            free = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
            scale = min(free.width() / points.width(), free.height() / points.height())
            width, height = points.width() * scale, points.height() * scale
            sheet = QRectF(free.center().x() - width / 2, free.center().y() - height / 2, width, height)
            painter.fillRect(sheet, INK.surface)
            if self.hasFocus():
                painter.setPen(colours.accent)
                painter.drawRect(sheet.adjusted(-3, -3, 3, 3))
            painter.setClipRect(sheet)
            if self._ready:
                painter.translate(sheet.topLeft())
                painter.scale(scale, scale)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paper.draw(painter, self.page)
            else:
                painter.setPen(INK.text)
                painter.setFont(fonts.sans())
                painter.drawText(sheet, Qt.AlignmentFlag.AlignCenter, "Preparing this page …")
            painter.resetTransform()
            dim(painter, sheet)
        painter.end()
