"""Where the key of the audit chain rests between sessions: the operating system's keyring.

Owns: the choice of the keyring. Must never: keep patient data, a password or a token there, or search for
keyrings (`keyring.get_keyring()` starts compilers on Linux), or stop a sign-in because there is none.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import sys
from dataclasses import dataclass, field

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

_SERVICE = "Safelight"
_NAME = "audit chain"
_LENGTH = 32  # bytes

NOT_KEPT = "No keyring here: the audit trail is chained for this session only. IT support can set one up."


@dataclass(frozen=True, slots=True)
class ChainKey:
    """The key, and whether it will be the same next time."""

    key: bytes = field(repr=False)
    kept: bool


def load_chain_key() -> ChainKey:
    """Return this installation's chain key from the keyring, made there the first time.

    May wait for the user to unlock the keyring: not to be called where waiting shows. Never raises for a
    keyring that is missing, locked or broken: a key for this session alone is returned then.
    """
    failures = _failures()
    try:
        return ChainKey(_from(_keyring()), kept=True)
    except failures:
        return ChainKey(secrets.token_bytes(_LENGTH), kept=False)


def _from(keyring: KeyringBackend) -> bytes:
    stored = keyring.get_password(_SERVICE, _NAME)
    if stored:
        try:
            key = base64.b64decode(stored, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) == _LENGTH:
            return key
    key = secrets.token_bytes(_LENGTH)
    keyring.set_password(_SERVICE, _NAME, base64.b64encode(key).decode())
    return key


def _keyring() -> KeyringBackend:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as AppleKeyring

        return AppleKeyring()
    from keyring.backends.SecretService import Keyring as SecretService

    return SecretService()  # type: ignore[no-untyped-call]


def _failures() -> tuple[type[Exception], ...]:
    common = (KeyringError, RuntimeError, OSError, ImportError)
    if sys.platform != "linux":
        return common
    try:
        import secretstorage
    except ImportError:
        return common  # asking the keyring says so again, and that is caught
    return (*common, secretstorage.SecretStorageException)
