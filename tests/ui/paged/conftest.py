"""Pages on screen with a real darkroom behind them."""

import io

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from client.darkroom.darkroom import Darkroom
from client.documents.document import DocumentKind
from client.session.lanes import Lanes
from client.session.pages import Pages
from client.ui.bridge import Bridge
from client.ui.paged.view import PagedView


@pytest.fixture(scope="module")
def darkroom():
    darkroom = Darkroom()
    darkroom.start()
    yield darkroom
    darkroom.close()


@pytest.fixture
def lanes(qapp):
    reported = []
    bridge = Bridge()
    lanes = Lanes(bridge.post, reported.append)
    yield lanes
    lanes.close()
    assert reported == []


@pytest.fixture
def open_pages(darkroom, lanes):
    """Return an opener for documents; what is still open at the end is closed."""
    opened = []

    def open_one(data, kind=DocumentKind.PDF):
        opened.append(Pages(darkroom, lanes, kind, data))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def view(qtbot):
    view = PagedView(None)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    yield view
    view.empty()


def pdf(pages=3, words="Clear lungs"):
    """A PDF that says which page each is."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for page in range(pages):
        canvas.setFont("Helvetica", 14)
        canvas.drawString(72, 760, f"Page number {page + 1} of the report")
        canvas.drawString(72, 730, words)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scan(*sizes, form="TIFF", **more):
    """A scan, one page a size."""
    target = io.BytesIO()
    first, *rest = [Image.new("L", size, 200) for size in sizes]
    first.save(target, form, **({"save_all": True, "append_images": rest} if rest else {}), **more)
    return target.getvalue()
