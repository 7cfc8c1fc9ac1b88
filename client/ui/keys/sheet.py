"""The sheet of all keys: a page over the reading page, left as it was come to.

Made from the table that the shortcuts are made from. Must never: run an event loop of its own, cover Sign
out, or let a key meant for it reach what it covers.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from client.ui import fonts, theme
from client.ui.keys.binding import bind, hint, native, pressed
from client.ui.keys.table import Key, Place

_CAPS = 172  # px: the keys' side of a line
_COLUMN = 420  # px: the least width of a column of the sheet
_LINE = 28  # px
_MOST = 3  # keys in one line; of more, the first and the last
_PAGE = Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Space
_SCROLLING = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}


class Caps(QWidget):
    """The keys of one line, drawn as keys; several are any of them."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__()
        self.words = list(dict.fromkeys(native(each) for each in keys))
        if len(self.words) > _MOST:
            self.words = [self.words[0], "…", self.words[-1]]  # Alt+6 … Alt+9
        self.setFont(fonts.sans(fonts.SMALL))
        self.setFixedSize(_CAPS, _LINE)
        self.setAccessibleName(" or ".join(self.words))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them from the words' side outwards, so that all end where the words begin."""
        colours, metrics = theme.current(), QFontMetricsF(self.font())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        at = 0.0
        for word in self.words:
            between = word == "…"
            width = (
                metrics.horizontalAdvance(word)
                if between
                else max(24.0, metrics.horizontalAdvance(word) + 14)
            )
            box = QRectF(_CAPS - at - width if mirrored else at, 3, width, _LINE - 6).adjusted(
                0.5, 0.5, -0.5, -0.5
            )
            painter.setPen(colours.edge)
            painter.setBrush(colours.raised)
            if not between:
                painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
            painter.setPen(colours.text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
            at += width + 6
        painter.end()


class KeySheet(QWidget):
    """Covers `page` below `head` from one `?` to the next, or to Esc."""

    def __init__(self, page: QWidget, head: QWidget) -> None:
        super().__init__(page)
        self._page, self._head = page, head
        self._before: QWidget | None = None  # where the focus was
        self._columns = 0
        self.setAccessibleName("All keys")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAutoFillBackground(True)
        self._scroll = QScrollArea(self)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._heading())
        box.addWidget(self._scroll, 1)
        page.installEventFilter(self)
        bind(page, Key.SHEET, self.toggle)
        self.hide()

    def toggle(self) -> None:
        """Come, or go and give the focus back."""
        if not self.isHidden():
            before, self._before = self._before, None
            (before if before is not None and before.isVisible() else self._page).setFocus()
            self.hide()
            return
        self._before = self._page.focusWidget()
        self._fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the page's size."""
        if watched is self._page and event.type() is QEvent.Type.Resize and not self.isHidden():
            self._fit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep every key from the shortcuts of what is covered; signing out stays one key away."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and not pressed(event, Key.SIGN_OUT)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, `?` and F1 leave; arrows, J, K and the page keys scroll."""
        bar, key = self._scroll.verticalScrollBar(), Qt.Key(event.key())
        if pressed(event, Key.CLEAR) or pressed(event, Key.SHEET) or event.text() == Key.SHEET.keys[0]:
            self.toggle()
        elif key in _SCROLLING:
            bar.setValue(bar.value() + _SCROLLING[key] * _LINE)
        elif key in _PAGE:
            bar.setValue(bar.value() + (-1 if key is Qt.Key.Key_PageUp else 1) * bar.pageStep())

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Stay: what Tab would reach is covered."""
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """Do not come back by itself when the page is covered and shown again."""
        super().hideEvent(event)
        self.hide()

    def _fit(self) -> None:
        top = self._head.geometry().bottom() + 1
        self.setGeometry(0, top, self._page.width(), self._page.height() - top)
        columns = max(1, min(3, (self.width() - 48) // _COLUMN))
        if columns != self._columns:
            self._columns = columns
            self._scroll.setWidget(self._made(columns))

    def _heading(self) -> QHBoxLayout:
        title = QLabel("Keys")
        title.setProperty("role", "title")
        title.setFont(fonts.sans(fonts.TITLE))
        leave = QPushButton(f"Close  {hint(Key.CLEAR)}")
        leave.setProperty("role", "quiet")
        leave.setAccessibleName("Close")
        leave.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        leave.clicked.connect(self.toggle)
        line = QHBoxLayout()
        line.setContentsMargins(32, 20, 20, 8)
        line.addWidget(title, 1)
        line.addWidget(leave)
        return line

    def _made(self, count: int) -> QWidget:
        """Return the sheet in that many columns, the longest places first found room for."""
        columns: list[list[Place]] = [[] for _ in range(count)]
        lengths = [0] * count
        for place in Place:
            entries = sum(key.place is place for key in Key)
            if not entries:
                continue
            shortest = lengths.index(min(lengths))
            columns[shortest].append(place)
            lengths[shortest] += entries + 2
        page = QWidget()
        line = QHBoxLayout(page)
        line.setContentsMargins(32, 8, 32, 32)
        line.setSpacing(32)
        for places in columns:
            column = QVBoxLayout()
            column.setSpacing(24)
            for place in places:
                column.addWidget(_group(place))
            column.addStretch(1)
            line.addLayout(column, 1)
        return page


def _group(place: Place) -> QWidget:
    group = QWidget()
    group.setAccessibleName(place.value)
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(1, 1)
    title = QLabel(place.value)
    title.setFont(fonts.sans(strong=True))
    title.setProperty("role", "title")
    title.setFixedHeight(_LINE + 4)
    grid.addWidget(title, 0, 0, 1, 2)
    for row, key in enumerate((key for key in Key if key.place is place), start=1):
        words = QLabel(key.words)
        words.setProperty("role", "label")
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words.setFixedHeight(_LINE)
        grid.addWidget(Caps(key.keys), row, 0)
        grid.addWidget(words, row, 1)
    return group
