"""The brand: a darkroom lamp, lit. Drawn for this project; resources/icons/safelight.svg is the same drawing.

Owns: the mark, and the picture of the program's icon. It is amber in every theme.
Filled paths on a pixmap, not a paintEvent with pens: the first page needs neither an SVG library nor
Qt's enums.
"""

from __future__ import annotations

from math import asin, degrees

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPainter, QPainterPath, QPalette, QPixmap
from PySide6.QtWidgets import QLabel

from client.ui.colours import DARK

_CLEAR = QColor(0, 0, 0, 0)
_STROKE = 2.5  # on the drawing's own grid of 32 by 32


class Lamp(QLabel):
    """The mark as a widget of `size` pixels."""

    def __init__(self, size: int) -> None:
        super().__init__()
        scale = QGuiApplication.primaryScreen().devicePixelRatio()
        picture = _empty(round(size * scale))
        painter = QPainter(picture)
        _draw(painter, QRectF(picture.rect()))
        painter.end()
        picture.setDevicePixelRatio(scale)
        self.setPixmap(picture)
        self.setFixedSize(size, size)
        self.setAccessibleName("Safelight")


def picture(size: int) -> QPixmap:
    """Return the program's icon, the lamp in the dark, as a picture of `size` pixels."""
    made = _empty(size)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    night = QPainterPath()
    night.addRoundedRect(QRectF(0, 0, size, size), size * 3 / 16, size * 3 / 16)
    painter.fillPath(night, _brush(DARK.ground))
    inset = size / 8
    _draw(painter, QRectF(inset, inset, size - 2 * inset, size - 2 * inset))
    painter.end()
    return made


def _empty(size: int) -> QPixmap:
    made = QPixmap(size, size)
    made.fill(_CLEAR)
    return made


def _brush(colour: QColor) -> QBrush:
    # A palette makes a brush without the overloads that load all of Qt's enums (see client.ui.numbers).
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, colour)
    return palette.window()


def _draw(painter: QPainter, box: QRectF) -> None:
    """Draw the lamp into a square: cord, shade in outline, glass lit."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 32, box.height() / 32)
    half = _STROKE / 2
    cord = QPainterPath()
    cord.addRoundedRect(QRectF(16 - half, 2 - half, _STROKE, 5 + _STROKE), half, half)
    # The inner dome is left out of the outer one: paths fill odd-even.
    shade = _dome(12 + half, foot=half)
    shade.addPath(_dome(12 - half, foot=-half))
    glass = QPainterPath()
    glass.moveTo(9, 22.5)
    glass.arcTo(QRectF(9, 15.5, 14, 14), 180, 180)
    glass.closeSubpath()
    amber = _brush(DARK.accent)
    for part in (cord, shade, glass):
        painter.fillPath(part, amber)
    painter.restore()


def _dome(radius: float, foot: float) -> QPainterPath:
    """Return the part of a disc around (16, 19) that lies above the line `foot` below its centre."""
    beyond = degrees(asin(foot / radius))
    disc = QRectF(16 - radius, 19 - radius, 2 * radius, 2 * radius)
    path = QPainterPath()
    path.arcMoveTo(disc, 180 + beyond)
    path.arcTo(disc, 180 + beyond, -180 - 2 * beyond)
    path.closeSubpath()
    return path
