"""Scanned pages that lie open in the darkroom."""

import struct
import zlib

import pytest
from PIL import Image

from client.darkroom.refusal import Refusal
from client.darkroom.task import Task
from client.errors import DevelopError
from tests.unit.darkroom.samples import page, saved, tiff

FORMS = {
    "TIFF, fax": tiff(page("1"), compression="group4"),
    "TIFF, LZW": tiff(page(), compression="tiff_lzw"),
    "TIFF, JPEG": tiff(page(), compression="jpeg"),
    "TIFF, CMYK": tiff(page("CMYK")),
    "TIFF, 16 bits": saved(Image.new("I;16", (60, 40), 0), "TIFF"),
    "JPEG": saved(page(), "JPEG", quality=95),
    "JPEG, grey": saved(page("L"), "JPEG"),
    "JPEG, CMYK": saved(page("CMYK"), "JPEG"),
    "PNG": saved(page(), "PNG"),
    "PNG, palette": saved(page("P"), "PNG"),
    "PNG, transparent": saved(page("RGBA"), "PNG"),
    "PNG, grey and transparent": saved(page("LA"), "PNG"),
    "GIF": saved(page("P"), "GIF"),
    "BMP": saved(page(), "BMP"),
}


def at(answer, x, y):
    place = y * answer.said["stride"] + 4 * x
    return tuple(answer.blobs[0][place : place + 3])


@pytest.mark.parametrize("form", FORMS)
def test_every_form_shows(darkroom, form):
    with darkroom.open(Task.SCAN, {}, FORMS[form]) as desk:
        assert desk.first.said["pages"] == 1
        assert desk.first.said["sizes"] == [[60, 40]]
        shown = desk.ask({"page": 0, "scale": 1})
        assert (shown.said["width"], shown.said["height"]) == (60, 40)
        assert len(shown.blobs[0]) == 60 * 40 * 4
        left, right = at(shown, 5, 20), at(shown, 55, 20)
        assert min(right) > 240 or "16 bits" in form
        assert left != right or "16 bits" in form


def test_pages_come_in_order_at_their_own_sizes(darkroom):
    data = tiff(page(size=(60, 40)), page(size=(20, 80), left="blue"), page("1"))
    with darkroom.open(Task.SCAN, {}, data) as desk:
        assert desk.first.said["sizes"] == [[60, 40], [20, 80], [60, 40]]
        assert at(desk.ask({"page": 1, "scale": 1}), 2, 2) == (255, 0, 0)
        assert at(desk.ask({"page": 0, "scale": 1}), 2, 2) == (0, 0, 255)
        assert desk.ask({"page": 1, "scale": 0.5}).said["height"] == 40


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_a_page_scanned_on_its_side_is_turned(darkroom, form):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter, clockwise
    picture = page()
    data = saved(picture, form, **({"tiffinfo": {0x0112: 6}} if form == "TIFF" else {"exif": exif}))
    with darkroom.open(Task.SCAN, {}, data) as desk:
        assert desk.first.said["sizes"] == [[40, 60]]
        shown = desk.ask({"page": 0, "scale": 1})
        top, bottom = at(shown, 20, 5), at(shown, 20, 55)
        assert top[2] > 240
        assert top[0] < 20
        assert min(bottom) > 240


def test_its_resolution_is_told_where_it_has_one(darkroom):
    with darkroom.open(Task.SCAN, {}, tiff(page("1"), dpi=(200, 100))) as desk:
        assert desk.first.said["resolution"] == [[200.0, 100.0]]
    with darkroom.open(Task.SCAN, {}, saved(page(), "GIF")) as desk:
        assert desk.first.said["resolution"] == [[0.0, 0.0]]


def test_a_bomb_is_refused_before_it_is_unpacked(darkroom):
    bomb = bytearray(saved(page("1"), "PNG"))
    bomb[16:24] = struct.pack(">II", 60_000, 60_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bomb[12:29]))
    with darkroom.open(Task.SCAN, {}, bytes(bomb)) as desk:
        for scale in (1, 0.001):
            with pytest.raises(DevelopError) as told:
                desk.ask({"page": 0, "scale": scale})
            assert str(told.value) == Refusal.TOO_LARGE.sentence


@pytest.mark.parametrize(
    "data", [b"", b"II*\0", b"\x89PNG\r\n\x1a\n" + bytes(40), b"%!PS-Adobe-3.0 EPSF", b"GIF89a"]
)
def test_what_is_no_picture_is_refused(darkroom, data):
    with pytest.raises(DevelopError) as told:
        darkroom.open(Task.SCAN, {}, data)
    assert str(told.value) == Refusal.DAMAGED.sentence


def test_a_page_cut_short_is_refused(darkroom):
    with darkroom.open(Task.SCAN, {}, FORMS["PNG"][:70]) as desk, pytest.raises(DevelopError) as told:
        desk.ask({"page": 0, "scale": 1})
    assert str(told.value) == Refusal.DAMAGED.sentence
