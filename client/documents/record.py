"""What only the portal's record of a report says: its results as sections and a table, its codes as a list.

Must never: show a withdrawn result's value, or a value without its unit and status.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from client.documents.blocks import Block, Cell, Grid, Heading, Item, Items, Note, Paragraph, words
from client.documents.charset import clean
from client.documents.codes import coded, named, role_of_code
from client.documents.document import SectionRole
from client.documents.prose import read_prose
from client.model.report import Code, ReportBody, Result

_LONGEST_VALUE = 80  # characters; beyond, a result is a text and no figure for a table
_COLUMNS = ("Result", "Value", "Reference range", "Interpretation", "Status", "Note")
_ABOVE = "see the text"
_INDENT = "\u00a0\u00a0\u00a0"
_FINAL = frozenset({"", "final"})
_NEWLINE = re.compile(r"\\n ?")


def read_record(body: ReportBody, said: Callable[[str], bool], *, concluded: bool) -> list[Block]:
    """Return the blocks of results and codes.

    `said` tells whether the report's own texts have some words, `concluded` whether they have an impression.
    """
    texts = [result for result in body.results if _is_text(result)]
    unsaid = [result for result in texts if not said(_text_of(result))]
    figures = _figures(body.results)
    codes = [code for code in body.codes if not (code.display and said(code.display))]
    blocks = list(_sections(unsaid))
    if figures:
        blocks += [Heading("Results", SectionRole.FINDINGS), _table(figures)]
    if codes:
        headings = [block for block in blocks if isinstance(block, Heading)]
        concluded = concluded or any(each.role is SectionRole.IMPRESSION for each in headings)
        role = SectionRole.OTHER if concluded else SectionRole.IMPRESSION
        blocks += [Heading("Coded conclusion", role), _list(codes)]
    if body.awaited_results:
        blocks.append(Note(_awaited(len(body.awaited_results))))
    elif blocks:
        blocks.append(Note("From the report's record at the portal."))
    return blocks


def _awaited(count: int) -> str:
    if count == 1:
        return (
            "The portal keeps a result of this report apart, and it is not shown here. See it at the portal."
        )
    return (
        f"The portal keeps {count} results of this report apart, and they are not shown here. "
        "See them at the portal."
    )


def _is_text(result: Result) -> bool:
    """Say whether a result is a section of the report rather than a figure."""
    if result.problem or not result.value or result.unit:
        return False
    return role_of_code(result.name) is not None or len(result.value) > _LONGEST_VALUE or "\n" in result.value


def _figures(results: Iterable[Result]) -> list[Result]:
    """Return the results for a table; a text that figures belong to is named above them."""
    figures: list[Result] = []
    above: Result | None = None
    for result in results:
        if _is_text(result):
            above = result
            continue
        if above is not None and result.depth > above.depth:
            figures.append(replace(above, value=_ABOVE))
        figures.append(result)
        above = None
    return figures


def _text_of(result: Result) -> str:
    text = clean(result.value)
    # Some portals write a line's end as a backslash and an n.
    return text if "\n" in text else _NEWLINE.sub("\n", text)


def _sections(results: Iterable[Result]) -> Iterable[Block]:
    heading = ""
    for result in results:
        name = named(result.name) or "Result"
        role = role_of_code(result.name) or SectionRole.OTHER
        if name != heading:
            yield Heading(name, role)
            heading = name
        yield from read_prose(_text_of(result), role)
        if remark := "; ".join(
            filter(None, (_line(result.interpretation), _status(result), _line(result.note)))
        ):
            yield Paragraph(words(remark))


def _table(results: Sequence[Result]) -> Grid:
    rows = [_row(result) for result in results]
    kept = [at for at in range(len(_COLUMNS)) if at < 2 or any(row[at] for row in rows)]
    head = tuple(Cell(words(_COLUMNS[at]), True, 1, 1) for at in kept)
    return Grid((head, *(tuple(Cell(words(row[at]), False, 1, 1) for at in kept) for row in rows)))


def _row(result: Result) -> tuple[str, ...]:
    name = _INDENT * min(result.depth, 5) + (named(result.name) or "Result")
    if result.problem:
        return name, result.problem, "", "", _status(result), ""
    value = " ".join(filter(None, (_line(result.value), _line(result.unit)))) or _line(result.absent)
    return (
        name,
        value or ("" if result.depth == 0 else "–"),
        _line(result.reference_range),
        _line(result.interpretation),
        _status(result),
        _line(result.note),
    )


def _status(result: Result) -> str:
    return "" if result.status in _FINAL else _line(result.status).replace("-", " ")


def _list(codes: Sequence[Code]) -> Items:
    lines = (
        f"{named(code)} ({coded(code)})" if code.display and code.code else named(code) for code in codes
    )
    return Items(None, tuple(Item((words(line),)) for line in lines))


def _line(text: str) -> str:
    return " ".join(clean(text).split())
