"""Dictated plain text to blocks: headings, lists, columns and paragraphs as their author meant them.

Must never: lose, add or reorder a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from client.documents.blocks import Block, Columns, Heading, Item, Items, Paragraph, Rule, Words, words
from client.documents.document import SectionRole
from client.documents.headings import (
    is_capitals_heading,
    is_shouted,
    may_interrupt,
    split_heading,
    split_inside,
    split_run_in,
)

_NUMBER = re.compile(r"\s*\(?(\d{1,2})[.)]\s+(?=\S)")
_BULLET = re.compile(r"\s*[-•*·–▪]\s+(?=\S)")
_INLINE_NUMBER = re.compile(r"(?:^|(?<=[.;:!?)]))\s*\(?(\d{1,2})[.)]\s+(?=\S)")
# A gap inside a line makes columns, but two blanks after a sentence or a label's colon do not.
_GAP = re.compile(
    r"(?<=[^\s.:;,!?])(?: {3,}|\t+| {2,}(?=[\d<>≤≥+(-]))(?=\S)|(?<=:)(?: {4,}|\t+)(?=\S)|\s\|\s"
)
_NARROW_GAP = re.compile(r"(?<=[^\s.:;,!?]) {2,}(?=\S)")  # enough beside lines that surely are columns
_HEADS = 3  # lines above columns that may name them
_RULE = re.compile(r"\s*[-=_*~]{4,}\s*")
_HL7_BREAK = "\\.br\\"  # HL7 v2.x, 2.7.2: a line break left over from a conversion
_WRAPPED_AT = range(56, 101)  # columns at which dictation systems wrap


def read_prose(text: str, role: SectionRole | None = None) -> list[Block]:
    """Return the blocks of a plain text whose characters are already clean; it begins under `role`."""
    lines: list[str] = []
    for line in text.replace(_HL7_BREAK, "\n").split("\n"):
        lines.extend(split_inside(line.rstrip()) if len(line) > 24 or "。" in line else [line.rstrip()])
    blocks: list[Block] = []
    shouted = is_shouted(text)
    paragraph: list[str] = []

    def close() -> None:
        blocks.extend(_read_paragraph(paragraph, role))
        paragraph.clear()

    for at, line in enumerate(lines):
        if not line or line.isspace():
            close()
            continue
        if _NARROW_GAP.search(line) is not None and _columns_at(lines, at) is not None:
            paragraph.append(line)
            continue
        may_head = not paragraph or ":" in line or line.isupper() or may_interrupt(line)
        found = split_heading(line, shouted) if may_head else None
        if found is not None:
            close()
            heading, role, rest = found
            blocks.append(Heading(heading, role))
            if rest:
                paragraph.append(rest)
        elif (
            not paragraph
            and is_capitals_heading(line)
            and not _GAP.search(line)
            and (not shouted or line.endswith((":", "：")))
        ):
            # An organ's name inside the findings is a heading of theirs, not a section of the report.
            inner = role in (SectionRole.FINDINGS, SectionRole.IMPRESSION)
            blocks.append(Heading(line.strip().rstrip(":："), None if inner else SectionRole.OTHER))
        else:
            paragraph.append(line)
    close()
    return blocks


def _read_paragraph(lines: list[str], role: SectionRole | None) -> Iterator[Block]:
    if not lines:
        return
    if role is SectionRole.IMPRESSION and len(lines) == 1 and (items := _inline_items(lines[0])):
        yield Items(1, tuple(Item((item,)) for item in items))
        return
    at = 0
    while at < len(lines):
        for read in (_read_columns, _read_numbers, _read_bullets):
            block, end = read(lines, at)
            if block is not None:
                yield block
                break
        else:
            if _RULE.fullmatch(lines[at]):
                yield Rule()
                at += 1
                continue
            end = at + 1
            while end < len(lines) and not _starts_block(lines, end):
                end += 1
            yield Paragraph(_flow(lines[at:end]))
        at = end


def _starts_block(lines: list[str], at: int) -> bool:
    line = lines[at]
    return (
        _NUMBER.match(line) is not None
        or _BULLET.match(line) is not None
        or _RULE.fullmatch(line) is not None
        or _columns_at(lines, at) is not None
    )


def _read_columns(lines: list[str], at: int) -> tuple[Block | None, int]:
    first = _columns_at(lines, at)
    if first is None:
        return None, at
    end = first + 2
    while end < len(lines) and (_GAP.search(lines[end]) or _RULE.fullmatch(lines[end])):
        end += 1
    while end < len(lines) and (_NARROW_GAP.search(lines[end]) or _GAP.search(lines[end])):
        end += 1
    shown = [line.expandtabs(8) for line in lines[at:end]]
    margin = min(len(line) - len(line.lstrip()) for line in shown)
    return Columns("\n".join(line[margin:] for line in shown)), end


def _columns_at(lines: list[str], at: int) -> int | None:
    """Return where the columns begin that a line, or the head that it is, belongs to; None if to none."""
    for first in range(at, min(at + _HEADS + 1, len(lines) - 1)):
        if _GAP.search(lines[first]):
            below = lines[first + 1]
            return first if _GAP.search(below) or _RULE.fullmatch(below) else None
        is_rule = first > at and _RULE.fullmatch(lines[first]) is not None
        if not is_rule and _NARROW_GAP.search(lines[first]) is None:
            return None
    return None


def _read_numbers(lines: list[str], at: int) -> tuple[Block | None, int]:
    first = _NUMBER.match(lines[at])
    if first is None:
        return None, at
    start = int(first.group(1))
    if start > 30:  # "31. December": a date at the start of a line
        return None, at
    items = [[lines[at][first.end() :]]]
    end = at + 1
    while end < len(lines):
        found = _NUMBER.match(lines[end])
        if found is not None and int(found.group(1)) == start + len(items):
            items.append([lines[end][found.end() :]])
        elif found is None and _BULLET.match(lines[end]) is None and _goes_on(items[-1][-1], lines[end]):
            items[-1].append(lines[end].strip())
        else:
            break
        end += 1
    if start != 1 and len(items) == 1:  # "12. March": a date as well
        return None, at
    return Items(start, _items(items)), end


def _goes_on(before: str, line: str) -> bool:
    """Say whether a line belongs to the numbered item before it: set in, or in the middle of a sentence."""
    ended = before.rstrip(' )"”»').endswith((".", "!", "?", ":", ";", "。", "．", "؟"))
    return line[0].isspace() or line[0].islower() or not ended


def _items(items: list[list[str]]) -> tuple[Item, ...]:
    return tuple(Item((_flow(lines),)) for lines in items)


def _read_bullets(lines: list[str], at: int) -> tuple[Block | None, int]:
    items: list[list[str]] = []
    end = at
    while end < len(lines):
        found = _BULLET.match(lines[end])
        if found is not None:
            items.append([lines[end][found.end() :]])
        elif items and lines[end].startswith((" ", "\t")) and _NUMBER.match(lines[end]) is None:
            items[-1].append(lines[end].strip())
        else:
            break
        end += 1
    return (Items(None, _items(items)), end) if items else (None, at)


def _inline_items(line: str) -> tuple[Words, ...] | None:
    """Split "1. This. 2. That." into its items; None unless the numbers run 1, 2, …"""
    marks = list(_INLINE_NUMBER.finditer(line))
    if len(marks) < 2 or marks[0].start() != 0:
        return None
    if [int(mark.group(1)) for mark in marks] != list(range(1, len(marks) + 1)):
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(line)]
    return tuple(words(line[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True))


def _flow(lines: list[str]) -> Words:
    """Join lines that a machine wrapped; keep the breaks that a person made."""
    if len(lines) == 1:
        return _with_label(lines[0].strip())
    stripped = [line.strip() for line in lines]
    widest = max(map(len, stripped))
    wrapped = widest in _WRAPPED_AT and all(len(line) >= widest - 22 for line in stripped[:-1])
    if wrapped:
        return _with_label(" ".join(stripped))
    runs = [_with_label(line) for line in stripped]
    return Words("<br>".join(run.html for run in runs), "\n".join(run.plain for run in runs))


def _with_label(line: str) -> Words:
    end = split_run_in(line)
    if not end:
        return words(line)
    return Words(f"<b>{words(line[:end]).html}</b>{words(line[end:]).html}", line)
