"""HTML and XHTML from a portal to blocks.

Two walls: nh3 (the sanitiser) removes what can act, hide or load; then only the words, the structure and the
pictures held in the text itself are read from what is left, and the markup is written anew by `blocks`.
Must never: pass a tag through as it came.
"""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

from client.documents.blocks import Block, Cell, Grid, Heading, Items, Paragraph, Rule, Words
from client.documents.charset import clean
from client.documents.document import SectionRole
from client.documents.headings import is_capitals_heading, role_of, split_heading, split_run_in
from client.documents.nesting import is_costly
from client.documents.prose import read_prose

_INLINE = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u",
    "s": "s", "del": "s", "strike": "s", "sub": "sub", "sup": "sup",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "center", "blockquote", "section", "article", "header", "footer", "dt", "dd", "dl", "caption",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_ROWS = {"table", "thead", "tbody", "tfoot", "tr", "td", "th"}
_STRUCTURE = {"ul", "ol", "li", "pre", "hr", "br", "img"} | _ROWS
_ACTIVE = {"script", "style", "title", "head", "template", "iframe", "object", "embed", "svg", "math"}
# What nh3 writes: balanced tags, attributes in double quotes, "<" in words always escaped.
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[a-z]+=\"[^\"]*\")*)\s*/?>|([^<]+)")
_ATTRIBUTE = re.compile(r"([a-z]+)=\"([^\"]*)\"")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]{1,4000000}")

_SANITISER = nh3.Cleaner(
    tags=set(_INLINE) | _BLOCKS | _HEADINGS | _STRUCTURE,
    clean_content_tags=_ACTIVE,
    attributes={
        "img": {"src", "alt"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "ol": {"start"},
    },
    url_schemes={"data"},
    url_relative="deny",
    link_rel=None,
)
_STRIPPER = nh3.Cleaner(tags=set(), attributes={}, clean_content_tags=_ACTIVE, link_rel=None)
_ANY_TAG = re.compile(r"<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)|</?[a-z!][^<>]*>", re.I | re.S)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\n\r\f\u00a0]+")
_BREAKS = re.compile(r"<(?:br|/p|/div|/h\d|/li|/tr|/td|/th|hr)\b[^<>]*>", re.I)


def read_markup(text: str) -> list[Block]:
    """Return the blocks of an HTML or XHTML text; never raises, whatever it is."""
    if is_costly(text):
        return read_prose(clean(unescape(_ANY_TAG.sub("\n", text))))
    reader = _Reader()
    reader.read(clean(_SANITISER.clean(_DECLARATION.sub("", text, count=1))))
    return reader.finish()


def strip_markup(text: str) -> str:
    """Return the words alone, quickly, for a search index."""
    if is_costly(text):
        return unescape(_ANY_TAG.sub(" ", text))
    # The tags stay: without them, one thing after another would be one thing within another.
    return unescape(_STRIPPER.clean(_BREAKS.sub(r" \g<0>", text)))


