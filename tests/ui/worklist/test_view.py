"""The worklist on screen, driven as a user does: real window, real keys, real pointer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QToolButton,
    QWidget,
)

from client.clock import SystemClock
from client.model.moment import Moment, Precision
from client.model.report import Patient, Report, ReportStatus, Sex
from client.session.progress import SyncProgress
from client.session.search import SearchIndex
from client.session.view import Column, Filter, View
from client.session.worklist import Merged, Worklist
from client.ui import theme
from client.ui.worklist import WorklistView, columns
from client.ui.worklist.painting import RowPainter

NOW = datetime.now(UTC)


def report(number, version="1", hours=None, name=None, **fields):
    date = Moment(NOW - timedelta(hours=number if hours is None else hours), Precision.TIME)
    patient = Patient(f"p{number}", name or f"NAME{number:05}, Given", f"{10000 + number}", None, Sex.UNKNOWN)
    whole = {
        "key": f"r{number}",
        "version": version,
        "status": ReportStatus.FINAL,
        "critical": False,
        "patient": patient,
        "exam": "CT chest",
        "modality": "CT",
        "date": date,
        "issued": date,
        "radiologist": "Dr A",
        "referrer": "Dr B",
        "accession": "",
    }
    return Report(**(whole | fields))


class Desk:
    """A view with its worklist and index, and the hands that use it."""

    def __init__(self, view, count):
        self.view, self.worklist, self.index = view, Worklist(SystemClock()), SearchIndex()
        self.opened = []
        view.opened.connect(lambda one: self.opened.append(one.key))
        self.bring([report(number) for number in range(count)], show=False)
        view.set_worklist(self.worklist, self.index)
        view.show_progress(SyncProgress(count, count, False, "", "", NOW))
        view.show()
        view.table.setFocus()
        QApplication.processEvents()

    def bring(self, reports, show=True):
        merged = self.worklist.merge(reports)
        self.index.add((one, "body") for one in reports)
        if show:
            self.view.rows_changed(merged)
            QApplication.processEvents()

    @property
    def keys(self):
        model = self.view.table.model()
        return [model.report_at(place).key for place in range(model.rowCount())]

    def press(self, key, where=None, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(where or self.view.table, key, modifier)
        QApplication.processEvents()

    def top_of(self, key):
        """Return where the row of `key` stands below the table's top edge, in pixels."""
        table = self.view.table
        return self.keys.index(key) * table.row_height - table.verticalScrollBar().value()

    def point_at(self, key):
        QTest.mouseMove(self.view.table.viewport(), QPoint(300, self.top_of(key) + 5))
        QApplication.processEvents()


@pytest.fixture
def desk(qtbot):
    def make(count=60, size=(1100, 500)):
        view = WorklistView()
        qtbot.addWidget(view)
        view.resize(*size)
        made = Desk(view, count)
        desks.append(made)
        return made

    desks = []
    yield make
    for one in desks:
        one.index.close()


def test_keyboard_alone_walks_and_opens(desk):
    here = desk()
    for key in (Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_K):
        here.press(key)
    assert here.view.selected_key() == "r1"
    here.press(Qt.Key.Key_Return)
    here.press(Qt.Key.Key_End)
    here.press(Qt.Key.Key_Enter)
    assert here.opened == ["r1", "r59"]
    assert here.view.next_key() is None
    assert here.view.previous_key() == "r58"


def test_u_opens_the_next_unread_or_changed_and_goes_round(desk):
    here = desk(4)
    here.worklist.set_marks({"r0": "1", "r1": "1", "r2": "0"})
    here.view.state_changed("r2")
    here.view.select("r0")
    for _ in range(3):
        here.press(Qt.Key.Key_U)
    assert here.opened == ["r2", "r3", "r2"]
    here.worklist.set_marks({f"r{number}": "1" for number in range(4)})
    assert here.view.next_unread() is None


def test_a_double_click_opens_in_the_table_and_one_click_in_the_narrow_list(desk):
    here = desk()
    viewport = here.view.table.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 40))
    assert here.opened == []
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 40))
    here.view.set_narrow(True, beside=True)
    here.view.resize(380, 500)
    QApplication.processEvents()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(100, 5))
    assert here.opened == ["r1", "r0"]


