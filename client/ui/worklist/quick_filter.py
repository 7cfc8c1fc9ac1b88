"""The line to type in: every word narrows the list as it is typed.

Must never: keep what was typed anywhere but in the line (a name that was searched for is patient data).
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from client.session.query import LONGEST
from client.ui import icons, theme
from client.ui.keys.binding import hint, pressed
from client.ui.keys.table import Key

_LENS = 20  # px


class QuickFilter(QLineEdit):
    """Ctrl+K or / goes here, Esc goes a step back, Enter opens the first, Down goes to the list."""

    left = Signal()
    escaped = Signal()
    first_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_narrow(False)
        self.setAccessibleName("Search")
        self.setAccessibleDescription("Shows the reports that have every word typed, in any place.")
        self.setMaxLength(LONGEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # Qt's own runs a nested event loop

    def set_narrow(self, narrow: bool) -> None:
        """Say in fewer words what can be typed."""
        words = "Patient, exam, any word" if narrow else "Search patient, exam or any word of a report"
        self.setPlaceholderText(f"{words}    {hint(Key.SEARCH)}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the lens on the side where reading starts."""
        super().resizeEvent(event)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setTextMargins(0 if mirrored else _LENS, 0, _LENS if mirrored else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lens; as an action of the line it would be a button that does nothing."""
        super().paintEvent(event)
        painter = QPainter(self)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - 8 - theme.ICON if mirrored else 8
        box = QRect(x, (self.height() - theme.ICON) // 2, theme.ICON, theme.ICON)
        icons.paint(painter, box, "search", theme.current().secondary)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, Enter and Down; the rest is typing."""
        if pressed(event, Key.CLEAR):
            self.escaped.emit()
        elif pressed(event, Key.FIRST_FOUND):
            self.first_wanted.emit()
        elif pressed(event, Key.TO_LIST):
            self.left.emit()
        else:
            super().keyPressEvent(event)
