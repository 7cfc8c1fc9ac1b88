"""Frames and pictures out of a DICOM file (PS3.18 8.7.3.3, 10.4.1.1.3; windows: PS3.3 C.11.2).

Must never: answer with something else than was asked for; what cannot be decoded is refused (406).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
from PIL import Image as Picture
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi
from pydicom.pixels.utils import pixel_array

from server_stub.dicom_web.problem import WebError, not_acceptable, not_there
from server_stub.dicom_web.view import Function, View, Window

EXPLICIT = "1.2.840.10008.1.2.1"
_MOST_PIXELS = 100_000_000
_STORED_TYPES = {  # PS3.18 table 8.7.3-5
    "1.2.840.10008.1.2.4.50": "image/jpeg",
    "1.2.840.10008.1.2.4.51": "image/jpeg",
    "1.2.840.10008.1.2.4.57": "image/jpeg",
    "1.2.840.10008.1.2.4.70": "image/jpeg",
    "1.2.840.10008.1.2.4.80": "image/jls",
    "1.2.840.10008.1.2.4.81": "image/jls",
    "1.2.840.10008.1.2.4.90": "image/jp2",
    "1.2.840.10008.1.2.4.91": "image/jp2",
    "1.2.840.10008.1.2.5": "image/dicom-rle",
}
# Everything that pydicom and its decoders raise for a file that they do not understand.
_UNDECODABLE = (ValueError, TypeError, AttributeError, KeyError, NotImplementedError, RuntimeError, EOFError,
                OSError, IndexError, OverflowError, ZeroDivisionError)  # fmt: skip
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's header, and what it takes to find its frames."""

    path: Path
    dataset: Dataset
    syntax: str

    @property
    def frames(self) -> int:
        """How many frames there are, 0 for what is no image."""
        if "Rows" not in self.dataset or "BitsAllocated" not in self.dataset:
            return 0
        try:
            return int(self.dataset.get("NumberOfFrames") or 1)
        except ValueError:
            return 0

    @property
    def stored_type(self) -> str:
        """The media type of a frame as it is stored."""
        return _STORED_TYPES.get(self.syntax, "application/octet-stream")


def open_stored(path: Path) -> Stored:
    """Read the header of a file."""
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    return Stored(path, dataset, str(dataset.file_meta.get("TransferSyntaxUID", "")))


def stored_frames(stored: Stored, numbers: list[int]) -> list[bytes]:
    """Return frames (1-based) in the transfer syntax they are stored in."""
    if stored.stored_type == "application/octet-stream":
        return plain_frames(stored, numbers)
    try:
        pixels = pydicom.dcmread(stored.path).PixelData
        return [get_frame(pixels, n - 1, number_of_frames=stored.frames) for n in numbers]
    except _UNDECODABLE:
        raise _undecodable() from None


def plain_frames(stored: Stored, numbers: list[int]) -> list[bytes]:
    """Return frames (1-based) decompressed, little endian, colours as the header names them."""
    if stored.dataset.get("BitsAllocated") == 1:
        raise not_acceptable("Frames of one bit a pixel are given out only with the whole instance.")
    frames = []
    for number in numbers:
        array = _decode(stored, number, raw=True)
        frames.append(array.astype(array.dtype.newbyteorder("<")).tobytes())
    return frames


def render(stored: Stored, number: int, view: View, media_type: str) -> bytes:
    """Return one frame (1-based) as a JPEG or PNG to look at."""
    try:
        grey_or_colour = _displayed(stored, number, view.window)
    except _UNDECODABLE:
        raise _undecodable() from None
    picture = Picture.fromarray(grey_or_colour)
    if view.region is not None:
        left, top, width, height = view.region
        picture = picture.crop((left, top, left + width, top + height))
    if view.size is not None:
        scale = min(view.size[0] / picture.width, view.size[1] / picture.height)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Picture.Resampling.LANCZOS)
    written = io.BytesIO()
    if media_type == "image/png":
        picture.save(written, "PNG", compress_level=3)
    else:
        picture.save(written, "JPEG", quality=view.quality)
    return written.getvalue()


