"""Icons of one family (lucide, ISC), tinted with the colours in force at the moment they are painted.

Owns: reading resources/icons and drawing them sharp at any size and scale.
Must never: be needed for the first paint of the sign-in page (QtSvg is loaded with the first icon).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap

from client.ui import lamp, theme
from client.ui.resources import RESOURCES

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

_APPLICATION_SIZES = (16, 24, 32, 48, 64, 128)


def icon(name: str) -> QIcon:
    """Return the icon `name` (a file of resources/icons) as a QIcon that follows the theme.

    Secondary at rest, bright when pointed at or checked, faint when disabled.
    Raises FileNotFoundError for a name that is not there.
    """
    _source(name)
    return QIcon(_Engine(name))


def application_icon() -> QIcon:
    """Return the program's icon: the lamp in the dark, at every size a desktop asks for."""
    icon = QIcon()
    for size in _APPLICATION_SIZES:
        icon.addPixmap(lamp.picture(size))
    return icon


def paint(painter: QPainter, rect: QRect | QRectF, name: str, colour: QColor) -> None:
    """Draw the icon `name` into `rect` in `colour`, for delegates and widgets that paint themselves."""
    _renderer(name, colour.name()).render(painter, QRectF(rect))


def pixmap(name: str, colour: QColor, size: int, scale: float) -> QPixmap:
    """Return the icon as a square picture of `size` pixels at 100 %, drawn for a screen of `scale`."""
    picture = QPixmap(round(size * scale), round(size * scale))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, QRect(0, 0, picture.width(), picture.height()), name, colour)
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


class _Engine(QIconEngine):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint(painter, rect, self._name, _colour(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # Since Qt 6.8 `size` is in pixels at 100 %; the picture must carry the scale itself.
        return pixmap(self._name, _colour(mode, state), min(size.width(), size.height()), scale)

    def clone(self) -> QIconEngine:
        return _Engine(self._name)


def _colour(mode: QIcon.Mode, state: QIcon.State) -> QColor:
    colours = theme.current()
    if mode is QIcon.Mode.Disabled:
        return colours.faint
    if state is QIcon.State.On or mode in (QIcon.Mode.Active, QIcon.Mode.Selected):
        return colours.bright
    return colours.secondary


@cache
def _source(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    from PySide6.QtSvg import QSvgRenderer  # here: 5 ms that the sign-in page does not pay

    drawn = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    drawn.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return drawn
