"""The reading page: list and report side by side, and what a click waits for."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter

from client.clock import SystemClock
from client.documents import compose
from client.model.moment import Moment, Precision
from client.model.report import Attachment, Patient, Report, ReportBody, ReportStatus, Sex
from client.model.user import Role, User
from client.session.progress import SyncProgress
from client.session.reading import Opened
from client.session.search import SearchIndex
from client.session.view import ReadState
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
        session = SimpleNamespace(
            user=User("a.reader", "Dr Ada Reader", Role.RADIOLOGIST, None),
            worklist=worklist,
            index=self.index,
            start=lambda changed, _unsent: changed(merged, SyncProgress(4, 4, False)),
            stop_loading=lambda: None,
            refresh=lambda: None,
            open=self._open,
            note_read=lambda one: self.happened.append(f"{one.key} noted"),
        )
        self.page = ReadingPage()
        qtbot.addWidget(self.page)
        self.page.begin(session, "Portal")
        self.page.resize(1360, 840)
        self.page.show()
        QApplication.processEvents()
        self.page.report.reader.viewport().installEventFilter(self)

    @staticmethod
    def _open(one, done, _failed):
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
