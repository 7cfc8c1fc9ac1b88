"""The same page as a PDF of the hospital: a header with the patient on every sheet, and "page x of y".

Must never: put the time of its making into the file (the data is the same for the same seed).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.utils import simpleSplit  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from server_stub.demo.layout import Page

_LEFT, _TOP, _BOTTOM = 62.0, 710.0, 72.0
_WIDTH = A4[0] - 2 * _LEFT
_SIZE, _LEADING = 10.0, 14.5


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above every sheet; `name` only in letters that the bundled font has."""

    name: str
    born: str
    mrn: str
    accession: str
    exam_date: str
    referrer: str


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    font: str
    size: float
    indent: float


@cache
def _fonts() -> tuple[str, str]:
    for name, file in (("Plex", "IBMPlexSans-Regular.ttf"), ("Plex-SemiBold", "IBMPlexSans-SemiBold.ttf")):
        with as_file(files("resources") / "fonts" / file) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    return "Plex", "Plex-SemiBold"


def as_pdf(page: Page, header: Header) -> bytes:
    """The bytes of the PDF."""
    plain, bold = _fonts()
    sheets = _break(_lines(page, plain, bold))
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle("Radiology report")
    canvas.setProducer("Demonstration data")
    for number, sheet in enumerate(sheets, 1):
        _draw_header(canvas, header, plain, bold)
        y = _TOP
        for line in sheet:
            if line.text:
                canvas.setFont(line.font, line.size)
                canvas.drawString(_LEFT + line.indent, y, line.text)
            y -= _LEADING
        canvas.setFont(plain, 8)
        canvas.drawString(_LEFT, 40, "St. Brendan General Hospital · Department of Radiology")
        canvas.drawRightString(_LEFT + _WIDTH, 40, f"Page {number} of {len(sheets)}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lines(page: Page, plain: str, bold: str) -> list[_Line]:
    lines = [_Line(page.title, bold, 14, 0), _Line("", plain, _SIZE, 0)]
    for section in page.sections:
        lines.append(_Line(section.heading, bold, _SIZE, 0))
        for place, text in enumerate(section.paragraphs, 1):
            indent = 16.0 if section.numbered else 0.0
            rows = simpleSplit(text, plain, _SIZE, _WIDTH - indent)
            for row, piece in enumerate(rows):
                if section.numbered and row == 0:
                    lines.append(_Line(f"{place}.  {piece}", plain, _SIZE, 0))
                else:
                    lines.append(_Line(piece, plain, _SIZE, indent))
        lines.append(_Line("", plain, _SIZE, 0))
    if page.signature:
        lines.append(_Line(page.signature, plain, 9, 0))
    return lines


def _break(lines: list[_Line]) -> list[list[_Line]]:
    room = int((_TOP - _BOTTOM) / _LEADING)
    return [lines[start : start + room] for start in range(0, len(lines), room)]


def _draw_header(canvas: Canvas, header: Header, plain: str, bold: str) -> None:
    y = A4[1] - 56
    canvas.setFont(bold, 12)
    canvas.drawString(_LEFT, y, header.name)  # alone on its line: some names fill it
    canvas.setFont(plain, 9)
    canvas.drawString(_LEFT, y - 16, f"Born {header.born} · MRN {header.mrn}")
    canvas.drawRightString(_LEFT + _WIDTH, y - 16, f"Accession {header.accession}")
    canvas.drawString(_LEFT, y - 30, f"Exam {header.exam_date} UTC")
    canvas.drawRightString(_LEFT + _WIDTH, y - 30, f"Referred by {header.referrer}")
    canvas.setLineWidth(0.6)
    canvas.line(_LEFT, y - 40, _LEFT + _WIDTH, y - 40)
