"""What sanitising a text would cost, told before it is done.

An HTML parser mends what is left open: a style that nobody closed is opened again in every paragraph after
it, so a few hundred kilobytes can become gigabytes; and deep nesting costs the square of its depth. A large
text is therefore walked tag by tag, keeping account of what the parser will have open. Where that would take
more of the parser's rules than are written here, the text counts as costly.
Must never: take a text for cheap that is not. A cheap one taken for costly loses structure, not words.
WHATWG HTML, 13.2.4 (stack of open elements, active formatting elements) and 13.2.6 (tree construction).
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

_SMALL = 50_000  # characters, with fewer than _FEW tags: no text of that size takes long
_FEW = 1000
_DEEPEST = 1000
_STYLES = 100  # left open at once
_LIMIT = 5_000_000  # steps of the parser, each some 100 ns

# One piece of plain HTML, with nothing that two readers could take for two things. Possessive throughout: no
# character is read twice.
_SPACE = r"[ \t\n\f\r]"
_VALUE = rf"{_SPACE}*+={_SPACE}*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=`]++)"
_ATTRIBUTES = rf"(?:(?:{_SPACE}|/)++(?:[^\s\"'<>/=]++(?:{_VALUE})?+)?+){{0,60}}+"
_PIECE = re.compile(
    rf"(?P<words>(?:[^<]|<(?![a-z/!?]))++)"
    rf"|<!--(?!-?>)(?:(?!--!?>).)*+--!?>|<!(?!--)[^<>]*+>|<\?[^<>]*+>"
    rf"|(?P<raw><(?P<kind>title|style|script){_ATTRIBUTES}>"
    rf"(?:(?!</(?P=kind)|<script).)*+</(?P=kind){_SPACE}*+>)"
    rf"|<(?P<end>/?)(?P<tag>[a-z][a-z0-9:_-]*+)(?P<attributes>{_ATTRIBUTES})>",
    re.I | re.S,
)
_ATTRIBUTE = re.compile(rf"([^\s\"'<>/=]++)(?:{_VALUE})?+")

_VOID = frozenset({
    "area", "br", "embed", "hr", "image", "img", "keygen", "param", "source", "track", "wbr",
})  # fmt: skip
_SILENT = frozenset({"base", "basefont", "bgsound", "body", "frame", "head", "html", "link", "meta"})
_STYLE = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "details", "dir", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "header", "main", "menu", "nav", "ol", "pre", "section", "summary",
    "ul",
})  # fmt: skip
_TITLES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th", "caption"})
_BODIES = frozenset({"tbody", "thead", "tfoot"})
_IN_TABLES = _CELLS | _BODIES | {"table", "tr"}
_TERMS = frozenset({"dd", "dt"})
_SPECIAL = _BLOCKS | _TITLES | _IN_TABLES | _TERMS | {"li", "p"}
_ITEM_WALLS = _SPECIAL - {"address", "div", "p"}
# Rare in a report, and each with rules of its own.
_ODD = frozenset({
    "applet", "button", "col", "colgroup", "dialog", "form", "frameset", "hgroup", "iframe", "input",
    "isindex", "listing", "marquee", "math", "menuitem", "nobr", "noembed", "noframes", "noscript",
    "object", "optgroup", "option", "plaintext", "rb", "rp", "rt", "rtc", "ruby", "script", "search",
    "select", "selectedcontent", "style", "svg", "template", "textarea", "title", "xmp",
})  # fmt: skip


def is_costly(text: str) -> bool:
    """Say whether sanitising an HTML text could stall the reader or take its memory."""
    if len(text) < _SMALL and text.count("<") < _FEW:
        return False
    tree, at = Tree(), 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            return True
        at = piece.end()
        tree.read(piece)
        if tree.is_costly:
            return True
    return False


@dataclass(slots=True, eq=False)
class _Element:
    name: str
    look: tuple[tuple[str, str], ...] = ()  # a style's attributes
    open: bool = True


class Tree:
    """What a parser has open at one place of a text."""

    def __init__(self) -> None:
        self.open: list[_Element] = []
        self._styles: list[_Element | None] = []  # None: what comes after belongs to one cell of a table
        self._beyond = False  # the rules that are written here
        self._steps = 0

    @property
    def is_costly(self) -> bool:
        """Whether the bounds are passed, or nobody knows."""
        return (
            self._beyond or self._steps > _LIMIT or len(self.open) > _DEEPEST or len(self._styles) > _STYLES
        )

    def read(self, piece: re.Match[str]) -> None:
        """Read one piece of the text."""
        self._steps += 1 + len(self.open)
        if (tag := piece["tag"]) is not None:
            tag = tag.lower()
            self._beyond = self._beyond or tag in _ODD or not tag.isascii()
            if not piece["end"] or tag == "br":
                self._start(tag, piece["attributes"])
            else:
                self._end(tag)
        elif (words := piece["words"]) is not None:
            if words.isspace() and self._is_between_cells():
                return
            self._fill()
        elif piece["raw"] is not None:
            self._beyond = self._beyond or self._is_between_cells()

    def _start(self, tag: str, attributes: str) -> None:
        if tag in _IN_TABLES:
            self._start_in_table(tag)
            return
        if tag in _SILENT:
            return
        if tag in _SPECIAL or tag == "hr":
            self._start_block(tag)
        elif tag in _STYLE:
            if tag == "a":
                self._end_style(tag)
            self._fill()
            self._start_style(tag, attributes)
        else:
            self._fill()
            if tag not in _VOID:
                self.open.append(_Element(tag))

    def _start_block(self, tag: str) -> None:
        self._beyond = self._beyond or self._is_between_cells()
        if tag == "li":
            self._close(("li",), _ITEM_WALLS)
        elif tag in _TERMS:
            self._close(_TERMS, _ITEM_WALLS)
        self._close(("p",), _IN_TABLES)
        if tag in _TITLES and self.open and self.open[-1].name in _TITLES:
            self._pop(len(self.open) - 1)
        if tag != "hr":
            self.open.append(_Element(tag))

    def _start_in_table(self, tag: str) -> None:
        if tag == "table":
            self._start_block(tag)
            return
        if not any(element.name == "table" for element in self.open):
            return
        self._close(_CELLS, ("table",))
        if tag == "caption":
            self._beyond = self._beyond or self.open[-1].name != "table"
        else:
            if tag not in _CELLS:
                self._close(("tr",), ("table",))
            if tag in _BODIES:
                self._close(_BODIES, ("table",))
            elif self.open[-1].name == "table":
                self.open.append(_Element("tbody"))
            if tag in _CELLS and self.open[-1].name != "tr":
                self.open.append(_Element("tr"))
        if tag in _CELLS:
            self._styles.append(None)
        self.open.append(_Element(tag))

    def _start_style(self, tag: str, attributes: str) -> None:
        # Two that look the same to the parser must look the same here; what "&" stands for is its business.
        self._beyond = self._beyond or ("&" in attributes and tag != "a")
        look: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(attributes):
            value = found[0][len(found[1]) :].partition("=")[2].strip(" \t\n\f\r")
            look.setdefault(found[1].lower(), value[1:-1] if value[:1] in ("'", '"') else value)
        element = _Element(tag, tuple(sorted(look.items())))
        here = self._styles_here()
        same = [style for style in here if style.name == tag and style.look == element.look]
        if len(same) >= 3:  # of these the parser keeps the last three
            self._styles.remove(same[0])
        self._styles.append(element)
        self.open.append(element)

    def _end(self, tag: str) -> None:
        if tag in _STYLE:
            self._end_style(tag)
        elif tag in _BLOCKS or tag in _TERMS or tag == "p":
            self._close((tag,), _IN_TABLES)
        elif tag in _TITLES:
            self._close(_TITLES, _IN_TABLES)
        elif tag == "li":
            self._close((tag,), _IN_TABLES | {"ul", "ol"})
        elif tag in _IN_TABLES:
            self._close((tag,), ("table",))
        else:
            self._close((tag,), _SPECIAL)

    def _end_style(self, tag: str) -> None:
        style = next((style for style in reversed(self._styles_here()) if style.name == tag), None)
        if style is None:
            self._close((tag,), _SPECIAL)
        elif not style.open:
            self._styles.remove(style)
        else:
            place = self.open.index(style)
            # Blocks within a style that ends before them are taken apart by rules of their own.
            self._beyond = self._beyond or any(inner.name in _SPECIAL for inner in self.open[place:])
            self._pop(place)
            self._styles.remove(style)

    def _close(self, names: Container[str], walls: Container[str]) -> None:
        """Close the innermost of `names` with all within it, unless one of `walls` stands before it."""
        for place in range(len(self.open) - 1, -1, -1):
            name = self.open[place].name
            if name in names:
                self._pop(place)
                return
            if name in walls:
                return

    def _pop(self, place: int) -> None:
        for element in reversed(self.open[place:]):
            element.open = False
            if element.name in _CELLS:
                while self._styles and self._styles.pop() is not None:
                    continue
        del self.open[place:]

    def _fill(self) -> None:
        """Something comes to stand here: the styles that were cut off are opened again before it."""
        self._beyond = self._beyond or self._is_between_cells()
        here = self._styles_here()
        first = len(here)
        while first and not here[first - 1].open:
            first -= 1
        for style in here[first:]:
            again = _Element(style.name, style.look)
            self._styles[self._styles.index(style)] = again
            self.open.append(again)
            # An element more to make, and its attributes to be read again.
            self._steps += 20 + sum(len(value) for _, value in style.look) // 20

    def _styles_here(self) -> list[_Element]:
        here: list[_Element] = []
        for style in reversed(self._styles):
            if style is None:
                break
            here.append(style)
        return here[::-1]

    def _is_between_cells(self) -> bool:
        return bool(self.open) and self.open[-1].name in _IN_TABLES and self.open[-1].name not in _CELLS
