"""Documents packed into something else on their way: compressed, or base64 once more than the standard asks.

Must never: unpack more than a report can be, or take words for a packing.
"""

from __future__ import annotations

import binascii
import re
import zlib

from client.documents.content import Content, sniff
from client.documents.document import Wrapping
from client.errors import DocumentError

LARGEST = 64 * 1024 * 1024  # bytes of a document that is unpacked; far beyond any report
_DEEPEST = 3  # packings around each other
_DATA_URL = re.compile(rb"\s*data:[\w.+/-]{0,100}(?:;[\w=.-]{1,60}){0,4};base64,", re.I)
_LETTERS = re.compile(rb"(?:[A-Za-z0-9+/_-]|\s)++={0,2}\s*+")
_LINE = re.compile(rb"[A-Za-z0-9+/_-]{20}")
_TOO_LARGE = (
    "This document is compressed, and unpacked it is far larger than any report. "
    "Safelight does not show it; open it at the portal."
)
_TORN = (
    "This document is compressed, and its end is missing or damaged, so it cannot be unpacked. "
    "Open it at the portal, or ask who wrote it."
)
_SAID = {
    Wrapping.BASE64: "This document arrived encoded twice; Safelight has unpacked it.",
    Wrapping.GZIP: "This document arrived compressed; Safelight has unpacked it.",
}


def unwrap(data: bytes) -> tuple[bytes, tuple[Wrapping, ...]]:
    """Return what is inside and what it was in, from the outside in; raises DocumentError if torn."""
    found: list[Wrapping] = []
    while len(found) < _DEEPEST and (wrapping := _wrapping_of(data)) is not None:
        data = take_out(data, wrapping)
        found.append(wrapping)
    return data, tuple(found)


def is_wrapped(data: bytes) -> bool:
    """Say whether something is packed in these bytes, without unpacking it."""
    return _wrapping_of(data) is not None


def take_out(data: bytes, wrapping: Wrapping) -> bytes:
    """Undo one packing; raises DocumentError where it cannot be undone."""
    match wrapping:
        case Wrapping.GZIP:
            return _decompress(data)
        case Wrapping.BASE64:
            decoded = _decode(data)
            if decoded is None:
                raise DocumentError(_TORN)
            return decoded
        case Wrapping.DICOM:
            from client.documents.dicom.encapsulated import pdf_of  # parsers load with what needs them

            return pdf_of(data)


def said_of(wrapping: Wrapping) -> str:
    """Return what a reader is told of a packing; "" where it is nothing unusual."""
    return _SAID.get(wrapping, "")


def _wrapping_of(data: bytes) -> Wrapping | None:
    if data.startswith(b"\x1f\x8b\x08"):
        return Wrapping.GZIP
    if not (_LINE.match(data.lstrip()[:20]) or _DATA_URL.match(data[:400])):
        return None
    decoded = _decode(data)
    if decoded is None or len(decoded) < 8:
        return None
    content = sniff(decoded)
    if content is Content.UNKNOWN or (content is Content.TEXT and not _are_words(decoded)):
        return None
    return Wrapping.BASE64


def _decode(data: bytes) -> bytes | None:
    if (prefix := _DATA_URL.match(data[:400])) is not None:
        data = data[prefix.end() :]
    if _LETTERS.fullmatch(data) is None:
        return None
    bare = data.translate(None, b" \t\r\n\v\f").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return binascii.a2b_base64(bare + b"=" * (-len(bare.rstrip(b"=")) % 4))
    except binascii.Error:
        return None


def _are_words(data: bytes) -> bool:
    try:
        text = data[:4000].decode("utf-8", "strict" if len(data) <= 4000 else "ignore")
    except UnicodeDecodeError:
        return False
    return " " in text and all(sign.isprintable() or sign in "\r\n\t" for sign in text)


def _decompress(data: bytes) -> bytes:
    decompressor = zlib.decompressobj(31)  # 31: gzip's own frame (RFC 1952)
    try:
        found = decompressor.decompress(data, LARGEST + 1)
    except zlib.error:
        raise DocumentError(_TORN) from None
    if len(found) > LARGEST:
        raise DocumentError(_TOO_LARGE)
    if not decompressor.eof:
        raise DocumentError(_TORN)
    return found
