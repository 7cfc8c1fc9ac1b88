"""Real documents of every kind, small."""

import io
from pathlib import Path

import pydicom.data
from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

DICOM = Path(pydicom.data.__file__).parent / "test_files"

HTML = (
    "<html><head><meta charset='utf-8'><style>.x{color:red}</style></head><body><h2>Findings</h2>"
    "<p>Größe <b>3 × 4</b> mm.</p><table><tr><th>Lobe</th><td>left</td></tr></table>"
    "<ul><li>one</ul></body></html>"
).encode()
RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\f0\fs24 FINDINGS:\par Gr\'f6\'dfe 3 mm, "
    rb"\b none\b0 .\par IMPRESSION:\par\u8805? 2 nodules.\par{\trowd\cellx100 a\cell b\cell\row}}"
)


def pdf(*pages, encrypt=None):
    """Return a PDF with one line of text for each string, a page each."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200), pageCompression=1, encrypt=encrypt)
    for words in pages:
        canvas.drawString(30, 150, words)
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(30, 20, 60, 60, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def japanese():
    """Return a PDF with Japanese words that does not bring their letters."""
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200))
    canvas.setFont("HeiseiKakuGo-W5", 20)
    canvas.drawString(20, 100, "所見：異常なし")
    canvas.save()
    return file.getvalue()


def page(mode="RGB", size=(60, 40), left="red", right="white"):
    """Return a picture whose left half has another colour than its right."""
    picture = Image.new("RGB", size, right)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2 - 1, size[1]), left)
    return picture.convert(mode)


def saved(picture, form, **more):
    """Return a picture as a file."""
    file = io.BytesIO()
    picture.save(file, form, **more)
    return file.getvalue()


def tiff(*pages, **more):
    """Return a TIFF of these pages."""
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], **more)
