"""The parts of an HTML text to blocks: where its sections begin, and which tables only lay words out.

Must never: lose a word, strike one out or take a strike away, or pull the rows of a table of data apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from client.documents.blocks import (
    Block,
    Cell,
    Grid,
    Heading,
    Item,
    Items,
    Note,
    Paragraph,
    Rule,
    Words,
    lines_of,
    words,
)
from client.documents.document import SectionRole
from client.documents.headings import is_capitals_heading, is_shouted, role_of, split_heading, split_run_in
from client.documents.parts import Dictated, Field, Part, Table, Title
from client.documents.prose import read_prose
from client.documents.runs import join, split_lines, without

_TELLING = (SectionRole.FINDINGS, SectionRole.IMPRESSION)  # a form about the patient has other labels
_LONGEST_TITLE = 200  # characters; beyond, a text has forgotten to end its heading


def arrange(parts: list[Part]) -> list[Block]:
    """Return the blocks of an HTML text's parts."""
    return _Arranger(is_shouted("\n".join(_texts(parts)))).arrange(parts)


class _Arranger:
    """Knows under which section it is."""

    def __init__(self, shouted: bool) -> None:
        self._shouted = shouted
        self._role: SectionRole | None = None

    def arrange(self, parts: Iterable[Part]) -> list[Block]:
        """Return the blocks of parts that follow each other."""
        blocks: list[Block] = []
        for part in parts:
            match part:
                case Words():
                    blocks.extend(self._read_run(part))
                case Title(text) if len(text) <= _LONGEST_TITLE:
                    text = text.rstrip(":：")
                    self._role = role_of(text) or self._role
                    blocks.append(Heading(text, role_of(text) or SectionRole.OTHER))
                case Title(text):
                    blocks.append(Paragraph(words(text)))
                case Dictated(text):
                    blocks.extend(self._read_prose(text))
                case Table():
                    blocks.extend(self._read_table(part))
                case Items() | Rule() | Note():
                    blocks.append(part)
        return blocks

    def _read_prose(self, text: str) -> list[Block]:
        blocks = read_prose(text, self._role)
        for block in blocks:
            if isinstance(block, Heading) and block.role is not None:
                self._role = block.role
        return blocks

    def _read_run(self, run: Words) -> list[Block]:
        """Read a run line by line: a heading in it begins a section wherever it stands."""
        blocks: list[Block] = []
        held: list[Words] = []
        for line in split_lines(run):
            found = split_heading(line.plain, self._shouted) if _may_head(line, first=not held) else None
            if found is None:
                held.append(line)
                continue
            blocks.extend(self._read_lines(held))
            heading, self._role, rest = found
            blocks.append(Heading(heading, self._role))
            held = [without(line, len(line.plain) - len(rest))] if rest else []
        return blocks + self._read_lines(held)

    def _read_lines(self, lines: list[Words]) -> list[Block]:
        if not lines:
            return []
        run = join(lines)
        plain = all(line.html == escape(line.plain, quote=False) for line in lines)
        if len(lines) > 1:
            return self._read_prose(run.plain) if plain else [Paragraph(run)]
        if "<s>" not in run.html and is_capitals_heading(run.plain) and run.plain.rstrip().endswith(":"):
            inner = self._role in (SectionRole.FINDINGS, SectionRole.IMPRESSION)
            return [Heading(run.plain.rstrip(": "), None if inner else SectionRole.OTHER)]
        end = split_run_in(run.plain)
        if end and plain:
            label, rest = words(run.plain[:end]).html, words(run.plain[end:]).html
            return [Paragraph(Words(f"<b>{label}</b>{rest}", run.plain))]
        return [Paragraph(run)]

    def _read_table(self, table: Table) -> list[Block]:
        """Read the rows that only lay out sections as what they hold, and all others as a table."""
        rows = [_filled(row) for row in table.rows]
        pairs = [row for row in rows if len(row) == 2]
        found = [split_heading(_label_of(first), self._shouted) for first, _ in pairs]
        sections = any(each is not None and each[1] in _TELLING for each in found) and all(
            _is_label(first) and not _is_label(second) for first, second in pairs
        )
        blocks: list[Block] = []
        data: list[list[Field]] = []
        began = False

        def close() -> None:
            if data:
                blocks.append(_grid(data))
                data.clear()

        for row, filled in zip(table.rows, rows, strict=True):
            match filled:
                case [first] if self._holds_section(first) or (began and not data):
                    close()
                    blocks.extend(self.arrange(first.parts))
                    began = True
                case [first, second] if sections and (heading := self._heading_of(first)):
                    close()
                    blocks.extend([heading, *self.arrange(second.parts)])
                    began = True
                case _:
                    data.append(row)
        close()
        return blocks

    def _heading_of(self, cell: Field) -> Heading | None:
        """Return the heading that a cell is, beside the words that stand under it."""
        text = _label_of(cell).rstrip(":： ")
        if (found := split_heading(text, self._shouted)) is not None:
            self._role = found[1]
            return Heading(found[0], found[1])
        return Heading(text, SectionRole.OTHER) if is_capitals_heading(text) else None

    def _names_section(self, cell: Field) -> bool:
        return split_heading(_label_of(cell), self._shouted) is not None

    def _holds_section(self, cell: Field) -> bool:
        """Say whether a cell holds a section's heading, or more than words."""
        if self._names_section(cell):
            return True
        for part in cell.parts:
            if isinstance(part, Words):
                lines = (line for line in part.plain.split("\n") if ":" in line or line.isupper())
                if any(split_heading(line, self._shouted) for line in lines):
                    return True
            elif not isinstance(part, Items) or len(cell.parts) > 1:
                return True
        return False


