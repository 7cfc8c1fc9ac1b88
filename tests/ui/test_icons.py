"""Icons are sharp at every scale, follow the theme, and only those in use are carried."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from client.policy.table import Theme
from client.ui import icons, lamp, theme
from client.ui.colours import DARK, LIGHT
from client.ui.resources import RESOURCES


def inks(picture):
    """The colours of the fully covered pixels."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_an_icon_has_as_many_pixels_as_the_screen(scale):
    picture = icons.icon("search").pixmap(QSize(16, 16), scale)
    assert picture.devicePixelRatio() == scale
    assert picture.width() == round(16 * scale)


def test_an_icon_follows_the_theme(qapp):
    icon = icons.icon("search")
    assert inks(icon.pixmap(QSize(20, 20), 2.0)) == {DARK.secondary.name()}
    theme.apply(qapp, Theme.LIGHT)
    assert inks(icon.pixmap(QSize(20, 20), 2.0)) == {LIGHT.secondary.name()}


def test_a_disabled_icon_steps_back_and_a_checked_one_comes_forward():
    icon = icons.icon("search")
    assert inks(icon.pixmap(QSize(20, 20), 2.0, QIcon.Mode.Disabled)) == {DARK.faint.name()}
    assert inks(icon.pixmap(QSize(20, 20), 2.0, QIcon.Mode.Normal, QIcon.State.On)) == {DARK.bright.name()}


def test_an_icon_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


def test_the_programs_icon_exists_at_every_size_a_desktop_asks_for():
    sizes = {size.width() for size in icons.application_icon().availableSizes()}
    assert {16, 32, 48, 128} <= sizes


def test_the_lamp_is_the_same_drawing_as_its_svg():
    painted = lamp.picture(128).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    file = QImage(128, 128, QImage.Format.Format_ARGB32)
    file.fill(Qt.GlobalColor.transparent)
    painter = QPainter(file)
    QSvgRenderer(str(RESOURCES / "icons" / "safelight.svg")).render(painter, QRectF(0, 0, 128, 128))
    painter.end()
    far = sum(
        abs(painted.pixelColor(x, y).red() - file.pixelColor(x, y).red()) > 64
        for x in range(128)
        for y in range(128)
    )
    assert far < 128 * 128 * 0.01


def test_every_icon_carried_is_used():
    code = "".join(
        path.read_text(encoding="utf-8") for path in (Path(RESOURCES).parent / "client" / "ui").rglob("*.py")
    )
    unused = [
        file.stem
        for file in (RESOURCES / "icons").glob("*.svg")
        if f'"{file.stem}"' not in code and file.stem != "safelight"
    ]
    assert unused == []
