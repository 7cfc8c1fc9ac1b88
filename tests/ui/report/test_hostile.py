"""Pictures and pages from a portal open no file, and take no more memory than a page may."""

import io
import os
from base64 import b64encode
from math import sqrt

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtPdfWidgets import QPdfView
from reportlab.pdfgen.canvas import Canvas

from client.documents.blocks import render
from client.documents.markup import read_markup
from client.errors import DocumentError
from client.ui.report import pages
from client.ui.report.pages import PdfPages
from client.ui.report.reader import Reader

IMAGE = QTextDocument.ResourceType.ImageResource.value


def url(data, kind="png"):
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def picture(kind, width=20, height=20):
    image, buffer = QImage(width, height, QImage.Format.Format_RGB32), QBuffer()
    image.fill(QColor("#ff0000"))
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    return buffer.data().data()


def drawing(path):
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' width="40" height="40">'
        f'<rect width="40" height="40" fill="blue"/><image xlink:href="{path}" width="40" height="40"/></svg>'
    ).encode()


@pytest.fixture
def reader(qtbot):
    reader = Reader()
    qtbot.addWidget(reader)
    reader.resize(700, 500)
    with qtbot.waitExposed(reader):
        reader.show()
    return reader


def seen(reader, data, kind="png"):
    """Show a picture as a report's text holds it; return how many places of the page are red."""
    reader.show_html(render(read_markup(f'<p>x <img src="{url(data, kind)}"></p>'))[0])
    page = reader.grab().toImage()
    return sum(
        page.pixelColor(x, y).name() in ("#ff0000", "#fe0000")
        for x in range(0, page.width(), 3)
        for y in range(0, page.height(), 3)
    )


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_picture_held_in_the_text_is_shown(kind, reader):
    assert seen(reader, picture(kind), kind)


@pytest.mark.qt_log_ignore("Not a JPEG file", extend=True)
@pytest.mark.parametrize("kind", ["png", "jpeg", "gif"])
def test_a_drawing_that_calls_itself_a_picture_opens_no_file(kind, reader, tmp_path):
    (tmp_path / "red.png").write_bytes(picture("png"))
    os.mkfifo(tmp_path / "pipe")  # whoever opens it waits for ever
    for name in ("red.png", "pipe"):
        data = drawing(tmp_path / name)
        assert not seen(reader, data, kind)
        assert reader.loadResource(IMAGE, QUrl(url(data, kind))).isNull()


@pytest.mark.parametrize(
    "hostile",
    [
        "file:///etc/hostname",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,????",
        "data:image/png;base64,",
        "data:image/png;base64,iVBORw0KGgo=",
        "data:,x",
    ],
)
def test_what_is_no_picture_is_none(hostile, reader):
    assert reader.loadResource(IMAGE, QUrl(hostile)).isNull()


def test_pictures_of_one_text_take_no_more_than_a_page_may(reader):
    large = [url(picture("png", 3000, 2000 + number)) for number in range(4)]
    assert max(map(len, large)) < 100_000  # little to send, 24 MB each to show
    taken = [not reader.loadResource(IMAGE, QUrl(each)).isNull() for each in large]
    assert taken == [True, True, False, False]
    reader.show_html("<p>another</p>")
    assert not reader.loadResource(IMAGE, QUrl(large[3])).isNull()


def pdf(*sizes):
    target = io.BytesIO()
    canvas = Canvas(target)
    for size in sizes:
        canvas.setPageSize(size)
        canvas.drawString(1, 1, "x")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@pytest.fixture
def sheets(qtbot):
    shown = PdfPages(None)
    qtbot.addWidget(shown)
    shown.resize(900, 700)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def largest_drawn(shown, sizes):
    """Return the pixels of the largest page at the zoom in force."""
    view = shown.sheets
    scale = view.devicePixelRatioF()
    if view.zoomMode() is QPdfView.ZoomMode.FitToWidth:
        return max((view.viewport().width() * scale) ** 2 * height / width for width, height in sizes)
    point = view.logicalDpiX() / 72 * view.zoomFactor() * scale
    return max(width * height for width, height in sizes) * point**2


def test_a_page_like_a_thread_is_refused_with_a_sentence(sheets):
    for sizes in ([(3, 14_400)], [(595, 842), (3, 14_400)]):
        with pytest.raises(DocumentError, match="too long and narrow"):
            sheets.show_data(pdf(*sizes))
        assert sheets.grab().toImage().width() == 900  # drawn, with nothing in it


@pytest.mark.parametrize(
    "sizes",
    [
        [(595, 842)],
        [(595, 842), (842, 595)],
        [(3, 3), (14_400, 14_400)],
        [(14_400, 14_400)],
        [(700, 14_000)],
        [(14_400, 3), (3, 3)],
    ],
)
@pytest.mark.parametrize("width", [400, 1600, 3200])
def test_no_page_is_drawn_larger_than_it_may_be(sizes, width, sheets):
    sheets.show_data(pdf(*sizes))
    sheets.set_zoom(100)
    sheets.resize(width, 700)
    for zoom in (100, 300, 70):
        sheets.set_zoom(zoom)
        assert largest_drawn(sheets, sizes) <= 1.01 * pages._PIXELS
    sheets.empty()  # before it is drawn: the bound is what is tested here, not this machine


def test_an_ordinary_page_is_as_wide_as_asked(sheets):
    sheets.show_data(pdf((595, 842)))
    sheets.set_zoom(200)
    view = sheets.sheets
    margins = view.documentMargins()
    room = view.viewport().width() - margins.left() - margins.right()
    assert abs(view.zoomFactor() * 595 * view.logicalDpiX() / 72 - 2 * room) < 40
    assert sqrt(pages._PIXELS) > 2 * room
