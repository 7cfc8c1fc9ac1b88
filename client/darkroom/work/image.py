"""A DICOM image that lies open: what its header says of it, and the values of its frames as they are stored.

Owns: the instance. Must never: apply a window: that is the viewer's, from the true values; or read a pixel
before the size of a frame was held against a bound.

Taking it answers what holds for the whole (`_whole`); then {page}, frames from 0, answers
{rows, columns, type, …} with what may differ from frame to frame (`_of_frame`), and the values: `type` is
numpy's word for them ("<u1" "<i2" …, one value a pixel, grey) or "rgb" (three bytes a pixel). MONOCHROME1
is told, not inverted. PS3.3 C.7.6.3, C.7.6.16, C.11.1, C.11.2.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.errors import InvalidDicomError
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    RLELossless,
)

from client.darkroom.message import Message
from client.darkroom.refusal import Refusal, Refused
from client.darkroom.task import Begun
from client.darkroom.work import pixels

READS: tuple[str, ...] = ()
MOST_PIXELS = 100_000_000  # of one frame: the largest mammograms have 30 million
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_WORDS = 64  # characters of an explanation


def prepare() -> None:
    """Decode a sample with every decoder, so that each and its library are here."""
    for syntax, plugin in (
        (ExplicitVRLittleEndian, ""),
        (RLELossless, "pylibjpeg"),
        (JPEG2000Lossless, "pylibjpeg"),
        (JPEGBaseline8Bit, "pillow"),
        (JPEGBaseline8Bit, "gdcm"),
    ):
        get_decoder(syntax).as_array(_sample(syntax), index=0, decoding_plugin=plugin)
    file = io.BytesIO()
    _sample(ExplicitVRLittleEndian).save_as(file, enforce_file_format=True)
    _Opened(file.getvalue()).frame(0)


def begin(request: Message) -> Begun:
    """Take an instance; answer what holds for all of it."""
    if not request.blobs:
        raise Refused(Refusal.DAMAGED)
    opened = _Opened(bytes(request.blobs[0]))
    return Begun(Message(opened.whole), opened.ask)


class _Opened:
    def __init__(self, data: bytes) -> None:
        try:
            own = dcmread(io.BytesIO(data), force=True)
        except (InvalidDicomError, OSError, EOFError, ValueError):
            raise Refused(Refusal.DAMAGED) from None
        if not any(name in own for name in _PIXELS):
            is_dicom = data[128:132] == b"DICM" or "SOPClassUID" in own
            raise Refused(Refusal.NO_PICTURE if is_dicom else Refusal.DAMAGED)
        self._own = own
        self.frames = max(1, int(_number(own.get("NumberOfFrames"), 1)))
        rows, columns = _number(own.get("Rows"), 0), _number(own.get("Columns"), 0)
        if rows < 1 or columns < 1:
            raise Refused(Refusal.DAMAGED)
        if rows * columns > MOST_PIXELS:
            raise Refused(Refusal.TOO_LARGE)
        syntax = own.file_meta.get("TransferSyntaxUID") if hasattr(own, "file_meta") else None
        self._syntax = syntax or ImplicitVRLittleEndian
        try:
            self._decoder = get_decoder(self._syntax)
        except NotImplementedError:
            raise Refused(Refusal.UNKNOWN_COMPRESSION) from None
        if not self._decoder.is_available:
            raise Refused(Refusal.UNKNOWN_COMPRESSION)
        self.whole = _whole(own, self.frames)

    def ask(self, request: Message) -> Message:
        """Answer with a frame."""
        return self.frame(pixels.number(request.said, self.frames))

    def _decode(self, frame: int) -> tuple[Any, dict[str, Any]]:
        try:
            values, changed = self._decoder.as_array(self._own, index=frame)
        except (RuntimeError, ValueError, AttributeError, EOFError, IndexError):
            # Of JPEG Extended no library here reads 12 bits; the others fail for what is in the file.
            known = self._syntax != JPEGExtended12Bit
            raise Refused(Refusal.DAMAGED if known else Refusal.UNKNOWN_COMPRESSION) from None
        return values, dict(changed)

    def frame(self, frame: int) -> Message:
        """Return a frame's values and what holds for them."""
        values, changed = self._decode(frame)
        said = _of_frame(self._own, frame)
        photometric = str(changed.get("photometric_interpretation", ""))
        if photometric == "PALETTE COLOR":
            values = apply_color_lut(values, self._own)
        elif values.ndim == 2 and "ModalityLUTSequence" in self._own:
            values = apply_modality_lut(values, self._own)
            said["slope"], said["intercept"] = 1.0, 0.0
        rows, columns = values.shape[:2]
        said |= {"rows": rows, "columns": columns, "monochrome1": photometric == "MONOCHROME1"}
        if values.ndim == 3:
            colour = (
                values[..., :3] >> (8 * (values.dtype.itemsize - 1)) if values.dtype.itemsize > 1 else values
            )
            return Message(said | {"type": "rgb"}, (colour[..., :3].astype(np.uint8).tobytes(),))
        kind = values.dtype.newbyteorder("<")
        return Message(
            said | {"type": kind.str.replace("|", "<")}, (values.astype(kind, copy=False).tobytes(),)
        )


