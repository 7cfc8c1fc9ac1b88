"""PDF and scans made for tests."""

import io

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


def pdf(pages=3, words="Clear lungs", link=""):
    """A PDF that says which page each is."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for page in range(pages):
        canvas.setFont("Helvetica", 14)
        canvas.drawString(72, 760, f"Page number {page + 1} of the report")
        canvas.drawString(72, 730, words)
        if link:
            canvas.linkURL(link, (0, 0, *A4))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def blank(*sizes):
    """A PDF of nearly empty pages, one of each size in points."""
    target = io.BytesIO()
    canvas = Canvas(target)
    for size in sizes:
        canvas.setPageSize(size)
        canvas.drawString(1, 1, "x")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scan(*sizes, form="TIFF", **more):
    """A scan, one page a size."""
    target = io.BytesIO()
    first, *rest = [Image.new("L", size, 200) for size in sizes]
    first.save(target, form, **({"save_all": True, "append_images": rest} if rest else {}), **more)
    return target.getvalue()
