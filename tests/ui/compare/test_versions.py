"""Versions of a report, what changed between two, and since it was read."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from client.documents.difference import compare
from client.model.report import ReportStatus
from client.ui.compare.marking import mark
from client.ui.worklist import columns
from tests.ui.compare.room import Room, documents_of, make_report, patient

WHO = patient("Alderwood", 400)


@pytest.fixture
def room(qtbot):
    made = Room(
        qtbot,
        [
            make_report("now", WHO, version="3", status=ReportStatus.CORRECTED),
            make_report("gone", WHO, version="3", status=ReportStatus.ENTERED_IN_ERROR),
            make_report("other", WHO, days=30),
        ],
    )
    yield made
    made.index.close()


def press(widget, key):
    QTest.keyClick(widget, key)
    for _ in range(3):
        QApplication.processEvents()


def words_of(room):
    return room.page.report.versions.words()


def test_one_key_lists_the_versions_and_shows_what_the_last_one_changed(room):
    room.open("now")
    view = room.page.report
    press(view.reader, Qt.Key.Key_V)
    assert [row.strong for row in room.lists[1].rows] == [
        "v\u20683\u2069  Corrected",
        "v\u20682\u2069  Preliminary",
        "v\u20681\u2069  Preliminary",
    ]
    assert "Version \u20682\u2069 → version \u20683\u2069" in words_of(room)
    assert "right\u2069 → \u2068left\u2069 in the impression" in words_of(room)
    assert "11 mm\u2069 → \u206812 mm\u2069 in the impression" in words_of(room)
    assert "Status: preliminary → corrected." in words_of(room)
    press(room.lists[1], Qt.Key.Key_Escape)
    assert words_of(room) == ""
    assert view.reader.isVisible()
    assert view.reader.hasFocus()


def test_any_two_versions_can_be_held_against_each_other_older_to_newer(room):
    room.open("now")
    press(room.page.report.reader, Qt.Key.Key_V)
    rows = room.lists[1]
    press(rows, Qt.Key.Key_Space)  # from the newest
    press(rows, Qt.Key.Key_End)
    assert "Version \u20681\u2069 → version \u20683\u2069" in words_of(room)
    press(rows, Qt.Key.Key_Home)
    press(rows, Qt.Key.Key_Space)  # and no longer from there
    press(rows, Qt.Key.Key_Down)
    assert "Version \u20681\u2069 → version \u20682\u2069" in words_of(room)
    press(rows, Qt.Key.Key_Down)
    assert "first version" in words_of(room)


def test_a_portal_without_history_says_so(room):
    room.keeps_history = False
    room.open("now")
    press(room.page.report.reader, Qt.Key.Key_V)
    assert "gives out no earlier versions" in room.lists[1]._empty


def test_a_withdrawn_report_lists_its_versions_and_none_of_their_words(room):
    room.open("gone")
    press(room.page.report._message, Qt.Key.Key_V)
    assert len(room.lists[1].rows) == 3
    assert "Withdrawn." in words_of(room)
    assert "impression" not in words_of(room)


def test_what_changed_since_it_was_read_is_said_on_opening_without_moving_the_text(room):
    room.read_before("now", "2")
    room.at_once = False
    room.page.open_key("now")
    room.answer()
    view = room.page.report
    assert "changed since you read it" in view._changed.text()
    top = view.reader.mapToGlobal(QPoint(0, 0))
    room.answer()
    assert "You read version \u20682\u2069 of this report on 2026-11-03" in view._changed.text()
    assert "right\u2069 → \u2068left\u2069 in the impression" in view._changed.text()
    assert view.reader.mapToGlobal(QPoint(0, 0)) == top
    press(view.reader, Qt.Key.Key_D)
    room.answer()
    assert "Version \u20682\u2069 → version \u20683\u2069" in words_of(room)
    assert "taken out" in words_of(room)
    press(view.versions.reader, Qt.Key.Key_D)
    assert words_of(room) == ""


def test_whoever_read_a_report_that_was_withdrawn_is_told_which_version_and_when(room):
    room.read_before("gone", "2")
    room.open("gone")
    said = room.page.report._changed.text()
    assert said == "You read version \u20682\u2069 of this report on 2026-11-03; it was withdrawn since."
    assert room.page.report.reader.toPlainText() == ""


def test_a_report_not_read_before_says_nothing_of_it(room):
    room.open("now")
    assert room.page.report._changed.text() == ""
    press(room.page.report.reader, Qt.Key.Key_D)
    assert words_of(room) == ""


def test_another_report_puts_versions_and_difference_away(room):
    room.open("now")
    press(room.page.report.reader, Qt.Key.Key_V)
    room.open("other")
    assert words_of(room) == ""
    assert room.lists[1].rows == ()
    assert not room.lists[1].isVisible()
    assert room.page.report.versions.reader.toPlainText() == ""


def test_keys_of_sections_go_to_the_parts_of_the_difference(room):
    room.open("now")
    press(room.page.report.reader, Qt.Key.Key_V)
    sections = room.page.report._tools._sections
    assert [role.value for role in sections._there] == ["impression"]
    press(room.lists[1], Qt.Key.Key_Escape)
    assert {role.value for role in sections._there} == {"indication", "findings", "impression"}


def test_a_difference_tells_by_shape_and_keeps_markup_harmless():
    before = make_report("a", WHO, version="1")
    after = make_report("a", WHO, version="2")
    html, sections = mark(compare(documents_of(before), documents_of(after)), "final → amended")
    assert '<span class="removed">left</span> <span class="added">right</span>' in html
    assert [section.role.value for section in sections] == ["impression"]
    hostile = make_report("b", patient("<img src=x>", 1), version="1")
    html, _ = mark(compare(documents_of(before), documents_of(hostile)), "<b>")
    assert "<img" not in html
    assert "<b>." not in html


def test_the_row_of_a_withdrawn_report_tells_whoever_read_it_until_it_is_opened(room):
    room.read_before("gone", "2")
    gone = room.get("gone")
    assert columns.summary(gone, room.worklist.state(gone)).startswith("Withdrawn since you read it")
    told = room.page.worklist.table.viewport().grab().toImage()
    room.open("gone")
    assert "Withdrawn since" not in columns.summary(gone, room.worklist.state(gone))
    room.page.close_report()
    QApplication.processEvents()
    assert room.page.worklist.table.viewport().grab().toImage() != told
