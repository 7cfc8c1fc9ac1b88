"""An image as the darkroom gives it: what its header says, and a frame's values as they are stored.

Owns: reading an answer of the darkroom's image task, which a hostile file may have written itself: what is
not of the known form is left out, what would not fit together is refused.
Must never: import Qt, or numpy before a frame is there. PS3.3 C.7.6.2, C.7.6.3, C.11.1, C.11.2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from client.errors import DevelopError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from client.darkroom.desk import Developed

_KINDS = {f"<{kind}{size}" for kind in "iu" for size in (1, 2, 4)} | {"<f4", "<f8"}
_WORDS = 64  # characters of a word from a header
_WINDOWS = 16
_UNUSABLE = "This image is not put together as images are, so it cannot be shown. Open it at the portal."


class Function(Enum):
    """How a window turns values into grey: VOI LUT Function (PS3.3 C.11.2.1.2, C.11.2.1.3)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


class Measure(Enum):
    """What a distance between pixels is a distance of."""

    PATIENT = "pixel"  # Pixel Spacing: in the patient, or calibrated (PS3.3 10.7.1.1)
    DETECTOR = "imager"  # Imager Pixel Spacing: at the detector, where things are magnified (C.8.11.7)
    NONE = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A range of rescaled values and the greys it is spread over."""

    centre: float
    width: float  # more than 0
    function: Function = Function.LINEAR


@dataclass(frozen=True, slots=True)
class FileWindow:
    """A window that the image itself brings; `said` is how it explains it, "" for not at all."""

    window: Window
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for all frames of an instance."""

    frames: int
    bits: int  # stored; 0 where nothing is said
    photometric: str
    modality: str
    laterality: str
    view: str
    lossy: bool
    frame_time: timedelta | None
    patient_id: str = field(repr=False)  # as the file itself says; "" where it does not
    accession: str = field(repr=False)
    space: str = field(repr=False)  # Frame of Reference UID: positions are compared within one only


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where a frame lies; lengths in mm, directions in the patient's system (left, back, head: LPS)."""

    spacing: tuple[float, float] | None  # between rows, between columns
    measure: Measure
    along_row: tuple[float, float, float] | None  # where columns count up to
    along_column: tuple[float, float, float] | None  # where rows count up to
    position: tuple[float, float, float] | None  # of the first pixel's centre
    letters: tuple[str, str]  # Patient Orientation: along the row, down the column; for projections

    @property
    def normal(self) -> tuple[float, float, float] | None:
        """The direction that slices are counted along, None where the planes are not known."""
        if self.along_row is None or self.along_column is None:
            return None
        (a, b, c), (d, e, f) = self.along_row, self.along_column
        return b * f - c * e, c * d - a * f, a * e - b * d

    @property
    def depth(self) -> float | None:
        """How far along the normal the frame lies, in mm; None where that is not known."""
        if self.normal is None or self.position is None:
            return None
        return sum(one * other for one, other in zip(self.normal, self.position, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """One frame: `values` as stored, rows × columns, or × 3 in RGB; one means slope · value + intercept."""

    values: NDArray[Any] = field(repr=False)
    slope: float
    intercept: float
    unit: str  # "" where nothing is said
    inverted: bool  # MONOCHROME1: the least value is white
    windows: tuple[FileWindow, ...]
    function: Function
    geometry: Geometry
    facts: Facts

    @property
    def grey(self) -> bool:
        """Whether there are values to window, not colours."""
        return self.values.ndim == 2

    @property
    def rows(self) -> int:
        """How many rows of pixels."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> int:
        """How many columns of pixels."""
        return int(self.values.shape[1])

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return int(self.values.nbytes)


def read_facts(said: Mapping[str, Any]) -> Facts:
    """Read what the darkroom answers when an instance is opened."""
    milliseconds = _number(said.get("frame_time"))
    frames = said.get("frames")
    return Facts(
        frames=frames if isinstance(frames, int) and 0 < frames < 2**31 else 1,
        bits=int(_number(said.get("bits")) or 0),
        photometric=_word(said.get("photometric")),
        modality=_word(said.get("modality")),
        laterality=_word(said.get("laterality")),
        view=_word(said.get("view")),
        lossy=said.get("lossy") is True,
        frame_time=timedelta(milliseconds=milliseconds) if milliseconds and 0 < milliseconds < 1e5 else None,
        patient_id=_word(said.get("patient_id")),
        accession=_word(said.get("accession")),
        space=_word(said.get("frame_of_reference")),
    )


def read_frame(answer: Developed, facts: Facts) -> Stored:
    """Read what the darkroom answers about a frame; raises DevelopError where it does not fit together."""
    import numpy as np

    said = answer.said
    rows, columns, kind = said.get("rows"), said.get("columns"), said.get("type")
    if not (isinstance(rows, int) and isinstance(columns, int) and rows > 0 < columns and answer.blobs):
        raise DevelopError(_UNUSABLE)
    colour = kind == "rgb"
    if not colour and kind not in _KINDS:
        raise DevelopError(_UNUSABLE)
    values = np.frombuffer(answer.blobs[0], np.uint8 if colour else np.dtype(kind))
    if values.size != rows * columns * (3 if colour else 1):
        raise DevelopError(_UNUSABLE)
    function = _function(said.get("window_function"))
    return Stored(
        values=values.reshape((rows, columns, 3) if colour else (rows, columns)),
        slope=_number(said.get("slope")) or 1.0,
        intercept=_number(said.get("intercept")) or 0.0,
        unit=_word(said.get("unit")),
        inverted=said.get("monochrome1") is True,
        windows=tuple(_windows(said.get("windows"), function)),
        function=function,
        geometry=_geometry(said),
        facts=facts,
    )


def _geometry(said: Mapping[str, Any]) -> Geometry:
    spacing = _numbers(said.get("spacing"), 2)
    known = spacing is not None and all(0 < each < 1000 for each in spacing)
    try:
        measure = Measure(said.get("spacing_of")) if known else Measure.NONE
    except ValueError:
        measure = Measure.NONE
    six = _numbers(said.get("orientation"), 6)
    row, column = (_unit(six[:3]), _unit(six[3:])) if six else (None, None)
    if row is None or column is None or abs(sum(a * b for a, b in zip(row, column, strict=True))) > 0.01:
        row = column = None  # PS3.3 C.7.6.2.1.1: they are at right angles
    position = _numbers(said.get("position"), 3)
    words = said.get("patient_orientation")
    letters = [_letters(word) for word in words] if isinstance(words, list) and len(words) == 2 else ["", ""]
    return Geometry(
        spacing=(spacing[0], spacing[1]) if spacing is not None and measure is not Measure.NONE else None,
        measure=measure,
        along_row=row,
        along_column=column,
        position=(position[0], position[1], position[2]) if position else None,
        letters=(letters[0], letters[1]),
    )


def _windows(said: object, function: Function) -> list[FileWindow]:
    found = []
    for each in said[:_WINDOWS] if isinstance(said, list) else ():
        if isinstance(each, Mapping):
            centre, width = _number(each.get("centre")), _number(each.get("width"))
            if centre is not None and width is not None and width > 0:
                found.append(FileWindow(Window(centre, width, function), _word(each.get("said"))))
    return found


def _function(said: object) -> Function:
    try:
        return Function(said)
    except ValueError:
        return Function.LINEAR


def _unit(vector: list[float]) -> tuple[float, float, float] | None:
    length = math.sqrt(sum(each * each for each in vector))
    if not 0.9 < length < 1.1:
        return None
    return vector[0] / length, vector[1] / length, vector[2] / length


def _letters(said: object) -> str:
    """Return the letters of Patient Orientation (PS3.3 C.7.6.1.1.1), "" for what is none."""
    word = _word(said).upper()
    return word if word and set(word) <= set("AFHLPR") and len(word) <= 3 else ""


def _numbers(said: object, count: int) -> list[float] | None:
    if not isinstance(said, list) or len(said) != count:
        return None
    found = [_number(each) for each in said]
    return [each for each in found if each is not None] if None not in found else None


def _number(said: object) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return float(said) if math.isfinite(said) and abs(said) < 1e15 else None


def _word(said: object) -> str:
    if not isinstance(said, str):
        return ""
    plain = "".join(letter if letter.isprintable() else " " for letter in said[:_WORDS])
    return " ".join(plain.split())