def test_words_narrow_the_list_as_they_are_typed_and_escape_brings_it_back(desk):
    here = desk()
    here.press(Qt.Key.Key_Slash)
    assert here.view.quick_filter.hasFocus()
    QTest.keyClicks(here.view.quick_filter, "name00007 body")
    assert here.keys == ["r7"]
    here.press(Qt.Key.Key_Return, here.view.quick_filter)
    assert here.opened == ["r7"]
    here.press(Qt.Key.Key_K, here.view, Qt.KeyboardModifier.ControlModifier)
    here.press(Qt.Key.Key_Escape, here.view.quick_filter)
    assert len(here.keys) == 60
    assert here.view.selected_key() == "r7"
    here.press(Qt.Key.Key_Escape, here.view.quick_filter)
    assert here.view.table.hasFocus()


def test_rows_that_arrive_do_not_move_the_row_under_the_pointer(desk):
    here = desk()
    here.view.select("r8")
    here.point_at("r3")
    before = here.top_of("r3")
    # Some above it, and one between it and the selected row, which has to give way.
    here.bring([*(report(100 + number, hours=-1) for number in range(7)), report(200, hours=5.5)])
    assert here.keys[:7] == [f"r{100 + number}" for number in range(7)]
    assert here.top_of("r3") == before
    assert here.view.selected_key() == "r8"


def test_rows_that_arrive_do_not_move_the_selected_row(desk):
    here = desk()
    here.view.select("r9")
    before = here.top_of("r9")
    here.bring([report(100, hours=-1), report(101, hours=4.5), report(102, hours=50)])
    assert here.view.selected_key() == "r9"
    assert here.top_of("r9") == before


def test_with_nobody_looking_the_newest_shows_at_the_top(desk):
    here = desk()
    here.bring([report(100, hours=-1)])
    assert here.top_of("r100") == 0


def test_a_scrolled_list_stays_where_it_is(desk):
    here = desk(200)
    here.view.table.verticalScrollBar().setValue(1234)
    before = here.top_of("r50")
    here.bring([report(300 + number, hours=-1) for number in range(3)])
    assert here.top_of("r50") == before


def test_a_newer_version_shows_in_the_place_of_the_older(desk):
    here = desk(3)
    here.worklist.set_read("r1", "1")
    here.bring([report(1, version="2", exam="CT head")])
    model = here.view.table.model()
    assert here.keys == ["r0", "r1", "r2"]
    assert model.data(model.index(1, columns.PLACE[Column.EXAM])).strip("\u2068\u2069") == "CT head"
    assert model.data(model.index(1, columns.PLACE[Column.READ])) == "Changed since you read it"


def test_what_is_read_stays_in_the_unread_drawer_until_the_view_changes(desk):
    here = desk(5)
    here.view.set_view(View(filter=Filter.UNREAD))
    here.worklist.set_read("r2", "1")
    here.view.state_changed("r2")
    here.bring([report(100, hours=-1)])
    assert here.keys == ["r100", "r0", "r1", "r2", "r3", "r4"]
    here.press(Qt.Key.Key_5, here.view, Qt.KeyboardModifier.AltModifier)
    here.press(Qt.Key.Key_1, here.view, Qt.KeyboardModifier.AltModifier)
    assert "r2" not in here.keys


def test_a_click_on_a_column_sorts_and_another_turns_it_round(desk):
    here = desk(5)
    heads = here.view.table.horizontalHeader()
    at = QPoint(heads.sectionViewportPosition(columns.PLACE[Column.PATIENT]) + 20, 10)
    QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert here.keys == ["r0", "r1", "r2", "r3", "r4"]
    QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert here.keys == ["r4", "r3", "r2", "r1", "r0"]


def test_the_keyboard_sorts_by_a_menu_that_holds_nothing_up(desk):
    here = desk(5)
    here.press(Qt.Key.Key_S)
    menu = here.view.findChild(QMenu)
    assert menu.isVisible()  # and we are here: it did not run a loop of its own
    chosen = next(action for action in menu.actions() if action.data() is Column.DATE)
    assert chosen.isChecked()
    chosen.trigger()
    menu.close()
    assert here.keys == ["r4", "r3", "r2", "r1", "r0"]


