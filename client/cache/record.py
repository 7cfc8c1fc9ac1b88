"""The form of a record on disk: sealed chunks one after the other, and nothing else.

Owns: how bytes become chunks under AES-256-GCM and back. There is no header on disk: id, version, length
and nonce of a record live in the store's memory and are bound to every chunk as associated data, so that a
chunk which was altered, swapped, moved, cut or brought back from an earlier write does not verify.
Must never: return a byte that has not been verified.

    chunk i  =  AES-256-GCM(nonce + i, plain[i × CHUNK : (i + 1) × CHUNK], associated data) ‖ 16-byte tag
    associated data  =  kind u8 · chunk count u32 · total length u64 · key length u32 · version length u32
                        · chunk number u32 · key UTF-8 · version UTF-8          (all big-endian)

The lengths of key and version are in characters: each stands for one text and one way to part it in two.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Measured: 64 kB costs a third more per byte, 1 MB no longer fits the processor's cache and is slower to
# read. A part of a large record costs at most two chunks more than itself: about 0.1 ms.
CHUNK = 256 * 1024
TAG = 16

_BOUND = struct.Struct(">BIQIII")


class RecordKind(IntEnum):
    """What a record holds."""

    REPORT = 1
    ATTACHMENT = 2
    IMAGE = 3
    DOCUMENTS = 4  # a report's documents, composed
    BESIDE = 5  # what the portal keeps apart from a report and belongs to it


class RecordId(NamedTuple):
    """Which record, in which version; two versions of one report are two records.

    A tuple rather than a dataclass: it is hashed and compared on every read, at a tenth of the time.
    """

    kind: RecordKind
    key: str
    version: str

    def __repr__(self) -> str:
        return f"RecordId({self.kind.name})"


def chunk_count(length: int) -> int:
    """Return how many chunks hold `length` bytes; an empty record is one empty chunk with its tag."""
    return (length + CHUNK - 1) // CHUNK or 1


def sealed_size(length: int) -> int:
    """Return how many bytes on disk hold `length` bytes."""
    return length + TAG * chunk_count(length)


def seal_small(aead: AESGCM, nonce: int, record: RecordId, data: bytes | memoryview) -> bytes:
    """Return the one sealed chunk of at most CHUNK bytes."""
    return aead.encrypt(nonce.to_bytes(12), data, _bound(record, len(data), 1, 0))


def seal(aead: AESGCM, nonce: int, record: RecordId, data: memoryview) -> Iterator[memoryview]:
    """Yield the sealed chunks in order; each is valid until the next is asked for."""
    count = chunk_count(len(data))
    sealed = memoryview(bytearray(min(CHUNK, len(data)) + TAG))
    for number in range(count):
        plain = data[number * CHUNK : (number + 1) * CHUNK]
        into = sealed[: len(plain) + TAG]
        bound = _bound(record, len(data), count, number)
        aead.encrypt_into((nonce + number).to_bytes(12), plain, bound, into)
        yield into


def open_small(aead: AESGCM, nonce: int, record: RecordId, length: int, sealed: bytes) -> bytes:
    """Return the `length` bytes (at most CHUNK) of a record read whole; raises InvalidTag."""
    if len(sealed) != length + TAG:
        raise InvalidTag
    return aead.decrypt(nonce.to_bytes(12), sealed, _bound(record, length, 1, 0))


def open_part(
    aead: AESGCM,
    nonce: int,
    record: RecordId,
    length: int,
    wanted: range,
    read_into: Callable[[memoryview, int], int],
) -> bytes:
    """Return the bytes `wanted` (a step of 1, within `length`), decrypting only the chunks they lie in.

    `read_into(buffer, offset)` fills the buffer from that offset of the record on disk and returns how much
    it found. Raises InvalidTag.
    """
    count = chunk_count(length)
    buffer = memoryview(bytearray(min(CHUNK, length) + TAG))
    pieces: list[bytes] = []
    for number in range(wanted.start // CHUNK, chunk_count(wanted.stop)):
        begin = number * CHUNK
        sealed = buffer[: min(CHUNK, length - begin) + TAG]
        if read_into(sealed, begin + number * TAG) != len(sealed):
            raise InvalidTag
        bound = _bound(record, length, count, number)
        plain = aead.decrypt((nonce + number).to_bytes(12), sealed, bound)
        pieces.append(plain[max(0, wanted.start - begin) : max(0, wanted.stop - begin)])
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _bound(record: RecordId, length: int, count: int, number: int) -> bytes:
    # what says where the key ends comes before it, so no two chunks share their associated data
    kind, key, version = record
    text = (key + version).encode("utf-8", "surrogatepass")
    return _BOUND.pack(kind, count, length, len(key), len(version), number) + text
