"""One key to each part of a report, and always the same key.

Owns: the row of section buttons. The impression comes first; a part that a report does not have is faint,
in its place, so that nothing moves from one report to the next. Where there is no room for all, the last
ones are under "More".
It places its buttons itself: a layout would go through the whole window whenever one of them comes or goes.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QToolButton, QWidget

from client.documents import Section, SectionRole
from client.ui import fonts, theme
from client.ui.colours import Colours
from client.ui.tip import set_tooltip

KEYS = {
    SectionRole.IMPRESSION: ("Impression", "I"),
    SectionRole.INDICATION: ("Indication", "1"),
    SectionRole.TECHNIQUE: ("Technique", "2"),
    SectionRole.COMPARISON: ("Comparison", "3"),
    SectionRole.FINDINGS: ("Findings", "4"),
    SectionRole.RECOMMENDATION: ("Follow-up", "5"),
    SectionRole.ADDENDUM: ("Addendum", "6"),
}
_PAD = 8  # px
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RARE = (SectionRole.RECOMMENDATION, SectionRole.ADDENDUM)  # shown only where there is one


class _SectionButton(QAbstractButton):
    """A word and, fainter, its key; the word itself is faint where the report has no such section."""

    def __init__(self, label: str, key: str, *, first: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._key, self._first = key, first
        self._font, self._key_font = fonts.sans(fonts.NORMAL), fonts.sans(fonts.SMALL)
        self._drawn: dict[tuple[bool, ...], QPixmap] = {}
        self._drawn_for: tuple[float, Colours] | None = None
        self.setText(label)
        self.setAccessibleName(f"Go to {label.lower()}")
        set_tooltip(self, f"{label} ({key})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._label_width = QFontMetricsF(self._font).horizontalAdvance(label)
        key_width = QFontMetricsF(self._key_font).horizontalAdvance(key)
        self.setFixedSize(round(_PAD * 2 + self._label_width + 5 + key_width), theme.CONTROL - 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the button as drawn once in this state: drawing costs four times as much as its picture."""
        # Drawn without what lies beneath; a style sheet takes that away whenever it is applied.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        state = (self.isEnabled(), self.isEnabled() and self.underMouse(), self.isDown(), self.hasFocus())
        scale, colours = self.devicePixelRatioF(), theme.current()
        if (scale, colours) != self._drawn_for:
            self._drawn_for, self._drawn = (scale, colours), {}
        picture = self._drawn.get(state)
        if picture is None:
            picture = QPixmap(self.size() * scale)
            picture.setDevicePixelRatio(scale)
            self._draw(picture, *state)
            self._drawn[state] = picture
        painter = QPainter(self)
        painter.drawPixmap(0, 0, picture)
        painter.end()

    def _draw(self, picture: QPixmap, there: bool, pointed_at: bool, down: bool, focused: bool) -> None:
        """Draw word and key, a ground under the pointer and a ring with the focus."""
        colours = theme.current()
        picture.fill(colours.surface)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if there and (pointed_at or down):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.line if down else colours.hover)
            painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        if focused:
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        word = colours.accent if self._first else colours.text
        painter.setPen(word if there else colours.edge)
        painter.setFont(self._font)
        row = box.adjusted(_PAD, 0, 0, 0)
        painter.drawText(row, _LEFT, self.text())
        if there:
            painter.setPen(colours.faint)
            painter.setFont(self._key_font)
            painter.drawText(row.adjusted(self._label_width + 5, 0, 0, 0), _LEFT, self._key)
        painter.end()


class SectionBar(QWidget):
    """The buttons; `chosen` tells the anchor to go to."""

    chosen = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._there: dict[SectionRole, Section] = {}
        self._others: tuple[Section, ...] = ()
        self._without_place: tuple[Section, ...] = ()  # of those with a key, for want of room
        self._buttons: dict[SectionRole, _SectionButton] = {}
        self._shortcuts: list[QShortcut] = []
        for role, (label, key) in KEYS.items():
            button = _SectionButton(label, key, first=role is SectionRole.IMPRESSION, parent=self)
            button.setVisible(role not in _RARE)
            button.setEnabled(False)
            button.clicked.connect(lambda _checked, role=role: self._go(role))
            shortcut = QShortcut(QKeySequence(key), owner)
            shortcut.activated.connect(lambda role=role: self._go(role))
            self._shortcuts.append(shortcut)
            self._buttons[role] = button
        self._more = QToolButton(self)
        self._more.setText("More")
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setAccessibleName("Other headings of this report")
        self._more.setFixedSize(56, theme.CONTROL - 4)
        self._more.setVisible(False)
        self._more.clicked.connect(self._list_others)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.CONTROL - 4)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Offer the sections of the document shown."""
        there: dict[SectionRole, Section] = {}
        others: list[Section] = []
        for section in sections:
            if section.role in self._buttons:
                there.setdefault(section.role, section)
            else:
                others.append(section)
        alike = there.keys() == self._there.keys() and len(others) == len(self._others)
        self._there, self._others = there, tuple(others)
        if alike and not self._without_place:
            return  # most reports have the same parts: no button changes
        for role, button in self._buttons.items():
            known = role in there
            if button.isEnabled() is not known:  # a change of state costs a style lookup and a repaint
                button.setEnabled(known)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Return the room for the impression and "More"."""
        return QSize(self._buttons[SectionRole.IMPRESSION].width() + self._more.width(), self.height())

    def sizeHint(self) -> QSize:
        """Return the least; more is what there is."""
        return self.minimumSizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the ground, or a button that changes would have every widget below this one painted first."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().surface)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        standing = [role for role in self._buttons if role not in _RARE or role in self._there]
        room, more = self.width(), len(self._others) > 1
        if more or sum(self._buttons[role].width() for role in standing) > room:
            room -= self._more.width()
        at, full, without = 0, False, []
        for role, button in self._buttons.items():
            full = full or (role in standing and at + button.width() > room)
            shown = role in standing and not full
            if shown:
                self._place(button, at)
                at += button.width()
            elif role in self._there:
                without.append(self._there[role])
            if button.isHidden() is shown:
                button.setVisible(shown)
        self._without_place = tuple(without)
        more = more or bool(without)
        if more:
            self._place(self._more, at)
        if self._more.isHidden() is more:
            self._more.setVisible(more)

    def _place(self, button: QWidget, at: int) -> None:
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            at = self.width() - at - button.width()
        button.move(at, 0)

    def _go(self, role: SectionRole) -> None:
        if (section := self._there.get(role)) is not None:
            self.chosen.emit(section.anchor)

    def _list_others(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for section in (*self._without_place, *self._others)[:40]:
            action = menu.addAction(section.heading[:60].replace("&", "&&"))
            action.triggered.connect(lambda _checked, anchor=section.anchor: self.chosen.emit(anchor))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))
