"""The reading page: list and report side by side, and what a click waits for."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter

from client.clock import SystemClock
from client.documents import compose
from client.errors import PortalFault
from client.model.moment import Moment, Precision
from client.model.report import Attachment, Patient, Report, ReportBody, ReportStatus, Sex
from client.model.user import Role, User
from client.policy.table import Policy
from client.session.news import News
from client.session.progress import SyncProgress
from client.session.reading import Opened
from client.session.search import SearchIndex
from client.session.view import ReadState, View
from client.session.worklist import Worklist
from client.ui.reading import ReadingPage

SHORT = b"FINDINGS: None."
LONG = b"HISTORY: a\nTECHNIQUE: b\nCOMPARISON: c\nFINDINGS: d\nIMPRESSION: e\nRECOMMENDATION: f\nADDENDUM: g"
BODIES = {
    "r0": (SHORT,),
    "r1": (LONG,),
    "r2": (LONG, b"A second document."),
    "r3": (LONG, b"A second document.", b"A third document.", b"A fourth document."),
}


def report(key):
    date = Moment(datetime(2026, 11, 21, 14, int(key[1:]), tzinfo=UTC), Precision.TIME)
    patient = Patient(f"p{key}", "OKONKWO, Adaeze", "00417", None, Sex.FEMALE)
    return Report(
        key, "1", ReportStatus.FINAL, False, patient, "CT chest", "CT", date, date, "Lind", "Bap", "A1"
    )  # fmt: skip


class Desk(QObject):
    """A reading page over reports that are all here, noting the order in which things happen."""

    def __init__(self, qtbot):
        super().__init__()
        self.happened = []
        self.index = SearchIndex()
        worklist = Worklist(SystemClock())
        merged = worklist.merge(map(report, BODIES))
        self.index.add((each, "") for each in map(report, BODIES))
        session = SimpleNamespace(
            user=User("a.reader", "Dr Ada Reader", Role.RADIOLOGIST, None),
            worklist=worklist,
            index=self.index,
            start=lambda changed, *_: changed(merged, SyncProgress(4, 4, False)),
            stop_loading=lambda: None,
            refresh=lambda: None,
            open=self._open,
            note_read=lambda one: self.happened.append(f"{one.key} noted"),
            priors=lambda one: (),
            since_read=lambda one, done: None,
            open_pages=None,
            images=None,
            policy=Policy(),
            news=News(worklist, None),
            note_output=lambda act, one, detail="": self.happened.append(f"{one.key} {act.value}"),
            searching=None,
        )
        self.page = ReadingPage()
        qtbot.addWidget(self.page)
        self.page.begin(session, "Portal")
        self.page.resize(1360, 840)
        self.page.show()
        QApplication.processEvents()
        self.page.report.reader.viewport().installEventFilter(self)

    @staticmethod
    def _open(one, done, *_):
        attachments = tuple(
            Attachment("text/plain", "Document", "", data, len(data), None) for data in BODIES[one.key]
        )
        documents = compose(ReportBody("", "", attachments, ()), {})
        done(Opened(one, documents, ReadState.READ))

    def eventFilter(self, _watched, event):
        if event.type() is QEvent.Type.Paint:
            self.happened.append("text painted")
        return False

    def click(self, key):
        place = [one.key for one in map(self.page.worklist._model.report_at, range(4))].index(key)
        table = self.page.worklist.table
        QTest.mouseClick(
            table.viewport(),
            Qt.MouseButton.LeftButton,
            pos=table.visualRect(table.model().index(place, 0)).center(),
        )

    @property
    def width(self):
        QApplication.processEvents()
        return self.page.worklist.width()


@pytest.fixture
def desk(qtbot):
    made = Desk(qtbot)
    yield made
    made.index.close()


def test_the_list_beside_a_report_has_one_width_whatever_is_opened(desk):
    desk.page.open_key("r0")
    assert desk.width == 440
    for key in ("r1", "r2", "r3", "r0"):
        desk.click(key)
        assert desk.page.opened.key == key
        assert desk.width == 440


def test_the_width_the_user_chose_is_kept_and_has_a_least(desk):
    desk.page.open_key("r0")
    desk.page.findChild(QSplitter).moveSplitter(520, 1)
    assert desk.width == 520
    desk.page.close_report()
    assert desk.width == desk.page.width()
    desk.page.open_key("r3")
    assert desk.width == 520
    desk.page.findChild(QSplitter).moveSplitter(100, 1)
    assert desk.width == 360


def test_a_report_is_painted_before_anybody_is_told(desk):
    desk.page.open_key("r0")
    QApplication.processEvents()
    desk.happened.clear()
    desk.click("r1")
    assert desk.happened == []
    QApplication.processEvents()
    assert desk.happened == ["text painted", "r1 noted"]


def test_escape_closes_the_report(desk):
    desk.page.open_key("r0")
    QApplication.processEvents()
    desk.page.report.reader.setFocus()
    QTest.keyClick(desk.page.report.reader, Qt.Key.Key_Escape)
    assert desk.page.opened is None
    assert not desk.page.report.isVisible()


def test_rows_that_come_quickly_are_arranged_now_and_then_and_the_last_at_once(desk, qtbot):
    worklist, page = desk.page._session.worklist, desk.page
    shown = page.worklist._model.rows

    def come(number, running):
        page._changed(worklist.merge([report(f"r{number}")]), SyncProgress(number + 1, 40, running))

    page._paced.stop()
    come(10, running=True)
    assert len(page.worklist._model.rows) == len(shown) + 1
    come(11, running=True)
    come(12, running=True)
    assert len(page.worklist._model.rows) == len(shown) + 1
    page._paced.timeout.emit()  # its time has come
    assert len(page.worklist._model.rows) == len(shown) + 3
    come(13, running=True)
    come(14, running=False)
    assert len(page.worklist._model.rows) == len(shown) + 5


def click_beside(desk, key):
    """Click on a row of the list beside a report."""
    if desk.page.opened is None:
        desk.page.open_key("r3")
        QApplication.processEvents()
    desk.click(key)
    for _ in range(3):  # a row of tabs that goes takes two turns of the layout
        QApplication.processEvents()


def lose(desk, key):
    """Open a report that the portal does not give."""
    error = PortalFault("The portal does not answer.")
    desk.page._session.open = lambda _one, _done, failed, *_: failed(error)
    desk.page.open_key(key)


def newer(desk, key, **changes):
    """Have the portal deliver a newer version of a report."""
    worklist = desk.page._session.worklist
    merged = worklist.merge([replace(worklist.get(key), version="2", **changes)])
    desk.page._changed(merged, SyncProgress(4, 4, False))
    QApplication.processEvents()


def test_the_keys_of_the_report_work_with_the_focus_in_the_list_and_the_other_way_round(desk):
    page, reader = desk.page, desk.page.report.reader
    click_beside(desk, "r1")
    assert QApplication.focusWidget() is page.worklist.table
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert page.report._zoom == 110
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.opened.key == "r0"
    reader.setFocus()
    QTest.keyClick(reader, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is page.worklist.quick_filter
    QTest.keyClicks(QApplication.focusWidget(), "us1/")
    assert page.worklist.quick_filter.text() == "us1/"
    assert page.opened.key == "r0"


def test_escape_clears_what_narrows_the_list_before_it_closes_the_report(desk):
    page = desk.page
    page.worklist.set_view(View(words="OKONKWO"))
    click_beside(desk, "r1")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.worklist.view == View()
    assert page.opened.key == "r1"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.opened is None


def test_trying_again_keeps_the_focus_with_the_report(desk, qtbot):
    page = desk.page
    lose(desk, "r1")
    page.report.retry_button.setFocus()
    page._session.open = lambda *_: None  # on the way
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert "Fetching" in page.report._message.words()
    assert page.report.isAncestorOf(QApplication.focusWidget())
    with qtbot.assertNotEmitted(page.sign_out):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    page._session.open = desk._open
    page.open_key("r1")
    assert QApplication.focusWidget() is page.report.reader


def test_the_next_report_after_find_leaves_the_focus_in_the_list(desk):
    click_beside(desk, "r1")
    desk.page.report.open_find()
    click_beside(desk, "r0")
    assert QApplication.focusWidget() is desk.page.worklist.table


def test_sign_out_comes_last_in_the_order_of_tab(desk):
    desk.page.worklist.quick_filter.setFocus()
    sign_out = desk.page.header.sign_out_button
    for _ in range(60):
        before = QApplication.focusWidget()
        QTest.keyClick(before, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is sign_out:
            break
    QTest.keyClick(sign_out, Qt.Key.Key_Tab)
    assert desk.page.worklist.isAncestorOf(QApplication.focusWidget())


def test_after_the_curtain_the_keys_scroll_what_was_read(desk):
    click_beside(desk, "r1")
    desk.page.take_focus()
    assert QApplication.focusWidget() is desk.page.report.reader
    desk.page.close_report()
    desk.page.take_focus()
    assert QApplication.focusWidget() is desk.page.worklist.table


def test_a_newer_version_is_said_and_read_with_a_key_and_nothing_moves(desk):
    page = desk.page
    click_beside(desk, "r1")
    top = page.report.reader.mapToGlobal(QPoint(0, 0))
    newer(desk, "r0")
    assert page.report._newer.words() == ""
    newer(desk, "r1")
    assert page.opened.version == "1"
    assert "Press R" in page.report._newer.words()
    assert page.report.reader.mapToGlobal(QPoint(0, 0)) == top
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_R)
    assert page.opened.version == "2"
    assert page.report._newer.words() == ""


def test_a_report_withdrawn_while_it_is_read_goes_from_the_screen(desk):
    page = desk.page
    click_beside(desk, "r1")
    newer(desk, "r1", status=ReportStatus.ENTERED_IN_ERROR)
    assert page.report.reader.toPlainText() == ""
    assert "withdrawn" in page.report._message.words()


def test_a_text_under_way_is_not_shown_once_the_report_is_withdrawn(desk):
    page, arrived = desk.page, []
    page._session.open = lambda one, done, *_: arrived.append((one, done))
    page.open_key("r1")
    newer(desk, "r1", status=ReportStatus.ENTERED_IN_ERROR)
    one, done = arrived.pop()
    desk._open(one, done)
    QApplication.processEvents()
    assert "r1 noted" not in desk.happened
    assert page.report.reader.toPlainText() == ""
    assert "withdrawn" in page.report._message.words()


def test_a_report_that_cannot_be_read_is_seen_by_opening_and_offers_no_second_try(desk):
    page = desk.page
    newer(desk, "r1", problem="It came without any text.")
    page.open_key("r1")
    QApplication.processEvents()
    assert "r1 noted" in desk.happened
    assert not page.report.retry_button.isVisible()
    lose(desk, "r0")
    QApplication.processEvents()
    assert page.report.retry_button.isVisible()
    assert "r0 noted" not in desk.happened


def test_a_small_window_shows_the_list_or_the_report(desk):
    page, sign_out = desk.page, desk.page.header.sign_out_button
    page.resize(640, 360)
    QApplication.processEvents()
    assert page.worklist.isVisible()
    desk.click("r1")
    assert page.report.isVisible()
    assert not page.worklist.isVisible()
    assert QApplication.focusWidget() is page.report.reader
    assert page.rect().contains(sign_out.geometry().translated(sign_out.parentWidget().pos()))
    QTest.keyClick(page.report.reader, Qt.Key.Key_J)
    assert page.opened.key == "r0"
    QTest.keyClick(page.report.reader, Qt.Key.Key_Slash)
    assert page.opened is None
    assert QApplication.focusWidget() is page.worklist.quick_filter
    desk.click("r1")
    page.resize(1280, 720)
    QApplication.processEvents()
    assert page.worklist.isVisible()
    assert page.opened.key == "r1"


def test_only_the_user_s_hand_fixes_the_widths_of_columns(desk):
    table = desk.page.worklist.table
    QApplication.processEvents()
    before = [table.columnWidth(place) for place in range(table.model().columnCount())]
    desk.page.open_key("r1")
    desk.page.close_report()
    QApplication.processEvents()
    assert [table.columnWidth(place) for place in range(table.model().columnCount())] == before
    assert not table._by_hand
