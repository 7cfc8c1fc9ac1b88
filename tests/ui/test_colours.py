"""The colours can be read, and told apart by every eye."""

from itertools import combinations

import pytest

from client.ui.colours import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT

SETS = {"dark": DARK, "light": LIGHT, "contrast dark": CONTRAST_DARK, "contrast light": CONTRAST_LIGHT}
GROUNDS = ("ground", "surface", "raised", "hover", "selection")

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
EYES = {
    "ordinary": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour):
    return [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.2 contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """CIE 1976 L*a*b* of linear sRGB, D65."""
    red, green, blue = (min(1.0, max(0.0, c)) for c in rgb)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour, eye):
    rgb = linear(colour)
    return lab([sum(m * c for m, c in zip(row, rgb, strict=True)) for row in eye])


def difference(one, other, eye):
    return sum((a - b) ** 2 for a, b in zip(seen(one, eye), seen(other, eye), strict=True)) ** 0.5


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_words_can_be_read_on_every_ground(name, ground):
    colours = SETS[name]
    behind = getattr(colours, ground)
    for word in ("text", "bright"):
        assert contrast(getattr(colours, word), behind) >= 7, word
    for word in ("secondary", "faint", "accent", "critical", "caution"):
        assert contrast(getattr(colours, word), behind) >= 4.5, word


@pytest.mark.parametrize("name", SETS)
def test_words_on_filled_shapes_can_be_read(name):
    colours = SETS[name]
    for fill in ("accent", "critical", "caution"):
        assert contrast(getattr(colours, f"on_{fill}"), getattr(colours, fill)) >= 4.5, fill
    assert contrast(colours.ground, colours.text) >= 7, "the primary button"


@pytest.mark.parametrize("name", SETS)
def test_outlines_of_controls_can_be_seen(name):
    colours = SETS[name]
    for ground in ("ground", "surface", "raised"):
        assert contrast(colours.edge, getattr(colours, ground)) >= 3, ground


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("eye", EYES)
def test_colours_with_a_meaning_differ_for_every_eye(name, eye):
    colours = SETS[name]
    for one, other in combinations(("accent", "critical", "caution", "text"), 2):
        apart = difference(getattr(colours, one), getattr(colours, other), EYES[eye])
        assert apart >= 15, (one, other, round(apart, 1))


@pytest.mark.parametrize("name", ["contrast dark", "contrast light"])
def test_high_contrast_is_higher(name):
    colours = SETS[name]
    for word in ("text", "bright", "secondary", "faint", "edge", "line"):
        assert contrast(getattr(colours, word), colours.ground) >= 10, word
    for word in ("accent", "critical", "caution"):
        assert contrast(getattr(colours, word), colours.ground) >= 7, word


def test_grounds_are_neutral_not_blue():
    for colours in (DARK, LIGHT):
        for ground in ("ground", "surface", "raised", "hover"):
            colour = getattr(colours, ground)
            assert colour.blue() <= colour.red()
            assert colour.red() - colour.blue() <= 6
