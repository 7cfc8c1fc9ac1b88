"""How a picture travels to the window: 32 bits a pixel, blue first, as QImage.Format_RGB32 has it.

Owns: how large a picture may become. Must never: let a document choose more.
"""

from __future__ import annotations

from client.darkroom.message import Blob, Message, Said
from client.darkroom.refusal import Refusal, Refused

MOST = 64_000_000  # pixels of one picture: a page at 600 dpi has 35 million


def size_at(width: float, height: float, scale: object) -> tuple[int, int]:
    """Return a size at a scale, at least one pixel each way; raises Refused for more than may be."""
    if not isinstance(scale, int | float) or not 0 < scale < 1000:
        raise Refused(Refusal.NOT_THERE)
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    if wide * high > MOST:
        raise Refused(Refusal.TOO_LARGE)
    return wide, high


def number(said: Said, count: int) -> int:
    """Return which page or frame is asked for, counted from 0; raises Refused where there is none such."""
    asked = said.get("page")
    if not isinstance(asked, int) or not 0 <= asked < count:
        raise Refused(Refusal.NOT_THERE)
    return asked


def picture(width: int, height: int, pixels: Blob) -> Message:
    """Return the answer that holds a picture; a line of it is four bytes a pixel, without padding."""
    return Message({"width": width, "height": height, "stride": 4 * width}, (pixels,))
