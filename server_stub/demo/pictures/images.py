"""Phantoms as DICOM images: what each modality says about its pixels (PS3.3 C.7.6, C.8).

Must never: leave out spacing, orientation or window where the modality has them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as Picture
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit

from server_stub.demo.pictures import phantoms
from server_stub.demo.pictures.dataset import make
from server_stub.demo.pictures.plan import Planned, Sop
from server_stub.demo.pictures.subject import Subject

_FRAMES = 24


def draw(subject: Subject, planned: Planned) -> Iterator[FileDataset]:
    """Return the images of a series, one after the other."""
    noise = np.random.default_rng(zlib.crc32(f"{subject.study}/{planned.number}".encode()))
    maker = {Sop.CT: _ct, Sop.CR: _cr, Sop.MR: _mr, Sop.US_CINE: _us, Sop.MG: _mg}[planned.sop]
    for number in range(1, planned.count + 1):
        dataset = make(subject, planned, number)
        maker(dataset, planned, number, noise)
        yield dataset


def _ct(dataset: FileDataset, planned: Planned, number: int, noise: np.random.Generator) -> None:
    size, spacing, thickness = 256, 1.5, 5.0
    place = (number - (planned.count + 1) / 2) * thickness
    _frame_of_reference(dataset, [1, 0, 0, 0, 1, 0], spacing, thickness)
    dataset.ImagePositionPatient = [-(size - 1) / 2 * spacing, -(size - 1) / 2 * spacing, place]
    dataset.SliceLocation = place
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.KVP = 120
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = -1024, 1, "HU"
    dataset.WindowCenter, dataset.WindowWidth = [40, -600], [400, 1500]
    dataset.WindowCenterWidthExplanation = ["SOFT TISSUE", "LUNG"]
    dataset.PixelPaddingValue = -976  # -2000 HU
    values = phantoms.ct_slice(place, size, spacing, noise)
    _grey(dataset, (values + 1024).astype(np.int16), 16, "MONOCHROME2")


def _cr(dataset: FileDataset, _planned: Planned, _number: int, noise: np.random.Generator) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.ViewPosition, dataset.BodyPartExamined = "PA", "CHEST"
    dataset.PatientOrientation = ["L", "F"]
    dataset.ImagerPixelSpacing = [0.35, 0.35]
    dataset.WindowCenter, dataset.WindowWidth = 2047, 3600
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    _grey(dataset, phantoms.chest(1200, 1000, noise), 12, "MONOCHROME1")


def _mr(dataset: FileDataset, planned: Planned, number: int, noise: np.random.Generator) -> None:
    size, spacing, thickness = 256, 0.9, 6.0
    sagittal = "sagittal" in planned.description
    place = (number - (planned.count + 1) / 2) * thickness
    half = (size - 1) / 2 * spacing
    _frame_of_reference(dataset, [0, 1, 0, 0, 0, -1] if sagittal else [1, 0, 0, 0, 1, 0], spacing, thickness)
    dataset.ImagePositionPatient = [place, -half, half] if sagittal else [-half, -half, place]
    dataset.SliceLocation = place
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "SE"]
    dataset.ScanningSequence, dataset.SequenceVariant, dataset.ScanOptions = "SE", "NONE", ""
    dataset.MRAcquisitionType, dataset.MagneticFieldStrength = "2D", 1.5
    dataset.EchoTime, dataset.RepetitionTime = (12, 550) if sagittal else (98, 4200)
    dataset.WindowCenter, dataset.WindowWidth = 500, 1000
    _grey(dataset, phantoms.head_slice(place, size, spacing, sagittal, noise), 12, "MONOCHROME2")


def _us(dataset: FileDataset, _planned: Planned, _number: int, noise: np.random.Generator) -> None:
    rows, columns = 240, 320
    frames = []
    for frame in range(_FRAMES):
        written = io.BytesIO()
        picture = Picture.fromarray(phantoms.ultrasound(frame, _FRAMES, rows, columns, noise))
        picture.save(written, "JPEG", quality=88, subsampling="4:2:2")
        frames.append(written.getvalue())
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "ABDOMINAL"]
    dataset.NumberOfFrames, dataset.FrameTime, dataset.CineRate = _FRAMES, 40, 25
    dataset.FrameIncrementPointer = 0x00181063
    dataset.LossyImageCompression, dataset.LossyImageCompressionMethod = "01", "ISO_10918_1"
    region = Dataset()
    region.RegionSpatialFormat, region.RegionDataType, region.RegionFlags = 1, 1, 0
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 0, 0
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = columns - 1, rows - 1
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3  # cm
    region.PhysicalDeltaX = region.PhysicalDeltaY = 0.05
    dataset.SequenceOfUltrasoundRegions = [region]
    _pixels(dataset, rows, columns, 8, 8, 0)
    dataset.SamplesPerPixel, dataset.PlanarConfiguration = 3, 0
    dataset.PhotometricInterpretation = "YBR_FULL_422"
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].VR = "OB"


def _mg(dataset: FileDataset, planned: Planned, _number: int, noise: np.random.Generator) -> None:
    left = planned.description.startswith("L")
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.ImageLaterality, dataset.ViewPosition = planned.description[0], "CC"
    dataset.BodyPartExamined = "BREAST"
    dataset.PatientOrientation = ["A", "R"] if left else ["P", "L"]
    dataset.ImagerPixelSpacing = [0.2, 0.2]
    dataset.WindowCenter, dataset.WindowWidth = 800, 1600
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    _grey(dataset, phantoms.breast(1200, 900, left, noise), 12, "MONOCHROME2")
    dataset.compress(JPEG2000Lossless, generate_instance_uid=False)


def _frame_of_reference(dataset: FileDataset, axes: list[float], spacing: float, thickness: float) -> None:
    dataset.FrameOfReferenceUID = f"{dataset.StudyInstanceUID}.0"
    dataset.PositionReferenceIndicator = ""
    dataset.PatientPosition = "HFS"
    dataset.ImageOrientationPatient = axes
    dataset.PixelSpacing = [spacing, spacing]
    dataset.SliceThickness = dataset.SpacingBetweenSlices = thickness


def _grey(dataset: FileDataset, values: npt.NDArray[Any], bits: int, photometric: str) -> None:
    _pixels(
        dataset, values.shape[0], values.shape[1], values.itemsize * 8, bits, int(values.dtype.kind == "i")
    )
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = photometric
    dataset.PixelData = values.astype(values.dtype.newbyteorder("<")).tobytes()
    dataset["PixelData"].VR = "OW"


def _pixels(dataset: FileDataset, rows: int, columns: int, allocated: int, stored: int, signed: int) -> None:
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = allocated, stored, stored - 1
    dataset.PixelRepresentation = signed
