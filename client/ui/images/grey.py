"""Stored values to grey: one table for all values there can be, and one look-up a pixel.

Owns: the arithmetic of a window (PS3.3 C.11.2.1.2 LINEAR and LINEAR_EXACT, C.11.2.1.3 SIGMOID), which window
fits an image that brings none, and the speed of a look-up.
Must never: import Qt, or change a stored value: what is measured is what was stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from client.session.stored import Function, Stored, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = NDArray[np.uint8]
    Levels = NDArray[np.uint8] | NDArray[np.uint16]

_SAMPLES = 250_000  # pixels looked at for a window of our own
# Pixels looked up at once: numpy turns every index into eight bytes first, and these stay in the processor's
# second cache. Measured on 4096 × 4096: 20 ms, against 32 to 46 ms for all at once.
_BAND = 1 << 17


class Grey:
    """The values of one frame as indices into a table of greys."""

    def __init__(self, stored: Stored) -> None:
        """`stored` is grey."""
        self.levels, step, first = _levels(stored.values)
        self._signed = stored.values.dtype.kind == "i" and stored.values.dtype.itemsize <= 2
        self._inverted = stored.inverted
        # What index `n`, taken as the stored value it stands for, means.
        self._slope = stored.slope * step
        self._intercept = stored.intercept + stored.slope * first

    def meanings(self) -> NDArray[np.float64]:
        """Return what every index of the table means, in rescaled units."""
        many = 256 if self.levels.dtype.itemsize == 1 else 65536
        index = np.arange(many, dtype=np.float64)
        if self._signed:
            index[many // 2 :] -= many
        return index * self._slope + self._intercept

    def table(self, window: Window, *, invert: bool = False) -> Table:
        """Return the grey of every index: 0 is black on the screen."""
        greys = shade(self.meanings(), window)
        return 255 - greys if invert is not self._inverted else greys

    def full_window(self) -> Window:
        """Return the window from the least to the greatest value."""
        least, greatest = self._range(0, 100)
        return _between(least, greatest)

    def own_window(self) -> Window:
        """Return a window that leaves out the few values at either end, for an image that brings none."""
        least, greatest = self._range(1, 99)
        return _between(least, greatest) if greatest > least else self.full_window()

    def _range(self, low: float, high: float) -> tuple[float, float]:
        step = max(1, int((self.levels.size / _SAMPLES) ** 0.5))
        some = self.levels if (low, high) == (0, 100) else self.levels[::step, ::step]
        values = some.view(np.int16) if self._signed else some
        if (low, high) == (0, 100):
            ends = [float(values.min()), float(values.max())]
        else:
            ends = [float(each) for each in np.percentile(values, (low, high))]
        means = sorted(end * self._slope + self._intercept for end in ends)
        return means[0], means[1]


def shade(values: NDArray[np.float64], window: Window) -> Table:
    """Return the greys (0 to 255) that a window gives to rescaled values."""
    centre, width = window.centre, window.width
    if window.function is Function.SIGMOID:
        with np.errstate(over="ignore"):
            share = 1 / (1 + np.exp(-4 * (values - centre) / width))
    elif window.function is Function.LINEAR_EXACT:
        share = (values - centre) / width + 0.5
    elif width > 1:
        share = (values - (centre - 0.5)) / (width - 1) + 0.5
    else:
        share = np.where(
            values <= centre - 0.5, 0.0, 1.0
        )  # a threshold, as the standard says of a width of 1
    return (np.clip(share, 0, 1) * 255 + 0.5).astype(np.uint8)


def look_up(table: Table, levels: Levels, into: Table) -> None:
    """Put the grey of every pixel into `into`, which has the shape of `levels`."""
    rows = max(1, _BAND // max(1, levels.shape[1]))
    for top in range(0, levels.shape[0], rows):
        # "clip": otherwise numpy writes to a buffer of its own first. The table has every index there is.
        np.take(table, levels[top : top + rows], out=into[top : top + rows], mode="clip")


def _levels(values: NDArray[Any]) -> tuple[Levels, float, float]:
    """Return indices, and how one becomes a stored value again: index · step + first."""
    kind = values.dtype
    if kind.kind in "iu" and kind.itemsize == 2:
        return values.view(np.uint16), 1.0, 0.0
    if kind == np.uint8:
        return values.view(np.uint8), 1.0, 0.0
    if kind == np.int8:
        return (values.astype(np.int16)).view(np.uint16), 1.0, 0.0
    # 32 bits and floating point: as fine as a table is. What is read off under the pointer stays exact.
    exact = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    first, last = float(exact.min()), float(exact.max())
    step = (last - first) / 65535 or 1.0
    return ((exact - first) / step + 0.5).astype(np.uint16), step, first


def _between(least: float, greatest: float) -> Window:
    width = max(greatest - least, 1e-6)
    return Window((least + greatest) / 2, width, Function.LINEAR_EXACT)
