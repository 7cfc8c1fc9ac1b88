"""Several bodies in one answer: multipart/related (RFC 2387, PS3.18 8.6)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One body with its type, and where it can be had alone."""

    content_type: str
    location: str
    content: bytes


class Related:
    """A multipart/related answer under way; its boundary is random, so that no body can hold it."""

    def __init__(self, media_type: str, parts: Iterable[Part]) -> None:
        self._boundary = secrets.token_hex(24)
        self._parts = parts
        self.content_type = f'multipart/related; type="{media_type}"; boundary={self._boundary}'

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            head = f"--{self._boundary}\r\nContent-Type: {part.content_type}\r\n"
            if part.location:
                head += f"Content-Location: {part.location}\r\n"
            yield f"{head}Content-Length: {len(part.content)}\r\n\r\n".encode()
            yield part.content
            yield b"\r\n"
        yield f"--{self._boundary}--\r\n".encode()
