"""A frame drawn: only what is in sight, at the screen's size while something moves, in full when it rests.

Owns: the turned values, the buffers that greys are put into, the last picture. All of it in memory only.
Must never: copy a frame into a file or a pixmap cache, or keep one after `forget`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from client.session.stored import Stored, Window
from client.ui.images.grey import Grey, look_up
from client.ui.images.placing import Placing, Turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


class _Part(NamedTuple):
    """Pixels of the turned image that are in sight, and where they belong in device pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def target(self, placing: Placing) -> QRectF:
        return QRectF(
            placing.left + self.left * placing.across,
            placing.top + self.top * placing.down,
            (self.right - self.left) * placing.across,
            (self.bottom - self.top) * placing.down,
        )


class Drawing:
    """One frame, ready to be drawn over and over."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.grey = Grey(stored) if stored.grey else None
        self._values: Array = self.grey.levels if self.grey is not None else stored.values
        self._turn = Turn()
        self._turned = self._values
        self._sampled: tuple[tuple[Placing, int, int], Array, int, int] | None = None
        self._table: tuple[tuple[Window, bool], Array] | None = None
        self._buffer: Array = np.empty(0, np.uint8)
        self._picture: tuple[tuple[object, ...], QImage, QRectF] | None = None

    def draw(
        self,
        painter: QPainter,
        placing: Placing,
        width: int,
        height: int,
        window: Window,
        *,
        invert: bool,
        fine: bool,
    ) -> None:
        """Draw into a painter whose unit is a device pixel; `width`, `height`: how many of them there are."""
        key = (placing, width, height, window, invert, fine)
        if self._picture is None or self._picture[0] != key:
            self._turn_to(placing.turn)
            part = self._part(placing, width, height)
            if part is None:
                return
            self._picture = (key, *self._made(part, placing, width, height, window, invert, fine))
        _, picture, target = self._picture
        # Enlarged, a pixel's value goes over into its neighbour's, as on film; reduced, it was done already.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, placing.across > 1)
        painter.drawImage(target, picture)

    def forget(self) -> None:
        """Let go of everything that was made of the frame."""
        self._sampled = self._picture = self._table = None
        self._buffer = np.empty(0, np.uint8)

    def _turn_to(self, turn: Turn) -> None:
        if turn == self._turn:
            return
        turned = np.rot90(self._values, -turn.quarters)
        self._turned = np.ascontiguousarray(turned[:, ::-1] if turn.mirrored else turned)
        self._turn = turn
        self._sampled = None

    def _part(self, placing: Placing, width: int, height: int) -> _Part | None:
        rows, columns = self._turned.shape[:2]
        left, top = max(0, int(-placing.left / placing.across)), max(0, int(-placing.top / placing.down))
        right = min(columns, int((width - placing.left) / placing.across) + 1)
        bottom = min(rows, int((height - placing.top) / placing.down) + 1)
        return _Part(left, top, right, bottom) if left < right and top < bottom else None

    def _made(
        self,
        part: _Part,
        placing: Placing,
        width: int,
        height: int,
        window: Window,
        invert: bool,
        fine: bool,
    ) -> tuple[QImage, QRectF]:
        reduced = placing.across < 1 or placing.down < 1
        if reduced and not fine:
            values, left, top = self._sample(placing, width, height)
            return self._shown(values, window, invert), QRectF(left, top, values.shape[1], values.shape[0])
        values = self._turned[part.top : part.bottom, part.left : part.right]
        target = part.target(placing)
        if not reduced:
            return self._shown(values, window, invert), target
        # Means of whole squares first, then Qt's smooth scaling of what is left: half the time of that alone.
        square = max(1, int(min(1 / placing.across, 1 / placing.down)))
        picture = self._shown(values, window, invert, square)
        # A square at the edge may be one that is not full.
        target.setWidth(picture.width() * square * placing.across)
        target.setHeight(picture.height() * square * placing.down)
        if (picture.width(), picture.height()) != (round(target.width()), round(target.height())):
            picture = picture.scaled(
                max(1, round(target.width())),
                max(1, round(target.height())),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return picture, target

    def _sample(self, placing: Placing, width: int, height: int) -> tuple[Array, int, int]:
        """Return one value for every device pixel that the image covers, and where they begin."""
        key = (placing, width, height)
        if self._sampled is None or self._sampled[0] != key:
            rows, columns = self._turned.shape[:2]
            left, xs = _nearest(placing.left, placing.across, columns, width)
            top, ys = _nearest(placing.top, placing.down, rows, height)
            self._sampled = key, self._turned[ys].take(xs, axis=1), left, top
        return self._sampled[1:]

    def _shown(self, values: Array, window: Window, invert: bool, square: int = 1) -> QImage:
        """Return a picture of values, each of its pixels the mean of a square of theirs."""
        rows, columns = values.shape[:2]
        if self.grey is None:
            colours = _means(255 - values if invert else values, square)
            return _image(colours, QImage.Format.Format_RGB888)
        line = (columns + 3) & ~3  # Qt wants every line to begin at four bytes
        if self._buffer.size < rows * line:
            self._buffer = np.empty(rows * line, np.uint8)
        into = self._buffer[: rows * line].reshape(rows, line)
        look_up(self._table_of(window, invert), values, into[:, :columns])
        if square > 1:
            return _image(_means(into[:, :columns], square), QImage.Format.Format_Grayscale8)
        # Drawn before the buffer is used again: the picture before this one is let go of with its key.
        return QImage(into.data, columns, rows, line, QImage.Format.Format_Grayscale8)

    def _table_of(self, window: Window, invert: bool) -> Array:
        if self._table is None or self._table[0] != (window, invert):
            assert self.grey is not None  # noqa: S101 - for the type checker: only grey is windowed
            self._table = (window, invert), self.grey.table(window, invert=invert)
        return self._table[1]


def _means(values: Array, square: int) -> Array:
    """Return the means of squares of pixels; an incomplete one at the edge repeats its last pixels."""
    if square == 1:
        return values
    rows, columns = (-(-length // square) * square for length in values.shape[:2])
    missing = [(0, rows - values.shape[0]), (0, columns - values.shape[1]), (0, 0)][: values.ndim]
    whole = np.pad(values, missing, mode="edge") if any(after for _, after in missing) else values
    total = np.zeros((rows // square, columns // square, *values.shape[2:]), np.uint32)
    for row in range(square):
        for column in range(square):
            total += whole[row::square, column::square]
    return (total // (square * square)).astype(np.uint8)


def _image(values: Array, form: QImage.Format) -> QImage:
    """Return a picture with pixels of its own."""
    values = np.ascontiguousarray(values)
    rows, columns = values.shape[:2]
    return QImage(values.data, columns, rows, values.strides[0], form).copy()


def _nearest(start: float, step: float, count: int, room: int) -> tuple[int, NDArray[np.intp]]:
    """Return the first device pixel an axis covers, and for each it covers the nearest of `count` pixels."""
    first, last = max(0, int(start)), min(room, max(1, int(start + count * step)))
    if last <= first:
        last = first + 1
    places = (np.arange(first, last) + 0.5 - start) / step
    return first, np.clip(places.astype(np.intp), 0, count - 1)
