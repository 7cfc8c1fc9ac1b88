"""Several bodies in one answer: multipart/related (RFC 2046 5.1, RFC 2387; PS3.18 8.6).

Must never: loop without end, take more parts than asked for, or give out a part that was cut off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from client.errors import PortalFault

_LONGEST_HEAD = 8_192  # bytes of one part's header lines
_PARAMETER = re.compile(r';\s*([A-Za-z0-9_-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.){0,200})"|([^";\s]{0,200}))')
_BOUNDARY = re.compile(r"[ -~]{0,69}[!-~]", re.ASCII)
_BROKEN = (
    "The portal sent images in a way that cannot be taken apart, or did not send all of them, so none of "
    "them is shown. Try again; if it stays so, tell the people who run the portal."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One body and its declared media type: lower case, without parameters; "" if none is declared."""

    content_type: str
    content: bytes = field(repr=False)


def media_type(content_type: str) -> str:
    """Return the type of a Content-Type header without its parameters, lower case."""
    return content_type.partition(";")[0].strip().lower()


def parameter(content_type: str, name: str) -> str:
    """Return a parameter of a Content-Type header, "" where there is none; the first one counts."""
    for found in _PARAMETER.finditer(content_type[:4000]):
        if found[1].lower() == name:
            quoted = found[2]
            return re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found[3]
    return ""


def split(content_type: str, body: bytes, most: int) -> list[Part]:
    """Return the parts of a multipart answer, at most `most` of them.

    Raises PortalFault when it has no boundary, more parts, none, or does not end as it should.
    """
    boundary = parameter(content_type, "boundary")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise PortalFault(_BROKEN)
    mark = b"--" + boundary.encode("ascii")
    parts: list[Part] = []
    start, closed = _next(body, mark, 0)[1:]
    while not closed:
        if len(parts) >= most:
            raise PortalFault(_BROKEN)
        end, following, closed = _next(body, mark, start)
        parts.append(_part(body, start, end))
        start = following
    if not parts:
        raise PortalFault(_BROKEN)
    return parts


def _next(body: bytes, mark: bytes, position: int) -> tuple[int, int, bool]:
    """Find the next delimiter: where it begins, where what follows it does, and whether it is the last."""
    while (found := body.find(mark, position)) >= 0:
        after = found + len(mark)
        if found == 0 or body[found - 1 : found] == b"\n":
            begins = found - (2 if body[found - 2 : found] == b"\r\n" else 1) if found else 0
            if body[after : after + 2] == b"--":
                return begins, after + 2, True
            line = body[after : after + 256]
            rest = line.lstrip(b" \t")
            padding = len(line) - len(rest)
            for ending in (b"\r\n", b"\n"):
                if rest.startswith(ending):
                    return begins, after + padding + len(ending), False
        position = found + 1  # within a body, or the beginning of a longer boundary
    raise PortalFault(_BROKEN)


def _part(body: bytes, start: int, end: int) -> Part:
    for blank in (b"\r\n", b"\n"):
        if body.startswith(blank, start):  # no header lines at all
            return Part("", body[start + len(blank) : end])
    found = [
        (place, len(blank))
        for blank in (b"\r\n\r\n", b"\n\n")
        if (place := body.find(blank, start, min(end, start + _LONGEST_HEAD))) >= 0
    ]
    if not found:
        raise PortalFault(_BROKEN)
    place, length = min(found)
    content = body[place + length : end]
    kind = ""
    for line in body[start:place].decode("latin-1").splitlines():
        name, _, value = line.partition(":")
        name = name.strip().lower()
        if name == "content-type":
            kind = media_type(value)
        elif name == "content-length" and value.strip() != str(len(content)):
            raise PortalFault(_BROKEN)
        elif name == "content-transfer-encoding" and value.strip().lower() not in ("binary", "8bit", "7bit"):
            raise PortalFault(_BROKEN)  # HTTP has no use for base64, and nobody has been seen to send it
    return Part(kind, content)
