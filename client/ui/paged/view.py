"""A document of pages as a reader meets it: pages, small pictures beside them, and where one is.

Owns: which document lies open. Must never: keep it open when it is out of sight, or draw a page in this
process: pictures and words come from the darkroom.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from client.session.pages import Pages, Size
from client.ui.paged.searching import Searching
from client.ui.paged.selecting import Selecting
from client.ui.paged.sheets import Sheets
from client.ui.paged.thumbnails import Thumbnails

_BESIDE = 640  # px: with less room there is none for small pictures


class PagedView(QWidget):
    """Shows one document at a time; the width of the window at 100 %."""

    zoom_asked = Signal(int)
    found = Signal(int, int)  # place from 1, and how many
    failed = Signal(str)  # why the document cannot be shown

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._source: Pages | None = None
        self._searching: Searching | None = None
        self._words = ""
        self._at = 0
        self._count = 0
        self._thumbnails = Thumbnails(self)
        self.sheets = Sheets(self)
        self._page = QLabel(self)
        self._page.setTextFormat(Qt.TextFormat.PlainText)
        self._page.setProperty("role", "faint")
        self._page.setContentsMargins(24, 6, 24, 6)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._thumbnails)
        beside.addWidget(self.sheets, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(beside, 1)
        column.addWidget(self._page)
        self.sheets.zoom_asked.connect(self.zoom_asked)
        self.sheets.page_changed.connect(self._show_place)
        self._thumbnails.chosen.connect(self.sheets.go_to)
        self.setTabOrder(self.sheets, self._thumbnails)

    @property
    def count(self) -> int:
        """How many pages the open document has; 0 while none is open."""
        return self._count

    @property
    def drawn(self) -> bool:
        """Whether the page in sight is there, and not only its place."""
        return self.sheets.is_drawn(self.sheets.page)

    def show_document(self, source: Pages) -> None:
        """Open a document and show it from its first page; `failed` says why it cannot be."""
        self.empty()
        self._source = source
        self._page.setText("Opening …")
        source.open(self._opened, self._refused)

    def empty(self) -> None:
        """Close the document and show nothing of it."""
        source, self._source = self._source, None
        if source is not None:
            source.close()
        self._searching, self._words, self._at, self._count = None, "", 0, 0
        self.sheets.empty()
        self._thumbnails.empty()
        self._page.clear()

    def set_zoom(self, per_cent: int) -> None:
        """Show the pages at `per_cent` of the window's width."""
        self.sheets.set_zoom(per_cent)

    def look_for(self, words: str) -> None:
        """Look for words on all pages; `found` tells as they are found."""
        self._words, self._at = words, 0
        if self._searching is not None:
            self._searching.look_for(words)

    def step(self, by: int) -> None:
        """Go to the next or previous hit, round the ends."""
        if self._searching is not None and self._searching.hits:
            self._at = (self._at + by) % len(self._searching.hits)
            self._tell()

    def _opened(self, sizes: tuple[Size, ...]) -> None:
        source = self._source
        if source is None:
            return
        self._count = len(sizes)
        self._searching = Searching(source, len(sizes) if source.has_words else 0, self._tell)
        self._thumbnails.setVisible(len(sizes) > 1 and self.width() >= _BESIDE)
        self.sheets.show_document(source, sizes, self._searching, Selecting(source, self.sheets.look_again))
        self._thumbnails.show_document(source, sizes)
        if self._words:
            self._searching.look_for(self._words)

    def _refused(self, sentence: str) -> None:
        self.empty()
        self.failed.emit(sentence)

    def _tell(self) -> None:
        searching = self._searching
        if searching is None:
            return
        hits = searching.hits
        self.sheets.show_hit(hits[self._at] if self._at < len(hits) else None)
        if hits or searching.over:
            self.found.emit(self._at + 1 if hits else 0, len(hits))
        self._show_place(self.sheets.page)

    def _show_place(self, page: int) -> None:
        self._thumbnails.show_page(page)
        searching = self._searching
        said = f"Page {page + 1} of {self._count}" if self._count else ""
        if searching is not None and not searching.over:
            said += f" · searching page {searching.read + 1}"
        elif searching is not None and self._words and self._source and not self._source.has_words:
            said += " · a scanned page: its words cannot be searched"
        self._page.setText(said)


Opener = Callable[[], Pages]
"""Opens the document that is to be shown, in the session's darkroom."""
