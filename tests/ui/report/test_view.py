"""Reading a report, in a real window."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QTabBar

from client.documents import compose
from client.documents.document import Named
from client.model.moment import Moment
from client.model.report import Attachment, Patient, Report, ReportBody, ReportStatus, Sex
from client.ui import clipboard, formats
from client.ui.report.view import ReportView
from tests.ui.paged.samples import pdf

TEXT = """INDICATION: Cough.

FINDINGS: {filler}
A nodule of 9 mm.

IMPRESSION:
1. Nodule in the right upper lobe.
2. Otherwise normal.
"""


def report(
    *, key="r1", name="OKONKWO, Adaeze", identifier="00417", status=ReportStatus.FINAL, critical=False
):
    patient = Patient("p", name, identifier, Moment.parse("1962-03-04"), Sex.FEMALE)
    date = Moment.parse("2026-11-21T14:02:00Z")
    return Report(
        key, "3", status, critical, patient, "CT chest", "CT", date, date, "Lind, S", "Bap, J", "ACC-1188"
    )


def attachment(data, content_type="text/plain"):
    return Attachment(content_type, "", "", data, None, None)


def documents(*parts, conclusion=""):
    attachments = tuple(attachment(*part) for part in parts)
    return compose(ReportBody("", conclusion, attachments, ()), {})


def text(filler="Clear. " * 400):
    return documents((TEXT.format(filler=filler).encode(),))


@pytest.fixture
def view(qtbot, open_pages):
    view = ReportView()
    view.pages_from(lambda document: open_pages(document.data, document.kind))
    qtbot.addWidget(view)
    view.resize(760, 600)
    with qtbot.waitExposed(view):
        view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    yield view
    view.clear()


def shown_words(view):
    """Return every word a reader can see or hear."""
    labels = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    body = view.reader.toPlainText() if view.reader.isVisible() else ""
    return " ".join([*labels, body, view.banner.accessibleDescription()])


def button(view, name):
    return next(one for one in view.findChildren(QAbstractButton) if one.accessibleName().startswith(name))


def test_banner_and_text_are_of_the_report_that_was_opened(view):
    view.show_report(report(critical=True, status=ReportStatus.CORRECTED), text(), False)
    words = shown_words(view)
    for word in ("OKONKWO, Adaeze", "00417", "1962-03-04", "CT chest", "Lind, S", "Bap, J", "ACC-1188", "v3"):
        assert word in words
    assert "Critical" in words
    assert "Corrected" in words
    assert "A nodule of 9 mm." in words


def test_the_banner_stays_when_the_text_is_scrolled_and_zoomed(view):
    view.show_report(report(), text(), False)
    place = view.banner.geometry()
    bar = view.reader.verticalScrollBar()
    bar.setValue(bar.maximum())
    view.zoom_by(5)
    assert view.banner.geometry() == place
    assert not view.banner.visibleRegion().isEmpty()


def test_another_report_leaves_nothing_of_the_last_one(view):
    view.show_report(report(), text(), True)
    view.show_loading(report(key="r2", name="ANDERS, Bea", identifier="99"))
    words = shown_words(view)
    assert "nodule" not in words
    assert "changed" not in words
    assert "OKONKWO" not in words
    assert "ANDERS, Bea" in words
    assert view.reader.toPlainText() == ""


def test_a_long_family_name_and_identifier_leave_given_name_and_birth_date(view):
    name = "WOLFESCHLEGELSTEINHAUSEN-BERGERDORFF-ALTONA-HARBURG, Adolph"
    view.banner.show_report(report(name=name))
    view.banner.grab()
    assert formats.name(name) in view.banner._strong._laid  # in the smaller face, whole
    assert view.banner._fitting_facts(400).startswith("born 1962-03-04  ·  ")
    assert view.banner._fitting_facts(120) == "born 1962-03-04"
    assert view.banner._fitting_facts(90) == "1962-03-04"


@pytest.mark.parametrize("status", [ReportStatus.ENTERED_IN_ERROR, ReportStatus.CANCELLED])
def test_a_withdrawn_report_shows_a_marker_and_no_text(view, status):
    gone = report(status=status)
    for show in (
        lambda: view.show_report(gone, text(), True),
        lambda: view.show_loading(gone),
        lambda: view.show_problem(gone, "nodule", retry=True),
    ):
        show()
        words = shown_words(view)
        assert "nodule" not in words
        assert "no text" in words or "not shown" in words
        assert "OKONKWO" in words
        assert view.reader.toPlainText() == ""


def test_a_change_since_reading_is_said_before_the_text(view):
    view.show_report(report(), text(), True)
    assert "changed since you read it" in shown_words(view)
    view.show_report(report(), text(), False)
    assert "changed since you read it" not in shown_words(view)


def test_a_problem_says_why_and_can_be_retried(view, qtbot):
    failed = report()
    view.show_problem(failed, "The portal does not answer.", retry=True)
    assert "The portal does not answer." in shown_words(view)
    with qtbot.waitSignal(view.retry_requested) as asked:
        qtbot.mouseClick(view.retry_button, Qt.MouseButton.LeftButton)
    assert asked.args == [failed]


def test_trying_again_is_offered_only_where_it_can_help(view):
    view.show_report(report(), documents((b"{\\rtf1 x}", "text/rtf")), False)
    assert not view.retry_button.isVisible()
    view.show_report(report(), documents((None, "application/pdf")), False)
    assert view.retry_button.isVisible()


def test_warnings_of_a_document_are_shown(view):
    view.show_report(report(), documents((b"Clear lungs.", "application/pdf")), False)
    assert "calls this document" in shown_words(view)


def test_the_key_i_goes_to_the_impression(view, qtbot):
    view.show_report(report(), text(), False)
    view.reader.setFocus()
    assert view.reader.verticalScrollBar().value() == 0
    qtbot.keyClick(view.reader, Qt.Key.Key_I)
    cursor = view.reader.cursorForPosition(QPoint(30, view.reader.viewport().height() - 40))
    assert view.reader.verticalScrollBar().value() > 0
    assert cursor.position() > view.reader.toPlainText().index("A nodule")


def test_a_section_that_is_not_there_keeps_its_place_and_does_nothing(view):
    view.show_report(report(), text(), False)
    places = {one.accessibleName(): one.pos() for one in view.findChildren(QAbstractButton)}
    assert button(view, "Go to findings").isEnabled()
    assert not button(view, "Go to technique").isEnabled()
    view.show_report(report(), documents((b"TECHNIQUE: PA.",)), False)
    assert button(view, "Go to technique").isEnabled()
    assert {one.accessibleName(): one.pos() for one in view.findChildren(QAbstractButton)} == places


@pytest.mark.parametrize(
    ("key", "modifier", "signal"),
    [
        (Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "next_requested"),
        (Qt.Key.Key_K, Qt.KeyboardModifier.NoModifier, "previous_requested"),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier, "next_requested"),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier, "previous_requested"),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier, "next_requested"),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, "previous_requested"),
    ],
)
def test_keys_ask_for_the_next_and_the_previous_report(view, qtbot, key, modifier, signal):
    view.show_report(report(), text(), False)
    view.reader.setFocus()
    with qtbot.waitSignal(getattr(view, signal)):
        qtbot.keyClick(view.reader, key, modifier)


def test_find_counts_goes_round_and_leaves_with_escape(view, qtbot):
    view.show_report(report(), text(), False)
    view.reader.setFocus()
    qtbot.keyClick(view.reader, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    line = QApplication.focusWidget()
    qtbot.keyClicks(line, "nodule")
    assert "1 of 2" in shown_words(view)
    assert len(view.reader.extraSelections()) == 2
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert "2 of 2" in shown_words(view)
    qtbot.keyClick(line, Qt.Key.Key_F3)
    assert "1 of 2" in shown_words(view)
    qtbot.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert "2 of 2" in shown_words(view)
    qtbot.keyClicks(line, "x")
    assert "Not found" in shown_words(view)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert not line.isVisible()
    assert view.reader.extraSelections() == []
    assert view.reader.hasFocus()


def test_escape_closes_the_find_bar_first_and_then_the_report(view, qtbot):
    view.show_report(report(), text(), False)
    view.open_find()
    line = QApplication.focusWidget()
    view.reader.setFocus()  # the bar is open, the keys are with the text
    with qtbot.assertNotEmitted(view.leave_requested):
        qtbot.keyClick(view.reader, Qt.Key.Key_Escape)
    assert not line.isVisible()
    with qtbot.waitSignal(view.leave_requested):
        qtbot.keyClick(view.reader, Qt.Key.Key_Escape)


@pytest.mark.parametrize("width", [400, 480, 760])
def test_sections_without_room_are_under_more_and_keep_their_keys(view, qtbot, width):
    view.resize(width, 600)
    view.show_report(report(), text(), False)
    QApplication.processEvents()
    assert view.width() == width
    assert button(view, "Go to impression").isVisible()
    shown = [one for one in view.findChildren(QAbstractButton) if one.isVisible()]
    for one in shown:
        others = [each for each in shown if each is not one and each.parent() is one.parent()]
        assert not any(one.geometry().intersects(each.geometry()) for each in others)
    findings = button(view, "Go to findings")
    assert findings.isVisible() or button(view, "Other headings").isVisible()
    with qtbot.waitSignal(view._tools.section_chosen):
        qtbot.keyClick(view.reader, Qt.Key.Key_4)


def test_typing_in_find_is_not_taken_for_a_shortcut(view, qtbot):
    view.show_report(report(), text(), False)
    view.open_find()
    with qtbot.assertNotEmitted(view.next_requested):
        qtbot.keyClicks(QApplication.focusWidget(), "jki1")
    assert QApplication.focusWidget().text() == "jki1"


def test_find_forgets_its_words_with_the_next_report(view, qtbot):
    view.show_report(report(), text(), False)
    view.open_find()
    line = QApplication.focusWidget()
    qtbot.keyClicks(line, "nodule")
    view.show_loading(report(key="r2"))
    assert not line.isVisible()
    assert line.text() == ""
    assert view.reader.extraSelections() == []


def test_zoom_keeps_within_bounds_and_stays_for_the_session(view, qtbot):
    view.show_report(report(), text(), False)
    view.reader.setFocus()
    size = view.reader.document().defaultFont().pixelSize()
    qtbot.keyClick(view.reader, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert button(view, "Zoom").text() == "110 %"
    assert view.reader.document().defaultFont().pixelSize() > size
    for _ in range(40):
        qtbot.keyClick(view.reader, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert button(view, "Zoom").text() == "300 %"
    view.show_report(report(key="r2"), text(), False)
    assert button(view, "Zoom").text() == "300 %"
    for _ in range(40):
        qtbot.keyClick(view.reader, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert button(view, "Zoom").text() == "70 %"
    qtbot.keyClick(view.reader, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.reader.document().defaultFont().pixelSize() == size


def test_the_wheel_with_ctrl_zooms(view):
    view.show_report(report(), text(), False)
    event = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.reader.viewport(), event)
    assert button(view, "Zoom").text() == "110 %"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "//host/share", "qrc:/x", "x.png"]
)
@pytest.mark.parametrize("kind", list(QTextDocument.ResourceType)[1:5])
def test_the_reader_loads_nothing(view, url, kind):
    loaded = view.reader.loadResource(kind.value, QUrl(url))
    assert loaded.isNull() if hasattr(loaded, "isNull") else not loaded


def test_a_picture_inside_the_text_is_shown(view):
    pixel = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
        "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    loaded = view.reader.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(pixel))
    assert loaded.width() == 1


def test_copying_is_plain_text_and_only_where_it_is_allowed(qtbot, view, monkeypatch):
    view.show_report(report(), text(""), False)
    view.reader.selectAll()
    qtbot.keyClick(view.reader, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "nodule" in QGuiApplication.clipboard().text()
    assert not QGuiApplication.clipboard().mimeData().hasHtml()
    monkeypatch.setattr(clipboard.current(), "allowed", False)
    QGuiApplication.clipboard().setText("before")
    qtbot.keyClick(view.reader, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    view.reader.copy()
    assert QGuiApplication.clipboard().text() == "before"


def test_marking_words_puts_them_nowhere(view):
    view.show_report(report(), text(""), False)
    view.reader.selectAll()
    assert view.reader.createMimeDataFromSelection().formats() == []


def test_the_menu_does_not_hold_the_program_up(view, qtbot):
    view.show_report(report(), text(), False)
    view.reader.show_menu(view.reader.mapToGlobal(QPoint(5, 5)))  # returns at once: no event loop of its own
    menu = view.reader.findChild(QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Copy",
        "Select all",
        "Find in report",
    ]
    menu.close()


def test_pressing_on_a_selection_cannot_start_a_drag(view, qtbot):
    view.show_report(report(), text(), False)
    view.reader.selectAll()
    qtbot.mousePress(view.reader.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    assert not view.reader.textCursor().hasSelection()
    qtbot.mouseRelease(view.reader.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 40))


def test_lines_are_no_longer_than_can_be_read(view):
    view.resize(1600, 700)
    prose = "Small left pleural effusion with adjacent compressive atelectasis, unchanged since March. "
    view.show_report(report(), text(prose * 20), False)
    layout = view.reader.document().findBlockByNumber(3).layout()
    lengths = [layout.lineAt(at).textLength() for at in range(layout.lineCount() - 2)]
    assert lengths
    assert all(65 <= length <= 92 for length in lengths)


@pytest.mark.parametrize("width", [480, 640, 760, 1280])
def test_the_identifier_is_never_cut(view, width):
    view.resize(width, 600)
    long = report(
        name="MUSTERMANN-VON-HOHENLOHE-LANGENBURG, Maximilian Alexander Theodor",
        identifier="MRN-00000000417-A",
    )
    view.show_report(long, text(), False)
    assert view.banner.painted_identifier() == "MRN-00000000417-A"


def test_several_documents_are_tabs(view, qtbot):
    view.show_report(report(), documents((TEXT.encode(),), (pdf(), "application/pdf")), False)
    tabs = view.findChild(QTabBar)
    assert tabs.isVisible()
    assert tabs.count() == 2
    tabs.setCurrentIndex(1)
    assert not view.reader.isVisible()
    qtbot.waitUntil(lambda: "Page 1 of 3" in shown_words(view))
    view.show_report(report(), text(), False)
    assert not tabs.isVisible()


def test_a_pdf_is_read_from_memory_and_searched(view, qtbot):
    view.show_report(report(), documents((pdf(3, "nodule, nodule"), "application/pdf")), False)
    view.open_find()
    QApplication.focusWidget().setText("nodule")
    qtbot.waitUntil(lambda: "1 of 6" in shown_words(view))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert "2 of 6" in shown_words(view)
    view.clear()
    assert "Page" not in shown_words(view)


@pytest.mark.parametrize("data", [b"%PDF-1.4 broken", b"%PDF-1.7\n%%EOF"])
def test_a_damaged_pdf_says_so(view, qtbot, data):
    view.show_report(report(), documents((data, "application/pdf")), False)
    qtbot.waitUntil(lambda: "damaged" in shown_words(view))


def test_every_control_has_a_name(view):
    view.show_report(report(), documents((TEXT.encode(),), (pdf(), "application/pdf")), False)
    view.open_find()
    for one in view.findChildren(QAbstractButton):
        if one.isVisible() and one.parent() is not view.findChild(QTabBar):
            assert one.accessibleName()
            assert one.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_link_to_an_image_asks_for_it_and_any_other_leads_nowhere(view, qtbot):
    asked = []
    view.reader.image_asked.connect(asked.append)
    for link in ("image:2", "image:x", "image:99999999999", "http://127.0.0.1:9/", "file:///etc/passwd"):
        view.reader.anchorClicked.emit(QUrl(link))
    assert asked == [2]
    assert view.reader.source().isEmpty()


def test_an_image_that_is_not_there_is_said(view):
    view.show_report(report(), text(), False)
    view.reader.image_asked.emit(0)
    assert "not among those" in shown_words(view)


def test_a_document_about_somebody_else_is_told_of(view):
    (document,) = text()
    view.show_report(report(), (replace(document, patient=Named("OTHER, P", "99", "")),), False)
    assert "another patient number" in shown_words(view)
