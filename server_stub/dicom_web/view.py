"""How a rendered image is to look: the query of `rendered` and `thumbnail` (PS3.18 8.3.5).

Must never: leave a parameter out silently.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl

from server_stub.dicom_web.problem import WebError

_MOST = 8192  # pixels of a viewport's side


class Function(Enum):
    """VOI LUT functions (PS3.3 C.11.2.1.2, C.11.2.1.3)."""

    LINEAR = "linear"
    LINEAR_EXACT = "linear-exact"
    SIGMOID = "sigmoid"


@dataclass(frozen=True, slots=True)
class Window:
    """Centre and width in the values' own unit."""

    centre: float
    width: float
    function: Function = Function.LINEAR


@dataclass(frozen=True, slots=True)
class View:
    """What the query asks for; None where it leaves it to us."""

    window: Window | None = None
    size: tuple[int, int] | None = None  # the picture fits into it, in pixels
    region: tuple[int, int, int, int] | None = None  # left, top, width, height of the source, in pixels
    quality: int = 90


def read_view(query: str) -> View:
    """Read the query; raises WebError for what is not offered."""
    try:
        pairs = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError:
        raise WebError(400, "At most 20 parameters are read, in UTF-8.") from None
    window, size, region, quality = None, None, None, 90
    for name, value in pairs.items():
        if name == "window":
            window = _window(value)
        elif name == "viewport":
            size, region = _viewport(value)
        elif name == "quality":
            quality = _whole(value)
            if not 1 <= quality <= 100:
                raise WebError(400, "quality is between 1 and 100.")
        elif name != "accept":
            raise WebError(400, "Only window, viewport, quality and accept are offered here.")
    return View(window, size, region, quality)


def _window(value: str) -> Window:
    parts = value.split(",")
    try:
        centre, width = float(parts[0]), float(parts[1])
        function = Function(parts[2].lower()) if len(parts) > 2 else Function.LINEAR
        lowest = 1.0 if function is Function.LINEAR else 0.0
        if len(parts) > 3 or not math.isfinite(centre) or not lowest <= width < math.inf or width == 0:
            raise ValueError
    except (ValueError, IndexError):
        message = "window is centre,width,function; the function linear, linear-exact or sigmoid."
        raise WebError(400, message) from None
    return Window(centre, width, function)


def _viewport(value: str) -> tuple[tuple[int, int], tuple[int, int, int, int] | None]:
    parts = value.split(",")
    if len(parts) not in (2, 6):
        raise WebError(400, "viewport is width,height or width,height,left,top,width,height.")
    numbers = [_whole(part) for part in parts]
    if not all(0 < side <= _MOST for side in numbers[:2]):
        raise WebError(400, f"A viewport is at most {_MOST} pixels wide and high.")
    if len(numbers) == 2:
        return (numbers[0], numbers[1]), None
    left, top, width, height = numbers[2:]
    if not (0 < width <= _MOST and 0 < height <= _MOST):
        raise WebError(400, f"A region is at most {_MOST} pixels wide and high.")
    return (numbers[0], numbers[1]), (left, top, width, height)


def _whole(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise WebError(400, "Sizes and quality are whole numbers.")
    return int(value)
