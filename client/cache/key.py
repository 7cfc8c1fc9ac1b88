"""The session's AES-256 key: 32 random bytes on one locked page, and the counter its nonces come from.

Owns: the key from the moment it is drawn to the moment it is overwritten.
Must never: let the key become a Python `bytes`, be copied, pickled, shown or handed to a forked child.
"""

from __future__ import annotations

import os
import threading
from typing import NoReturn
from weakref import WeakSet

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.errors import CacheUnavailable, SessionEnded
from client.system.memory import SecretPage

_LENGTH = 32
_OVER = "This session has ended, so its stored reports can no longer be read. Sign in again to go on."

_keys: WeakSet[CacheKey] = WeakSet()


class CacheKey:
    """A key that exists only in this process; `destroy` ends it for good. Thread-safe."""

    __slots__ = ("__weakref__", "_lock", "_next_nonce", "_page", "_view", "locked")

    def __init__(self, page: SecretPage) -> None:
        self._lock = threading.Lock()
        self._page: SecretPage | None = page
        self._view = page.view(_LENGTH)
        self._next_nonce = 0
        self.locked = page.locked
        _keys.add(self)

    @classmethod
    def generate(cls) -> CacheKey:
        """Draw a new key from the system's random generator, straight onto its page.

        Raises CacheUnavailable when the system gives no memory or no random bytes.
        """
        try:
            page = SecretPage()
            page.fill_random(_LENGTH)
        except OSError as error:
            raise CacheUnavailable(
                "This computer could not make a key for stored reports, so none are kept. "
                "You can go on reading; each report is loaded from the portal."
            ) from error
        return cls(page)

    def aead(self) -> AESGCM:
        """Return AES-256-GCM under this key, for one operation or one batch: let go of it at once.

        It holds the key's schedule in memory of its own, which OpenSSL overwrites when it is let go.
        Raises SessionEnded after `destroy` and in a forked child.
        """
        with self._lock:
            if self._page is None:
                raise SessionEnded(_OVER)
            return AESGCM(self._view)

    def reserve(self, count: int) -> int:
        """Return the first of `count` consecutive nonces that no one else has or will get.

        A nonce is this number as 96 bits, big-endian (NIST SP 800-38D, 8.2.1: deterministic construction; the
        key is its own context, since it is drawn anew for each session and never leaves the process).
        Raises SessionEnded after `destroy`.
        """
        with self._lock:
            if self._page is None:
                raise SessionEnded(_OVER)
            first = self._next_nonce
            self._next_nonce = first + count
            return first

    def destroy(self) -> None:
        """Overwrite the key. Idempotent."""
        with self._lock:
            page, self._page = self._page, None
            if page is not None:
                self._view.release()
                page.wipe()

    def lose(self) -> None:
        """Let go of the page without touching it, as a forked child must: the page is its parent's alone."""
        self._lock = threading.Lock()  # a thread that the child does not have may hold the other
        self._page = None

    def __repr__(self) -> str:
        return "CacheKey()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a cache key is neither copied nor stored")


def _lose_all() -> None:
    for key in _keys:
        key.lose()


# Told once of a fork, where asking for the process id at every use costs a quarter of a microsecond.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_lose_all)
