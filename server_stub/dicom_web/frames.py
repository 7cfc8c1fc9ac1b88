"""Frames, rendered pictures and thumbnails of instances (PS3.18 10.4.1.1.4, 10.4.1.1.2, 10.4.4).

Must never: give out a type that was not asked for.
"""

from __future__ import annotations

from dataclasses import replace

from server_stub.dicom_web.accept import read_accept
from server_stub.dicom_web.answer import Answer, Asked
from server_stub.dicom_web.multipart import Part, Related
from server_stub.dicom_web.pixels import (
    EXPLICIT,
    Stored,
    open_stored,
    plain_frames,
    render,
    stored_frames,
)
from server_stub.dicom_web.problem import not_acceptable, not_there
from server_stub.dicom_web.target import Target, instance_url
from server_stub.dicom_web.view import View, read_view
from server_stub.store.images import Image, ImageStore

_OCTETS = "application/octet-stream"
_THUMBNAIL = (128, 128)


def frames(store: ImageStore, image: Image, asked: Asked, target: Target) -> Answer:
    """Give out frames one part each, stored or decompressed, as Accept says."""
    stored = open_stored(store.path(image.uid))
    numbers = list(target.frames)
    if not all(number <= stored.frames for number in numbers):
        raise not_there()
    for wish in read_accept(asked.accept):
        if not wish.multipart and wish.media_type != "*/*":
            continue  # frames are parts, even one alone
        as_stored = wish.syntax in ("*", stored.syntax) or (not wish.syntax and wish.media_type != _OCTETS)
        kind = stored.stored_type
        if as_stored and (wish.takes(kind) or wish.syntax == "*"):
            found, syntax = stored_frames(stored, numbers), stored.syntax
        elif wish.takes(_OCTETS) and wish.syntax in ("", EXPLICIT):
            found, syntax, kind = plain_frames(stored, numbers), EXPLICIT, _OCTETS
        else:
            continue
        url = instance_url(asked.base, image.study, image.series, image.uid)
        parts = [
            Part(f"{kind}; transfer-syntax={syntax}", f"{url}/frames/{number}", content)
            for number, content in zip(numbers, found, strict=True)
        ]
        related = Related(kind, parts)
        return Answer(200, related, related.content_type)
    raise not_acceptable("Frames come in multipart/related, stored or as application/octet-stream.")


def rendered(store: ImageStore, image: Image, asked: Asked, target: Target) -> Answer:
    """Give out one frame as a JPEG or PNG to look at: the first, or the one named."""
    view = read_view(asked.query)
    stored = open_stored(store.path(image.uid))
    return _picture(stored, target.frames[0] if target.frames else 1, asked, view)


def thumbnail(store: ImageStore, images: list[Image], asked: Asked, target: Target) -> Answer:
    """Give out a small picture of the middle of a study, series or instance."""
    view = read_view(asked.query)
    view = replace(view, size=view.size or _THUMBNAIL)
    first = [image for image in images if image.series == images[0].series]
    stored = open_stored(store.path(first[len(first) // 2].uid))
    return _picture(stored, target.frames[0] if target.frames else (stored.frames + 1) // 2, asked, view)


def _picture(stored: Stored, number: int, asked: Asked, view: View) -> Answer:
    if stored.frames == 0:
        raise not_acceptable("This is no image; fetch the instance itself.")
    for wish in read_accept(asked.accept):
        for media_type in ("image/jpeg", "image/png"):
            if wish.takes(media_type) and not wish.multipart:
                return Answer(200, render(stored, number, view, media_type), media_type)
    raise not_acceptable("Rendered images come as image/jpeg or image/png.")
