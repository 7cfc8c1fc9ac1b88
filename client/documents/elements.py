"""Sanitised HTML to its parts: runs of words, and the lists and tables that hold them.

Owns: where a run of words begins and ends, how lists and tables lie within each other, and what a style
strikes out or hides. Must never: pass a tag or an attribute on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape

from client.documents.blocks import Note, Rule, Words
from client.documents.parts import Dictated, Field, Part, Table, Title, list_of

INLINE = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u",
    "s": "s", "del": "s", "strike": "s", "sub": "sub", "sup": "sup",
}  # fmt: skip
PLAIN = {
    "span", "font", "a", "small", "big", "label", "code", "tt", "kbd", "samp", "var", "cite", "q", "mark",
    "abbr",
}  # fmt: skip
BLOCKS = {
    "p", "div", "center", "blockquote", "section", "article", "header", "footer", "dt", "dd", "dl", "caption",
}  # fmt: skip
TITLES = {"h1", "h2", "h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tfoot", "tr", "td", "th"}
STRUCTURE = {"ul", "ol", "li", "pre", "hr", "br", "img"} | TABLES

_VOID = {"br", "hr", "img"}
# What the sanitiser writes: balanced tags, attributes in double quotes, "<" in words always escaped.
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[a-z]+=\"[^\"]*\")*)\s*/?>|([^<]+)")
_ATTRIBUTE = re.compile(r"([a-z]+)=\"([^\"]*)\"")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]{1,4000000}")
_SPACES = re.compile(r"[ \t\n\r\f\u00a0]+")
_DEEPEST = 12  # lists and tables within each other; what lies deeper is read as words
_HIDDEN = "This text holds words that it marks as hidden; they are left out here."


@dataclass(slots=True)
class _Frame:
    """What is open and holds parts: the text itself, a list and its items, or a table and its cells."""

    parts: list[Part]
    start: int | None = None
    items: list[tuple[int | None, list[Part]]] | None = None
    rows: list[list[Field]] | None = None


@dataclass(slots=True)
class _Element:
    """An open element: the inline tags it opened, and whether it holds a frame or hides its words."""

    tag: str
    inline: list[str] = field(default_factory=list)
    frame: bool = False
    hides: bool = False


def read_parts(markup: str) -> list[Part]:
    """Return the parts of sanitised HTML in their order."""
    reader = _Reader()
    for token in _TOKEN.finditer(markup):
        closing, tag, attributes, data = token.groups()
        if data is not None:
            reader.say(unescape(data) if "&" in data else data)
        elif closing:
            reader.end(tag)
        else:
            reader.start(tag, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})
    return reader.finish()


class _Reader:
    """Walks sanitised HTML, one open run of words at a time."""

    def __init__(self) -> None:
        self._frames = [_Frame([])]
        self._elements: list[_Element] = []
        self._html: list[str] = []
        self._plain: list[str] = []
        self._open: list[str] = []  # inline tags, to be closed and opened again around a block's end
        self._title = False
        self._pre = 0
        self._hiding = 0
        self._hid = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Read a start tag and its attributes."""
        effects = given.get("style", "")  # as the sanitiser has reduced it
        struck, hidden = "struck" in effects, "hidden" in given or "hidden" in effects
        if tag in _VOID:
            if not self._hiding and not hidden:
                self._start_void(tag, given)
            return
        element = _Element(tag, hides=hidden)
        self._elements.append(element)
        self._hiding += hidden
        if self._hiding:
            if tag not in INLINE and tag not in PLAIN:
                self._end_run()
            return
        if tag not in INLINE and tag not in PLAIN:
            element.frame = self._start_block(tag, given)
        for inline in ([INLINE[tag]] if tag in INLINE else []) + (["s"] if struck else []):
            if inline not in self._open:
                element.inline.append(inline)
                self._open.append(inline)
                self._html.append(f"<{inline}>")

    def end(self, tag: str) -> None:
        """Read an end tag."""
        if not self._elements or self._elements[-1].tag != tag:
            return
        element = self._elements.pop()
        if self._hiding:
            self._hiding -= element.hides
            return
        if tag not in INLINE and tag not in PLAIN:
            self._end_block(element)
        for inline in reversed(element.inline):
            self._open.remove(inline)
            if self._html and self._html[-1] == f"<{inline}>":
                self._html.pop()
            else:
                self._html.append(f"</{inline}>")

    def say(self, data: str) -> None:
        """Read words."""
        if self._hiding:
            self._hid = self._hid or not data.isspace()
            return
        if not self._pre:
            data = _SPACES.sub(" ", data)
            if not self._plain or self._plain[-1].endswith((" ", "\n")):
                data = data.removeprefix(" ")
            if not data:
                return
        self._plain.append(data)
        self._html.append(escape(data, quote=False).replace("\n", "<br>"))

    def finish(self) -> list[Part]:
        """Close whatever is still open and return the parts."""
        while self._elements:
            self.end(self._elements[-1].tag)
        self._end_run()
        if self._hid:
            self._frames[0].parts.append(Note(_HIDDEN))
        return self._frames[0].parts

    def _start_void(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img":
            self._picture(given)
        elif tag == "hr":
            self._end_run()
            self._put(Rule())
        elif self._pre:
            self.say("\n")
        elif self._plain and self._plain[-1].endswith("\n"):
            self._end_run()  # an empty line between two paragraphs
        elif self._plain:
            self._plain.append("\n")
            self._html.append("<br>")

    def _start_block(self, tag: str, given: dict[str, str]) -> bool:
        """Start what ends a run of words; return whether it is a frame."""
        self._end_run()
        top = self._frames[-1]
        if tag in ("ul", "ol", "table") and len(self._frames) > 2 * _DEEPEST:
            return False
        if tag in ("ul", "ol"):
            start = (_whole(given.get("start"), 9999) or 1) if tag == "ol" else None
            self._frames.append(_Frame([], start=start, items=[]))
        elif tag == "table":
            self._frames.append(_Frame([], rows=[]))
        elif tag == "li" and top.items is not None:
            parts: list[Part] = []
            top.items.append((_whole(given.get("value"), 9999), parts))
            self._frames.append(_Frame(parts))
        elif tag == "tr" and top.rows is not None:
            top.rows.append([])
            return False
        elif tag in ("td", "th") and top.rows is not None:
            if not top.rows:
                top.rows.append([])
            parts = []
            columns, rows = _whole(given.get("colspan"), 50) or 1, _whole(given.get("rowspan"), 50) or 1
            top.rows[-1].append(Field(parts, tag == "th", columns, rows))
            self._frames.append(_Frame(parts))
        else:
            self._title = tag in TITLES
            self._pre += tag == "pre"
            return False
        return True

    def _end_block(self, element: _Element) -> None:
        self._end_run()
        self._title = False
        self._pre -= element.tag == "pre"
        if not element.frame:
            return
        frame = self._frames.pop()
        if frame.items is not None:
            for part in list_of(frame.start, frame.items):
                self._put(part)
        elif frame.rows is not None and any(frame.rows):
            self._put(Table([row for row in frame.rows if row]))

    def _put(self, part: Part) -> None:
        """Put a part where it belongs; in a list or table but in no item or cell, it joins the last."""
        for frame in reversed(self._frames):
            if frame.items:
                frame.items[-1][1].append(part)
                return
            if frame.rows and frame.rows[-1]:
                frame.rows[-1][-1].parts.append(part)
                return
            if frame.items is None and frame.rows is None:
                frame.parts.append(part)
                return

    def _end_run(self) -> None:
        """Put the words read since the last block ended where they belong."""
        for tag in reversed(self._open):
            self._html.append(f"</{tag}>")
        html, plain = "".join(self._html), "".join(self._plain)
        self._html = [f"<{tag}>" for tag in self._open]
        self._plain = []
        if not plain.strip():
            return
        struck = "<s>" in html  # no heading, and no text without tags, can say so
        if self._pre and not struck:
            self._put(Dictated(plain))
        elif self._title and not struck:
            self._put(Title(" ".join(plain.split())))
        else:
            end = len(html)
            while html.endswith(("<br>", " "), 0, end):
                end -= 1 if html[end - 1] == " " else len("<br>")
            html = html[:end].lstrip(" ").replace(" <br>", "<br>")
            self._put(Words(html, plain.strip().replace(" \n", "\n")))

    def _picture(self, given: dict[str, str]) -> None:
        source = given.get("src", "")
        said = unescape(given.get("alt", "")).strip()[:200]
        if _PICTURE.fullmatch(source):
            self._html.append(f'<img src="{_SPACES.sub("", source)}">')
            self._plain.append(f"[picture{': ' + said if said else ''}]")
        else:  # nothing is ever loaded from elsewhere
            words = f"[picture not shown{': ' + said if said else ''}]"
            self._html.append(escape(words, quote=False))
            self._plain.append(words)


def _whole(text: str | None, limit: int) -> int | None:
    if not text or len(text) > 5 or not (text.isascii() and text.isdigit()):
        return None
    return max(1, min(int(text), limit))
