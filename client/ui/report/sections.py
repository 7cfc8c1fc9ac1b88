"""One key to each part of a report, and always the same key.

Owns: the row of section buttons. The impression comes first; a part that a report does not have is faint,
in its place, so that nothing moves from one report to the next.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from client.documents import Section, SectionRole

KEYS = {
    SectionRole.IMPRESSION: ("Impression", "I"),
    SectionRole.INDICATION: ("Indication", "1"),
    SectionRole.TECHNIQUE: ("Technique", "2"),
    SectionRole.COMPARISON: ("Comparison", "3"),
    SectionRole.FINDINGS: ("Findings", "4"),
    SectionRole.RECOMMENDATION: ("Follow-up", "5"),
    SectionRole.ADDENDUM: ("Addendum", "6"),
}
_RARE = (SectionRole.RECOMMENDATION, SectionRole.ADDENDUM)  # shown only where there is one


class SectionBar(QWidget):
    """The buttons; `chosen` tells the anchor to go to."""

    chosen = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._anchors: dict[SectionRole, str] = {}
        self._others: tuple[Section, ...] = ()
        self._buttons: dict[SectionRole, QToolButton] = {}
        self._shortcuts: list[QShortcut] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for role, (label, key) in KEYS.items():
            button = QToolButton(self)
            button.setText(f"{label} {key}")
            button.setAccessibleName(f"Go to {label.lower()}")
            button.setToolTip(f"{label} ({key})")
            button.setVisible(role not in _RARE)
            button.setEnabled(False)
            button.clicked.connect(lambda _checked, role=role: self._go(role))
            shortcut = QShortcut(QKeySequence(key), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda role=role: self._go(role))
            self._shortcuts.append(shortcut)
            self._buttons[role] = button
            row.addWidget(button)
        self._more = QToolButton(self)
        self._more.setText("More")
        self._more.setAccessibleName("Other headings of this report")
        self._more.setVisible(False)
        self._more.clicked.connect(self._list_others)
        row.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Offer the sections of the document shown."""
        anchors: dict[SectionRole, str] = {}
        others: list[Section] = []
        for section in sections:
            if section.role in self._buttons:
                anchors.setdefault(section.role, section.anchor)
            else:
                others.append(section)
        self._anchors, self._others = anchors, tuple(others)
        for role, button in self._buttons.items():
            there = role in anchors
            if button.isEnabled() is not there:  # a change of state costs a style lookup and a repaint
                button.setEnabled(there)
            if role in _RARE and button.isHidden() is there:
                button.setVisible(there)
        if self._more.isHidden() is (len(others) > 1):
            self._more.setVisible(len(others) > 1)

    def _go(self, role: SectionRole) -> None:
        if (anchor := self._anchors.get(role)) is not None:
            self.chosen.emit(anchor)

    def _list_others(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for section in self._others[:40]:
            action = menu.addAction(section.heading[:60].replace("&", "&&"))
            action.triggered.connect(lambda _checked, anchor=section.anchor: self.chosen.emit(anchor))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))
