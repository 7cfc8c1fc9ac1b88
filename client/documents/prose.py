"""Dictated plain text to blocks: headings, lists, columns and paragraphs as their author meant them.

Must never: lose, add or reorder a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from client.documents.blocks import Block, Columns, Heading, Items, Paragraph, Rule, Words, words
from client.documents.document import SectionRole
from client.documents.headings import is_capitals_heading, split_heading, split_inside, split_run_in

_NUMBER = re.compile(r"\s*\(?(\d{1,2})[.)]\s+(?=\S)")
_BULLET = re.compile(r"\s*[-•*·–▪]\s+(?=\S)")
_INLINE_NUMBER = re.compile(r"(?:^|(?<=[.;:!?)]))\s*\(?(\d{1,2})[.)]\s+(?=\S)")
# A gap inside a line makes columns, but two blanks after a sentence or a label's colon do not.
_GAP = re.compile(
    r"(?<=[^\s.:;,!?])(?: {3,}|\t+| {2,}(?=[\d<>≤≥+(-]))(?=\S)|(?<=:)(?: {4,}|\t+)(?=\S)|\s\|\s"
)
_RULE = re.compile(r"\s*[-=_*~]{4,}\s*")
_HL7_BREAK = "\\.br\\"  # HL7 v2.x, 2.7.2: a line break left over from a conversion
_WRAPPED_AT = range(56, 101)  # columns at which dictation systems wrap


def read_prose(text: str) -> list[Block]:
    """Return the blocks of a plain text whose characters are already clean."""
    lines: list[str] = []
    for line in text.replace(_HL7_BREAK, "\n").split("\n"):
        lines.extend(split_inside(line.rstrip()) if len(line) > 24 else [line.rstrip()])
    blocks: list[Block] = []
    role: SectionRole | None = None
    paragraph: list[str] = []

    def close() -> None:
        blocks.extend(_read_paragraph(paragraph, role))
        paragraph.clear()

    for line in lines:
        if not line or line.isspace():
            close()
            continue
        found = split_heading(line) if len(paragraph) < 1 or ":" in line or line.isupper() else None
        if found is not None:
            close()
            heading, role, rest = found
            blocks.append(Heading(heading, role))
            if rest:
                paragraph.append(rest)
        elif not paragraph and is_capitals_heading(line) and not _GAP.search(line):
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
        yield Items(1, items)
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
        or _read_columns(lines, at)[0] is not None
    )


def _read_columns(lines: list[str], at: int) -> tuple[Block | None, int]:
    end = at
    while end < len(lines) and (_GAP.search(lines[end]) or (end > at and _RULE.fullmatch(lines[end]))):
        end += 1
    if end - at < 2:
        return None, at
    shown = [line.expandtabs(8) for line in lines[at:end]]
    margin = min(len(line) - len(line.lstrip()) for line in shown)
    return Columns("\n".join(line[margin:] for line in shown)), end


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
        elif found is None and _BULLET.match(lines[end]) is None:
            items[-1].append(lines[end].strip())
        else:
            break
        end += 1
    if start != 1 and len(items) == 1:  # "12. March": a date as well
        return None, at
    return Items(start, tuple(map(_flow, items))), end


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
    return (Items(None, tuple(map(_flow, items))), end) if items else (None, at)


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
