"""The place in a search where the next page starts, sealed into the link that leads there.

The link holds the search itself, which may name a patient: sealed (AES-256-GCM, a key per process), it can
be followed only by the user it was made for, and tells a log or a proxy nothing.
"""

from __future__ import annotations

import base64
import binascii
import secrets

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server_stub.fhir.outcome import FhirError, Issue

_NONCE = 12


class Places:
    """Seals and opens places; those of an earlier process cannot be opened any more."""

    def __init__(self) -> None:
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=256))

    def seal(self, user: str, place: object) -> str:
        """Return the place as text for a URL."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, orjson.dumps(place), user.encode())
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, user: str, text: str) -> object:
        """Return the place; raises FhirError(410) when it is not one of this user's and this process's."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            return orjson.loads(self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], user.encode()))
        except (binascii.Error, InvalidTag, ValueError):
            raise FhirError(
                410, Issue.EXPIRED, "This page of the search is no longer kept; search again."
            ) from None
