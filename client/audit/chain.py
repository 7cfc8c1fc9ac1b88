"""The chain: each line of the trail vouches for all before it.

Owns: how lines are linked and checked. Must never: touch a file.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One event in its place; `mac` is HMAC-SHA256 over all the rest, 64 hexadecimal characters."""

    number: int
    key_id: str  # which key made the mac, so that a change of key is seen as one
    previous: str
    event: Mapping[str, str]
    mac: str

    def line(self) -> bytes:
        """Return the link as one line of JSON."""
        return (
            orjson.dumps(
                {
                    "n": self.number,
                    "key": self.key_id,
                    "previous": self.previous,
                    "event": dict(self.event),
                    "mac": self.mac,
                }
            )
            + b"\n"
        )


def key_id(key: bytes) -> str:
    """Return a short public name of a chain key."""
    return hashlib.sha256(b"safelight chain key id" + key).hexdigest()[:16]


def link(key: bytes, number: int, previous: str, event: Mapping[str, str]) -> Link:
    """Return the event linked to what came before."""
    name = key_id(key)
    return Link(number, name, previous, event, _mac(key, number, name, previous, event))


def read_line(line: bytes) -> Link | None:
    """Read one line; None for anything that is not a link."""
    try:
        said = orjson.loads(line)
        number, event = said["n"], said["event"]
        words = said["key"], said["previous"], said["mac"]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        return None
    if type(number) is not int or type(event) is not dict or not all(type(word) is str for word in words):
        return None
    if not all(type(value) is str for value in event.values()):
        return None
    return Link(number, words[0], words[1], event, words[2])


def first_broken(key: bytes, links: Iterable[Link], previous: str | None = None) -> int | None:
    """Return the position of the first link that does not fit, None when the chain is whole.

    Links made under another key are checked for their place only.
    """
    number: int | None = None
    for position, each in enumerate(links):
        if previous is not None and each.previous != previous:
            return position
        if number is not None and each.number != number + 1:
            return position
        if each.key_id == key_id(key):
            expected = _mac(key, each.number, each.key_id, each.previous, each.event)
            if not hmac.compare_digest(expected.encode(), each.mac.encode("utf-8", "replace")):
                return position
        previous, number = each.mac, each.number
    return None


def _mac(key: bytes, number: int, name: str, previous: str, event: Mapping[str, str]) -> str:
    content = orjson.dumps([number, name, previous, dict(event)], option=orjson.OPT_SORT_KEYS)
    return hmac.new(key, content, hashlib.sha256).hexdigest()