def _decode(stored: Stored, number: int, raw: bool) -> Array:
    dataset = stored.dataset
    if not 1 <= number <= stored.frames:
        raise not_there()
    try:
        if int(dataset.Rows) * int(dataset.Columns) > _MOST_PIXELS:
            raise not_acceptable("This image is too large to be drawn here; fetch the instance itself.")
        return pixel_array(stored.path, index=number - 1, raw=raw)
    except _UNDECODABLE:
        raise _undecodable() from None


def _displayed(stored: Stored, number: int, window: Window | None) -> npt.NDArray[np.uint8]:
    dataset = stored.dataset
    array = _decode(stored, number, raw=False)
    kind = str(dataset.get("PhotometricInterpretation", "")).strip()
    if kind == "PALETTE COLOR":
        array = apply_color_lut(array, dataset)
        deep = array.dtype.itemsize > 1
        colours: npt.NDArray[np.uint8] = (array >> 8 if deep else array).astype(np.uint8)
        return colours
    if array.ndim == 3:
        depth = int(dataset.get("BitsStored", 8))
        return np.ascontiguousarray(array >> max(0, depth - 8)).astype(np.uint8)
    values = apply_modality_lut(array, _functional(dataset, number, "PixelValueTransformationSequence"))
    grey = _windowed(values, _functional(dataset, number, "FrameVOILUTSequence"), window)
    shape = str(dataset.get("PresentationLUTShape", ""))
    inverse = shape == "INVERSE" or (kind == "MONOCHROME1" and shape != "IDENTITY")
    return np.bitwise_not(grey) if inverse else grey


def _functional(dataset: Dataset, number: int, name: str) -> Dataset:
    """Return where a frame's own values of this macro are: its functional groups, or the dataset itself."""
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence") or []
    groups = [per_frame[number - 1]] if len(per_frame) >= number else []
    groups += list(dataset.get("SharedFunctionalGroupsSequence") or [])
    for group in groups:
        macro = group.get(name)
        if macro:
            found: Dataset = macro[0]
            return found
    return dataset


def _windowed(values: Array, source: Dataset, window: Window | None) -> npt.NDArray[np.uint8]:
    if window is None and source.get("VOILUTSequence"):
        bits = int(source.VOILUTSequence[0].LUTDescriptor[2])
        looked_up = apply_voi(values, source).astype(np.float64)
        scaled: npt.NDArray[np.uint8] = np.clip(looked_up / (2**bits - 1) * 255 + 0.5, 0, 255).astype(
            np.uint8
        )
        return scaled
    window = window or _own_window(source)
    values = values.astype(np.float32)
    if window is None:
        low, high = float(values.min()), float(values.max())
        window = Window((low + high) / 2, max(high - low, 1.0), Function.LINEAR_EXACT)
    centre, width = window.centre, window.width
    if window.function is Function.SIGMOID:
        shown = 1 / (1 + np.exp(np.clip(-4 * (values - centre) / width, -60, 60)))
    elif window.function is Function.LINEAR_EXACT:
        shown = (values - centre) / width + 0.5
    else:
        shown = (values - (centre - 0.5)) / max(width - 1, 1e-6) + 0.5
    grey: npt.NDArray[np.uint8] = (np.clip(shown, 0, 1) * 255 + 0.5).astype(np.uint8)
    return grey


def _own_window(source: Dataset) -> Window | None:
    centre, width = _first(source.get("WindowCenter")), _first(source.get("WindowWidth"))
    if centre is None or width is None or width <= 0:
        return None
    names = {"LINEAR_EXACT": Function.LINEAR_EXACT, "SIGMOID": Function.SIGMOID}
    return Window(centre, width, names.get(str(source.get("VOILUTFunction", "")), Function.LINEAR))


def _first(value: Any) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(value)
    except TypeError:
        return float(value[0]) if len(value) else None


def _undecodable() -> WebError:
    return not_acceptable("This image cannot be decoded here; fetch the instance itself.")
