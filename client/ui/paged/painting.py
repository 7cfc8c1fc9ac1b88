"""How a page looks: its picture, or paper until it is here, and marks on its words.

Owns: the colours of paper and of marks on it. Must never: hide a word under a mark.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from client.ui import fonts, theme

_PAPER = QColor("white")
_EVENING = QColor("#D6D3CC")
_PENCIL = QColor("#767470")
_MARKED = QColor("#BFD3EA")
_FOUND = QColor("#F7DFB2")
_AT = QColor("#8A4B00")


def paint_page(
    painter: QPainter, place: QRectF, seen: QRectF, page: int, image: QImage | None, problem: str | None
) -> None:
    """Draw a page at its place; words about it stand where they are seen."""
    colours = theme.current()
    if image is not None:
        painter.drawImage(place, image)
        dim(painter, place)
        return
    painter.fillRect(place, _PAPER if problem is None else colours.surface)
    if problem is None:
        dim(painter, place)
    painter.setPen(_PENCIL if problem is None else colours.text)
    painter.setFont(fonts.sans())
    words = f"Page {page + 1} …" if problem is None else f"Page {page + 1} cannot be shown. {problem}"
    inside = place.intersected(seen).adjusted(24, 24, -24, -24)
    painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)


def dim(painter: QPainter, place: QRectF) -> None:
    """In the dark, let paper be as bright as the words of a report are, and no brighter."""
    if theme.current().dark:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.fillRect(place, _EVENING)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def paint_marks(
    painter: QPainter, marked: Iterable[QRectF], found: Iterable[QRectF], at: Iterable[QRectF]
) -> None:
    """Mark the words a reader marked, those that were found, and the hit the reader is at."""
    # Words under a mark stay black: it darkens the paper only, as a felt pen does.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    for box in marked:
        painter.fillRect(box, _MARKED)
    for box in found:
        painter.fillRect(box, _FOUND)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(QPen(_AT, 2))
    for box in at:
        painter.drawRect(box.adjusted(-2, -2, 2, 2))
