"""Looking for secrets in another process's memory, as an attacker with its rights would.

Owns: reading /proc/PID/mem, the forms a key can take in it (AES-256 round keys included) and finding them.
Must never: print or return what it found, only the names of the forms and how often.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

_PIECE = 16 * 1024 * 1024
_ROUNDS = 14  # AES-256, FIPS 197


def why_unreadable(pid: int) -> str:
    """Return why the memory of process `pid` cannot be read here; "" when it can."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0):
            return ""
    except OSError as error:
        return f"/proc/PID/mem cannot be read on this machine: {error.strerror}"


def pieces(pid: int) -> Iterator[bytes]:
    """Yield the readable memory of a process; pieces of one region overlap by 256 bytes."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *rest = line.split()
            if "r" not in rights or rest[-1] in ("[vvar]", "[vvar_vclock]", "[vsyscall]"):
                continue
            at, end = (int(edge, 16) for edge in span.split("-"))
            while at < end:
                try:
                    memory.seek(at)
                    piece = memory.read(min(_PIECE, end - at))
                except (OSError, OverflowError):  # a device's memory, or a mapping that went away meanwhile
                    break
                if not piece:
                    break
                yield piece
                at += len(piece)
                if at < end:
                    at -= 256


def find(pid: int, forms: Mapping[str, bytes]) -> Counter[str]:
    """Return how often each form occurs in the memory of a process; forms that do not are left out."""
    found: Counter[str] = Counter()
    for piece in pieces(pid):
        for name, form in forms.items():
            if times := piece.count(form):
                found[name] += times
    return found


def locked_page(pid: int) -> bytes:
    """Return the one locked page of a process that is left out of its core dumps (VmFlags `lo` and `dd`)."""
    pages = []
    span = ""
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        first, *rest = line.split()
        if not first.endswith(":"):
            span = first
        elif first == "VmFlags:" and {"lo", "dd"} <= set(rest):
            pages.append(span)
    (span,) = pages
    begin, end = (int(edge, 16) for edge in span.split("-"))
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        memory.seek(begin)
        return memory.read(end - begin)


def key_forms(key: bytes) -> dict[str, bytes]:
    """Return every form in which an AES-256 key may lie in memory, by name.

    A round key is 16 bytes, and two adjacent ones give the whole key away.
    """
    swapped = b"".join(key[at : at + 4][::-1] for at in range(0, 32, 4))
    forms = {
        "key": key,
        "first half": key[:16],
        "second half": key[16:],
        "word-swapped": swapped,
        "hex": key.hex().encode(),
        "HEX": key.hex().upper().encode(),
        "hex, UTF-16": key.hex().encode("utf-16-le"),
    }
    for shift in range(
        3
    ):  # base64 of the key inside something else: the bytes that do not depend on the rest
        text = base64.b64encode(bytes(shift) + key)
        forms[f"base64, shifted by {shift}"] = text[4 if shift else 0 : 40]
    schedule = _round_keys(key)
    forms |= {f"round key {number}": schedule[number] for number in range(2, _ROUNDS + 1)}
    return forms


def _round_keys(key: bytes) -> list[bytes]:
    # FIPS 197, 5.2, with Nk = 8
    box = _substitution_box()
    words = [key[at : at + 4] for at in range(0, 32, 4)]
    constant = 1
    while len(words) < 4 * (_ROUNDS + 1):
        word = words[-1]
        if len(words) % 8 == 0:
            word = bytes(box[byte] for byte in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _double(constant)
        elif len(words) % 8 == 4:
            word = bytes(box[byte] for byte in word)
        words.append(bytes(a ^ b for a, b in zip(words[-8], word, strict=True)))
    return [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def _double(byte: int) -> int:
    return (byte << 1) ^ (0x11B if byte & 0x80 else 0)


def _substitution_box() -> list[int]:
    # FIPS 197, 5.1.1: the inverse in GF(2^8), then the affine map; p runs through the powers of 3, q back
    box = [0x63] * 256
    p = q = 1
    while True:
        p ^= _double(p)
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 0xFF
        if q & 0x80:
            q ^= 0x09
        turned = q
        for shift in range(1, 5):
            turned ^= ((q << shift) | (q >> (8 - shift))) & 0xFF
        box[p] = turned ^ 0x63
        if p == 1:
            return box
