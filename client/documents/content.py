"""What a document is: what the portal calls it, and what its first bytes say.

Must never: believe a declared type against the bytes.
"""

from __future__ import annotations

import re
from enum import Enum


class Content(Enum):
    """The kinds of content told apart; the value is what a reader calls it."""

    TEXT = "plain text"
    HTML = "HTML"
    PDF = "a PDF document"
    RTF = "an RTF document"
    DICOM = "a DICOM object"
    IMAGE = "a picture"
    OTHER_IMAGE = "a picture of a kind that is not read here"
    RECORDING = "a sound or a film"
    WORD = "a Word document"
    OFFICE = "an Office document"
    ARCHIVE = "an archive of files"
    GZIP = "compressed data"
    XML = "an XML document"
    UNKNOWN = "a document of an unknown type"


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_DECLARED = {
    "text/plain": Content.TEXT,
    "text/html": Content.HTML,
    "application/xhtml+xml": Content.HTML,
    "application/xhtml": Content.HTML,
    "application/html": Content.HTML,
    "application/pdf": Content.PDF,
    "application/x-pdf": Content.PDF,
    "text/rtf": Content.RTF,
    "application/rtf": Content.RTF,
    "application/x-rtf": Content.RTF,
    "text/richtext": Content.RTF,
    "application/dicom": Content.DICOM,
    "image/dicom": Content.DICOM,
    "application/msword": Content.WORD,
    f"{_OPEN_XML}wordprocessingml.document": Content.WORD,
    "application/vnd.ms-word.document.macroenabled.12": Content.WORD,
    f"{_OPEN_XML}spreadsheetml.sheet": Content.OFFICE,
    f"{_OPEN_XML}presentationml.presentation": Content.OFFICE,
    "application/vnd.ms-excel": Content.OFFICE,
    "application/vnd.ms-powerpoint": Content.OFFICE,
    "application/vnd.oasis.opendocument.text": Content.OFFICE,
    "application/zip": Content.ARCHIVE,
    "application/gzip": Content.GZIP,
    "application/x-gzip": Content.GZIP,
    "text/xml": Content.XML,
    "application/xml": Content.XML,
    "application/hl7-v3+xml": Content.XML,
    "text/hl7v3+xml": Content.XML,
}
# A name that says less, or more, than the bytes can: neither is a contradiction.
_ALIKE = {
    Content.WORD: {Content.OFFICE, Content.ARCHIVE},
    Content.OFFICE: {Content.WORD, Content.ARCHIVE},
    Content.IMAGE: {Content.OTHER_IMAGE, Content.DICOM},
    Content.UNKNOWN: {Content.TEXT},
}

_PICTURES = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)
_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})  # sizes; "BM" alone also begins "BMD of the hip"
# A DICOM file without its preamble begins with group 2 or group 8 (PS3.5 7.1), little endian.
_BARE_DICOM = re.compile(
    rb"\x02\x00[\x00\x01\x02\x10]\x00(?:UL|OB|UI|\x04\x00\x00\x00)|\x08\x00[\x00\x01\x05\x06\x08\x12-\x18]\x00",
    re.S,
)
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_TAG = re.compile(rb"<(?:p|div|br|span|table|h[1-6]|ul|ol|li|b|i|strong|em|pre|a)\b[^<>]*>", re.I)
_XML = re.compile(rb"\s*<\?xml\b", re.I)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def declared(content_type: str) -> Content | None:
    """Return what the portal calls it; None when it names nothing or nothing in particular."""
    media = content_type.partition(";")[0].strip().lower()
    if media in ("", "application/octet-stream", "binary/octet-stream"):
        return None
    if (known := _DECLARED.get(media)) is not None:
        return known
    if media.startswith("image/"):
        return Content.IMAGE
    if media.startswith(("audio/", "video/")):
        return Content.RECORDING
    return Content.TEXT if media.startswith("text/") else Content.UNKNOWN


def contradicts(named: Content | None, content: Content) -> bool:
    """Say whether the portal's name for a document is wrong for what its bytes are."""
    return named is not None and named is not content and content not in _ALIKE.get(named, ())


def sniff(data: bytes) -> Content:
    """Return what the bytes themselves say, from their first 4096."""
    head = data[:4096]
    if head[128:132] == b"DICM" or _BARE_DICOM.match(head):
        return Content.DICOM  # before PDF: one may hold the other
    # Some producers put a few bytes before the header; readers look for it in the first 1024.
    if b"%PDF-" in head[:1024]:
        return Content.PDF
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return Content.RTF
    if (found := _sniff_binary(head)) is not None:
        return found
    narrow = head.replace(b"\x00", b"") if _is_wide(head) else head
    narrow = narrow.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(narrow):
        return Content.HTML
    if _XML.match(narrow):
        return Content.HTML if b"www.w3.org/1999/xhtml" in narrow else Content.XML
    if narrow is head and _BINARY.search(head) is not None and not _is_mostly_text(head):
        return Content.UNKNOWN
    if narrow.lstrip().startswith(b"<") and _TAG.match(narrow.lstrip()):
        return Content.HTML
    return Content.TEXT


def _sniff_binary(head: bytes) -> Content | None:
    if head.startswith(_PICTURES) or (
        head.startswith(b"BM") and head[6:10] == bytes(4) and head[14:15] != b"" and head[14] in _BMP_HEADERS
    ):
        return Content.IMAGE
    if (head.startswith(b"RIFF") and head[8:12] == b"WEBP") or head.startswith(
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xffO\xffQ", b"\x00\x00\x01\x00\x01\x00")
    ):
        return Content.OTHER_IMAGE
    if head[4:8] == b"ftyp":
        pictures = (b"heic", b"heix", b"mif1", b"avif", b"msf1")
        return Content.OTHER_IMAGE if head[8:12] in pictures else Content.RECORDING
    if head.startswith((b"OggS", b"ID3", b"\x1aE\xdf\xa3")) or (
        head.startswith(b"RIFF") and head[8:12] in (b"WAVE", b"AVI ")
    ):
        return Content.RECORDING
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Content.OFFICE
    if head.startswith(b"PK\x03\x04"):
        if b"word/" in head:
            return Content.WORD
        office = (b"xl/", b"ppt/", b"[Content_Types].xml", b"opendocument")
        return Content.OFFICE if any(mark in head for mark in office) else Content.ARCHIVE
    return Content.GZIP if head.startswith(b"\x1f\x8b\x08") else None


def has_tags(data: bytes) -> bool:
    """Say whether bytes called HTML hold any of its tags at all."""
    return _TAG.search(data.replace(b"\x00", b"") if _is_wide(data[:4096]) else data) is not None


def _is_wide(head: bytes) -> bool:
    # UTF-16: a byte order mark, or a zero in about every second place.
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = head[:512]
    return (
        len(sample) >= 4
        and 0.35 < sample.count(0) / len(sample) < 0.6
        and (
            not any(sample[0::2])
            or not any(sample[1::2])
            or sample[1::2].count(0) > len(sample) * 0.35
            or sample[0::2].count(0) > len(sample) * 0.35
        )
    )


def _is_mostly_text(head: bytes) -> bool:
    # A stray control character does not make a dictated report a binary file.
    return len(_BINARY.findall(head)) * 50 < len(head) or (len(head) < 32 and head.count(0) == 0)
