"""Lengths measured on an image, and in what they are said.

Owns: the unit: mm in the patient where Pixel Spacing is known, mm at the detector where only Imager Pixel
Spacing is, pixels where neither is. Must never: call a length mm that is none. PS3.3 10.7.1.1, C.8.11.7.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from client.session.stored import Geometry, Measure
from client.ui.images.placing import Point

_KIND = {
    Measure.PATIENT: "mm",
    Measure.DETECTOR: "mm at the detector",
    Measure.NONE: "pixels",
}
_STEPS = (1, 2, 5)


class Length(NamedTuple):
    """A line between two places of the stored image."""

    begin: Point
    end: Point

    def measured(self, geometry: Geometry) -> float:
        """Return how long it is, in the unit that `unit` names."""
        down, across = geometry.spacing or (1.0, 1.0)
        return hypot((self.end.x - self.begin.x) * across, (self.end.y - self.begin.y) * down)

    def words(self, geometry: Geometry) -> str:
        """Return the length as it stands beside the line: one decimal, whole pixels."""
        length = self.measured(geometry)
        return f"{length:.1f} {unit(geometry)}" if geometry.spacing else f"{length:.0f} {unit(geometry)}"


def unit(geometry: Geometry) -> str:
    """Return what lengths of an image are said in."""
    return _KIND[geometry.measure]


class Bar(NamedTuple):
    """A scale bar: how long it is drawn, and what it stands for."""

    pixels: float
    words: str


def scale_bar(geometry: Geometry, screen_per_pixel: float, most: float, *, on_side: bool) -> Bar | None:
    """Return a bar of at most `most` screen pixels that stands for 1, 2 or 5 times a power of ten mm.

    `screen_per_pixel` is along the screen's rows; `on_side`: these are the image's columns. None where no
    length in mm is known.
    """
    if geometry.spacing is None:
        return None
    spacing = geometry.spacing[0] if on_side else geometry.spacing[1]
    per_mm = screen_per_pixel / spacing
    fitting = [
        step * power
        for power in (0.01, 0.1, 1, 10, 100, 1000)
        for step in _STEPS
        if step * power * per_mm <= most
    ]
    if not fitting:
        return None
    length = fitting[-1]
    words = f"{length:g} mm" if length < 10 else f"{length / 10:g} cm"
    return Bar(length * per_mm, words + (" at the detector" if geometry.measure is Measure.DETECTOR else ""))
