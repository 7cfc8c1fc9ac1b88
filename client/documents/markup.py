"""HTML and XHTML from a portal to blocks.

Two walls: nh3 (the sanitiser) removes what can act, hide or load; then only the words, the structure and the
pictures held in the text itself are read from what is left, and the markup is written anew by `blocks`.
Must never: pass a tag through as it came.
"""

from __future__ import annotations

import re
from html import unescape

import nh3

from client.documents.blocks import Block, Note
from client.documents.charset import clean
from client.documents.elements import BLOCKS, INLINE, PLAIN, STRUCTURE, TITLES, read_parts
from client.documents.layout import arrange
from client.documents.nesting import is_costly
from client.documents.prose import read_prose

_ACTIVE = {"script", "style", "title", "head", "template", "iframe", "object", "embed", "svg", "math"}


def _reduce(_tag: str, attribute: str, value: str) -> str | None:
    """Reduce a style to what it does to the meaning of words: strikes them out, or hides them (CSS 2.2)."""
    if attribute != "style":
        return value
    effects = []
    for declaration in value.lower().split(";"):
        name, _, given = (text.strip() for text in declaration.partition(":"))
        if name in ("text-decoration", "text-decoration-line") and "line-through" in given:
            effects.append("struck")
        elif (name == "display" and given.startswith("none")) or (
            name == "visibility" and given.startswith(("hidden", "collapse"))
        ):
            effects.append("hidden")
    return " ".join(effects) or None


_SANITISER = nh3.Cleaner(
    tags=set(INLINE) | PLAIN | BLOCKS | TITLES | STRUCTURE,
    clean_content_tags=_ACTIVE,
    attributes={
        "img": {"src", "alt"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "ol": {"start"},
        "li": {"value"},
        "*": {"style", "hidden"},
    },
    attribute_filter=_reduce,
    url_schemes={"data"},
    url_relative="deny",
    link_rel=None,
)
_BARE = (
    "The layout of this text is too tangled to follow: these are its words alone. What its author struck out "
    "or hid is not told apart. Read it at the portal before relying on it."
)
_SHEET = re.compile(r"<style\b(?:(?!</style).)*+", re.I | re.S)
_UNFOLLOWED = (
    "This text brings a style sheet that can strike words out, and style sheets are not followed here. "
    "Read it at the portal before relying on it."
)
_ANY_TAG = re.compile(r"<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)|</?[a-z!][^<>]*>", re.I | re.S)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_markup(text: str) -> list[Block]:
    """Return the blocks of an HTML or XHTML text; never raises, whatever it is."""
    if is_costly(text):
        bare = read_prose(clean(unescape(_ANY_TAG.sub("\n", text))))
        return [Note(_BARE), *bare] if bare else []
    blocks = arrange(read_parts(clean(_SANITISER.clean(_DECLARATION.sub("", text, count=1)))))
    if blocks and any("line-through" in sheet[0].lower() for sheet in _SHEET.finditer(text)):
        blocks.append(Note(_UNFOLLOWED))
    return blocks
