"""WADO-RS: instances, their metadata, and their bulk data (PS3.18 10.4).

Must never: read a whole study into memory; instances are read one by one while they are sent.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from server_stub.dicom_web.accept import Wish, read_accept
from server_stub.dicom_web.answer import DICOM_JSON, Answer, Asked
from server_stub.dicom_web.header import complete
from server_stub.dicom_web.multipart import Part, Related
from server_stub.dicom_web.pixels import EXPLICIT
from server_stub.dicom_web.problem import WebError, not_acceptable, not_there
from server_stub.dicom_web.target import Target, instance_url
from server_stub.store.images import Image, ImageStore

_DICOM = "application/dicom"
_OCTETS = "application/octet-stream"
_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, NotImplementedError, RuntimeError, EOFError,
               OSError)  # fmt: skip


def retrieve(store: ImageStore, images: list[Image], asked: Asked, target: Target) -> Answer:
    """Give out whole instances, stored or as Explicit VR Little Endian."""
    for wish in read_accept(asked.accept):
        alone = wish.media_type == _DICOM and not wish.multipart
        if not wish.takes(_DICOM) or (alone and not target.instance):
            continue
        if not all(_can_be(image, wish) for image in images):
            continue
        if alone:
            content, syntax = _content(store, images[0], wish)
            return Answer(200, content, f"{_DICOM}; transfer-syntax={syntax}")
        first = _part(store, images[0], wish, asked)  # so that what cannot be read is refused, not cut off
        return _related(_DICOM, _parts(first, store, images[1:], wish, asked))
    raise not_acceptable("Instances come as application/dicom, stored or in Explicit VR Little Endian.")


def metadata(images: list[Image], asked: Asked) -> Answer:
    """Give out headers as DICOM JSON."""
    wishes = read_accept(asked.accept)
    if not any(w.takes(DICOM_JSON) or w.takes("application/json") for w in wishes if not w.multipart):
        raise not_acceptable("Metadata come as application/dicom+json.")
    return Answer(200, _array(images, asked.base))


def bulk(store: ImageStore, image: Image, asked: Asked, target: Target) -> Answer:
    """Give out one bulky value."""
    try:
        dataset = pydicom.dcmread(store.path(image.uid))
        content = _value(dataset, target.bulk)
        media_type = str(dataset.get("MIMETypeOfEncapsulatedDocument", "")) or _OCTETS
    except _UNREADABLE:
        raise not_there() from None
    if target.bulk != "00420011" or media_type != "application/pdf":
        media_type = _OCTETS
    if media_type == "application/pdf":
        padding = content.rfind(b"%%EOF")
        content = content if padding < 0 else content[: max(padding + 5, len(content.rstrip(b"\0")))]
    for wish in read_accept(asked.accept):
        given = next((kind for kind in (media_type, _OCTETS) if wish.takes(kind)), None)
        if given is None:
            continue
        if wish.multipart:
            return _related(given, [Part(given, "", content)])
        return Answer(200, content, given, {"X-Content-Type-Options": "nosniff"})
    raise not_acceptable("Bulk data come as application/octet-stream.")


def _url(base: str, image: Image) -> str:
    return instance_url(base, image.study, image.series, image.uid)


def _array(images: list[Image], base: str) -> Iterator[bytes]:
    for place, image in enumerate(images):
        yield (b"," if place else b"[") + complete(image.header, _url(base, image))
    yield b"]"


def _can_be(image: Image, wish: Wish) -> bool:
    return wish.syntax in ("", "*", EXPLICIT, image.syntax)


def _related(media_type: str, parts: Iterator[Part] | list[Part]) -> Answer:
    related = Related(media_type, parts)
    return Answer(200, related, related.content_type)


def _parts(first: Part, store: ImageStore, others: list[Image], wish: Wish, asked: Asked) -> Iterator[Part]:
    yield first
    for image in others:
        yield _part(store, image, wish, asked)


def _part(store: ImageStore, image: Image, wish: Wish, asked: Asked) -> Part:
    content, syntax = _content(store, image, wish)
    return Part(f"{_DICOM}; transfer-syntax={syntax}", _url(asked.base, image), content)


def _content(store: ImageStore, image: Image, wish: Wish) -> tuple[bytes, str]:
    path = store.path(image.uid)
    # Nothing named means Explicit VR Little Endian for DICOM (PS3.18 8.7.3.5.2); */* names not even DICOM.
    stored = wish.syntax in ("*", image.syntax) or (not wish.syntax and wish.media_type != _DICOM)
    if stored or image.syntax == EXPLICIT:
        try:
            return path.read_bytes(), image.syntax
        except OSError:
            raise WebError(500, "This instance is not where the portal kept it.") from None
    try:
        dataset = pydicom.dcmread(path)
        if UID(image.syntax).is_encapsulated:
            dataset.decompress()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        written = io.BytesIO()
        dataset.save_as(written, implicit_vr=False, little_endian=True, enforce_file_format=True)
    except _UNREADABLE:
        raise not_acceptable(
            "This instance cannot be decompressed here; ask for it with transfer-syntax=*."
        ) from None
    return written.getvalue(), EXPLICIT


def _value(dataset: Dataset, path: str) -> bytes:
    steps = path.split("/")
    for tag, place in zip(steps[:-1:2], steps[1::2], strict=True):
        dataset = dataset[int(tag, 16)].value[int(place)]
    value = dataset[int(steps[-1], 16)].value
    if not isinstance(value, bytes):
        raise TypeError
    return value
