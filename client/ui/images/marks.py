"""What stands on an image: whose it is, which it is, the patient's sides, the scale, what was measured.

Owns: its place and its legibility on any grey: light words with a dark rim.
Must never: leave out patient, identifier or the notice that this display is not calibrated for want of room.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from client.session.stored import Geometry
from client.ui import fonts
from client.ui.colours import DARK
from client.ui.images.lengths import Length, scale_bar
from client.ui.images.placing import Edges, Placing, Point

NOTICE = "Not for diagnosis: this display is not calibrated"
GROUND = QColor("#060606")  # behind every image, in every theme: light beside it would close the eye's pupil
MARGIN = 10
FOOT = 22  # px below every image, for the notice
_RIM = QColor(0, 0, 0, 210)
_AROUND = [(x, y) for x in (-1.2, 0, 1.2) for y in (-1.2, 0, 1.2) if x or y]
_LINE = 18
_BAR = 160  # px, at most


@dataclass(frozen=True, slots=True)
class Caption:
    """Words in the corners; the first line of `whose` is the name, the second holds the identifier."""

    whose: tuple[str, ...] = field(default=(), repr=False)  # top left
    which: tuple[str, ...] = field(default=(), repr=False)  # top right


class Marks:
    """Draws marks into a painter whose unit is a pixel at 100 %."""

    def __init__(self) -> None:
        self._font = fonts.sans(13)
        self._strong = fonts.sans(14, strong=True)
        self._figures = fonts.mono(13)
        self._sides = fonts.sans(15, strong=True)
        self._metrics = QFontMetricsF(self._font)
        self._marks = QFontMetricsF(self._figures)

    def corners(
        self, painter: QPainter, area: QRectF, caption: Caption, facts: tuple[str, ...], pointed: str
    ) -> None:
        """Draw the words in the corners; where there is little room, those on the left keep it."""
        inside = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        left = 0.0
        for at, words in enumerate(caption.whose):
            font = self._strong if at == 0 else self._font
            metrics = QFontMetricsF(font)
            left = max(left, metrics.horizontalAdvance(words))
            _write(painter, QPointF(inside.left(), inside.top() + at * _LINE), words, font, DARK.bright)
        room = inside.width() - left - 24
        for at, words in enumerate(caption.which):
            if room > 60:
                shown = self._metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room)
                x = inside.right() - self._metrics.horizontalAdvance(shown)
                _write(painter, QPointF(x, inside.top() + at * _LINE), shown, self._font, DARK.text)
        bottom = inside.bottom() - _LINE  # above the notice
        for at, words in enumerate(reversed(facts)):
            top = bottom - (at + 1) * _LINE
            _write(painter, QPointF(inside.left(), top), words, self._figures, DARK.text)
        if pointed:
            x = inside.right() - self._marks.horizontalAdvance(pointed)
            _write(painter, QPointF(x, bottom - _LINE), pointed, self._figures, DARK.bright)

    def notice(self, painter: QPainter, area: QRectF) -> None:
        """Draw what must never be missing, smaller rather than cut."""
        font = fonts.sans(12)
        wide = QFontMetricsF(font).horizontalAdvance(NOTICE)
        if wide > area.width() - 8:
            font = fonts.sans(max(7, int(12 * (area.width() - 8) / wide)))
            wide = QFontMetricsF(font).horizontalAdvance(NOTICE)
        box = QRectF(area.left(), area.bottom() - FOOT, area.width(), FOOT)
        painter.fillRect(box, GROUND)
        painter.setFont(font)
        painter.setPen(DARK.caution)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, NOTICE)

    def sides(self, painter: QPainter, area: QRectF, edges: Edges) -> None:
        """Draw what of the patient is at each edge."""
        metrics = QFontMetricsF(self._sides)
        middle = QPointF(area.center().x(), area.center().y())
        for words, x, y in (
            (edges.top, middle.x() - metrics.horizontalAdvance(edges.top) / 2, area.top() + MARGIN),
            (
                edges.bottom,
                middle.x() - metrics.horizontalAdvance(edges.bottom) / 2,
                area.bottom() - FOOT - _LINE - 6,
            ),
            (edges.left, area.left() + MARGIN, middle.y() - 9),
            (
                edges.right,
                area.right() - MARGIN - metrics.horizontalAdvance(edges.right),
                middle.y() - 9,
            ),
        ):
            _write(painter, QPointF(x, y), words, self._sides, DARK.accent)

    def scale(self, painter: QPainter, area: QRectF, geometry: Geometry, each: float, side: bool) -> None:
        """Draw a bar of a round length in mm, where one is known; `each` is how wide a pixel is drawn."""
        bar = scale_bar(geometry, each, min(_BAR, area.width() / 3), on_side=side)
        if bar is None:
            return
        begin = QPointF(area.center().x() - bar.pixels / 2, area.bottom() - FOOT - _LINE - 30)
        end = begin + QPointF(bar.pixels, 0)
        path = QPainterPath(begin - QPointF(0, 4))
        path.lineTo(begin)
        path.lineTo(end)
        path.lineTo(end - QPointF(0, 4))
        _stroke(painter, path, DARK.text)
        words = QPointF(
            area.center().x() - self._marks.horizontalAdvance(bar.words) / 2, begin.y() - _LINE - 6
        )
        _write(painter, words, bar.words, self._figures, DARK.text)

    def length(self, painter: QPainter, begin: QPointF, end: QPointF, words: str) -> None:
        """Draw a measured line with its ends and its length beside the second."""
        path = QPainterPath(begin)
        path.lineTo(end)
        for at in (begin, end):
            path.moveTo(at - QPointF(5, 0))
            path.lineTo(at + QPointF(5, 0))
            path.moveTo(at - QPointF(0, 5))
            path.lineTo(at + QPointF(0, 5))
        _stroke(painter, path, DARK.accent)
        _write(painter, end + QPointF(10, -9), words, self._figures, DARK.accent)

    def cross(self, painter: QPainter, at: QPointF) -> None:
        """Draw the place that the arrow keys move while measuring."""
        path = QPainterPath()
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            path.moveTo(at + QPointF(4 * x, 4 * y))
            path.lineTo(at + QPointF(14 * x, 14 * y))
        _stroke(painter, path, DARK.accent)

    def sentence(self, painter: QPainter, area: QRectF, words: str) -> None:
        """Write something in the middle of an empty place."""
        painter.setFont(self._font)
        painter.setPen(DARK.secondary)
        box = area.adjusted(4 * MARGIN, 60, -4 * MARGIN, -60)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def lengths(
        self, painter: QPainter, lines: tuple[Length, ...], placing: Placing, geometry: Geometry,
        size: tuple[int, int], scale: float,
    ) -> None:  # fmt: skip
        """Draw what was measured; `size`: the stored image's columns and rows, `scale` the screen's."""
        for line in lines:
            ends = [on_screen(at, placing, size, scale) for at in line]
            self.length(painter, ends[0], ends[1], line.words(geometry))


def on_screen(at: Point, placing: Placing, size: tuple[int, int], scale: float) -> QPointF:
    """Return where a place of the stored image is, in pixels at 100 %."""
    x, y = placing.to_screen(placing.turn.from_stored(at, *size))
    return QPointF(x / scale, y / scale)


def _write(painter: QPainter, at: QPointF, words: str, font: QFont, colour: QColor) -> None:
    if not words:
        return
    baseline = at + QPointF(0, QFontMetricsF(font).ascent())
    painter.setFont(font)
    painter.setPen(_RIM)
    for x, y in _AROUND:
        painter.drawText(baseline + QPointF(x, y), words)
    painter.setPen(colour)
    painter.drawText(baseline, words)


def _stroke(painter: QPainter, path: QPainterPath, colour: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_RIM, 4))
    painter.drawPath(path)
    painter.setPen(QPen(colour, 1.6))
    painter.drawPath(path)