def _whole(own: Dataset, frames: int) -> dict[str, Any]:
    return {
        "frames": frames,
        "rows": int(own.Rows),
        "columns": int(own.Columns),
        "bits": int(_number(own.get("BitsStored"), 0)),
        "signed": _number(own.get("PixelRepresentation"), 0) == 1,
        "photometric": _text(own.get("PhotometricInterpretation")),
        "samples": int(_number(own.get("SamplesPerPixel"), 1)),
        "modality": _text(own.get("Modality")),
        "laterality": _text(own.get("ImageLaterality")) or _text(own.get("Laterality")),
        "view": _text(own.get("ViewPosition")),
        "sop_class": _text(own.get("SOPClassUID")),
        "lossy": _text(own.get("LossyImageCompression")) == "01",
        "patient_id": _text(own.get("PatientID")),  # whose image it says it is: the report is held against it
        "accession": _text(own.get("AccessionNumber")),
        "frame_of_reference": _text(own.get("FrameOfReferenceUID")),
        "frame_time": _frame_time(own),
    }


def _of_frame(own: Dataset, frame: int) -> dict[str, Any]:
    """Return what may differ between frames: from its functional groups, or from the instance itself."""
    scaling = _group(own, frame, "PixelValueTransformationSequence")
    window = _group(own, frame, "FrameVOILUTSequence")
    measures = _group(own, frame, "PixelMeasuresSequence")
    plane = _group(own, frame, "PlaneOrientationSequence")
    place = _group(own, frame, "PlanePositionSequence")
    spacing, named = _numbers(measures.get("PixelSpacing")), "pixel"
    if len(spacing) != 2:  # at the detector, not in the patient: what is measured there is magnified
        spacing, named = _numbers(own.get("ImagerPixelSpacing")), "imager"
    if len(spacing) != 2:
        spacing, named = [], ""
    return {
        "slope": _number(scaling.get("RescaleSlope"), 1.0),
        "intercept": _number(scaling.get("RescaleIntercept"), 0.0),
        "unit": _text(scaling.get("RescaleType")),
        "windows": _windows(window),
        "window_function": _text(window.get("VOILUTFunction")) or "LINEAR",
        "spacing": spacing,  # mm: between rows, between columns
        "spacing_of": named,
        "orientation": _numbers(plane.get("ImageOrientationPatient")),
        "position": _numbers(place.get("ImagePositionPatient")),
        "patient_orientation": _texts(own.get("PatientOrientation")),
    }


def _group(own: Dataset, frame: int, name: str) -> Dataset:
    per_frame = own.get("PerFrameFunctionalGroupsSequence") or []
    groups = [*per_frame[frame : frame + 1], *(own.get("SharedFunctionalGroupsSequence") or [])[:1]]
    for group in groups:
        if found := group.get(name):
            return found[0]  # type: ignore[no-any-return]
    return own


def _windows(found: Dataset) -> list[dict[str, Any]]:
    centres, widths = _numbers(found.get("WindowCenter")), _numbers(found.get("WindowWidth"))
    said = _texts(found.get("WindowCenterWidthExplanation"))
    said += [""] * (len(centres) - len(said))
    return [
        {"centre": centre, "width": width, "said": words}
        for centre, width, words in zip(centres, widths, said, strict=False)
        if width > 0
    ]


def _frame_time(own: Dataset) -> float:
    """Return milliseconds between frames; 0 where nothing is said."""
    if (said := _number(own.get("FrameTime"), 0.0)) > 0:
        return said
    rate = _number(own.get("RecommendedDisplayFrameRate"), 0.0) or _number(own.get("CineRate"), 0.0)
    return 1000 / rate if rate > 0 else 0.0


def _many(value: Any) -> Iterable[Any]:
    if value is None or isinstance(value, str | bytes):
        return [] if value in (None, "", b"") else [value]
    return value if isinstance(value, Iterable) else [value]


def _numbers(value: Any) -> list[float]:
    found = [_number(each, math.nan) for each in _many(value)]
    return found if all(math.isfinite(each) for each in found) else []


def _number(value: Any, otherwise: float) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return otherwise
    return found if math.isfinite(found) else otherwise


def _texts(value: Any) -> list[str]:
    return [_text(each) for each in _many(value)]


def _text(value: Any) -> str:
    """Return a header's word as one harmless line."""
    words = "".join(letter if letter.isprintable() else " " for letter in str(value or "")[:_WORDS])
    return " ".join(words.split())


def _sample(syntax: UID) -> Dataset:
    own = Dataset()
    own.file_meta = FileMetaDataset()
    own.file_meta.TransferSyntaxUID = syntax
    own.Rows = own.Columns = 64
    own.SamplesPerPixel, own.PhotometricInterpretation, own.PixelRepresentation = 1, "MONOCHROME2", 0
    own.SOPClassUID, own.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    own.BitsAllocated, own.BitsStored, own.HighBit = 8, 8, 7
    values = np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)
    if syntax == JPEGBaseline8Bit:
        file = io.BytesIO()
        Image.fromarray(values).save(file, "JPEG")
        own.PixelData = encapsulate([file.getvalue()])
        own["PixelData"].VR = "OB"
        own["PixelData"].is_undefined_length = True
    else:
        own.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        own.set_pixel_data(values, "MONOCHROME2", 8)
        if syntax != ExplicitVRLittleEndian:
            own.compress(syntax)
    return own
