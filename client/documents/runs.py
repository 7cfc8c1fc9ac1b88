"""Runs of words taken apart and put together, their inline tags in balance all the while.

Must never: lose a word, or the stroke through it.
"""

from __future__ import annotations

import re

from client.documents.blocks import Words

_TAG = re.compile(r"(<[^>]*>)")
_TAG_OR_SIGN = re.compile(r"(<[^>]*>|&[a-z]+;)")
_NOTHING_INSIDE = re.compile(r"<(b|i|u|s|sub|sup)></\1>")
_FIRST_BREAKS = re.compile(r"^((?:<[bius]>)*)(?:<br>| )+")


def join(runs: list[Words], html: str = "<br>", plain: str = "\n") -> Words:
    """Return several runs as one."""
    return Words(html.join(run.html for run in runs), plain.join(run.plain for run in runs))


def split_lines(run: Words) -> list[Words]:
    """Return the lines of a run, inline tags in balance in each."""
    if "\n" not in run.plain:
        return [run]
    lines: list[str] = []
    line: list[str] = []
    opened: list[str] = []
    for piece in _TAG.split(run.html):
        if piece == "<br>":
            lines.append("".join([*line, *(f"</{tag}>" for tag in reversed(opened))]))
            line = [f"<{tag}>" for tag in opened]
            continue
        line.append(piece)
        if piece.startswith("</"):
            opened.pop()
        elif piece.startswith("<") and not piece.startswith("<img "):
            opened.append(piece[1:-1])
    lines.append("".join(line))
    texts = run.plain.split("\n")
    while len(lines) > len(texts) and not _TAG.sub("", lines[-1]).strip():
        lines.pop()  # a break before a closing tag
    if len(texts) != len(lines):
        return [run]
    return [Words(_NOTHING_INSIDE.sub("", html), text) for html, text in zip(lines, texts, strict=True)]


def without(run: Words, length: int) -> Words:
    """Return `run` without its first `length` characters of plain text, inline tags kept in balance."""
    html: list[str] = []
    seen = 0
    for piece in _TAG_OR_SIGN.split(run.html):
        if piece.startswith("<"):
            html.append(piece)
        elif piece.startswith("&"):
            seen += 1
            if seen > length:
                html.append(piece)
        else:
            html.append(piece[max(0, length - seen) :])
            seen += len(piece)
    text = _FIRST_BREAKS.sub(r"\1", "".join(html))
    return Words(_NOTHING_INSIDE.sub("", text), run.plain[length:].strip())
