"""Whether a document is the one that the portal describes.

Owns: what "as issued" means. Must never: call anything so that was not compared.
"""

from __future__ import annotations

import hashlib

from client.model.report import Attachment

_OTHER = (
    "This document is not exactly the one the portal describes (its check sum differs). "
    "Compare it with the portal before relying on it."
)
_SIZE = (
    "This document does not have the size the portal gives for it; something may be missing. "
    "Compare it with the portal before relying on it."
)


def identities(data: bytes) -> frozenset[bytes]:
    """Return the digests by which a portal may name these bytes: SHA-1 and SHA-256."""
    return frozenset((hashlib.sha1(data, usedforsecurity=False).digest(), hashlib.sha256(data).digest()))


def check(attachment: Attachment, data: bytes, inner: bytes | None = None) -> tuple[bool, str]:
    """Return whether hash and size are those the portal gave, and a warning where they are not.

    FHIR R4, Attachment.hash: SHA-1 of the data; some portals give SHA-256, and some that of what was `inner`
    before they packed it. A hash that agrees settles it: sizes are often miscounted.
    """
    digest = attachment.digest
    if digest is not None and len(digest) in (20, 32):
        if digest == _digest(data, len(digest)) or (
            inner is not None and digest == _digest(inner, len(digest))
        ):
            return True, ""
        return False, _OTHER
    sizes = (len(data), len(inner) if inner is not None else len(data))
    return False, _SIZE if attachment.size is not None and attachment.size not in sizes else ""


def matches(attachment: Attachment, data: bytes) -> bool:
    """Return whether nothing the portal says of an attachment contradicts `data`."""
    return not check(attachment, data)[1]


def _digest(data: bytes, length: int) -> bytes:
    if length == 20:
        return hashlib.sha1(data, usedforsecurity=False).digest()
    return hashlib.sha256(data).digest()
