"""The colours, named once by what they mean.

Owns: the four sets (dark, light, and the two high-contrast ones). Must never: name a colour by its look.
Amber is for focus, selection and the brand; red is for critical results and nothing else; what needs
attention without being critical is blue, which with amber and red stays apart under every common
colour-vision deficiency. Measured in tests/ui/test_colours.py: text and bright at least 7:1, all other
words at least 4.5:1, on every ground they may stand on.
"""

from typing import NamedTuple

from PySide6.QtGui import QColor


class Colours(NamedTuple):
    """One set of semantic colours; treat each QColor as read-only."""

    dark: bool  # whether light words stand on a dark ground
    ground: QColor  # behind everything
    surface: QColor  # a sheet on the ground: the report, the card, a menu
    raised: QColor  # what can be pressed or typed into
    line: QColor  # a quiet separation
    edge: QColor  # the outline of a control: at least 3:1 on ground and surface
    text: QColor
    bright: QColor  # the report's own words
    secondary: QColor  # labels, dates, what is known already
    faint: QColor  # shortcuts, counts, footers
    accent: QColor  # focus, selection, brand
    on_accent: QColor
    critical: QColor  # a critical result, never anything else
    on_critical: QColor
    caution: QColor  # wants attention: preliminary, problem, the session about to end
    on_caution: QColor
    selection: QColor  # behind selected rows and words
    hover: QColor
    shadow: QColor


def _set(*, dark: bool, shadow_alpha: int, **hexes: str) -> Colours:
    shadow = QColor(0, 0, 0, shadow_alpha)
    return Colours(dark=dark, shadow=shadow, **{name: QColor(value) for name, value in hexes.items()})


DARK = _set(
    dark=True,
    shadow_alpha=150,
    ground="#111110",
    surface="#191918",
    raised="#242322",
    line="#343331",
    edge="#6F6D69",
    text="#D9D9D6",
    bright="#F4F3F0",
    secondary="#A8A7A3",
    faint="#979692",
    accent="#F0A33C",
    on_accent="#171208",
    critical="#FF6464",
    on_critical="#170606",
    caution="#8DB9E8",
    on_caution="#0B121A",
    selection="#3B2C12",
    hover="#201F1E",
)

LIGHT = _set(
    dark=False,
    shadow_alpha=60,
    ground="#ECEBE8",
    surface="#F7F6F4",
    raised="#FFFFFF",
    line="#CFCDC8",
    edge="#85827C",
    text="#24231F",
    bright="#0F0E0C",
    secondary="#53514C",
    faint="#62605A",
    accent="#984C00",
    on_accent="#FFFFFF",
    critical="#B70B36",
    on_critical="#FFFFFF",
    caution="#1F5C99",
    on_caution="#FFFFFF",
    selection="#F6DFB5",
    hover="#E2E1DD",
)

CONTRAST_DARK = _set(
    dark=True,
    shadow_alpha=0,
    ground="#000000",
    surface="#000000",
    raised="#000000",
    line="#FFFFFF",
    edge="#FFFFFF",
    text="#FFFFFF",
    bright="#FFFFFF",
    secondary="#FFFFFF",
    faint="#E0E0E0",
    accent="#FFC04D",
    on_accent="#000000",
    critical="#FF8A8A",
    on_critical="#000000",
    caution="#9CCBFF",
    on_caution="#000000",
    selection="#4A3300",
    hover="#262626",
)

CONTRAST_LIGHT = _set(
    dark=False,
    shadow_alpha=0,
    ground="#FFFFFF",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#000000",
    edge="#000000",
    text="#000000",
    bright="#000000",
    secondary="#000000",
    faint="#2B2B2B",
    accent="#844900",
    on_accent="#FFFFFF",
    critical="#8F092A",
    on_critical="#FFFFFF",
    caution="#003E80",
    on_caution="#FFFFFF",
    selection="#FFE2AE",
    hover="#EBEBEB",
)
