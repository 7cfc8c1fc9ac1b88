"""Small pictures of the pages, beside them: to see where one is, and to go elsewhere.

Owns: which of them are in sight. Must never: be needed to read a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from client.session.pages import Pages, Picture, Size, Wanted
from client.ui import fonts, theme
from client.ui.paged.painting import paint_page
from client.ui.paged.pictures import Pictures

WIDTH = 132  # px: the rail
_PICTURE = 92  # px: the longer side's bound
_STEP = 124  # px from one to the next
_BOUND = 16 * 1024 * 1024


class Thumbnails(QAbstractScrollArea):
    """A rail of pages; the one in sight is framed."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Small pictures of the pages")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(_STEP // 2)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._source: Pages | None = None
        self._sizes: Sequence[Size] = ()
        self._pictures = Pictures(_BOUND)
        self._page = 0
        self._ask = QTimer(self, singleShot=True, interval=120)
        self._ask.timeout.connect(self._want)

    def show_document(self, source: Pages, sizes: Sequence[Size]) -> None:
        """Show an opened document's pages."""
        self._source, self._sizes, self._page = source, sizes, 0
        self._arrange()
        self._ask.start()

    def empty(self) -> None:
        """Show nothing."""
        self._source, self._sizes = None, ()
        self._pictures.clear()
        self._ask.stop()
        self._arrange()

    def show_page(self, page: int) -> None:
        """Frame the page that is in sight, and bring its picture there too."""
        self._page = page
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if not bar.value() <= page * _STEP <= bar.value() + height - _STEP:
            bar.setValue(page * _STEP - (height - _STEP) // 2)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Return the rail's width."""
        return QSize(WIDTH, 4 * _STEP)

    def _arrange(self) -> None:
        room = self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, len(self._sizes) * _STEP - room))
        self.verticalScrollBar().setPageStep(room)
        self.viewport().update()

    def _scrolled(self) -> None:
        self._ask.start()
        self.viewport().update()

    def _in_sight(self) -> range:
        top = self.verticalScrollBar().value()
        return range(top // _STEP, min((top + self.viewport().height()) // _STEP + 1, len(self._sizes)))

    def _want(self) -> None:
        if self._source is None or not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        wanted = [
            Wanted(page, _PICTURE / max(self._sizes[page]) * ratio)
            for page in self._in_sight()
            if self._pictures.get(page) is None
        ]
        self._source.draw(wanted, self._drawn, lambda *_: None, small=True)

    def _drawn(self, picture: Picture) -> None:
        self._pictures.keep(picture)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures in sight, their numbers, and the frame."""
        painter = QPainter(self.viewport())
        colours = theme.current()
        painter.fillRect(event.rect(), colours.surface)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page in self._in_sight():
            here = page == self._page
            place = self._place(page)
            image = self._pictures.get(page)
            if image is None:
                painter.fillRect(place, colours.raised)
            else:
                paint_page(painter, place, place, page, image, None)
            painter.setPen(QPen(colours.accent if here else colours.edge, 2 if here else 1))
            painter.drawRect(place.adjusted(-1, -1, 1, 1))
            painter.setPen(colours.bright if here else colours.secondary)
            painter.setFont(fonts.sans(fonts.SMALL, strong=here))
            below = QRect(0, int(place.bottom()) + 3, self.viewport().width(), 18)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(page + 1))
        painter.end()

    def _place(self, page: int) -> QRectF:
        size = self._sizes[page]
        scale = _PICTURE / max(size)
        width, height = size.width * scale, size.height * scale
        top = page * _STEP - self.verticalScrollBar().value() + 6
        return QRectF((self.viewport().width() - width) / 2, top + (_PICTURE - height), width, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the page under the pointer."""
        page = (self.verticalScrollBar().value() + int(event.position().y())) // _STEP
        if 0 <= page < len(self._sizes):
            self.chosen.emit(page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the page before or after."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.chosen.emit(min(max(self._page + step, 0), len(self._sizes) - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for what is in sight now."""
        super().resizeEvent(event)
        self._arrange()
        self._ask.start()
