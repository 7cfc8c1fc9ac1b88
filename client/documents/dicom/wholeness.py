"""Whether a DICOM file goes on to its end (PS3.5 7.1, 7.5).

pydicom reads a file that breaks off without a word, and half a report reads like a whole one.
Must never: call a file torn that is only unusual.
"""

from __future__ import annotations

import struct
import zlib

from client.errors import DocumentError

LARGEST = 256 * 1024 * 1024  # bytes of a file once its own compression is undone
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_BIG_ENDIAN = b"1.2.840.10008.1.2.2"
_LONG = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_ENDS, _SEQUENCE_ENDS = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)
_TOO_LARGE = (
    "This DICOM file is far larger than any report once it is unpacked. "
    "Safelight does not show it; open it at the portal."
)


def is_whole(data: bytes) -> bool:
    """Say whether every element of a file is as long as it says; raises DocumentError for a bomb."""
    start, syntax = _body_of(data)
    if syntax == _DEFLATED:
        unpacker = zlib.decompressobj(-15)
        try:
            data, start = unpacker.decompress(data[start:], LARGEST + 1), 0
        except zlib.error:
            return False
        if len(data) > LARGEST:
            raise DocumentError(_TOO_LARGE)
        if not unpacker.eof:
            return False
    big = syntax == _BIG_ENDIAN or data.startswith(b"\x00\x08\x00")  # the latter without meta information
    return _walk(data, start, ">" if big else "<")


def _body_of(data: bytes) -> tuple[int, bytes]:
    """Return where the data set begins behind the file's meta information, and the transfer syntax."""
    at = 132 if data[128:132] == b"DICM" else 0
    syntax = b""
    while data[at : at + 2] == b"\x02\x00" and at + 8 <= len(data):
        element, vr = int.from_bytes(data[at + 2 : at + 4], "little"), data[at + 4 : at + 6]
        if vr in _LONG:
            at, length = at + 12, int.from_bytes(data[at + 8 : at + 12], "little")
        else:
            at, length = at + 8, int.from_bytes(data[at + 6 : at + 8], "little")
        if element == 0x0010:
            syntax = data[at : at + length].rstrip(b"\x00 ")
        at += length
    return at, syntax


def _walk(data: bytes, at: int, order: str) -> bool:
    header, short, long = (struct.Struct(order + form) for form in ("HH", "H", "L"))
    depth = 0
    while at < len(data):
        if at + 8 > len(data):
            return not any(data[at:])
        tag = header.unpack_from(data, at)
        if tag == (0, 0) and not any(data[at:]):
            return depth == 0  # some programs fill up their last block
        vr = data[at + 4 : at + 6]
        if tag[0] == 0xFFFE or not (vr.isalpha() and vr.isupper()):
            at, length = at + 8, long.unpack_from(data, at + 4)[0]
        elif vr in _LONG:
            if at + 12 > len(data):
                return False
            at, length = at + 12, long.unpack_from(data, at + 8)[0]
        else:
            at, length = at + 8, short.unpack_from(data, at + 6)[0]
        if tag in (_ITEM_ENDS, _SEQUENCE_ENDS):
            depth -= 1
        elif length == _UNDEFINED:
            depth += 1
        else:
            at += length
    return at == len(data) and depth <= 0
