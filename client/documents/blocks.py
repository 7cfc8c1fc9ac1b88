"""The blocks every text is reduced to, and the one place that writes HTML for the viewer.

Owns: the viewer's vocabulary: p, ol, ul, li, table, tr, th, td, pre, hr, b, i, u, s, sub, sup, br,
img with a picture inside the text, and the classes `heading`, `impression-heading`, `inner`, `impression`,
`signature` and `note`. Headings are paragraphs because Qt sets the size of h1 to h6 whatever a style sheet
says.
Must never: pass on a tag, an attribute or a style that came from a portal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from client.documents.document import Section, SectionRole
from client.documents.signatures import is_signature


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; one with a role is a section that can be jumped to."""

    text: str
    role: SectionRole | None


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text: `html` escaped, with only inline tags of the vocabulary; `plain` the same words."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; its line breaks are `<br>`."""

    words: Words


@dataclass(frozen=True, slots=True)
class Item:
    """What stands behind one number or bullet: words, and the lists within it."""

    parts: tuple[Words | Items, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `start` is the first number of a numbered one, None for bullets."""

    start: int | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table and how many columns and rows it covers."""

    words: Words
    header: bool
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Text whose spaces matter: kept as it is, in a mono typeface."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of the program about the text around it, told apart from the report's own words."""

    text: str


Block = Heading | Paragraph | Items | Grid | Columns | Rule | Note


def words(text: str) -> Words:
    """Return plain text as a run; line ends become breaks."""
    html = escape(text, quote=False)
    return Words(html.replace("\n", "<br>") if "\n" in html else html, text)


def render(blocks: Iterable[Block]) -> tuple[str, tuple[Section, ...], str]:
    """Return the HTML for the viewer, the sections in order of appearance, and the words as plain text."""
    html: list[str] = []
    plain: list[str] = []
    sections: list[Section] = []
    mark = ""  # the class of everything that belongs to an impression
    listed = list(blocks)
    endings = _endings(listed)
    for place, block in enumerate(listed):
        match block:
            case Heading(text, None):
                html.append(f'<p class="inner">{escape(text, quote=False)}</p>')
                plain.append(f"\n{text}")
            case Heading(text, SectionRole() as role):
                mark = ' class="impression"' if role is SectionRole.IMPRESSION else ""
                anchor = f"s{len(sections) + 1}"
                sections.append(Section(role, text, anchor))
                kind = "impression-heading" if mark else "heading"
                html.append(f'<p class="{kind}"><a name="{anchor}">{escape(text, quote=False)}</a></p>')
                plain.append(f"\n{text}")
            # Who dictated and signed is no part of the impression it follows.
            case Paragraph(run) if place in endings and is_signature(run.plain):
                mark = ""
                html.append(f'<p class="signature">{run.html}</p>')
                plain.append(run.plain)
            case Paragraph(run):
                html.append(f"<p{mark}>{run.html}</p>")
                plain.append(run.plain)
            case Items():
                html.append(_list(block, mark))
                plain.extend(line.plain for line in lines_of(block))
            case Grid(rows):
                html.append(f'<table cellspacing="0" cellpadding="5">{"".join(map(_row, rows))}</table>')
                plain.extend("\t".join(cell.words.plain for cell in row) for row in rows)
            case Columns(text):
                html.append(f"<pre>{escape(text, quote=False)}</pre>")
                plain.append(text)
            case Rule():
                html.append("<hr>")
            case Note(text):
                html.append(f'<p class="note">{escape(text, quote=False)}</p>')
                plain.append(text)
    return "".join(html), tuple(sections), "\n".join(plain).strip()


def lines_of(items: Items) -> list[Words]:
    """Return a list as lines of words, each item behind its number or bullet, inner lists set in."""
    lines: list[Words] = []
    for place, item in enumerate(items.items):
        mark = "• " if items.start is None else f"{items.start + place}. "
        for part in item.parts:
            if isinstance(part, Words):
                lines.append(Words(mark + part.html, mark + part.plain))
            else:
                lines.extend(Words(f"   {line.html}", f"   {line.plain}") for line in lines_of(part))
            mark = ""
    return lines


def _list(items: Items, mark: str) -> str:
    tag = "ul" if items.start is None else "ol"
    first = f' start="{items.start}"' if items.start not in (None, 1) else ""
    return f"<{tag}{first}>{''.join(f'<li{mark}>{_item(item, mark)}</li>' for item in items.items)}</{tag}>"


def _item(item: Item, mark: str) -> str:
    html: list[str] = []
    before: Words | Items | None = None
    for part in item.parts:
        if isinstance(part, Items):
            html.append(_list(part, mark))
        else:
            html.append(f"<br>{part.html}" if isinstance(before, Words) else part.html)
        before = part
    return "".join(html)


def _endings(blocks: Sequence[Block]) -> set[int]:
    """Return the places of the two last paragraphs of the text, and of each part an addendum closes."""
    endings: set[int] = set()
    left = 2
    for place in range(len(blocks) - 1, -1, -1):
        match blocks[place]:
            case Heading(_, SectionRole.ADDENDUM | SectionRole.OTHER):
                left = 2
            case Paragraph() if left:
                endings.add(place)
                left -= 1
            case _:
                pass
    return endings


def _row(cells: tuple[Cell, ...]) -> str:
    return f"<tr>{''.join(map(_cell, cells))}</tr>"


def _cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    span = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    span += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    return f"<{tag}{span}>{cell.words.html}</{tag}>"
