"""The switch that cannot be on by accident: an option, a loopback address and a word in the environment."""

from __future__ import annotations

import ipaddress
import os

VARIABLE = "SAFELIGHT_PORTAL_FAULTS"
WORD = "yes-this-is-a-test"


class FaultsRefusedError(Exception):
    """Faults may not be switched on here; the message says why."""


def require_consent(host: str) -> None:
    """Raise FaultsRefusedError unless this can only be a test."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise FaultsRefusedError("Faults can be had on a loopback address only; nothing was started.")
    if os.environ.get(VARIABLE) != WORD:
        raise FaultsRefusedError(f"Faults need {VARIABLE}={WORD} in the environment; nothing was started.")
