"""What a client would take: the Accept header, or the `accept` query parameter (PS3.18 8.7).

Must never: quote what it read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECE = re.compile(r'(?:[^",;]|"(?:[^"\\]|\\.)*")+|[,;]')
_LONGEST = 4000  # characters


@dataclass(frozen=True, slots=True)
class Wish:
    """One media range: `multipart` says that parts of this type are wanted, not the type alone."""

    media_type: str  # lower case, may be */* or image/*
    syntax: str  # "" where none is named, "*" for any
    multipart: bool
    quality: float

    def takes(self, media_type: str) -> bool:
        """Whether this type is in the range."""
        kind = media_type.partition("/")[0]
        return self.media_type in ("*/*", f"{kind}/*", media_type)


def read_accept(value: str) -> list[Wish]:
    """Return the wishes, the most wanted first; an absent header takes anything."""
    pieces = [[""]]
    for piece in _PIECE.findall(value[:_LONGEST]):
        if piece == ",":
            pieces.append([""])
        elif piece == ";":
            pieces[-1].append("")
        else:
            pieces[-1][-1] += piece
    wishes = [_read(parts) for parts in pieces if parts[0].strip()]
    wanted = [wish for wish in wishes if wish.quality > 0]
    if not wishes:
        return [Wish("*/*", "", False, 1.0)]
    return sorted(wanted, key=lambda wish: -wish.quality)


def _read(parts: list[str]) -> Wish:
    named: dict[str, str] = {}
    for part in parts[1:]:
        name, _, value = part.partition("=")
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        named.setdefault(name.strip().lower(), value)
    media_type = parts[0].strip().lower()
    multipart = media_type == "multipart/related"
    if multipart:
        media_type = named.get("type", "*/*").strip().lower()
    try:
        quality = float(named.get("q", "1"))
    except ValueError:
        quality = 0.0
    return Wish(media_type, named.get("transfer-syntax", ""), multipart, min(max(quality, 0.0), 1.0))
