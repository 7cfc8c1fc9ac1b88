"""The line to type in: every word narrows the list as it is typed.

Must never: keep what was typed anywhere but in the line (a name that was searched for is patient data).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from client.ui import icons

_LONGEST = 200


class QuickFilter(QLineEdit):
    """Ctrl+K or / goes here, Esc clears and then leaves, Enter opens the first, Down goes to the list."""

    left = Signal()
    first_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_narrow(False)
        self.setAccessibleName("Quick filter")
        self.setAccessibleDescription("Shows the reports that have every word typed, in any place.")
        self.setMaxLength(_LONGEST)
        self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # Qt's own runs a nested event loop

    def set_narrow(self, narrow: bool) -> None:
        """Say in fewer words what can be typed."""
        words = "Patient, exam, any word" if narrow else "Filter by patient, exam or any word of the report"
        self.setPlaceholderText(f"{words}    Ctrl+K")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, Enter and Down; the rest is typing."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.first_wanted.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)
