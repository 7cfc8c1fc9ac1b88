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
    WORD = "a Word document"
    XML = "an XML document"
    UNKNOWN = "a document of an unknown type"


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
    "application/msword": Content.WORD,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Content.WORD,
    "text/xml": Content.XML,
    "application/xml": Content.XML,
    "application/hl7-v3+xml": Content.XML,
    "text/hl7v3+xml": Content.XML,
}

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"BM")
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
    return Content.TEXT if media.startswith("text/") else Content.UNKNOWN


def sniff(data: bytes) -> Content:
    """Return what the bytes themselves say, from their first 4096."""
    head = data[:4096]
    # Some producers put a few bytes before the header; readers look for it in the first 1024.
    if b"%PDF-" in head[:1024]:
        return Content.PDF
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return Content.RTF
    if head[128:132] == b"DICM":
        return Content.DICOM
    if head.startswith(_PICTURES):
        return Content.IMAGE
    if head.startswith((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04")):
        return Content.WORD
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
