"""The table: a QTableView that draws its own rows.

Owns: selection, pointer, keys, column widths, and that nothing jumps: rows that arrive move neither the row
under the pointer nor the selected one. Must never: decide what is shown (the view does), or open anything.

Qt would call a delegate once for each cell of each frame; here one call draws all rows that are visible, and
selection, scrolling, headers and accessibility stay Qt's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from client.model.report import Report
from client.session.view import Column
from client.ui import theme
from client.ui.keys.binding import pressed
from client.ui.keys.table import Key
from client.ui.worklist import columns
from client.ui.worklist.excerpts import Excerpts
from client.ui.worklist.model import WorklistModel
from client.ui.worklist.painting import EXCERPT, NARROW_ROW, WIDE_ROW, RowPainter

_NOUGHTS = str.maketrans("123456789", "0" * 9)


class WorklistTable(QTableView):
    """Shows a WorklistModel; see the module."""

    chosen = Signal(int)  # Enter or a double click (a click in the narrow list) on this place
    stepped = Signal(int)  # J (+1) or K (-1)
    left_with_escape = Signal()
    heads_menu_wanted = Signal(QPoint)
    resized = Signal()

    def __init__(self, model: WorklistModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows_model = model
        self._bar = self.verticalScrollBar()  # kept: asking Qt for it takes longer than what is done with it
        self._painter = RowPainter()
        self._pointer: QPointF | None = None
        self._by_hand = False  # the user chose the column widths
        self._identifier = 0  # px: the room that the widest identifier takes
        self._measured: set[str] = set()
        self._fitting = False
        self._restoring = False
        self.excerpts = Excerpts(self)
        self.excerpts.arrived.connect(self._redraw_searched)
        self.from_portal: frozenset[str] = frozenset()  # keys of what was found there, for this query
        self.setModel(model)
        self.setAccessibleName("Worklist")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setAutoScroll(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        # Two rows change with a click; Qt draws them without what lies beneath, and scrolls by moving pixels.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setDragEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(WIDE_ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(WIDE_ROW)
        heads = self.horizontalHeader()
        heads.setAccessibleName("Columns of the worklist")
        heads.setHighlightSections(False)
        heads.setSectionsClickable(True)
        heads.setSortIndicatorShown(True)
        heads.setMinimumSectionSize(28)
        heads.setFixedHeight(WIDE_ROW)
        heads.setTextElideMode(Qt.TextElideMode.ElideRight)
        heads.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        heads.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        heads.customContextMenuRequested.connect(
            lambda at: self.heads_menu_wanted.emit(heads.mapToGlobal(at))
        )
        heads.sectionResized.connect(self._resized_by_hand)

    def set_narrow(self, narrow: bool) -> None:
        """Show two-line rows without column heads, or the full table."""
        model = self._rows_model
        if narrow == model.narrow:
            return
        place, y = self._anchor() or (None, 0)
        model.narrow = narrow
        self._fitting = True  # Qt tells of columns that hide and come back as it does of those the user moves
        try:
            self.horizontalHeader().setVisible(not narrow)
            for column in range(1, len(columns.HEADINGS)):
                self.setColumnHidden(column, narrow)
            self.verticalHeader().setDefaultSectionSize(self.row_height)
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if narrow else Qt.ScrollBarPolicy.ScrollBarAsNeeded
            self.setHorizontalScrollBarPolicy(policy)
            self._fit_columns()
            self.executeDelayedItemsLayout()
            self.updateGeometries()  # or the bar would not reach as far as the rows do by now
        finally:
            self._fitting = False
        if place is not None:
            self._scroll_to(model.rows.index(place), y)
        current = self.currentIndex()
        if current.isValid():
            self.scrollTo(current)
        self.viewport().update()

    def make_room(self, identifiers: Iterable[str]) -> None:
        """Make the column as wide as these identifiers need, within bounds; it never gets narrower again."""
        # A figure takes no more room than a nought: of ten thousand numbers a few shapes are to be measured.
        shapes = {identifier.translate(_NOUGHTS) for identifier in identifiers} - self._measured
        self._measured |= shapes
        needed = max(map(self._painter.room_for, shapes), default=0)
        if needed > self._identifier:
            self._identifier = needed
            if not self._rows_model.narrow:
                self._fit_columns()

    @property
    def row_height(self) -> int:
        """The height of every row, in pixels at 100 %."""
        model = self._rows_model
        return (NARROW_ROW if model.narrow else WIDE_ROW) + (EXCERPT if model.searched else 0)

    def show_rows(self, rows: list[int], *, hold: bool, redraw: bool = True, searched: bool = False) -> None:
        """Show these rows; with `hold`, what the user looks at or points at stays where it is.

        `searched` gives every row a second line that shows where it was found.
        The selected report stays selected while it is among them. Without `redraw`, what is in sight is drawn
        again only if other rows stand there: most of a worklist comes in far below.
        """
        model = self._rows_model
        if rows == model.rows and searched is model.searched:
            if hold and redraw:  # newer versions in the same places
                self.viewport().update()
            return
        before = self._in_sight()
        anchor = self._anchor() if hold else None
        current = self.currentIndex().row()
        selected = model.rows[current] if current >= 0 else None
        in_sight = 0 <= current * self.row_height - self._bar.value() < self.viewport().height()
        self._restoring = True
        # Qt would draw everything anew for any row that comes; updatesEnabled does so when it is set again.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, True)
        try:
            higher, model.searched = searched is not model.searched, searched
            if higher:
                self.verticalHeader().setDefaultSectionSize(self.row_height)
            if rows != model.rows:
                model.set_rows(rows)
            self.executeDelayedItemsLayout()
            if higher:
                self.updateGeometries()  # or the bar would not reach as far as the rows do by now
        finally:
            self.viewport().setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
        try:
            place = _place(rows, selected)
            self.setCurrentIndex(QModelIndex() if place is None else model.index(place, 0))
            if anchor is not None and (kept := _place(rows, anchor[0])) is not None:
                self._scroll_to(kept, anchor[1])
            elif not hold:
                if place is not None and in_sight:
                    self.scrollTo(model.index(place, 0))
                else:
                    self._bar.setValue(0)  # another list: it is read from its beginning
        finally:
            self._restoring = False
        if redraw or not hold or before != self._in_sight():
            self.viewport().update()

    def _in_sight(self) -> tuple[int, Sequence[int]]:
        offset = self._bar.value()
        first, last = offset // self.row_height, (offset + self.viewport().height()) // self.row_height
        return offset, self._rows_model.rows[first : last + 1]

    def select(self, place: int) -> None:
        """Select the row at a place and bring it into sight."""
        self.selectRow(place)
        self.scrollTo(self._rows_model.index(place, 0))

    def set_sort(self, column: Column, descending: bool) -> None:
        """Show which column the rows are sorted by."""
        # Fusion's arrow points up for falling order; everywhere else readers know it the other way round.
        order = Qt.SortOrder.AscendingOrder if descending else Qt.SortOrder.DescendingOrder
        self.horizontalHeader().setSortIndicator(columns.PLACE[column], order)

    def selectRow(self, place: int) -> None:
        """Select a row without moving the columns."""
        self.setCurrentIndex(self._rows_model.index(place, 0))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        """Follow the keyboard with the eye, but not a row that was put back after rows arrived."""
        super().currentChanged(current, previous)
        if not self._restoring and current.isValid():
            self.scrollTo(current)
        self._redraw_rows(previous.row(), current.row())

    def _redraw_searched(self) -> None:
        if self._rows_model.searched:
            self.viewport().update()

    def redraw(self, place: int) -> None:
        """Draw the row at a place again: its report's state changed."""
        self._redraw_rows(place)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll up or down so that the row is whole; never sideways."""
        if not index.isValid():
            return
        top, bar = index.row() * self.row_height, self._bar
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top - (self.viewport().height() - self.row_height) // 2)
        elif top < bar.value():
            bar.setValue(top)
        elif top + self.row_height > bar.value() + self.viewport().height():
            bar.setValue(top + self.row_height - self.viewport().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that need it."""
        model, height = self._rows_model, self.row_height
        offset = self._bar.value()
        dirty = event.rect()
        first = max(0, (offset + dirty.top()) // height)
        last = min(len(model.rows) - 1, (offset + dirty.bottom()) // height)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        places = [
            (self.columnViewportPosition(place), self.columnWidth(place))
            for place in range(len(columns.HEADINGS))
        ]
        width = self.viewport().width()
        current, hovered, focused = self.currentIndex().row(), self._hovered(), self.hasFocus()
        drawing = QPainter(self.viewport())
        drawing.fillRect(dirty, theme.current().ground)
        rows = self._painter
        rows.begin(drawing)
        touched = event.region()
        for place in range(first, last + 1):
            if not touched.intersects(QRect(0, place * height - offset, width, height)):
                continue
            box = QRectF(0, place * height - offset, width, height)
            rows.ground(
                drawing,
                box,
                current=place == current,
                hovered=place == hovered,
                focused=focused,
                mirrored=mirrored,
            )
            report, state = model.report_at(place), model.state_at(place)
            line = box
            if model.searched:
                line = box.adjusted(0, 2, 0, 2 - EXCERPT)
                self._excerpt(drawing, box, report, places, mirrored)
            if model.narrow:
                rows.narrow(drawing, line, report, state, mirrored)
            else:
                rows.wide(drawing, line, report, state, places, mirrored)
        drawing.end()

    def _excerpt(
        self,
        drawing: QPainter,
        box: QRectF,
        report: Report,
        places: Sequence[tuple[int, int]],
        mirrored: bool,
    ) -> None:
        left, right = 24.0, box.right() - 10
        if not self._rows_model.narrow:
            left = places[columns.PLACE[Column.PATIENT]][0] + 8.0
        if mirrored:
            left, right = 10.0, box.right() - 24
            if not self._rows_model.narrow:
                right = float(sum(places[columns.PLACE[Column.PATIENT]])) - 8
        line = QRectF(left, box.bottom() - EXCERPT - 2, max(right - left, 0), EXCERPT)
        self._painter.excerpt(
            drawing, line, self.excerpts.of(report), report.key in self.from_portal, mirrored
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J K, Enter and Escape, beside the keys every table has."""
        if pressed(event, Key.OPEN):
            if self.currentIndex().isValid():
                self.chosen.emit(self.currentIndex().row())
        elif pressed(event, Key.NEXT_ROW):
            self.stepped.emit(1)
        elif pressed(event, Key.PREVIOUS_ROW):
            self.stepped.emit(-1)
        elif pressed(event, Key.CLEAR):
            self.left_with_escape.emit()
        elif pressed(event, Key.FIRST_ROW) and self._rows_model.rows:
            self.select(0)
        elif pressed(event, Key.LAST_ROW) and self._rows_model.rows:
            self.select(len(self._rows_model.rows) - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _letters: str) -> None:
        """Letters are keys here; looking for a name is the quick filter's business."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Remember where the pointer is, for the hover and for what must not move."""
        before = self._hovered()
        self._pointer = event.position()
        self._redraw_rows(before, self._hovered())
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open with one click where the report is read right beside."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if self._rows_model.narrow and event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open."""
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and not self._rows_model.narrow:
            self.chosen.emit(index.row())

    def viewportEvent(self, event: QEvent) -> bool:
        """Notice that the pointer left."""
        if event.type() is QEvent.Type.Leave:
            before = self._hovered()
            self._pointer = None
            self._redraw_rows(before)
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll; the row under a resting pointer is another one then."""
        super().scrollContentsBy(dx, dy)
        if self._pointer is not None:
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns the room there is, until the user chose widths; keep the selection in sight."""
        top = self.currentIndex().row() * self.row_height - self._bar.value()
        in_sight = self.currentIndex().isValid() and 0 <= top < event.oldSize().height()
        super().resizeEvent(event)
        self._fit_columns()
        if in_sight:
            self.scrollTo(self.currentIndex())
        self.resized.emit()

    def _hovered(self) -> int:
        if self._pointer is None:
            return -1
        place = int(self._pointer.y() + self._bar.value()) // self.row_height
        return place if place < len(self._rows_model.rows) else -1

    def _redraw_rows(self, *places: int) -> None:
        if len(set(places)) == 1 and len(places) > 1:
            return
        for place in places:
            if place >= 0:
                top = place * self.row_height - self._bar.value()
                self.viewport().update(QRect(0, top, self.viewport().width(), self.row_height))

    def _anchor(self) -> tuple[int, int] | None:
        """Return the worklist's row that must not move, and how far below the top edge it stands."""
        rows, offset = self._rows_model.rows, self._bar.value()
        if not rows:
            return None
        place = self._hovered()
        if place < 0:
            place = self.currentIndex().row()
            top = place * self.row_height - offset
            if place < 0 or not -self.row_height < top < self.viewport().height():
                if offset == 0:
                    return None
                place = min(offset // self.row_height, len(rows) - 1)
        return rows[place], place * self.row_height - offset

    def _scroll_to(self, place: int, y: int) -> None:
        self._bar.setValue(place * self.row_height - y)

    def _fit_columns(self) -> None:
        room = self.viewport().width()
        before, self._fitting = self._fitting, True
        try:
            if self._rows_model.narrow:
                self.setColumnWidth(0, room)
                return
            self.setColumnWidth(0, columns.HEADINGS[0].width)
            if not self._by_hand:
                for place, width in enumerate(columns.widths(room, self._identifier)):
                    self.setColumnWidth(place, width)
        finally:
            self._fitting = before

    def _resized_by_hand(self, _place: int, _before: int, _after: int) -> None:
        if not self._fitting and not self._rows_model.narrow:
            self._by_hand = True


def _place(rows: list[int], row: int | None) -> int | None:
    try:
        return None if row is None else rows.index(row)
    except ValueError:
        return None
