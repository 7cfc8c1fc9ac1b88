"""Pictures from a portal open no file, and take no more memory than a page may."""

import os
from base64 import b64encode

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument

from client.documents.blocks import render
from client.documents.markup import read_markup
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
