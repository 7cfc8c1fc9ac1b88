"""Finding words in the text shown: hits, the place among them, and their marks.

Must never: change the text or its selection.
"""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from client.ui import theme

MOST = 1000  # hits that are counted and marked; a reader needs no more, and the window must not stall


class Finder:
    """The hits of one search in one QTextEdit."""

    def __init__(self, text: QTextEdit) -> None:
        self._text = text
        self._hits: list[QTextCursor] = []
        self._at = 0

    def find(self, words: str) -> tuple[int, int]:
        """Mark all hits and go to the first at or below the top of what is seen; return place and count."""
        self._hits = []
        document: QTextDocument = self._text.document()
        cursor = document.find(words, 0) if words else QTextCursor()
        while not cursor.isNull() and len(self._hits) < MOST:
            self._hits.append(cursor)
            cursor = document.find(words, cursor)
        top = self._text.cursorForPosition(self._text.viewport().rect().topLeft()).position()
        self._at = next((place for place, hit in enumerate(self._hits) if hit.selectionEnd() >= top), 0)
        return self._show()

    def step(self, by: int) -> tuple[int, int]:
        """Go to the next or previous hit, round the ends; return place and count."""
        if self._hits:
            self._at = (self._at + by) % len(self._hits)
        return self._show()

    def _show(self) -> tuple[int, int]:
        colours = theme.current()
        marks: list[QTextEdit.ExtraSelection] = []
        for place, hit in enumerate(self._hits):
            look = QTextCharFormat()
            chosen = place == self._at
            look.setBackground(colours.accent if chosen else colours.selection)
            look.setForeground(colours.on_accent if chosen else colours.bright)
            mark = QTextEdit.ExtraSelection()
            mark.cursor, mark.format = hit, look
            marks.append(mark)
        self._text.setExtraSelections(marks)
        if not self._hits:
            return 0, 0
        self._bring_into_sight(self._hits[self._at])
        return self._at + 1, len(self._hits)

    def _bring_into_sight(self, hit: QTextCursor) -> None:
        # Not ensureCursorVisible: that needs the hit to be the selection, which belongs to the reader.
        box = self._text.cursorRect(hit)
        seen = self._text.viewport().height()
        if box.top() < 0 or box.bottom() > seen:
            bar = self._text.verticalScrollBar()
            bar.setValue(bar.value() + box.top() - seen // 3)
