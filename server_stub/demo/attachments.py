"""The same page as plain text, HTML, XHTML narrative and RTF, as different systems export it."""

from __future__ import annotations

from html import escape

from server_stub.demo.layout import Page, Section


def as_text(page: Page) -> str:
    """Plain text; broken at `page.width` columns with CR LF where the dictation system does that."""
    blocks = [page.title.upper()]
    for section in page.sections:
        lines = _numbered(section)
        head = section.heading + ":"
        if page.inline and len(lines) == 1:
            blocks.append(_fill(f"{head} {lines[0]}", page.width))
        else:
            blocks.append("\n".join([head, *(_fill(line, page.width) for line in lines)]))
    if page.signature:
        blocks.append(page.signature)
    text = "\n\n".join(blocks) + "\n"
    return text.replace("\n", "\r\n") if page.width else text


def as_html(page: Page, tidy: bool) -> str:
    """A full HTML document: headings and lists, or what a word processor's export looks like."""
    if tidy:
        body = "".join(_tidy(section) for section in page.sections)
        signed = f"<p><em>{escape(page.signature)}</em></p>" if page.signature else ""
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(page.title)}</title></head>\n"
            f"<body><h1>{escape(page.title)}</h1>\n{body}{signed}</body></html>\n"
        )
    rows = "".join(
        f'<tr><td valign="top" class="h"><b>{escape(section.heading)}</b></td><td valign="top">'
        + "<br><br>".join(escape(line) for line in _numbered(section))
        + "</td></tr>\n"
        for section in page.sections
    )
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style>'
        'td.h{width:140px;font-family:Arial;color:#000}</style></head><body bgcolor="#ffffff">\n'
        f'<p align="center"><font face="Arial" size="4"><b>{escape(page.title)}</b></font></p>\n'
        f'<table border="0" cellpadding="4">\n{rows}</table>\n'
        f"<p>&nbsp;</p><p>{escape(page.signature)}</p></body></html>\n"
    )


def as_narrative(page: Page) -> str:
    """The `div` of a FHIR narrative (XHTML)."""
    body = "".join(_tidy(section) for section in page.sections)
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><p><b>{escape(page.title)}</b></p>{body}</div>'


def as_conclusion(page: Page) -> str:
    """Findings and impression in one run, as systems send them that know no attachment."""
    return "\n\n".join(f"{section.heading}: " + "\n".join(_numbered(section)) for section in page.sections)


def as_rtf(page: Page) -> str:
    """Rich text, every character outside ASCII as a \\u escape."""
    parts = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}\f0\fs22 "]
    parts.append(r"{\b\fs28 " + _rtf(page.title) + r"\par}\par ")
    for section in page.sections:
        parts.append(r"{\b " + _rtf(section.heading) + r"\par}")
        parts += [_rtf(line) + r"\par " for line in _numbered(section)]
        parts.append(r"\par ")
    parts.append(r"{\i " + _rtf(page.signature) + r"\par}}")
    return "".join(parts)


def _numbered(section: Section) -> tuple[str, ...]:
    if not section.numbered:
        return section.paragraphs
    return tuple(f"{place}. {text}" for place, text in enumerate(section.paragraphs, 1))


def _tidy(section: Section) -> str:
    if section.numbered:
        inner = "<ol>" + "".join(f"<li>{escape(text)}</li>" for text in section.paragraphs) + "</ol>"
    else:
        inner = "".join(f"<p>{escape(text)}</p>" for text in section.paragraphs)
    return f"<h2>{escape(section.heading)}</h2>{inner}\n"


def _fill(text: str, width: int) -> str:
    """Break at spaces; textwrap does the same thirty times slower."""
    if not width or len(text) <= width:
        return text
    lines: list[str] = []
    while len(text) > width:
        cut = text.rfind(" ", 0, width + 1)
        if cut <= 0:
            break
        lines.append(text[:cut])
        text = text[cut + 1 :]
    lines.append(text)
    return "\n".join(lines)


def _rtf(text: str) -> str:
    plain = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
    if plain.isascii():
        return plain
    return "".join(
        char if char.isascii() else "".join(rf"\u{_signed(unit)}?" for unit in _utf16(char)) for char in plain
    )


def _utf16(char: str) -> list[int]:
    raw = char.encode("utf-16-le")
    return [int.from_bytes(raw[start : start + 2], "little") for start in range(0, len(raw), 2)]


def _signed(unit: int) -> int:
    return unit - 65536 if unit > 32767 else unit
