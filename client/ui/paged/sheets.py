"""The pages of a document below one another, with what was found and what is marked.

Owns: what is in sight and asking for its pictures. Must never: follow a link, or draw a page itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from client.session.pages import Box, Picture, Size, Wanted
from client.session.pages import Pages as Source
from client.ui import clipboard, theme
from client.ui.paged.layout import GAP, Layout
from client.ui.paged.painting import paint_marks, paint_page
from client.ui.paged.pictures import MOST, Pictures
from client.ui.paged.searching import Hit, Searching
from client.ui.paged.selecting import Selecting

_SETTLED = 60  # ms without scrolling, after which what is in sight is asked for


class Sheets(QAbstractScrollArea):
    """Pages in a column, scrolled and zoomed."""

    zoom_asked = Signal(int)
    page_changed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Pages of the report")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._source: Source | None = None
        self._sizes: Sequence[Size] = ()
        self._layout: Layout | None = None
        self._zoom = 100
        self._pictures = Pictures()
        self._problems: dict[int, str] = {}
        self._selecting: Selecting | None = None
        self._searching: Searching | None = None
        self._hit: Hit | None = None
        self._placed = False  # where the hit stands was known when it was brought into sight
        self._page = 0
        self._ask = QTimer(self, singleShot=True, interval=_SETTLED)
        self._ask.timeout.connect(self._want)

    def show_document(
        self, source: Source, sizes: Sequence[Size], searching: Searching, selecting: Selecting
    ) -> None:
        """Show an opened document from its first page."""
        self._source, self._sizes = source, sizes
        self._searching, self._selecting = searching, selecting
        self._page = 0
        cursor = Qt.CursorShape.IBeamCursor if source.has_words else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(cursor)
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self._want()
        self.page_changed.emit(0)

    def empty(self) -> None:
        """Show nothing, and let go of every picture."""
        self._source, self._sizes, self._layout = None, (), None
        self._searching = self._selecting = self._hit = None
        self._pictures.clear()
        self._problems.clear()
        self._ask.stop()
        self._arrange()
        self.viewport().update()

    def set_zoom(self, per_cent: int) -> None:
        """Show pages at `per_cent` of the room's width; what was at the top stays there."""
        self._zoom = per_cent
        self._arrange()

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        if self._layout is not None:
            self.verticalScrollBar().setValue(int(self._layout.page(page).top() - GAP))

    def show_hit(self, hit: Hit | None) -> None:
        """Mark this hit above the others, and bring it into sight: again once its place is known."""
        placed = hit is not None and bool(hit.boxes)
        if (hit, placed) != (self._hit, self._placed):
            self._hit, self._placed = hit, placed
            if hit is not None:
                self._bring_into_sight(hit)
        self.viewport().update()

    def _bring_into_sight(self, hit: Hit) -> None:
        if self._layout is None or self._searching is None:
            return
        self._searching.place(hit.page)
        seen = self._seen()
        place = self._layout.box(hit.page, hit.boxes[0]) if hit.boxes else self._layout.page(hit.page)
        if hit.boxes and not seen.contains(place):
            self.verticalScrollBar().setValue(int(place.top() - seen.height() / 3))
            self.horizontalScrollBar().setValue(int(place.left() - seen.width() / 3))
        elif not hit.boxes and not seen.intersects(place):
            self.go_to(hit.page)

    def look_again(self) -> None:
        """Draw anew: more is known of what was found or marked."""
        self.viewport().update()

    @property
    def page(self) -> int:
        """Which page is in sight, the one at the middle."""
        return self._page

    def is_drawn(self, page: int) -> bool:
        """Return whether a page's picture is here."""
        return self._pictures.get(page) is not None

    def _seen(self) -> QRectF:
        left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QRectF(left, top, self.viewport().width(), self.viewport().height())

    def _arrange(self) -> None:
        top = self._seen().top() / self._layout.height if self._layout is not None else 0.0
        room = self.viewport().size()
        self._layout = Layout(self._sizes, room.width(), self._zoom) if self._sizes else None
        whole = self._layout
        across = max(0, int(whole.width) - room.width()) if whole else 0
        down = max(0, int(whole.height) - room.height()) if whole else 0
        self.horizontalScrollBar().setRange(0, across)
        self.horizontalScrollBar().setPageStep(room.width())
        self.verticalScrollBar().setRange(0, down)
        self.verticalScrollBar().setPageStep(max(room.height() - 40, 40))
        if whole is not None:
            self.verticalScrollBar().setValue(round(top * whole.height))
            self.horizontalScrollBar().setValue(across // 2)
        self._ask.start()
        self.viewport().update()

    def _scrolled(self) -> None:
        if self._layout is not None:
            page = self._layout.at(self._seen().center().y())
            if page != self._page:
                self._page = page
                self.page_changed.emit(page)
        self._ask.start()
        self.viewport().update()

    def _want(self) -> None:
        """Ask for what is in sight and not sharp, then for its neighbours."""
        if self._source is None or self._layout is None:
            return
        seen = self._seen()
        near = self._layout.between(seen.top(), seen.bottom())
        after = range(near.stop, min(near.stop + 1, len(self._sizes)))
        before = range(max(near.start - 1, 0), near.start)
        lacking = (Wanted(page, self._scale(page)) for page in (*near, *after, *before))
        wanted = [each for each in lacking if each.page not in self._problems and not self._is_sharp(*each)]
        self._source.draw(wanted, self._drawn, self._not_drawn)
        if self._searching is not None:
            for page in near:
                self._searching.place(page)

    def _scale(self, page: int) -> float:
        size = self._sizes[page]
        asked = (self._layout.scale if self._layout else 1.0) * self.devicePixelRatioF()
        return min(asked, sqrt(MOST / (size.width * size.height)))

    def _is_sharp(self, page: int, scale: float) -> bool:
        image = self._pictures.get(page)
        return image is not None and abs(image.width() - self._sizes[page].width * scale) <= 1.5

    def _drawn(self, picture: Picture) -> None:
        self._pictures.keep(picture)
        self.viewport().update()

    def _not_drawn(self, page: int, sentence: str) -> None:
        self._problems[page] = sentence
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pages in sight: their pictures, or paper until they are here."""
        painter = QPainter(self.viewport())
        colours = theme.current()
        painter.fillRect(event.rect(), colours.ground)
        layout = self._layout
        if layout is not None:
            seen = self._seen()
            painter.translate(-seen.topLeft())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for page in layout.between(seen.top(), seen.bottom()):
                place, problem = layout.page(page), self._problems.get(page)
                paint_page(painter, place, seen, page, self._pictures.get(page), problem)
                paint_marks(painter, *self._marks(layout, page))
        painter.end()

    def _marks(self, layout: Layout, page: int) -> tuple[list[QRectF], list[QRectF], list[QRectF]]:
        """Return where on a page words are marked, found, and the hit the reader is at."""
        marked: list[Box] = []
        if self._selecting is not None and self._selecting.page == page:
            marked = self._selecting.boxes()
        hits = self._searching.on(page) if self._searching is not None else []
        found = [box for hit in hits for box in hit.boxes]
        at = self._hit.boxes if self._hit is not None and self._hit.page == page else []
        return (
            [layout.box(page, box) for box in marked],
            [layout.box(page, box) for box in found],
            [layout.box(page, box) for box in at],
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to mark words."""
        where = self._on_page(event.position())
        if where is not None and self._selecting is not None and event.button() is Qt.MouseButton.LeftButton:
            self._selecting.begin(*where)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark more."""
        where = self._on_page(event.position(), self._selecting.page if self._selecting else None)
        if where is not None and self._selecting is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._selecting.extend(where[1], where[2])
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the release for itself: nothing on a page can be followed."""
        event.accept()

    def _on_page(self, point: QPointF, page: int | None = None) -> tuple[int, float, float] | None:
        if self._layout is None or self._source is None or not self._source.has_words:
            return None
        at = point + self._seen().topLeft()
        number = self._layout.at(at.y()) if page is None or page < 0 else page
        place, scale = self._layout.page(number), self._layout.scale
        return number, (at.x() - place.x()) / scale, (at.y() - place.y()) / scale

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, mark all, go through the pages."""
        selecting, bar = self._selecting, self.verticalScrollBar()
        if selecting is not None and event.matches(QKeySequence.StandardKey.Copy):
            clipboard.current().put(selecting.text())
        elif selecting is not None and event.matches(QKeySequence.StandardKey.SelectAll):
            selecting.mark_all(self._page)
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() == Qt.Key.Key_Space:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            bar.setValue(bar.value() + (-1 if back else 1) * bar.pageStep())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if delta := event.angleDelta().y():
                self.zoom_asked.emit(1 if delta > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the width of the pages to the room's."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.viewport().update()