def test_modalities_combine_with_a_drawer(desk):
    here = desk(3)
    here.bring([report(10, modality="MR", hours=20), report(11, modality="MR", hours=21)])
    here.worklist.set_read("r10", "1")
    drawers = {one.text(): one for one in here.view.rail.findChildren(QAbstractButton)}
    drawers["MR"].click()
    assert here.keys == ["r10", "r11"]
    drawers["Unread"].click()
    assert here.keys == ["r11"]
    assert drawers["MR"].accessibleName() == "MR, 1 report"


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (SyncProgress(), "Nothing here yet"),
        (SyncProgress(running=True), "Loading your worklist"),
        (SyncProgress(failure="The portal does not answer."), "The portal does not answer."),
        (SyncProgress(0, 0, as_of=NOW), "The portal has no reports for you"),
    ],
)
def test_an_empty_list_says_why(desk, progress, said):
    here = desk(0)
    here.view.show_progress(progress)
    assert said in _empty(here.view).accessibleName()


def test_nothing_matches_names_the_filter_and_one_button_clears_it(desk):
    here = desk(3)
    here.view.set_view(View(filter=Filter.CRITICAL, words="zebra"))
    assert "is critical and has “zebra”" in _empty(here.view).accessibleName()
    _empty(here.view).findChild(QAbstractButton).click()
    assert len(here.keys) == 3
    assert not _empty(here.view).isVisible()


def test_the_footer_counts_warns_and_offers_what_can_be_done(desk, qtbot):
    here = desk(3)
    footer = here.view.footer
    at = datetime(2026, 11, 20, 14, 2).astimezone()
    here.view.show_progress(SyncProgress(3, 37, True, "", "", at))
    assert _says(footer, "3 of 37 · as of 14:02")
    with qtbot.waitSignal(here.view.stop_requested):
        _button(footer, "Stop").click()
    here.view.show_progress(SyncProgress(3, None, False, "a page was refused.", "", at))
    assert _says(footer, "May be incomplete: a page was refused.")
    here.view.show_progress(SyncProgress(3, 37, False, "", "The portal does not answer.", at))
    assert _says(footer, "The portal does not answer.")
    with qtbot.waitSignal(here.view.refresh_requested):
        _button(footer, "Retry").click()
    with qtbot.waitSignal(here.view.refresh_requested):
        here.press(Qt.Key.Key_F5, here.view)


def test_a_row_that_cannot_be_read_says_why(desk):
    here = desk(1)
    here.bring([report(5, problem="It came without any text.", patient=None)])
    model = here.view.table.model()
    assert "It came without any text." in model.data(model.index(1, columns.PLACE[Column.EXAM]))
    for narrow in (False, True):
        here.view.set_narrow(narrow, beside=narrow)
        picture, height = here.view.table.viewport().grab().toImage(), here.view.table.row_height
        assert not _has(picture.copy(0, 0, picture.width(), height), theme.current().caution)
        assert _has(picture.copy(0, height, picture.width(), height), theme.current().caution)


def test_every_control_has_a_name_and_every_cell_a_value(desk):
    here = desk(2)
    for kind in (QAbstractButton, QLineEdit, QTableView):
        controls = [one for one in here.view.findChildren(kind) if not one.objectName().startswith("qt_")]
        for control in filter(QWidget.isVisible, controls):
            assert control.accessibleName(), control
    table = QAccessible.queryAccessibleInterface(here.view.table)
    assert table.text(QAccessible.Text.Name) == "Worklist"
    model = here.view.table.model()
    for place, heading in enumerate(columns.HEADINGS):
        assert model.data(model.index(0, place), Qt.ItemDataRole.AccessibleTextRole), heading.column
        spoken = model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
        assert spoken == heading.spoken


def test_tab_goes_through_filter_and_table(desk):
    here = desk(2)
    here.view.quick_filter.setFocus()
    here.press(Qt.Key.Key_Tab, here.view.quick_filter)
    assert here.view.table.hasFocus()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize("narrow", [False, True])
