"""Two texts at one height: headings of the same part line up, and both scroll together.

Owns: the room put above headings, and the link between two scroll bars. Must never: change a word, or the
order in which either report says things: where they say it in another order, only what fits is lined up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import cast

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCursor

from client.documents import Section, SectionRole
from client.ui.report.reader import Reader

_TOGETHER = 2.0  # px: nearer than this is the same height


def pairs(left: Sequence[Section], right: Sequence[Section]) -> list[tuple[str, str]]:
    """Return the anchors of sections with the same role, in an order both reports have."""
    roles = [
        [(one.role, one.heading.casefold() if one.role is SectionRole.OTHER else "") for one in side]
        for side in (left, right)
    ]
    matcher = SequenceMatcher(None, roles[0], roles[1], autojunk=False)
    return [
        (left[a + at].anchor, right[b + at].anchor)
        for a, b, size in matcher.get_matching_blocks()
        for at in range(size)
    ]


class Alignment(QObject):
    """Keeps two readers lined up for as long as both show something."""

    def __init__(self, left: Reader, right: Reader) -> None:
        super().__init__(right)
        self._readers = (left, right)
        self._pairs: list[tuple[str, str]] = []
        self._padded: list[tuple[Reader, int, float]] = []  # block number and the margin it had
        self._following = False
        self.together = True
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._align)
        for reader, other in ((left, right), (right, left)):
            reader.laid_out.connect(self._again)
            reader.verticalScrollBar().valueChanged.connect(
                lambda value, other=other: self._follow(other, value)
            )

    @property
    def active(self) -> bool:
        """Whether two texts are held against each other."""
        return bool(self._readers[1].isVisible() and self._readers[0].isVisible())

    def begin(self, left: Sequence[Section], right: Sequence[Section]) -> None:
        """Line up the sections of the texts shown now."""
        self._padded.clear()
        self._pairs = pairs(left, right)
        self._soon.start()

    def end(self) -> None:
        """Take back all room put in between."""
        self._pairs = []
        self._soon.stop()
        self._restore()

    def set_together(self, together: bool) -> None:
        """Scroll both, or each by itself; together again they stand where the left one does."""
        self.together = together
        if together:
            self._follow(self._readers[1], self._readers[0].verticalScrollBar().value())

    def _again(self) -> None:
        if self._pairs:
            self._soon.start()

    def _align(self) -> None:
        if not self._pairs or not self.active:
            return
        self._restore()
        left, right = self._readers
        places = _anchored(left), _anchored(right)
        top = right.viewport().mapTo(right.window(), QPoint(0, 0)).y()
        offset = top - left.viewport().mapTo(left.window(), QPoint(0, 0)).y()
        for anchors in self._pairs:
            blocks = [place.get(anchor) for place, anchor in zip(places, anchors, strict=True)]
            if blocks[0] is None or blocks[1] is None:
                continue
            lack = _top(left, blocks[0]) - _top(right, blocks[1]) - offset
            if abs(lack) > _TOGETHER:
                self._pad(right if lack > 0 else left, blocks[lack > 0], abs(lack))
        if self.together:
            self._follow(right, left.verticalScrollBar().value())

    def _pad(self, reader: Reader, block: QTextBlock | None, room: float) -> None:
        if block is None:
            return
        had = block.blockFormat().topMargin()
        self._padded.append((reader, block.blockNumber(), had))
        _set_margin(block, had + room)

    def _restore(self) -> None:
        for reader, number, had in reversed(self._padded):
            block = reader.document().findBlockByNumber(number)
            # A text laid out anew has its own margins again.
            if block.isValid() and block.blockFormat().topMargin() > had:
                _set_margin(block, had)
        self._padded.clear()

    def _follow(self, other: Reader, value: int) -> None:
        if not self.together or self._following or not self.active:
            return
        self._following = True
        other.verticalScrollBar().setValue(value)
        self._following = False


def _set_margin(block: QTextBlock, margin: float) -> None:
    shape = QTextBlockFormat()
    shape.setTopMargin(margin)
    QTextCursor(block).mergeBlockFormat(shape)


def _top(reader: Reader, block: QTextBlock) -> float:
    return reader.document().documentLayout().blockBoundingRect(block).top()


def _anchored(reader: Reader) -> dict[str, QTextBlock]:
    found: dict[str, QTextBlock] = {}
    block = reader.document().begin()
    while block.isValid():
        for run in cast("Iterable[QTextBlock.iterator]", block):
            for name in run.fragment().charFormat().anchorNames():
                found.setdefault(name, block)
        block = block.next()
    return found
