"""Texts from a portal made fit to show: no control characters, nothing that turns the reading direction.

Must never: change a printable character, or return more than it was asked for.
"""

from __future__ import annotations

import re

NAME = 200  # characters of a person's name, an identifier
EXAM = 300  # characters of an examination's name

# Controls, invisible characters and everything that can reorder what is read (Unicode UAX #9: embeddings,
# overrides, isolates, marks). ZWJ and ZWNJ stay: Persian and Indic names need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def line(value: object, limit: int = NAME) -> str:
    """Return a text as one line of at most `limit` characters; "" for anything that is not a text."""
    if type(value) is not str:
        return ""
    if len(value) <= limit and value.isprintable():  # the common case; no unwanted character is printable
        return value.strip()
    cleaned = _UNWANTED.sub("", " ".join(value[: 8 * limit].split()))
    cleaned = cleaned.strip()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def paragraphs(value: object, limit: int) -> str:
    """Return a text with its lines and tabs, at most `limit` characters; "" for anything else."""
    if type(value) is not str:
        return ""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", value[:limit])).strip()
