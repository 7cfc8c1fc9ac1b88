"""The slim list beside a report: its priors, or its versions.

Owns: how a row is drawn, at full width or slim. Must never: hold anything but the rows it was given, or cut
the date of a row while its words can be cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from client.ui import fonts, theme
from client.ui.lettering import Lettering
from client.ui.tip import tooltip

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
WIDTH = 184  # px
SLIM = 76
_ROW, _SLIM_ROW, _GROUP = 46, 44, 24
_PAD = 12
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True, slots=True)
class SideRow:
    """One row; `plain` is the second line, `note` follows it and wants attention."""

    key: str
    group: str  # a heading above the row, where it differs from the row before
    strong: str = field(repr=False)
    plain: str = field(repr=False)
    note: str = field(repr=False)
    slim: tuple[str, str] = field(repr=False)  # the two lines where there is little room
    spoken: str = field(repr=False)
    chosen: bool = False  # shown beside the report at the moment
    faint: bool = False  # has nothing to show


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[SideRow, ...] = ()

    def set_rows(self, rows: tuple[SideRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.rows[index.row()].spoken
        return tooltip(self.rows[index.row()].spoken) if role == Qt.ItemDataRole.ToolTipRole else None


class _Painter(QStyledItemDelegate):
    def __init__(self, view: SideList) -> None:
        super().__init__(view)
        self._view = view
        self._strong = Lettering(fonts.sans(fonts.NORMAL, strong=True))
        self._plain = Lettering(fonts.sans(fonts.SMALL))

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        above = _GROUP if self._view.heads_group(index.row()) else 0
        return QSize(SLIM, (_SLIM_ROW if self._view.slim else _ROW) + above)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        colours, row = theme.current(), self._view.rows[index.row()]
        box = QRectF(option.rect)
        if self._view.heads_group(index.row()):
            head, box = box.adjusted(0, 0, 0, _GROUP - box.height()), box.adjusted(0, _GROUP, 0, 0)
            painter.setPen(colours.faint)
            if not self._view.slim:
                self._write(painter, self._plain, head.adjusted(0, 4, 0, 0), row.group)
            elif index.row():
                painter.fillRect(QRectF(head.left() + _PAD, head.center().y(), 24, 1), colours.line)
        current = self._view.currentIndex().row() == index.row() and self._view.hasFocus()
        if row.chosen:
            painter.fillRect(box, colours.selection)
        elif index.row() == self._view.pointed:
            painter.fillRect(box, colours.hover)
        if current or row.chosen:
            edge = colours.accent if current else colours.edge
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), edge)
        first, second = row.slim if self._view.slim else (row.strong, row.plain)
        upper = QRectF(box.left(), box.top() + 5, box.width(), 18)
        lower = upper.translated(0, 18)
        painter.setPen(colours.faint if row.faint else colours.bright)
        self._write(painter, self._strong, upper, first)
        painter.setPen(colours.secondary)
        used = self._write(painter, self._plain, lower, second)
        if row.note and not self._view.slim:
            painter.setPen(colours.caution)
            self._write(painter, self._plain, lower.adjusted(used + 6, 0, 0, 0), row.note)

    @staticmethod
    def _write(painter: QPainter, lettering: Lettering, box: QRectF, words: str) -> float:
        room = box.width() - 2 * _PAD
        if lettering.width(words) > room:
            words = lettering.metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, room))
        lettering.draw(painter, box.left() + _PAD, box.top() + lettering.middle(box.height()), words)
        return lettering.width(words)


class SideList(QListView):
    """Rows to choose from by click, Enter or arrows; `chosen` tells the row's key."""

    chosen = Signal(str)
    moved = Signal(str)  # the keyboard's row is another one
    marked = Signal(str)  # with Space, or Ctrl and a click
    opened = Signal(str)  # with Shift+Enter, or a double click
    left = Signal()  # Escape

    def __init__(self, parent: QWidget, name: str, empty: str) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self._empty = empty
        self.slim = False
        self.pointed = -1
        self.setModel(self._rows)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.entered.connect(lambda index: self._point(index.row()))
        self.viewportEntered.connect(lambda: self._point(-1))
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows[index.row()].key))

    @property
    def rows(self) -> tuple[SideRow, ...]:
        """What is listed."""
        return self._rows.rows

    def show_rows(self, rows: Sequence[SideRow]) -> None:
        """List these; nothing is drawn anew where they are the same."""
        listed = tuple(rows)
        if listed == self.rows:
            return
        key = self.current_key()
        self.pointed = -1
        self._rows.set_rows(listed)
        self.go_to(key)

    def set_empty_words(self, words: str) -> None:
        """Say why there is nothing to list."""
        if words != self._empty:
            self._empty = words
            self.viewport().update()

    def current_key(self) -> str:
        """Return the key of the row the keyboard is at, "" for none."""
        row = self.currentIndex().row()
        return self.rows[row].key if 0 <= row < len(self.rows) else ""

    def go_to(self, key: str) -> None:
        """Bring the keyboard to a row, where it is listed."""
        for place, row in enumerate(self.rows):
            if row.key == key:
                self.setCurrentIndex(self._rows.index(place))

    def set_slim(self, slim: bool) -> None:
        """Leave out what a narrow column has no room for."""
        if slim is not self.slim:
            self.slim = slim
            self.scheduleDelayedItemsLayout()

    def fit_rows(self, most: int) -> None:
        """Be as high as the rows are, up to so many of them."""
        self.setFixedHeight(max(1, min(len(self.rows), most)) * _ROW + 4)

    def heads_group(self, row: int) -> bool:
        """Say whether a heading stands above a row."""
        group = self.rows[row].group
        return bool(group) and (row == 0 or self.rows[row - 1].group != group)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Enter, leave with Escape, move with the arrows; every other key is the report's."""
        key, here = event.key(), self.current_key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if here:
                (self.opened if event.modifiers() & _SHIFT else self.chosen).emit(here)
        elif key == Qt.Key.Key_Space:
            if here:
                self.marked.emit(here)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
            self.moved.emit(self.current_key())
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or say that there are none."""
        super().paintEvent(event)
        if not self.rows and not self.slim:
            painter = QPainter(self.viewport())
            painter.setFont(fonts.sans(fonts.SMALL))
            painter.setPen(theme.current().faint)
            box = self.viewport().rect().adjusted(_PAD, 4, -_PAD, 0)
            painter.drawText(box, int(Qt.TextFlag.TextWordWrap), self._empty)
            painter.end()

    def _clicked(self, index: QModelIndex) -> None:
        key = self.rows[index.row()].key
        (self.marked if QGuiApplication.keyboardModifiers() & _CTRL else self.chosen).emit(key)

    def _point(self, row: int) -> None:
        if row != self.pointed:
            self.pointed = row
            self.viewport().update()
