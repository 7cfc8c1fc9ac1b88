"""A label for sentences: plain text, wrapped, and always tall enough for all of its lines.

Must never: read markup. What it shows may come from a portal or a policy.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from client.ui import fonts


class Words(QLabel):
    """Text in a role of the style sheet (title, label, faint, caution, or "" for ordinary text)."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "",
        pixels: int = fonts.NORMAL,
        strong: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setFont(fonts.sans(pixels, strong=strong))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        # By the screen's direction, not by the first letter's: an English sentence stays in its column.
        side = Qt.AlignmentFlag.AlignRight if QGuiApplication.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text` and make room for it."""
        super().setText(text)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room again: another width has other lines."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        # A layout in a layout asks for a label's height before it knows the width, and cuts the last line.
        if self.wordWrap():
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())) if self.text() else 0)
