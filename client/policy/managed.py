"""The organisation's policy where it is not a file of text: Windows group policy, macOS managed preferences.

Owns: turning a registry key and a property list into the same raw values that TOML gives.
Must never: decide what is allowed.
Both were written from the systems' documentation; only the property list's form was ever run on a real file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from client.policy.rules import BY_FIELD, Kind
from client.policy.trusted import unusable

REGISTRY_KEY = r"Software\Policies\Safelight"
PROPERTY_LIST = "/Library/Managed Preferences/org.safelight.Safelight.plist"


class Registry(Protocol):
    """The part of the standard library's `winreg` that is used."""

    HKEY_LOCAL_MACHINE: int

    def OpenKey(self, key: Any, sub_key: str) -> Any:
        """Open a key; FileNotFoundError if it is not there."""
        ...

    def EnumValue(self, key: Any, index: int) -> tuple[str, Any, int]:
        """Return name, value and type; OSError behind the last."""
        ...


def read_registry(registry: Registry) -> Mapping[str, object]:
    """Return the raw values below HKEY_LOCAL_MACHINE; empty without the key, PolicyError if it is closed.

    A switch is a number there: 1 is true and 0 is false; other numbers stay, and are refused later.
    """
    found: dict[str, object] = {}
    try:
        with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, REGISTRY_KEY) as key:
            index = 0
            while True:
                try:
                    name, value, _ = registry.EnumValue(key, index)
                except OSError:
                    return found  # behind the last one
                found[name] = _switch(name, value)
                index += 1
    except FileNotFoundError:
        return found
    except OSError as problem:
        raise unusable(rf"HKLM\{REGISTRY_KEY}", "it cannot be read") from problem


def read_property_list(content: bytes) -> Mapping[str, object]:
    """Return the raw values of a property list, XML or binary; PolicyError if it is none."""
    from plistlib import InvalidFileException, loads
    from xml.parsers.expat import ExpatError

    try:
        found = loads(content)
    except (InvalidFileException, ExpatError, ValueError, OverflowError, IndexError, TypeError) as problem:
        raise unusable(PROPERTY_LIST, "it is not a property list") from problem
    if not isinstance(found, dict):
        raise unusable(PROPERTY_LIST, "it is not a dictionary")
    # macOS adds its own keys to a managed domain.
    return {str(name): value for name, value in found.items() if not str(name).startswith("Payload")}


def _switch(name: str, value: object) -> object:
    rule = BY_FIELD.get(name)
    if rule is not None and rule.kind is Kind.SWITCH and value in (0, 1):
        return bool(value)
    return value
