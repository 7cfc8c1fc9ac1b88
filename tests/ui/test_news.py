"""What announces itself: how many, never who; and one critical waits until it was opened."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from client.clock import SystemClock
from client.model.moment import Moment
from client.model.report import Patient, Report, ReportStatus, Sex
from client.session.news import News
from client.session.worklist import Worklist
from client.ui.news import NewsButton


def report(key, *, critical=False, version="1", status=ReportStatus.FINAL):
    patient = Patient("p", "OKONKWO, Adaeze", "00417", None, Sex.FEMALE)
    date = Moment.parse("2026-11-21T14:02:00Z")
    return Report(key, version, status, critical, patient, "CT chest", "CT", date, date, "", "", "")


class Desk:
    """A notifier's part, noting what it was told."""

    def __init__(self):
        self.told = []

    def show(self, words, *, lasting):
        self.told.append((words, lasting))


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def room(desk):
    worklist = Worklist(SystemClock())
    worklist.merge([report("read"), report("unread")])
    worklist.set_read("read", "1")
    return worklist, News(worklist, desk)


@pytest.fixture
def button(qtbot, room):
    window = QWidget()
    qtbot.addWidget(window)
    made = NewsButton(window)
    made.begin(room[1])
    window.show()
    made.kept = window  # it lives as long as the button
    return made


def arrive(room, *reports):
    worklist, news = room
    news.take(worklist.merge(reports))


def test_new_changed_and_critical_are_counted_in_words_without_a_patient(room, desk):
    arrive(room, report("n1"), report("n2"), report("read", version="2"), report("c", critical=True))
    words = "1 critical report, 2 new reports, 1 changed report"
    assert desk.told == [(words, True)]
    arrive(room, report("n1"))
    assert len(desk.told) == 1


def test_what_was_not_read_and_changed_is_no_news_unless_it_turned_critical(room, desk):
    arrive(room, report("unread", version="2"))
    assert desk.told == []
    arrive(room, report("unread", version="3", critical=True))
    assert desk.told == [("1 critical report", True)]


def test_a_report_read_before_and_withdrawn_is_news_and_never_critical(room, desk):
    arrive(room, report("read", version="2", critical=True, status=ReportStatus.ENTERED_IN_ERROR))
    assert desk.told == [("1 changed report", False)]
    arrive(room, report("gone", status=ReportStatus.CANCELLED))
    assert len(desk.told) == 1


def test_a_critical_one_stays_until_it_was_opened(room, desk):
    _, news = room
    arrive(room, report("n1"), report("c", critical=True))
    news.opened("n1")
    assert desk.told[-1] == ("1 critical report", True)
    news.opened("c")
    assert desk.told[-1] == ("", False)


def test_a_critical_one_that_was_withdrawn_is_no_longer_critical(room, desk):
    arrive(room, report("c", critical=True))
    arrive(room, report("c", critical=True, version="2", status=ReportStatus.ENTERED_IN_ERROR))
    assert desk.told[-1] == ("", False)


def test_the_button_opens_the_critical_one_first_and_goes_when_it_is_opened(room, button, qtbot):
    asked, heard = [], []
    button.asked.connect(asked.append)
    button.changed.connect(heard.append)
    assert button.isHidden()
    arrive(room, report("n1"), report("c", critical=True))
    assert button.isVisible()
    assert "OKONKWO" not in button.text() + button.accessibleName()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["c"]
    room[1].opened("c")
    assert button.isHidden()
    assert heard == ["1 critical report, 1 new report", ""]


def test_a_report_read_here_meanwhile_is_not_news(room, desk):
    worklist, _ = room
    worklist.set_read("n1", "1")
    arrive(room, replace(report("n1")))
    assert desk.told == []
