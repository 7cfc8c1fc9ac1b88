"""The rail: the drawers of the worklist with their counts, the saved searches, and the modalities.

Must never: count anything itself, or move a drawer when a count changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from client.model.saved import SavedSearch
from client.session.view import Counts, Filter
from client.ui import fonts, theme
from client.ui.keys.binding import native
from client.ui.keys.table import Key
from client.ui.tip import set_tooltip

RAIL_WIDTH = 156  # px
_HEADING = 24  # px: of a group of drawers
_SAVED = 6  # saved searches with a place of their own
_ROW = 28
_GAP = 5
_EDGE = 8  # px
_PLACE = 108  # px: the least width of a drawer above the narrow list, where they need more than one line
_TIGHT = 4  # px: beside the words there
_LEFT = Qt.AlignmentFlag.AlignLeft

TITLES = {
    Filter.UNREAD: "Unread",
    Filter.CRITICAL: "Critical",
    Filter.TODAY: "Today",
    Filter.CHANGED: "Changed",
    Filter.ALL: "All",
}
NO_MODALITY = "Other"


class Drawer(QAbstractButton):
    """One line of the rail: a name, its count, and the key that opens it."""

    def __init__(self, title: str, key: str, parent: QWidget, *, counted: bool = True) -> None:
        super().__init__(parent)
        self._counted = counted
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._key = key
        self.compact = False
        self._count = -1
        self.critical = False
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show how many reports lie inside."""
        if count == self._count:
            return
        self._count = count
        spoken = f", {count} {'report' if count == 1 else 'reports'}" if self._counted else ""
        self.setAccessibleName(f"{self.text()}{spoken}")
        set_tooltip(self, f"{self.text()} ({self._key})" if self._key else self.text())
        self.update()

    def needs(self) -> int:
        """Return the width for the name and a count of at least two figures, without anything to spare."""
        strong = QFontMetrics(fonts.sans(strong=True))
        count = max(strong.horizontalAdvance("00"), strong.horizontalAdvance(f"{self._count:,}"))
        return strong.horizontalAdvance(self.text()) + _GAP + count + 2 * _TIGHT

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, key and count; the key where there is room."""
        colours, box = theme.current(), QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(colours.selection if self.isChecked() else colours.hover)
            painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(colours.accent)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        leading, trailing = _LEFT, Qt.AlignmentFlag.AlignRight
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            leading, trailing = trailing, leading
        pad = _TIGHT if self.compact else 8
        words = box.adjusted(pad, 0, -pad, 0)
        empty = self._counted and self._count == 0
        number = f"{self._count:,}" if self._counted else ""
        painter.setFont(fonts.sans(strong=self.isChecked()))
        painter.setPen(colours.bright if self.isChecked() else colours.faint if empty else colours.text)
        title = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, leading | Qt.AlignmentFlag.AlignVCenter, title)
        taken = painter.fontMetrics().horizontalAdvance(title) + (_GAP if self.compact else 8)
        beside = words.adjusted(*((taken, 0, 0, 0) if leading is _LEFT else (0, 0, -taken, 0)))
        room = beside.width() - painter.fontMetrics().horizontalAdvance(number) - 8
        painter.setFont(fonts.sans(fonts.SMALL))
        if not self.compact and 0 < painter.fontMetrics().horizontalAdvance(self._key) <= room:
            painter.setPen(colours.faint)
            painter.drawText(beside, leading | Qt.AlignmentFlag.AlignVCenter, self._key)
        painter.setFont(fonts.sans(strong=self.critical and not empty))
        painter.setPen(
            colours.critical if self.critical and not empty else colours.faint if empty else colours.secondary
        )
        # In one line with others, the count stands by its name: further off, it would seem the next one's.
        side = leading if self.compact else trailing
        painter.drawText(beside, side | Qt.AlignmentFlag.AlignVCenter, number)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Rest again."""
        self.update()
        super().leaveEvent(event)


