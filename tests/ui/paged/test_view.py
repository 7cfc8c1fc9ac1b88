"""A PDF or a scan is read page by page; no page is drawn in this process."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel

from client.documents.document import DocumentKind
from client.ui.paged.pictures import MOST
from tests.ui.paged.samples import blank, pdf, scan

ROOT = Path(__file__).parents[3]


def ink(view):
    """How many different greys the middle column of the pages has: paper alone is one."""
    picture = view.sheets.viewport().grab().toImage()
    return len(
        {picture.pixelColor(x, y).value() for x in range(0, picture.width(), 3) for y in range(60, 120)}
    )


def said(view):
    return next(label.text() for label in view.findChildren(QLabel))


def test_pages_come_drawn_and_counted(view, qtbot, open_pages):
    view.show_document(open_pages(pdf(3)))
    qtbot.waitUntil(lambda: view.count == 3)
    qtbot.waitUntil(lambda: ink(view) > 8)
    assert said(view) == "Page 1 of 3"


def test_the_width_of_the_window_is_the_width_of_a_page_and_zoom_is_of_that(view, qtbot, open_pages):
    view.show_document(open_pages(pdf(1)))
    qtbot.waitUntil(lambda: view.count == 1)
    assert view.sheets.horizontalScrollBar().maximum() == 0
    at_100 = view.sheets.verticalScrollBar().maximum()
    view.set_zoom(200)
    assert view.sheets.horizontalScrollBar().maximum() > 0
    assert view.sheets.verticalScrollBar().maximum() > 2 * at_100


def test_scrolling_and_keys_say_which_page_is_in_sight(view, qtbot, open_pages):
    view.show_document(open_pages(pdf(5)))
    qtbot.waitUntil(lambda: view.count == 5)
    qtbot.keyClick(view.sheets, Qt.Key.Key_End)
    assert said(view) == "Page 5 of 5"
    qtbot.keyClick(view.sheets, Qt.Key.Key_Home)
    assert said(view) == "Page 1 of 5"
    view._thumbnails.setFocus()
    qtbot.keyClick(view._thumbnails, Qt.Key.Key_Down)
    assert said(view) == "Page 2 of 5"


def test_words_are_found_on_every_page_and_gone_through(view, qtbot, open_pages):
    told = []
    view.found.connect(lambda *place: told.append(place))
    view.show_document(open_pages(pdf(4)))
    view.look_for("CLEAR")
    qtbot.waitUntil(lambda: (1, 4) in told)
    view.step(1)
    view.step(1)
    qtbot.waitUntil(lambda: told[-1] == (3, 4))
    qtbot.waitUntil(lambda: said(view) == "Page 3 of 4")
    view.look_for("nowhere at all")
    qtbot.waitUntil(lambda: told[-1] == (0, 0))


def test_marked_words_are_copied_and_nothing_else_is(view, qtbot, open_pages):
    view.show_document(open_pages(pdf(1)))
    qtbot.waitUntil(lambda: view.count == 1)
    QApplication.clipboard().setText("before")
    view.sheets.setFocus()
    qtbot.keyClick(view.sheets, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before"
    qtbot.keyClick(view.sheets, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(view.sheets._selecting.text()))
    qtbot.keyClick(view.sheets, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = " ".join(QApplication.clipboard().text().split())
    assert copied == "Page number 1 of the report Clear lungs"


def test_dragging_over_a_line_marks_its_words(view, qtbot, open_pages):
    view.show_document(open_pages(pdf(1)))
    qtbot.waitUntil(lambda: view.sheets._pictures.get(0) is not None)
    scale = view.sheets._layout.scale
    left = view.sheets._layout.page(0).left()
    y = int(12 + (842 - 733) * scale)
    start, end = QPoint(int(left + 74 * scale), y), QPoint(int(left + 300 * scale), y)
    port = view.sheets.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(port, end)
    view.sheets._selecting.extend(300, 842 - 733)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: view.sheets._selecting.text() == "Clear lungs")


def test_scans_of_several_pages_and_resolutions_keep_their_shape(view, qtbot, open_pages):
    view.show_document(open_pages(scan((400, 600), (300, 100)), DocumentKind.SCAN))
    qtbot.waitUntil(lambda: view.count == 2)
    first, second = (view.sheets._layout.page(page) for page in (0, 1))
    assert first.height() / first.width() == pytest.approx(1.5, 0.01)
    assert second.width() / second.height() == pytest.approx(3, 0.01)
    qtbot.waitUntil(lambda: view.sheets._pictures.get(1) is not None)


def test_a_fax_with_two_resolutions_is_not_squeezed(view, qtbot, open_pages):
    view.show_document(open_pages(scan((1728, 1143), form="TIFF", dpi=(204, 98)), DocumentKind.SCAN))
    qtbot.waitUntil(lambda: view.count == 1)
    page = view.sheets._layout.page(0)
    assert page.height() / page.width() == pytest.approx((1143 / 98) / (1728 / 204), 0.02)


def test_a_scan_says_that_its_words_cannot_be_searched(view, qtbot, open_pages):
    view.show_document(open_pages(scan((200, 200), form="PNG"), DocumentKind.SCAN))
    qtbot.waitUntil(lambda: view.count == 1)
    view.look_for("lungs")
    assert "cannot be searched" in said(view)


@pytest.mark.parametrize("data", [b"%PDF-1.4 broken", b"%PDF-1.7\n%%EOF", b""])
def test_a_damaged_document_says_why_it_is_not_shown(view, qtbot, open_pages, data):
    with qtbot.waitSignal(view.failed) as refused:
        view.show_document(open_pages(data))
    assert refused.args[0].endswith(".")
    assert view.count == 0


def test_a_strip_is_refused(view, qtbot, open_pages):
    with qtbot.waitSignal(view.failed) as refused:
        view.show_document(open_pages(scan((2, 3000), form="PNG"), DocumentKind.SCAN))
    assert "too long and narrow" in refused.args[0]


@pytest.mark.parametrize("sizes", [[(595, 842)], [(3, 3), (14_400, 14_400)], [(700, 14_000)], [(14_400, 3)]])
@pytest.mark.parametrize("width", [400, 3200])
def test_no_page_is_drawn_larger_than_it_may_be(view, qtbot, open_pages, sizes, width):
    view.resize(width, 700)
    view.show_document(open_pages(blank(*sizes)))
    qtbot.waitUntil(lambda: view.count == len(sizes))
    for zoom in (100, 300, 70):
        view.set_zoom(zoom)
        for page, (across, down) in enumerate(sizes):
            assert across * down * view.sheets._scale(page) ** 2 <= 1.01 * MOST


def test_a_link_in_a_pdf_is_not_followed(view, qtbot, open_pages):
    opened = []

    class Handler(QObject):
        @Slot(QUrl)
        def open_url(self, url):
            opened.append(url)

    handler = Handler()
    QDesktopServices.setUrlHandler("http", handler, "open_url")
    QDesktopServices.openUrl(QUrl("http://127.0.0.1:9/self-check"))
    assert len(opened) == 1
    view.show_document(open_pages(pdf(1, link="http://127.0.0.1:9/never")))
    qtbot.waitUntil(lambda: view.sheets._pictures.get(0) is not None)
    qtbot.mouseClick(view.sheets.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QDesktopServices.unsetUrlHandler("http")
    assert len(opened) == 1


def test_another_document_takes_the_place_of_the_first_whole(view, qtbot, open_pages):
    view.show_document(open_pages(pdf(5)))
    view.show_document(open_pages(pdf(2)))
    qtbot.waitUntil(lambda: view.count == 2)
    view.empty()
    assert said(view) == ""
    assert view.sheets._pictures.get(0) is None


def test_a_page_that_ends_its_process_costs_itself_alone(view, qtbot, open_pages, darkroom):
    source = open_pages(pdf(3))
    view.show_document(source)
    qtbot.waitUntil(lambda: view.sheets._pictures.get(0) is not None and not source._busy)
    source._desk.close()  # as a crash of the process that drew it would
    qtbot.keyClick(view.sheets, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: bool(view.sheets._problems))
    (lost,) = view.sheets._problems
    qtbot.keyClick(view.sheets, Qt.Key.Key_Home)
    view.set_zoom(150)
    qtbot.waitUntil(lambda: view.sheets._is_sharp(0, view.sheets._scale(0)))
    assert lost != 0


def test_no_page_is_drawn_in_the_process_of_the_window():
    code = "import sys, client.ui.paged.view; assert not {'PySide6.QtPdf', 'PIL'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
