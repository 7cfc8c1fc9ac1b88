"""Finding words on the pages of a document: page after page, in the background.

Owns: the hits, in the order of the pages. Must never: hold up the window for a long document, or say that
words are not there before the last page was read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from client.session.pages import Box, Pages

MOST = 1000  # hits that are counted; a reader needs no more


@dataclass(slots=True, eq=False)
class Hit:
    """Words found on a page; `boxes` are known once the page was asked for them."""

    page: int
    start: int
    boxes: list[Box] = field(default_factory=list)


class Searching:
    """One search at a time; `changed` is called when there is more to know."""

    def __init__(self, pages: Pages, count: int, changed: Callable[[], None]) -> None:
        self._pages, self._count, self._changed = pages, count, changed
        self._texts: dict[int, str] = {}
        self._round = 0  # answers to an earlier search do not count
        self._words = ""
        self._placed: set[int] = set()
        self.read = 0  # pages read so far for these words
        self.hits: list[Hit] = []

    @property
    def over(self) -> bool:
        """Whether all pages were read."""
        return not self._words or self.read >= self._count

    def on(self, page: int) -> list[Hit]:
        """Return the hits on a page."""
        return [hit for hit in self.hits if hit.page == page]

    def look_for(self, words: str) -> None:
        """Look for words on all pages, without regard to case; "" ends the search."""
        self._round += 1
        self._words = words.casefold()
        self._placed = set()
        self.read, self.hits = 0, []
        self._pages.forget_words()
        if self._words:
            self._read_on(self._round)
        self._changed()

    def place(self, page: int) -> None:
        """Find out where the hits on a page stand; once."""
        hits = self.on(page)
        if not hits or page in self._placed:
            return
        self._placed.add(page)
        current = self._round

        def placed(found: list[list[Box]]) -> None:
            if current == self._round:
                for hit, boxes in zip(hits, found, strict=False):
                    hit.boxes = boxes
                self._changed()

        self._pages.boxes(page, [(hit.start, len(self._words)) for hit in hits], placed)

    def _read_on(self, current: int) -> None:
        while self.read < self._count and self.read in self._texts and len(self.hits) < MOST:
            self._take(self._texts[self.read])
        if len(self.hits) >= MOST:
            self.read = self._count
        if self.read < self._count:
            page = self.read

            def answered(text: str) -> None:
                self._texts[page] = text
                if current == self._round:
                    before = len(self.hits)
                    self._read_on(current)
                    if len(self.hits) != before or self.over:
                        self._changed()

            self._pages.read(page, answered)

    def _take(self, text: str) -> None:
        folded = text.casefold()
        if len(folded) != len(text):
            folded = text.lower()  # places must fit the text as it stands
        at = folded.find(self._words)
        while at >= 0 and len(self.hits) < MOST:
            self.hits.append(Hit(self.read, at))
            at = folded.find(self._words, at + len(self._words))
        self.read += 1
