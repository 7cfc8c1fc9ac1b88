"""Values of an image in words: what is under the pointer, and the window in force.

Owns: the unit. Must never: name one that the image does not have: only CT's values are HU by themselves.
PS3.3 C.11.1.1.2 (Rescale Type).
"""

from __future__ import annotations

from client.session.stored import Function, Stored, Window
from client.ui.images.placing import Point

_MINUS = "\u2212"
_UNITS = {"US": "", "OD": "mOD"}  # "US" is for unspecified; OD counts thousandths of optical density


def unit(stored: Stored) -> str:
    """Return the unit of rescaled values, "" for none."""
    named = _UNITS.get(stored.unit, stored.unit)
    rescaled = stored.slope != 1.0 or stored.intercept != 0.0
    return "HU" if not stored.unit and stored.facts.modality == "CT" and rescaled else named


def value_at(stored: Stored, at: Point) -> str:
    """Return what is at a place of the stored image: "−24 HU  x 211 y 87"; "" beside the image."""
    column, row = int(at.x // 1), int(at.y // 1)
    if not (0 <= column < stored.columns and 0 <= row < stored.rows):
        return ""
    where = f"x {column + 1} y {row + 1}"
    if not stored.grey:
        red, green, blue = (int(part) for part in stored.values[row, column])
        return f"R {red} G {green} B {blue}   {where}"
    raw = stored.values[row, column].item()
    value = number(raw * stored.slope + stored.intercept)
    named = unit(stored)
    of = f" {named}" if named else ""
    stored_too = f" (stored {number(raw)})" if named else ""
    return f"{value}{of}{stored_too}   {where}"


def window_words(window: Window, stored: Stored) -> str:
    """Return a window as readers say it: "C 40  W 400 HU"."""
    named = unit(stored)
    curve = "  sigmoid" if window.function is Function.SIGMOID else ""
    centre, width = window.centre, window.width
    if width >= 20:  # a part of a step is not seen
        centre, width = float(round(centre)), float(round(width))
    return f"C {number(centre)}  W {number(width)}{f' {named}' if named else ''}{curve}"


def number(value: float) -> str:
    """Return a number with as many digits as mean something, and a minus that is seen."""
    words = f"{value:.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.4g}"
    return ("0" if words == "-0" else words).replace("-", _MINUS)