class _Reader:
    """Walks sanitised HTML, one open run of words at a time."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._html: list[str] = []
        self._plain: list[str] = []
        self._open: list[str] = []  # inline tags, to be closed and opened again around a block's end
        self._heading = False
        self._pre = 0
        self._lists: list[tuple[int | None, list[Words]]] = []
        self._rows: list[list[Cell]] | None = None
        self._cell: tuple[bool, int, int] | None = None
        self._depth = 0  # of tables; the inner ones are read as words of the outer cell
        self._role: SectionRole | None = None

    def read(self, markup: str) -> None:
        """Read sanitised HTML to its end."""
        for token in _TOKEN.finditer(markup):
            closing, tag, attributes, data = token.groups()
            if data is not None:
                self._read_words(unescape(data) if "&" in data else data)
            elif closing:
                self._end(tag)
            else:
                self._start(tag, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag in _INLINE:
            if _INLINE[tag] not in self._open:
                self._open.append(_INLINE[tag])
                self._html.append(f"<{_INLINE[tag]}>")
        elif tag == "br":
            self._break()
        elif tag == "img":
            self._picture(given)
        elif tag in ("td", "th") and self._depth == 1:
            self._end_cell()
            self._cell = (tag == "th", _count(given.get("colspan")), _count(given.get("rowspan")))
        elif tag == "table":
            if self._depth == 0:
                self._end_block()
                self._rows = []
            self._depth += 1
        elif tag == "tr" and self._depth == 1 and self._rows is not None:
            self._end_cell()
            self._rows.append([])
        elif tag in ("td", "th", "tr") or self._cell is not None:
            self._break()
        elif tag in ("ul", "ol"):
            self._end_block()
            self._lists.append((_count(given.get("start"), 9999) if tag == "ol" else None, []))
        elif tag == "hr":
            self._end_block()
            self._blocks.append(Rule())
        else:
            self._end_block()
            self._heading = tag in _HEADINGS
            self._pre += tag == "pre"

    def _end(self, tag: str) -> None:
        if tag in _INLINE:
            if _INLINE[tag] in self._open:
                self._close_inline(_INLINE[tag])
        elif tag == "table":
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._end_table()
        elif tag in ("td", "th", "tr"):
            if self._depth == 1:
                self._end_cell()
        elif self._cell is not None:
            self._break()
        elif tag in ("ul", "ol"):
            self._end_block()
            self._end_list()
        elif tag != "br":
            self._end_block()
            self._heading = False
            self._pre = max(0, self._pre - (tag == "pre"))

    def _read_words(self, data: str) -> None:
        if not self._pre:
            data = _SPACES.sub(" ", data)
            if data == " " and (not self._plain or self._plain[-1].endswith((" ", "\n"))):
                return
        self._plain.append(data)
        html = escape(data, quote=False)
        self._html.append(html.replace("\n", "<br>") if self._pre and self._cell else html)

    def finish(self) -> list[Block]:
        """Close whatever is still open and return the blocks."""
        self._end_block()
        self._end_table()
        while self._lists:
            self._end_list()
        return self._blocks

    def _break(self) -> None:
        if self._pre and self._cell is None:
            self._plain.append("\n")
        elif self._plain and not self._plain[-1].endswith("\n"):
            self._plain.append("\n")
            self._html.append("<br>")

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

    def _close_inline(self, tag: str) -> None:
        while self._open:
            last = self._open.pop()
            self._html.append(f"</{last}>")
            if last == tag:
                return

    def _take(self) -> Words:
        """Return the words read since the last block ended."""
        again = list(self._open)
        for tag in reversed(again):
            self._html.append(f"</{tag}>")
        html, plain = "".join(self._html), "".join(self._plain)
        self._html = [f"<{tag}>" for tag in again]
        self._plain = []
        end = len(html)
        while html.endswith(("<br>", " "), 0, end):
            end -= 1 if html[end - 1] == " " else len("<br>")
        html = html[:end]
        if self._pre:
            return Words(html, plain)
        return Words(html.lstrip(" ").replace(" <br>", "<br>"), plain.strip().replace(" \n", "\n"))

    def _end_block(self) -> None:
        run = self._take()
        if not run.plain.strip():
            return
        if self._cell is not None:  # a block inside a cell: its words stay in the cell
            self._html.append(run.html)
            self._plain.append(run.plain)
        elif self._pre:
            self._blocks.extend(read_prose(run.plain))  # a dictated text put into HTML as it was
        elif self._lists:
            self._lists[-1][1].append(run)
        else:
            self._blocks.extend(self._read_run(run))

    def _read_run(self, run: Words) -> list[Block]:
        if self._heading:
            text = " ".join(run.plain.split()).rstrip(":：")
            self._role = role_of(text) or self._role
            return [Heading(text[:200], role_of(text) or SectionRole.OTHER)]
        first = run.plain.partition("\n")[0]
        found = split_heading(first)
        if found is not None:
            heading, self._role, _ = found
            rest = _after(run, len(first) - len(found[2]) if found[2] else len(first))
            blocks: list[Block] = [Heading(heading, self._role)]
            return [*blocks, Paragraph(rest)] if rest.plain else blocks
        if is_capitals_heading(run.plain) and run.plain.rstrip().endswith(":"):
            inner = self._role in (SectionRole.FINDINGS, SectionRole.IMPRESSION)
            return [Heading(run.plain.rstrip(": "), None if inner else SectionRole.OTHER)]
        end = split_run_in(run.plain)
        if end and run.html == escape(run.plain, quote=False):
            label, rest_of = escape(run.plain[:end], quote=False), escape(run.plain[end:], quote=False)
            return [Paragraph(Words(f"<b>{label}</b>{rest_of}", run.plain))]
        return [Paragraph(run)]

    def _end_list(self) -> None:
        if not self._lists:
            return
        start, items = self._lists.pop()
        if not items:
            return
        if self._lists:  # a list within a list: its items follow their parent's
            self._lists[-1][1].extend(items)
        else:
            self._blocks.append(Items(start, tuple(items)))

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        run = self._take()
        header, columns, rows = self._cell
        self._cell = None
        if self._rows is not None:
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append(Cell(run, header, columns, rows))

    def _end_table(self) -> None:
        self._end_cell()
        rows, self._rows, self._depth = self._rows, None, 0
        if rows and any(rows):
            self._blocks.append(Grid(tuple(tuple(row) for row in rows if row)))


def _after(run: Words, length: int) -> Words:
    """Return `run` without its first `length` characters of plain text, inline tags kept in balance."""
    html: list[str] = []
    seen = 0
    for piece in re.split(r"(<[^>]*>|&[a-z]+;)", run.html):
        if piece.startswith("<"):
            if piece == "<br>":
                seen += 1
                if seen <= length:
                    continue
            html.append(piece)
        elif piece.startswith("&"):
            seen += 1
            if seen > length:
                html.append(piece)
        else:
            html.append(piece[max(0, length - seen) :])
            seen += len(piece)
    text = re.sub(r"^((?:<[bius]>)*)(?:<br>| )+", r"\1", "".join(html))
    return Words(re.sub(r"<(b|i|u|s|sub|sup)></\1>", "", text), run.plain[length:].strip())


def _count(text: str | None, limit: int = 50) -> int:
    return (
        max(1, min(int(text), limit)) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1
    )
