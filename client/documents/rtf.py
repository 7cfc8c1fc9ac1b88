"""RTF to blocks: what its author meant to be seen, by striprtf, then read as prose and tables.

Owns: what is held back from the reader before striprtf sees the file (hidden and deleted words, pictures,
headers), and that it is said. Must never: show deleted words as if they were valid, or lose any unsaid.
"""

from __future__ import annotations

import re

from client.documents.blocks import Block, Note, words
from client.documents.charset import UNREADABLE_CHARACTERS, clean
from client.documents.layout import arrange
from client.documents.parts import Dictated, Field, Part, Table
from client.documents.rtf_filter import (
    CELL,
    LAID_OUT,
    ROW_BEGINS,
    ROW_ENDS,
    STRIKE_BEGINS,
    STRIKE_ENDS,
    Filtered,
    filter_rtf,
)
from client.errors import DocumentError

LARGEST = 32 * 1024 * 1024  # bytes
_TOO_LARGE = (
    "This RTF document is far too large for a report. Safelight does not show it; open it at the portal."
)
_DAMAGED = (
    "This RTF document is damaged, so Safelight cannot show it. Open it at the portal, or ask who wrote it."
)
_ROW = re.compile(f"{ROW_BEGINS}([^{ROW_ENDS}]*+){ROW_ENDS}\n?")
_TORN = "This RTF document breaks off in the middle: its end may be missing. Compare it with the portal."
_HELD_BACK = {
    "hidden": "This text holds words that its author hid or deleted; they are left out here.",
    "struck": "Words that are struck out in this text stand in brackets here, after “struck out”.",
    "aside": "This document has headers, footers, notes or text boxes that are not shown here. "
    "Read them at the portal.",
    "picture": "This document holds pictures, which are not shown here. See them at the portal.",
    "torn": _TORN,
    "long": "This text is far too long for a report: only its beginning is shown. Read it at the portal.",
}


def read_rtf(data: bytes) -> tuple[list[Block], list[str]]:
    """Return the blocks of an RTF document and the warnings a reader needs with them.

    Raises DocumentError, with a sentence for the reader, when it cannot be read.
    """
    if len(data) > LARGEST:
        raise DocumentError(_TOO_LARGE)
    found = filter_rtf(data)
    text = _text_of(found)
    blocks = arrange(_parts(clean(text)))
    warnings = [sentence for sign, sentence in _HELD_BACK.items() if sign in found.told]
    if "\ufffd" in text:
        warnings.append(UNREADABLE_CHARACTERS)
    return [block for block in blocks if not isinstance(block, Note)], warnings


def _text_of(found: Filtered) -> str:
    from striprtf.striprtf import rtf_to_text  # loaded with the first RTF document and not before

    try:
        text: str = rtf_to_text(found.rtf, encoding=found.encoding, errors="replace")  # type: ignore[no-untyped-call]
        # Signs beyond U+FFFF are written as two halves (RTF 1.9.1, "Unicode RTF").
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except (ValueError, TypeError, LookupError):
        raise DocumentError(_DAMAGED) from None


def _parts(text: str) -> list[Part]:
    """Return a text's paragraphs and its tables; rows that follow each other are one table."""
    parts: list[Part] = []
    rows: list[list[Field]] = []
    end = 0

    def close() -> None:
        if rows:
            parts.append(Table(list(rows)))
            rows.clear()

    for row in _ROW.finditer(text):
        between = _prose(text[end : row.start()])
        if between.strip():
            close()
            parts.append(Dictated(between))
        rows.append(_row(row[1]))
        end = row.end()
    close()
    if (rest := _prose(text[end:])).strip():
        parts.append(Dictated(rest))
    return parts


def _row(text: str) -> list[Field]:
    cells = [_prose(cell).strip() for cell in text.split(CELL)]
    if len(cells) > 1 and not cells[-1]:
        cells.pop()  # a cell ends with its mark
    return [Field([words(cell)] if cell else [], False, 1, 1) for cell in cells]


def _prose(text: str) -> str:
    """Return a text with what the filter marked in it as a reader sees it."""
    text = text.replace(STRIKE_BEGINS, "[struck out: ").replace(STRIKE_ENDS, "]")
    return LAID_OUT.sub(lambda mark: " | " if mark[0] == CELL else "\n", text)
