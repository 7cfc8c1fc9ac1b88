"""The theme follows what is wanted and what the system asks for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QLineEdit

from client.policy.table import Theme
from client.ui import fonts, theme
from client.ui.colours import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT

UNKNOWN, LIGHT_SYSTEM, DARK_SYSTEM = (
    Qt.ColorScheme.Unknown,
    Qt.ColorScheme.Light,
    Qt.ColorScheme.Dark,
)
USUAL, HIGH = Qt.ContrastPreference.NoPreference, Qt.ContrastPreference.HighContrast


@pytest.mark.parametrize(
    ("wanted", "scheme", "contrast", "expected"),
    [
        (Theme.SYSTEM, UNKNOWN, USUAL, DARK),
        (Theme.SYSTEM, DARK_SYSTEM, USUAL, DARK),
        (Theme.SYSTEM, LIGHT_SYSTEM, USUAL, LIGHT),
        (Theme.DARK, LIGHT_SYSTEM, USUAL, DARK),
        (Theme.LIGHT, DARK_SYSTEM, USUAL, LIGHT),
        (Theme.SYSTEM, LIGHT_SYSTEM, HIGH, CONTRAST_LIGHT),
        (Theme.DARK, LIGHT_SYSTEM, HIGH, CONTRAST_DARK),
    ],
)
def test_the_colours_follow_the_wish_and_the_system(wanted, scheme, contrast, expected):
    assert theme.chosen(wanted, scheme, contrast) is expected


def test_a_change_of_theme_reaches_a_window_that_is_open(qapp, qtbot):
    field = QLineEdit("typed")
    qtbot.addWidget(field)
    field.show()
    before = field.grab().toImage().pixelColor(8, 3)
    theme.apply(qapp, Theme.LIGHT)
    assert theme.current() is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window) == LIGHT.ground
    after = field.grab().toImage().pixelColor(8, 3)
    assert before == DARK.raised
    assert after == LIGHT.raised


def test_the_screen_is_set_in_the_bundled_typeface_with_unlike_zero_and_o():
    font = fonts.sans(20)
    assert QFontInfo(font).family() == fonts.SANS
    assert font.featureValue(fonts._SLASHED_ZERO) == 1
    assert QFontInfo(fonts.mono()).family() == fonts.MONO


def test_figures_are_tabular():
    metrics = QFontMetricsF(fonts.sans(100))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_every_token_of_the_style_sheet_is_filled_in():
    assert "@" not in theme._sheet(DARK)
