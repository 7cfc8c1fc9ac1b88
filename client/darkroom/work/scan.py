"""Scanned pages and photographs that lie open: TIFF of many pages, JPEG, PNG, GIF, BMP.

Owns: the file, and the page that was looked at last. Must never: open a page before its size was held against
a bound: a few bytes can stand for a picture that no machine can hold.

Questions: {page, scale}, pages from 0, `scale` pixels of the answer for one of the page's own:
{width, height, stride} and RGB32. Pages are turned as camera or scanner say (EXIF 2.3, Orientation).
"""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from client.darkroom.message import Message
from client.darkroom.refusal import Refusal, Refused
from client.darkroom.task import Begun
from client.darkroom.work import pixels

MOST_PAGES = 1_000
MOST_PIXELS = 180_000_000  # of a page as it was scanned: A3 at 1200 dpi is 280 million, at 600 dpi 70
READS: tuple[str, ...] = ()
_FORMATS = ("TIFF", "JPEG", "PNG", "GIF", "BMP")
_ORIENTATION = 0x0112
_ON_ITS_SIDE = (5, 6, 7, 8)
# What Pillow's readers raise for files that are not as they should be.
_DAMAGE = (OSError, EOFError, SyntaxError, TypeError, ValueError, LookupError, ArithmeticError, struct.error)


def prepare() -> None:
    """Read a sample of every form, so that each reader and its library are here."""
    Image.MAX_IMAGE_PIXELS = None  # held against MOST_PIXELS here, page by page
    samples = [
        ("1", "TIFF", {"compression": "group4"}),
        ("L", "TIFF", {"compression": "tiff_lzw"}),
        ("RGB", "TIFF", {"compression": "jpeg"}),
        ("RGB", "JPEG", {}),
        ("I;16", "PNG", {}),
        ("RGBA", "PNG", {}),
        ("P", "GIF", {}),
        ("RGB", "BMP", {}),
    ]
    for mode, form, more in samples:
        file = io.BytesIO()
        Image.new(mode, (16, 16)).save(file, form, **more)
        _Opened(file.getvalue()).page(0, 0.5)


def begin(request: Message) -> Begun:
    """Take a file: {pages, sizes: [[width, height], …] pixels, resolution}, per inch and 0 unknown."""
    if not request.blobs:
        raise Refused(Refusal.DAMAGED)
    opened = _Opened(bytes(request.blobs[0]))
    said = {"pages": len(opened.sizes), "sizes": opened.sizes, "resolution": opened.resolution}
    return Begun(Message(said), opened.ask)


class _Opened:
    def __init__(self, data: bytes) -> None:
        try:
            self._file = Image.open(io.BytesIO(data), formats=_FORMATS)
        except _DAMAGE:
            raise Refused(Refusal.DAMAGED) from None
        self.sizes: list[tuple[int, int]] = []
        self.resolution: list[tuple[float, float]] = []
        self._last: tuple[int, Image.Image] | None = None
        # A picture that moves is no document: of GIF and PNG the first one alone is shown.
        moving = self._file.format != "TIFF"
        while len(self.sizes) < MOST_PAGES and self._seek(len(self.sizes)):
            self.sizes.append(_upright(self._file))
            self.resolution.append(_resolution(self._file))
            if moving:
                break
        if not self.sizes:
            raise Refused(Refusal.DAMAGED)

    def _seek(self, page: int) -> bool:
        try:
            self._file.seek(page)
        except _DAMAGE:  # or the end; a damaged file keeps the pages before the damage
            return False
        return True

    def ask(self, request: Message) -> Message:
        """Answer a question; see above."""
        return self.page(pixels.number(request.said, len(self.sizes)), request.said.get("scale"))

    def page(self, page: int, scale: object) -> Message:
        """Return a page's picture."""
        width, height = self.sizes[page]
        size = pixels.size_at(width, height, scale)
        picture = self._whole(page)
        if picture.size != size:
            picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=3)
        return pixels.picture(*size, picture.convert("RGB").tobytes("raw", "BGRX"))

    def _whole(self, page: int) -> Image.Image:
        """Return a page as it was scanned, upright, in grey or colour."""
        if self._last is not None and self._last[0] == page:
            return self._last[1]
        width, height = self.sizes[page]
        if width * height > MOST_PIXELS:
            raise Refused(Refusal.TOO_LARGE)
        self._last = None
        if not self._seek(page):
            raise Refused(Refusal.DAMAGED)
        try:
            found = _visible(ImageOps.exif_transpose(self._file))
        except _DAMAGE:
            raise Refused(Refusal.DAMAGED) from None
        self._last = (page, found)
        return found


def _upright(file: Image.Image) -> tuple[int, int]:
    width, height = file.size
    # A TIFF's size is turned by Pillow; a PNG has to be unpacked before it says how it lies.
    if file.format == "TIFF" or width * height > MOST_PIXELS:
        return width, height
    try:
        turned = file.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
    except _DAMAGE:
        return width, height  # the page itself says so when it is asked for
    return (height, width) if turned else (width, height)


def _resolution(file: Image.Image) -> tuple[float, float]:
    found = file.info.get("dpi", (0, 0))
    try:
        across, down = (float(each) for each in found)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return (across, down) if 1 < across < 100_000 and 1 < down < 100_000 else (0.0, 0.0)


def _visible(file: Image.Image) -> Image.Image:
    """Return the picture in grey or in colour, on white where it is transparent."""
    if file.mode in ("L", "RGB"):
        return file
    if file.mode == "1":
        return file.convert("L")
    if file.mode.startswith("I") or file.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(file)))
    if file.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in file.info:
        own = file.convert("RGBA")
        paper = Image.new("RGBA", own.size, "white")
        return Image.alpha_composite(paper, own).convert("RGB")
    return file.convert("RGB")


def _eight_bits(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return 16 bits, or whatever there is, as 8: for a look, not for measuring."""
    most = float(values.max(initial=0))
    span = 255.0 if most <= 255 else 65535.0 if most <= 65535 else most
    return np.clip(values * (255.0 / span), 0, 255).astype(np.uint8)
