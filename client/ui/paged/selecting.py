"""Words of a page that the reader marks with the pointer, to be copied.

Owns: from which word to which. Must never: put anything on the clipboard unasked.
"""

from __future__ import annotations

from collections.abc import Callable

from client.session.pages import Box, Pages, Word


class Selecting:
    """A selection on one page, word by word; the words' places are asked for with the first press on it."""

    def __init__(self, pages: Pages, changed: Callable[[], None]) -> None:
        self._pages, self._changed = pages, changed
        self._words: dict[int, list[Word]] = {}
        self._texts: dict[int, str] = {}
        self._asked: set[int] = set()
        self.page = -1
        self._from: tuple[float, float] | None = None
        self._to: tuple[float, float] = (0.0, 0.0)

    def begin(self, page: int, x: float, y: float) -> None:
        """Start at a place on a page, in points; what was marked is no longer."""
        self.page, self._from, self._to = page, (x, y), (x, y)
        self._ask(page)
        self._changed()

    def extend(self, x: float, y: float) -> None:
        """Mark up to here."""
        if self._from is not None:
            self._to = (x, y)
            self._changed()

    def mark_all(self, page: int) -> None:
        """Mark the whole page."""
        self.page, self._from, self._to = page, (float("-inf"),) * 2, (float("inf"),) * 2
        self._ask(page)
        self._changed()

    def clear(self) -> None:
        """Mark nothing."""
        self.page, self._from = -1, None

    def boxes(self) -> list[Box]:
        """Return where the marked words stand."""
        return [word.box for word in self._marked()]

    def text(self) -> str:
        """Return the marked words as the page has them."""
        marked = self._marked()
        if not marked:
            return ""
        text = self._texts.get(self.page, "")
        return text[marked[0].start : marked[-1].start + marked[-1].length].replace("\r\n", "\n")

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)

        def read(text: str) -> None:
            self._texts[page] = text

        def placed(words: list[Word]) -> None:
            self._words[page] = words
            self._changed()

        self._pages.read(page, read)
        self._pages.words(page, placed)

    def _marked(self) -> list[Word]:
        words = self._words.get(self.page, [])
        if self._from is None or not words or self._from == self._to:
            return []
        first, last = sorted((_nearest(words, *self._from), _nearest(words, *self._to)))
        return words[first : last + 1]


def _nearest(words: list[Word], x: float, y: float) -> int:
    """Return which word is at a place: on its line if there is one, else the last one above."""
    if y == float("inf"):
        return len(words) - 1

    def distance(place: int) -> tuple[float, float]:
        box = words[place].box
        down = max(box.y - y, y - box.y - box.height, 0.0)
        across = max(box.x - x, x - box.x - box.width, 0.0)
        return down, across

    return min(range(len(words)), key=distance)