def test_every_kind_of_row_is_drawn(desk, qapp, direction, narrow):
    qapp.setLayoutDirection(direction)
    here = desk(0)
    here.bring(
        [
            report(number, status=status, critical=number % 2 == 0, name="الأنصاري, فاطمة" * (1 + number))
            for number, status in enumerate(ReportStatus)
        ]
        + [report(50, problem="No text.", patient=None, date=None)]
    )
    here.worklist.set_marks({"r1": "1", "r2": "0"})
    here.view.set_narrow(narrow, beside=narrow)
    picture, size = here.view.table.viewport().grab().toImage(), here.view.table.viewport().size()
    ground = picture.pixelColor(size.width() // 2, size.height() - 2)
    height = here.view.table.row_height
    for place in range(min(len(here.keys), size.height() // height)):
        row = picture.copy(0, place * height, size.width(), height)
        assert _inked(row, ground), f"row {place} is empty"


def test_going_narrow_and_back_keeps_the_selection_in_sight(desk):
    here = desk(200)
    here.view.select("r150")
    for narrow in (True, False):
        here.view.set_narrow(narrow, beside=narrow)
        QApplication.processEvents()
        assert here.view.selected_key() == "r150"
        assert 0 <= here.top_of("r150") < here.view.table.viewport().height()


def test_a_smaller_window_keeps_the_selection_in_sight(desk):
    here = desk(200)
    here.view.table.verticalScrollBar().setValue(0)
    here.view.select("r12")
    here.view.resize(1100, 260)
    QApplication.processEvents()
    assert 0 <= here.top_of("r12") <= here.view.table.viewport().height() - here.view.table.row_height


def _has(picture, colour):
    return any(
        picture.pixelColor(x, y) == colour for x in range(picture.width()) for y in range(picture.height())
    )


def _inked(picture, ground):
    return any(
        picture.pixelColor(x, y) != ground
        for x in range(0, picture.width(), 2)
        for y in range(2, picture.height() - 2, 3)
    )


def _empty(view):
    return next(child for child in view.table.viewport().children() if type(child).__name__ == "EmptyState")


def _button(parent, words):
    return next(button for button in parent.findChildren(QAbstractButton) if button.text() == words)


def _says(footer, words):
    return any(label.text() == words for label in footer.findChildren(QLabel))


def test_other_words_show_the_list_from_its_beginning_unless_the_selected_row_is_in_it(desk):
    here = desk(200)
    bar = here.view.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    QTest.keyClicks(here.view.quick_filter, "name001")
    assert bar.value() == 0
    here.view.quick_filter.clear()
    here.view.select("r150")
    QTest.keyClicks(here.view.quick_filter, "name001")
    assert 0 <= here.top_of("r150") <= here.view.table.viewport().height() - here.view.table.row_height


def test_reading_a_report_draws_its_row_again_and_no_other(desk):
    here = desk(20)
    before = here.view.table.viewport().grab().toImage()
    places = {key: here.top_of(key) for key in ("r3", "r4")}
    here.worklist.set_read("r3", "1")
    here.worklist.set_read("r4", "1")
    here.view.state_changed("r3")
    QApplication.processEvents()
    shown = QApplication.primaryScreen().grabWindow(here.view.winId()).toImage()
    viewport = here.view.table.viewport()

    def row(picture, at, key):
        return picture.copy(at.x(), at.y() + places[key], viewport.width(), here.view.table.row_height)

    corner = viewport.mapTo(here.view, QPoint(0, 0))
    assert row(shown, corner, "r3") != row(before, QPoint(0, 0), "r3")
    assert row(shown, corner, "r4") == row(before, QPoint(0, 0), "r4")


def test_rows_far_below_are_brought_in_without_drawing_what_is_in_sight_again(desk):
    here = desk(200)
    drawn = []
    whole = here.view.table._painter.wide
    here.view.table._painter.wide = lambda *given: (drawn.append(given), whole(*given))
    here.bring([report(number) for number in range(200, 400)])
    assert len(here.keys) == 400
    assert here.view.table.verticalScrollBar().maximum() > 300 * here.view.table.row_height
    assert not drawn
    here.bring([report(500, hours=-1)])
    assert drawn


def test_a_newer_version_and_a_late_mark_are_drawn_where_they_stand(desk):
    here = desk(200)

    def seen():
        QApplication.processEvents()
        return QApplication.primaryScreen().grabWindow(here.view.winId()).toImage()

    before = seen()
    here.bring([report(1, version="2", exam="CT head"), report(300)])
    newer = seen()
    assert newer != before
    here.view.rows_changed(Merged((), (here.worklist.set_read("r2", "1"),)))
    assert seen() != newer


def test_identifiers_are_shown_whole_and_the_exam_gives_way(desk):
    here = desk(3)
    table, place = here.view.table, columns.PLACE[Column.IDENTIFIER]
    for identifier in ("MRN-2026-000123", "A" * 60):
        here.bring([report(7, version=identifier, patient=replace(report(7).patient, identifier=identifier))])
        needed = table.fontMetrics().horizontalAdvance(identifier) + 16
        assert table.columnWidth(place) >= min(needed, 200)
    assert table.columnWidth(place) < 260
    assert table.columnWidth(columns.PLACE[Column.BIRTH_DATE]) == columns.HEADINGS[5].width


def test_a_long_identifier_is_cut_in_its_middle():
    painter = RowPainter()
    short = painter._shorten("MRN-2026-000123456-77", 100, False, Qt.TextElideMode.ElideMiddle)
    assert short.startswith("MRN")
    assert short.endswith("77")


def test_a_row_opened_from_far_down_is_in_sight_at_once(desk):
    here = desk(2000)
    here.view.select("r1900")
    here.view.set_narrow(True, beside=True)
    assert 0 <= here.top_of("r1900") < here.view.table.viewport().height()


def test_another_drawer_begins_at_the_top_unless_the_selected_row_is_in_sight(desk):
    here = desk(200)
    bar = here.view.table.verticalScrollBar()
    here.worklist.set_marks({f"r{number}": "1" for number in range(0, 200, 2)})
    here.view.select("r199")
    bar.setValue(0)
    here.view.set_view(View(filter=Filter.UNREAD))
    assert bar.value() == 0
    here.view.select("r199")
    here.view.set_view(View())
    assert 0 <= here.top_of("r199") < here.view.table.viewport().height()


def test_a_sentence_about_a_failure_is_whole_wherever_it_stands(desk):
    sentence = "The portal does not answer. " * 6
    here = desk(3)
    here.view.resize(440, 500)
    here.view.set_narrow(True, beside=True)
    here.view.show_progress(SyncProgress(3, 37, False, "", sentence, NOW))
    QApplication.processEvents()
    label = next(one for one in here.view.footer.findChildren(QLabel) if one.text() == sentence)
    assert label.height() >= label.heightForWidth(label.width())
    assert here.view.footer.rect().contains(label.geometry())
    bare = desk(0, size=(440, 500))
    bare.view.show_progress(SyncProgress(failure=sentence))
    QApplication.processEvents()
    label = next(one for one in _empty(bare.view).findChildren(QLabel) if one.text() == sentence)
    assert label.height() >= label.heightForWidth(label.width())


def test_a_button_that_goes_leaves_the_focus_where_it_does_no_harm(desk):
    here = desk(0)
    elsewhere = QPushButton("Sign out", here.view)  # what Qt would find next
    elsewhere.show()
    here.view.show_progress(SyncProgress(failure="The portal does not answer."))
    _empty(here.view).findChild(QAbstractButton).setFocus()
    here.view.show_progress(SyncProgress(running=True))
    assert here.view.table.hasFocus()
    _button(here.view.footer, "Stop").setFocus()
    here.view.show_progress(SyncProgress(failure="The portal does not answer."))
    refresh = next(one for one in here.view.footer.findChildren(QToolButton))
    assert refresh.hasFocus()
    here.view.show_progress(SyncProgress(running=True))
    assert _button(here.view.footer, "Stop").hasFocus()


def test_the_drawers_stand_in_one_line_beside_a_report(desk):
    here = desk(60, size=(440, 500))
    here.view.set_narrow(True, beside=True)
    QApplication.processEvents()
    drawers = [one for one in here.view.rail.findChildren(QAbstractButton) if one.isVisible()]
    assert len({one.y() for one in drawers}) == 1
    for before, after in pairwise(sorted(drawers, key=lambda one: one.x())):
        assert before.geometry().right() < after.x()
