"""The brand: a darkroom lamp, lit. Drawn for this project; resources/icons/safelight.svg is the same drawing.

Owns: the painted mark and the picture of the program's icon.
Painted by hand, so that the first page needs no SVG library.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui import theme
from client.ui.colours import DARK


def paint(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw the lamp into the square `box`: cord, shade in outline, glass lit."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 32, box.height() / 32)  # the drawing's own grid is 32 by 32
    pen = QPen(colour, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawLine(QPointF(16, 2), QPointF(16, 7))
    shade = QPainterPath(QPointF(4, 19))
    shade.arcTo(QRectF(4, 7, 24, 24), 180, -180)
    shade.closeSubpath()
    painter.drawPath(shade)
    glass = QPainterPath(QPointF(9, 22.5))
    glass.arcTo(QRectF(9, 15.5, 14, 14), 180, 180)
    glass.closeSubpath()
    painter.fillPath(glass, colour)
    painter.restore()


def picture(size: int) -> QPixmap:
    """Return the program's icon as a picture of `size` pixels."""
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK.ground)
    painter.drawRoundedRect(QRectF(0, 0, size, size), size * 3 / 16, size * 3 / 16)
    inset = size / 8
    paint(painter, QRectF(inset, inset, size - 2 * inset, size - 2 * inset), DARK.accent)
    painter.end()
    return made


class Lamp(QWidget):
    """The mark as a widget, in the colours in force."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = QSize(size, size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Safelight")

    def sizeHint(self) -> QSize:
        """Return the size given, in pixels at 100 %."""
        return self._size

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lamp."""
        painter = QPainter(self)
        paint(painter, QRectF(self.rect()), theme.current().accent)
        painter.end()