def _filled(row: list[Field]) -> list[Field]:
    return [cell for cell in row if cell.parts]


def _is_label(cell: Field) -> bool:
    """Say whether a cell is nothing but the name of what stands beside it."""
    text = _label_of(cell)
    found = split_heading(text)
    return (found is not None and not found[2]) or text.endswith((":", "：")) or is_capitals_heading(text)


def _label_of(cell: Field) -> str:
    """Return the one line that a cell holds; "" if it holds more, or nothing."""
    match cell.parts:
        case [Words(html, text)] if "\n" not in text and "<s>" not in html:
            return text
        case [Title(text)]:
            return text
        case _:
            return ""


def _may_head(line: Words, first: bool) -> bool:
    if "<s>" in line.html.partition(":")[0] or "\n" in line.plain:
        return False
    bold = line.html.startswith("<b>") and line.html.find("</b>") == len(line.html) - len("</b>")
    return first or bold or ":" in line.plain or line.plain.isupper()


def _grid(rows: list[list[Field]]) -> Grid:
    return Grid(
        tuple(
            tuple(Cell(_flat(cell.parts), cell.header, cell.columns, cell.rows) for cell in row)
            for row in rows
        )
    )


def _flat(parts: Iterable[Part]) -> Words:
    """Return what a cell holds as lines of words."""
    lines: list[Words] = []
    for part in parts:
        match part:
            case Words():
                lines.append(part)
            case Title(text):
                lines.append(Words(f"<b>{escape(text, quote=False)}</b>", text))
            case Dictated(text):
                lines.append(words(text.strip("\n")))
            case Items():
                lines.extend(lines_of(part))
            case Table(rows):
                lines.extend(join([_flat(cell.parts) for cell in _filled(row)], " | ", " | ") for row in rows)
            case Rule() | Note():
                pass  # lines across and remarks have no place in a cell
    return join(lines)


def _texts(parts: Iterable[Part | Item]) -> Iterator[str]:
    for part in parts:
        match part:
            case Words(_, text) | Title(text) | Dictated(text):
                yield text
            case Item(inner):
                yield from _texts(inner)
            case Items(_, items):
                yield from _texts(items)
            case Table(rows):
                for row in rows:
                    for cell in row:
                        yield from _texts(cell.parts)
            case _:
                pass
