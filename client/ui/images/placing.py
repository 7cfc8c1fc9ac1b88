"""Where an image stands on the screen: turned, mirrored, enlarged, moved; and where the patient's sides are.

Owns: the arithmetic between device pixels, the image as it is turned, and the image as it is stored.
Must never: import numpy or a widget. PS3.3 C.7.6.2.1.1 (orientation), C.7.6.1.1.1 (its letters).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from client.session.stored import Geometry

SMALLEST, LARGEST = 0.02, 64.0  # device pixels for one of the image's
_OBLIQUE = 0.2  # of a direction's unit: less of a component than about 12 degrees is not said
_OPPOSITE = str.maketrans("AFHLPR", "PHFRAL")


class Point(NamedTuple):
    """A place: in device pixels, or in pixels of an image."""

    x: float
    y: float


class Edges(NamedTuple):
    """What of the patient is at each edge: letters of L, R, A, P, H, F; "" where it is not known."""

    top: str
    right: str
    bottom: str
    left: str


@dataclass(frozen=True, slots=True)
class Turn:
    """How an image is turned: clockwise quarters first, then mirrored left to right."""

    quarters: int = 0
    mirrored: bool = False

    def right(self) -> Turn:
        """Return this, a quarter further clockwise as seen."""
        return replace(self, quarters=(self.quarters + (-1 if self.mirrored else 1)) % 4)

    def left(self) -> Turn:
        """Return this, a quarter back as seen."""
        return replace(self, quarters=(self.quarters + (1 if self.mirrored else -1)) % 4)

    def across(self) -> Turn:
        """Return this with left and right exchanged as seen."""
        return replace(self, mirrored=not self.mirrored)

    def upside_down(self) -> Turn:
        """Return this with top and bottom exchanged as seen."""
        return Turn((self.quarters + 2) % 4, not self.mirrored)

    def size(self, columns: int, rows: int) -> tuple[int, int]:
        """Return width and height of the turned image."""
        return (rows, columns) if self.quarters % 2 else (columns, rows)

    def to_stored(self, at: Point, columns: int, rows: int) -> Point:
        """Return where a place of the turned image is in the stored one."""
        width, height = self.size(columns, rows)
        x, y = (width - at.x if self.mirrored else at.x), at.y
        for _ in range(self.quarters):
            x, y = y, width - x
            width, height = height, width
        return Point(x, y)

    def from_stored(self, at: Point, columns: int, rows: int) -> Point:
        """Return where a place of the stored image is in the turned one."""
        x, y, width, height = at.x, at.y, columns, rows
        for _ in range(self.quarters):
            x, y = height - y, x
            width, height = height, width
        return Point(width - x if self.mirrored else x, y)


@dataclass(frozen=True, slots=True)
class Placing:
    """A turned image in device pixels: `left`, `top` where it begins, `across`, `down` its pixels' size."""

    turn: Turn
    across: float
    down: float
    left: float
    top: float

    def to_turned(self, at: Point) -> Point:
        """Return where a place on the screen is in the turned image."""
        return Point((at.x - self.left) / self.across, (at.y - self.top) / self.down)

    def to_screen(self, at: Point) -> Point:
        """Return where a place of the turned image is on the screen."""
        return Point(self.left + at.x * self.across, self.top + at.y * self.down)

    def moved(self, x: float, y: float) -> Placing:
        """Return this, moved on the screen."""
        return replace(self, left=self.left + x, top=self.top + y)

    def enlarged(self, factor: float, around: Point) -> Placing:
        """Return this, enlarged; what is at `around` on the screen stays there."""
        factor = min(max(self.across * factor, SMALLEST), LARGEST) / self.across
        return replace(
            self,
            across=self.across * factor,
            down=self.down * factor,
            left=around.x - (around.x - self.left) * factor,
            top=around.y - (around.y - self.top) * factor,
        )


def tall(geometry: Geometry) -> float:
    """Return how many times as tall as wide a pixel of the stored image is."""
    if geometry.spacing is None:
        return 1.0
    ratio = geometry.spacing[0] / geometry.spacing[1]
    return ratio if 0.1 < ratio < 10 else 1.0


def fitted(turn: Turn, columns: int, rows: int, pixel: float, width: float, height: float) -> Placing:
    """Return the image as large as it fits into `width` × `height` device pixels, in the middle.

    `pixel` is how many times as tall as wide a stored pixel is.
    """
    wide, high = turn.size(columns, rows)
    shape = 1 / pixel if turn.quarters % 2 else pixel
    across = max(min(width / wide, height / (high * shape)), SMALLEST)
    return centred(turn, columns, rows, pixel, width, height, across)


def centred(
    turn: Turn, columns: int, rows: int, pixel: float, width: float, height: float, across: float
) -> Placing:
    """Return the image in the middle with pixels `across` device pixels wide."""
    wide, high = turn.size(columns, rows)
    down = across * (1 / pixel if turn.quarters % 2 else pixel)
    return Placing(turn, across, down, (width - wide * across) / 2, (height - high * down) / 2)


def edges(geometry: Geometry, turn: Turn) -> Edges:
    """Return what of the patient is at each edge of the turned image."""
    right, down = geometry.letters
    if geometry.along_row is not None and geometry.along_column is not None:
        right, down = _letters(geometry.along_row), _letters(geometry.along_column)
    for _ in range(turn.quarters):
        right, down = _opposite(down), right
    if turn.mirrored:
        right = _opposite(right)
    return Edges(_opposite(down), right, down, _opposite(right))


def _letters(direction: Sequence[float]) -> str:
    """Return the sides a direction points to, the most first: L, P and H are where LPS counts up to."""
    named = [
        (abs(part), more if part > 0 else less)
        for part, more, less in zip(direction, "LPH", "RAF", strict=True)
    ]
    return "".join(letter for share, letter in sorted(named, reverse=True) if share > _OBLIQUE)


def _opposite(letters: str) -> str:
    return letters.translate(_OPPOSITE)
