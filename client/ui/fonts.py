"""The two typefaces: IBM Plex Sans for the screen and the report, IBM Plex Mono for measurements.

Owns: loading them from resources/fonts, and the sizes. Figures are tabular as drawn, 1 l I differ as drawn,
and the font's `zero` feature makes 0 unlike O: a misread identifier is a wrong patient.
Sizes are in pixels at 100 %; Qt scales them with the screen.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from client.ui.resources import RESOURCES

SANS = "IBM Plex Sans"
MONO = "IBM Plex Mono"

SMALL = 12  # footers, shortcuts, column heads
NORMAL = 13  # controls and rows
BODY = 15  # the report's own words
TITLE = 22  # one per screen

_SLASHED_ZERO = QFont.Tag("zero")
_FILES = {
    "first": ("IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf"),
    "rest": ("IBMPlexSans-Italic.ttf", "IBMPlexMono-Regular.ttf"),
}


def _load(which: str) -> None:
    for file in _FILES[which]:
        if QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / file)) < 0:
            raise FileNotFoundError(f"The font {file} is missing or damaged. Please install Safelight again.")


def load_fonts() -> None:
    """Load what the sign-in page needs; call once, after the QApplication exists.

    Raises FileNotFoundError where the installation is damaged.
    """
    _load("first")


def load_reading_fonts() -> None:
    """Load what only a report needs (italic, mono); call once, after the sign-in page is painted."""
    _load("rest")


def sans(pixels: int = NORMAL, *, strong: bool = False, italic: bool = False) -> QFont:
    """Return the screen's typeface with slashed zero, semibold when `strong`."""
    return _font(SANS, pixels, strong, italic)


def mono(pixels: int = NORMAL) -> QFont:
    """Return the typeface of measurements, with slashed zero."""
    return _font(MONO, pixels, strong=False, italic=False)


def _font(family: str, pixels: int, strong: bool, italic: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setItalic(italic)
    if strong:
        font.setWeight(QFont.Weight.DemiBold)
    # Full hinting snaps stems to whole pixels and makes 13 px text look spindly beside 15 px text.
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    font.setFeature(_SLASHED_ZERO, 1)
    return font
