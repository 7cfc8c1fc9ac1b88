"""A prior beside the report: by one key, at one height, under one banner."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from client.documents import compose
from client.model.report import Attachment, ReportBody, ReportStatus
from client.ui.report import banner
from tests.ui.compare.room import Room, make_report, patient

WHO = patient("Alderwood", 400)
LONG = (
    "INDICATION: Cough.\n\nTECHNIQUE: Helical.\n\nFINDINGS: "
    + "The lungs are clear. " * 120
    + "\n\nIMPRESSION: Normal.\n\nRECOMMENDATION: None.\n"
)
SHORT = "INDICATION: Pain.\n\nFINDINGS: " + "Nothing. " * 90 + "\n\nIMPRESSION: " + "Nothing at all. " * 300


def words(report):
    text = LONG if report.key == "now" else SHORT
    return compose(ReportBody("", "", (Attachment("text/plain", "", "", text.encode(), None, None),), ()), {})


@pytest.fixture
def room(qtbot):
    made = Room(
        qtbot,
        [
            make_report("now", WHO, "CT chest"),
            make_report("old", WHO, "CT thorax", days=300),
            make_report("older", WHO, "CT chest", days=700),
            make_report("film", WHO, "XR chest", "CR", days=20),
            make_report("gone", WHO, "CT chest", days=9, status=ReportStatus.ENTERED_IN_ERROR),
        ],
    )
    made.words = words
    made.open("now")
    yield made
    made.index.close()


def press(room, key, *modifiers):
    QTest.keyClick(room.page.report.reader, key, *modifiers)
    for _ in range(3):
        QApplication.processEvents()


def height_of(reader, word):
    cursor = QTextCursor(reader.document().find(word))
    return reader.viewport().mapToGlobal(QPoint(0, reader.cursorRect(cursor).top())).y()


def test_one_key_opens_the_most_relevant_prior_that_can_be_read(room):
    press(room, Qt.Key.Key_P)
    view = room.page.report
    assert view.comparison.beside.key == "old"
    assert view.comparison.pane.isVisible()
    assert "Nothing at all." in view.comparison.pane.reader.toPlainText()
    assert room.noted == ["now", "old"], "what is on screen is read"


def test_headings_of_the_same_part_stand_at_one_height_and_scroll_together(room):
    press(room, Qt.Key.Key_P)
    mine, other = room.page.report.reader, room.page.report.comparison.pane.reader
    for heading in ("INDICATION", "FINDINGS", "IMPRESSION"):
        assert abs(height_of(mine, heading) - height_of(other, heading)) <= 2
    mine.verticalScrollBar().setValue(200)
    assert abs(height_of(mine, "IMPRESSION") - height_of(other, "IMPRESSION")) <= 2
    other.verticalScrollBar().setValue(90)
    assert mine.verticalScrollBar().value() == 90


def test_they_stay_lined_up_when_the_size_of_letters_or_window_changes(room):
    press(room, Qt.Key.Key_P)
    view = room.page.report
    view.zoom_by(4)
    room.page.resize(1700, 900)
    for _ in range(5):
        QApplication.processEvents()
    for heading in ("FINDINGS", "IMPRESSION"):
        assert abs(height_of(view.reader, heading) - height_of(view.comparison.pane.reader, heading)) <= 2


def test_each_scrolls_by_itself_when_they_are_let_go(room):
    press(room, Qt.Key.Key_P)
    view = room.page.report
    press(room, Qt.Key.Key_L)
    view.reader.verticalScrollBar().setValue(120)
    assert view.comparison.pane.reader.verticalScrollBar().value() == 0
    assert not view.comparison.pane.together.isChecked()
    press(room, Qt.Key.Key_L)
    assert view.comparison.pane.reader.verticalScrollBar().value() == 120


def test_brackets_go_from_prior_to_prior_in_time_and_stop_at_the_ends(room):
    press(room, Qt.Key.Key_P)
    seen = []
    for key in [Qt.Key.Key_BracketRight] * 4 + [Qt.Key.Key_BracketLeft] * 5:
        press(room, key)
        seen.append(room.page.report.comparison.beside.key)
    assert seen == ["film", "gone", "gone", "gone", "film", "old", "older", "older", "older"]


def test_a_withdrawn_prior_is_named_and_has_no_words(room):
    press(room, Qt.Key.Key_P)
    press(room, Qt.Key.Key_BracketRight)
    press(room, Qt.Key.Key_BracketRight)
    pane = room.page.report.comparison.pane
    assert "withdrawn" in pane.words()
    assert pane.reader.toPlainText() == ""


def test_one_banner_names_the_patient_and_each_side_its_own_standing(room):
    view = room.page.report
    alone = view.reader.mapToGlobal(QPoint(0, 0)).y()
    press(room, Qt.Key.Key_P)
    assert view.banner.height() == banner.SHARED
    assert "CT" not in view.banner.spoken()
    assert WHO.identifier in view.banner.spoken()
    assert "CT chest" in view.comparison.head.spoken()
    assert "CT thorax" in view.comparison.pane.head.spoken()
    assert "9 months earlier" in view.comparison.pane.head.spoken()
    assert WHO.name not in view.comparison.pane.words() + view.comparison.head.spoken()
    assert view.reader.mapToGlobal(QPoint(0, 0)).y() == alone, "the text does not jump"


def test_escape_closes_the_prior_first_and_the_report_next(room):
    press(room, Qt.Key.Key_P)
    press(room, Qt.Key.Key_Escape)
    view = room.page.report
    assert not view.comparison.comparing
    assert not view.comparison.pane.isVisible()
    assert view.comparison.pane.reader.toPlainText() == ""
    assert view.banner.height() == banner.HEIGHT
    assert room.page.worklist.isVisible()
    assert view.reader.hasFocus()
    press(room, Qt.Key.Key_Escape)
    assert room.page.opened is None


def test_lining_up_leaves_nothing_behind(room):
    reader = room.page.report.reader
    before = reader.document().size().height(), reader.width()
    press(room, Qt.Key.Key_P)
    press(room, Qt.Key.Key_Escape)
    assert (reader.document().size().height(), reader.width()) == before


def test_the_list_gives_way_and_never_gives_its_focus_to_a_button(room):
    room.page.worklist.table.setFocus()
    QTest.keyClick(room.page.worklist.table, Qt.Key.Key_P)
    assert not room.page.worklist.isVisible()
    assert room.page.report.reader.hasFocus()


def test_another_report_ends_the_comparison(room):
    press(room, Qt.Key.Key_P)
    room.page.open_key("film")
    assert not room.page.report.comparison.comparing
    assert room.page.report.comparison.pane.words() == ""


def test_priors_are_listed_by_relevance_and_opened_from_the_keyboard(room):
    priors = room.page.report._column.priors
    assert [row.key for row in priors.rows] == ["gone", "old", "older", "film"]
    priors.setFocus()
    priors.go_to("film")
    QTest.keyClick(priors, Qt.Key.Key_Return)
    assert room.page.report.comparison.beside.key == "film"
    QTest.keyClick(priors, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert room.page.opened.key == "film"


def test_a_report_alone_says_so(qtbot):
    room = Room(qtbot, [make_report("now", WHO)])
    room.open("now")
    QTest.keyClick(room.page.report.reader, Qt.Key.Key_P)
    assert not room.page.report.comparison.comparing
    assert room.page.report._column.priors._empty == "No other report of this patient is here."
    room.index.close()


def test_every_control_has_a_name(room):
    press(room, Qt.Key.Key_P)
    press(room, Qt.Key.Key_V)
    for button in room.page.report.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text(), button
    pane = room.page.report.comparison.pane
    assert pane.reader.accessibleName() == "Text of the prior"
    for rows in room.lists:
        assert rows.accessibleName()


@pytest.mark.parametrize("size", [(1920, 1000), (1000, 700), (700, 500), (620, 340)])
def test_nothing_is_pushed_out_of_a_window_of_any_size(room, size):
    room.page.close_report()
    room.page.setMinimumSize(620, 340)  # the program's own window's
    room.page.resize(*size)
    room.open("now")
    press(room, Qt.Key.Key_P)
    assert (room.page.width(), room.page.height()) == size
    view = room.page.report
    for side in (view.reader, view.comparison.pane.reader, view.comparison.pane):
        assert side.isVisible()
        assert side.width() > 100
        assert room.page.rect().contains(side.mapTo(room.page, side.rect().bottomRight()))
