"""Where the pages of a document lie below one another.

Owns: arithmetic on lengths. Must never: know a widget.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QRectF

from client.session.pages import Box, Size

GAP = 12.0  # px between pages, and around them


class Layout:
    """Pages in a column; at 100 % the widest is as wide as the room for it. Lengths are pixels."""

    def __init__(self, sizes: Sequence[Size], room: float, per_cent: int) -> None:
        widest = max(size.width for size in sizes)
        self.scale = max(room - 2 * GAP, 40.0) / widest * per_cent / 100  # pixels a point
        self.width = max(widest * self.scale + 2 * GAP, room)
        self._tops: list[float] = []
        self._sizes = [(size.width * self.scale, size.height * self.scale) for size in sizes]
        top = GAP
        for _, height in self._sizes:
            self._tops.append(top)
            top += height + GAP
        self.height = top

    def page(self, number: int) -> QRectF:
        """Return where a page lies."""
        width, height = self._sizes[number]
        return QRectF((self.width - width) / 2, self._tops[number], width, height)

    def box(self, number: int, box: Box) -> QRectF:
        """Return where a place on a page lies."""
        page, scale = self.page(number), self.scale
        return QRectF(
            page.x() + box.x * scale, page.y() + box.y * scale, box.width * scale, box.height * scale
        )

    def at(self, y: float) -> int:
        """Return which page lies at a height, or is the last one above it."""
        return max(bisect_right(self._tops, y) - 1, 0)

    def between(self, top: float, bottom: float) -> range:
        """Return the pages that touch a stretch."""
        return range(self.at(top), self.at(bottom) + 1)