class Rail(QWidget):
    """All drawers; exclusive filters above, modalities that may be combined below."""

    filter_chosen = Signal(object)  # Filter
    modalities_chosen = Signal(object)  # frozenset[str]
    saved_chosen = Signal(str)  # the query of a saved search

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Drawers of the worklist")
        self._compact = False
        self._places: tuple[int, ...] = ()  # the widths by which the drawers stand in one line
        self._filters: dict[Filter, Drawer] = {}
        for number, (drawer, title) in enumerate(TITLES.items(), start=1):
            button = Drawer(title, f"Alt+{number}", self)
            button.critical = drawer is Filter.CRITICAL
            button.clicked.connect(self._chooser(drawer))
            self._filters[drawer] = button
        self._filters[Filter.ALL].setChecked(True)
        self._saved: list[Drawer] = []
        self._saved_queries: list[str] = []
        self._more = QMenu(self)
        self._more.setAccessibleName("All saved searches")
        self._modalities: dict[str, Drawer] = {}
        self.setFixedWidth(RAIL_WIDTH)

    def set_counts(self, counts: Counts) -> None:
        """Show the counts; a modality seen for the first time gets its drawer."""
        for drawer, count in counts.by_filter.items():
            self._filters[drawer].set_count(count)
        known = len(self._modalities)
        for code, count in counts.by_modality.items():
            if code not in self._modalities:
                button = Drawer(code or NO_MODALITY, "", self)
                button.clicked.connect(self._modality_clicked)
                self._modalities[code] = button
            self._modalities[code].set_count(count)
        if self._compact and self._places != self._needed():
            self._arrange()
        if len(self._modalities) != known:
            self._modalities = {code: self._modalities[code] for code in _in_order(self._modalities)}
            self._order_by_tab()
            self._show_modalities()
            self._arrange()
            self.update()  # their heading comes with the first of them

    def set_chosen(self, drawer: Filter, modalities: frozenset[str]) -> None:
        """Show which drawers are open."""
        for one, button in self._filters.items():
            button.setChecked(one is drawer)
        for code, button in self._modalities.items():
            button.setChecked(code in modalities)
        self._show_modalities()

    def set_saved(self, searches: Sequence[SavedSearch], chosen: str) -> None:
        """Show the saved searches, the first ones in a place of their own and all of them in a menu.

        `chosen` is the query in force.
        """
        names = [each.name for each in searches]
        if names != [action.data().name for action in self._more.actions()]:
            self._make_saved(searches)
        self._saved_queries = [each.query for each in searches]
        for button, query in zip(self._saved[:_SAVED], self._saved_queries, strict=False):
            button.setChecked(query == chosen)
        for action, each in zip(self._more.actions(), searches, strict=True):
            action.setData(each)
            action.setChecked(each.query == chosen)

    def _make_saved(self, searches: Sequence[SavedSearch]) -> None:
        for button in self._saved:
            button.hide()
            button.deleteLater()
        self._saved.clear()
        self._more.clear()
        for number, each in enumerate(searches):
            action = QAction(each.name.replace("&", "&&"), self._more)
            action.setData(each)
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose_saved, number))
            self._more.addAction(action)
            if number < _SAVED:
                key = native(Key.SAVED.keys[number]) if number < len(Key.SAVED.keys) else ""
                button = Drawer(each.name, key, self, counted=False)
                button.clicked.connect(partial(self._choose_saved, number))
                self._saved.append(button)
        if len(searches) > _SAVED:
            button = Drawer("All saved …", "", self, counted=False)
            button.setCheckable(False)
            # popup(), not exec(): no nested event loop may hold up the end of a session.
            button.clicked.connect(lambda: self._more.popup(button.mapToGlobal(button.rect().bottomLeft())))
            self._saved.append(button)
        for button in self._saved:
            button.setVisible(not self._compact)
        self._order_by_tab()
        self._arrange()
        self.update()

    def choose_saved(self, number: int) -> None:
        """Open the saved search of that number, counted from 0; nothing where there is none."""
        if number < len(self._saved_queries):
            self._choose_saved(number)

    def _choose_saved(self, number: int, _checked: bool = False) -> None:
        self.saved_chosen.emit(self._saved_queries[number])

    def set_compact(self, compact: bool) -> None:
        """Stand in lines above the narrow list, with the modalities in force, or beside the table."""
        self._compact = compact
        for button in self.buttons():
            button.compact = compact
        self._show_modalities()
        if compact:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
        else:
            self.setFixedWidth(RAIL_WIDTH)
            self.setMinimumHeight(0)
            self.setMaximumHeight(16777215)
        self._arrange()

    def buttons(self) -> Iterable[Drawer]:
        """Yield every drawer in tab order."""
        yield from self._filters.values()
        yield from self._saved
        yield from self._modalities.values()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find every drawer its place."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Name the groups."""
        if self._compact:
            return
        painter = QPainter(self)
        painter.setFont(fonts.sans(fonts.SMALL))
        painter.setPen(theme.current().faint)
        for group, title in ((self._saved, "Saved"), (list(self._modalities.values()), "Type of exam")):
            if group:
                box = QRect(20, group[0].y() - _HEADING, self.width() - 40, 20)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, title)
        painter.end()

    def _show_modalities(self) -> None:
        for button in self._saved:
            button.setVisible(not self._compact)
        # Above the narrow list only those in force have a place: nothing may filter unseen.
        for button in self._modalities.values():
            button.setVisible(not self._compact or button.isChecked())
        if self._compact:
            self._arrange()

    def _arrange(self) -> None:
        if self._compact:
            self._arrange_in_lines()
            return
        top = 8
        for button in self._filters.values():
            button.setGeometry(12, top, self.width() - 24, _ROW)
            top += _ROW
        for group in (self._saved, list(self._modalities.values())):
            top += 12 + _HEADING if group else 0
            for button in group:
                button.setGeometry(12, top, self.width() - 24, _ROW)
                top += _ROW

    def _arrange_in_lines(self) -> None:
        standing = [button for button in self.buttons() if not button.isHidden()]
        room, self._places = self.width() - 2 * _EDGE, self._needed()
        spare = room - sum(self._places) - (len(standing) - 1) * _GAP
        if spare >= 0:
            at, lines = _EDGE, 1
            for button, needed in zip(standing, self._places, strict=True):
                width = needed + spare // len(standing)
                self._stand(button, at, 0, width)
                at += width + _GAP
        else:
            # Places of one width, with room for five figures: a growing count must not push its neighbours.
            across = max(1, (room + _GAP) // (_PLACE + _GAP))
            width = (room - (across - 1) * _GAP) // across
            for number, button in enumerate(standing):
                down, along = divmod(number, across)
                self._stand(button, _EDGE + along * (width + _GAP), down, width)
            lines = -(-len(standing) // across)
        if self.height() != 8 + lines * _ROW:
            self.setFixedHeight(8 + lines * _ROW)

    def _needed(self) -> tuple[int, ...]:
        return tuple(button.needs() for button in self.buttons() if not button.isHidden())

    def _stand(self, button: Drawer, x: int, line: int, width: int) -> None:
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            x = self.width() - x - width
        button.setGeometry(x, 8 + line * _ROW, width, _ROW)

    def _order_by_tab(self) -> None:
        everything = list(self.buttons())
        for before, after in pairwise(everything):
            QWidget.setTabOrder(before, after)

    def _chooser(self, drawer: Filter) -> Callable[[], None]:
        return lambda: self.filter_chosen.emit(drawer)

    def _modality_clicked(self) -> None:
        self.modalities_chosen.emit(
            frozenset(code for code, button in self._modalities.items() if button.isChecked())
        )


def _in_order(codes: Iterable[str]) -> list[str]:
    return sorted(codes, key=lambda code: (code == "", code))
