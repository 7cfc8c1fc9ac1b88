"""A label for sentences: plain text, wrapped, and always tall enough for all of its lines.

Must never: read markup. What it shows may come from a portal or a policy.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from client.ui import fonts, numbers


class Words(QLabel):
    """Text in a role of the style sheet (title, label, faint, caution, or "" for ordinary text).

    `width` is its width in pixels at 100 %; where it is None the text is one line.
    """

    def __init__(
        self,
        text: str = "",
        *,
        width: int | None = None,
        role: str = "",
        pixels: int = fonts.NORMAL,
        strong: bool = False,
    ) -> None:
        super().__init__()
        self._width = width
        self.setProperty("role", role)
        self.setFont(fonts.sans(pixels, strong=strong))
        self.setProperty("textFormat", numbers.PLAIN_TEXT)
        # By the screen's direction, not by the first letter's: an English sentence stays in its column.
        right = QGuiApplication.isRightToLeft()
        self.setProperty("alignment", numbers.RIGHT if right else numbers.LEFT)
        if width is not None:
            self.setWordWrap(True)
            self.setFixedWidth(width)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text` and make room for all of its lines, even before a layout asks."""
        super().setText(text)
        if self._width is not None:
            self.setMinimumHeight(max(0, self.heightForWidth(self._width)) if text else 0)
