"""A DICOM image that lies open in the darkroom: its header's facts, its frames' stored values."""

import io

import numpy as np
import pydicom
import pytest
from pydicom.pixels import pixel_array

from client.darkroom.refusal import Refusal
from client.darkroom.task import Task
from client.errors import DevelopError
from tests.unit.darkroom.samples import DICOM

GREY = [
    "CT_small.dcm",
    "J2K_pixelrep_mismatch.dcm",
    "JPEGLSNearLossless_16.dcm",
    "examples_overlay.dcm",
    "MR_small.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "JPEG2000.dcm",
    "rtdose.dcm",
    "liver_1frame.dcm",
]
COLOUR = [
    "SC_rgb_jpeg_dcmtk.dcm",
    "SC_rgb_rle_2frame.dcm",
    "SC_rgb_small_odd_big_endian.dcm",
    "examples_jpeg2k.dcm",
    "SC_rgb_rle.dcm",
    "SC_rgb_small_odd.dcm",
    "SC_ybr_full_422_uncompressed.dcm",
    "examples_ybr_color.dcm",
]


def _file(name):
    return next(DICOM.parent.rglob(name))


@pytest.mark.parametrize("name", GREY)
def test_grey_values_are_those_that_are_stored(darkroom, name):
    path = _file(name)
    with darkroom.open(Task.IMAGE, {}, path.read_bytes()) as desk:
        for frame in {0, desk.first.said["frames"] - 1}:
            answer = desk.ask({"page": frame})
            found = np.frombuffer(answer.blobs[0], answer.said["type"])
            expected = pixel_array(pydicom.dcmread(path, force=True), index=frame)
            assert np.array_equal(found.reshape(answer.said["rows"], answer.said["columns"]), expected)


@pytest.mark.parametrize("name", COLOUR)
def test_colours_come_as_red_green_and_blue(darkroom, name):
    path = _file(name)
    with darkroom.open(Task.IMAGE, {}, path.read_bytes()) as desk:
        answer = desk.ask({"page": 0})
        assert answer.said["type"] == "rgb"
        found = np.frombuffer(answer.blobs[0], np.uint8)
        expected = pixel_array(pydicom.dcmread(path), index=0)
        assert np.array_equal(found.reshape(answer.said["rows"], answer.said["columns"], 3), expected)


def _ct(**more):
    own = pydicom.dcmread(_file("CT_small.dcm"))
    for name, value in more.items():
        setattr(own, name, value)
    file = io.BytesIO()
    own.save_as(file)
    return file.getvalue()


def test_the_header_is_told(darkroom):
    data = _ct(
        WindowCenter=[40, 400, 10],
        WindowWidth=[400, 1500, 0],
        WindowCenterWidthExplanation=["SOFT\x07TISSUE", "BONE", "NONE"],
        PixelSpacing=[0.5, 0.25],
        ImageLaterality="L",
    )
    with darkroom.open(Task.IMAGE, {}, data) as desk:
        whole, frame = desk.first.said, desk.ask({"page": 0}).said
    assert (whole["rows"], whole["columns"], whole["frames"], whole["modality"]) == (128, 128, 1, "CT")
    assert (whole["bits"], whole["signed"], whole["photometric"], whole["laterality"]) == (
        16,
        True,
        "MONOCHROME2",
        "L",
    )
    assert (frame["slope"], frame["intercept"]) == (1.0, -1024.0)
    assert frame["windows"] == [
        {"centre": 40.0, "width": 400.0, "said": "SOFT TISSUE"},
        {"centre": 400.0, "width": 1500.0, "said": "BONE"},
    ]
    assert (frame["spacing"], frame["spacing_of"]) == ([0.5, 0.25], "pixel")
    assert frame["orientation"] == [1, 0, 0, 0, 1, 0]
    assert frame["monochrome1"] is False


def test_spacing_at_the_detector_is_told_apart(darkroom):
    own = pydicom.dcmread(_file("CT_small.dcm"))
    del own.PixelSpacing
    own.ImagerPixelSpacing = [0.1, 0.1]
    own.PhotometricInterpretation = "MONOCHROME1"
    file = io.BytesIO()
    own.save_as(file)
    with darkroom.open(Task.IMAGE, {}, file.getvalue()) as desk:
        frame = desk.ask({"page": 0})
        assert (frame.said["spacing"], frame.said["spacing_of"]) == ([0.1, 0.1], "imager")
        assert frame.said["monochrome1"] is True
        assert np.array_equal(np.frombuffer(frame.blobs[0], frame.said["type"]), own.pixel_array.ravel())


def test_a_palette_becomes_colours(darkroom):
    path = _file("examples_palette.dcm")
    with darkroom.open(Task.IMAGE, {}, path.read_bytes()) as desk:
        assert desk.first.said["photometric"] == "PALETTE COLOR"
        answer = desk.ask({"page": 0})
        assert answer.said["type"] == "rgb"
        assert len(answer.blobs[0]) == answer.said["rows"] * answer.said["columns"] * 3


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("JPGExtended.dcm", Refusal.UNKNOWN_COMPRESSION),
        ("MR_truncated.dcm", Refusal.DAMAGED),
        ("test-SR.dcm", Refusal.NO_PICTURE),
    ],
)
def test_what_cannot_be_shown_says_why(darkroom, name, refusal):
    with pytest.raises(DevelopError) as told, darkroom.open(Task.IMAGE, {}, _file(name).read_bytes()) as desk:
        desk.ask({"page": 0})
    assert str(told.value) == refusal.sentence


@pytest.mark.parametrize("more", [{"Rows": 20_000, "Columns": 20_000}, {"Rows": 0}])
def test_a_size_that_cannot_be_is_refused(darkroom, more):
    with pytest.raises(DevelopError):
        darkroom.open(Task.IMAGE, {}, _ct(**more))


def test_every_file_of_pydicom_shows_or_says_why(darkroom, record_property):
    said = {}
    for path in sorted(DICOM.rglob("*.dcm")):
        try:
            with darkroom.open(Task.IMAGE, {}, path.read_bytes()) as desk:
                answer = desk.ask({"page": 0})
            said[path.name] = f"{answer.said['rows']} × {answer.said['columns']} {answer.said['type']}"
        except DevelopError as error:
            said[path.name] = str(error)
    record_property("images", said)
    print("\n".join(f"{name:50} {what}" for name, what in said.items()))  # noqa: T201
    unforeseen = [name for name, what in said.items() if "administrator" in what or "stopped" in what]
    assert set(unforeseen) <= {"badVR.dcm"}
    assert sum("×" in what for what in said.values()) >= 50
