"""Texts of one typeface, laid out once and drawn many times.

Owns: the glyphs of the texts drawn last, a bounded number of them: laying a text out takes four times as
long as drawing its glyphs, and most texts of a screen have been drawn before.
Must never: shorten a text; who draws it knows which part of it may go.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGlyphRun, QPainter, QTextLayout, QTextOption

_KEPT = 3000  # texts; about as many as ten screens hold


class Words(NamedTuple):
    """A text laid out."""

    runs: tuple[QGlyphRun, ...]  # several where the typeface lacks a script
    width: float
    ascent: float  # how far the baseline stands below the origin of the glyphs


class Lettering:
    """One line each, always laid out from left to right; names bring their own direction with them."""

    def __init__(self, font: QFont) -> None:
        self.metrics = QFontMetricsF(font)
        self._laid: dict[str, Words] = {}
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._layout = QTextLayout("", font)
        self._layout.setTextOption(option)

    def words(self, text: str) -> Words:
        """Return the text laid out."""
        words = self._laid.get(text)
        if words is None:
            if len(self._laid) >= _KEPT:
                del self._laid[next(iter(self._laid))]  # the oldest: all of them take a third of a frame
            layout = self._layout
            layout.setText(text)
            layout.beginLayout()
            line = layout.createLine()
            layout.endLayout()
            words = self._laid[text] = Words(
                tuple(layout.glyphRuns()), line.naturalTextWidth(), line.ascent()
            )
        return words

    def width(self, text: str) -> float:
        """Return how wide the text is, in pixels at 100 %."""
        return self.words(text).width

    def draw(self, painter: QPainter, left: float, baseline: float, text: str) -> None:
        """Draw the text with the painter's pen, its baseline at a height."""
        runs, _, ascent = self.words(text)
        at = QPointF(left, baseline - ascent)
        for run in runs:
            painter.drawGlyphRun(at, run)

    def middle(self, height: float) -> float:
        """Return where the baseline stands in a row of that height, for text in its middle."""
        return (height + self.metrics.ascent() - self.metrics.descent()) / 2
