"""One patient at a time: whatever is done to the window, however late answers come, no frame shows two."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from client.model.report import ReportStatus
from tests.ui.compare.room import MARKS, Room, make_report, patient

KEYS = {
    "prior": Qt.Key.Key_P,
    "older": Qt.Key.Key_BracketLeft,
    "newer": Qt.Key.Key_BracketRight,
    "versions": Qt.Key.Key_V,
    "what changed": Qt.Key.Key_D,
    "apart": Qt.Key.Key_L,
    "next": Qt.Key.Key_J,
    "back": Qt.Key.Key_Escape,
    "read newer": Qt.Key.Key_R,
    "impression": Qt.Key.Key_I,
}
WHICH = st.sampled_from(
    [f"{mark}-{kind}" for mark in MARKS for kind in ("now", "old", "film", "knee", "gone")]
)
ACTIONS = st.one_of(
    st.tuples(st.just("key"), st.sampled_from(sorted(KEYS))),
    st.tuples(st.just("open"), WHICH),
    st.tuples(st.just("answer"), st.integers(0, 3)),
    st.tuples(st.just("correct"), WHICH),
    st.tuples(st.just("withdraw"), WHICH),
    st.tuples(st.just("move"), WHICH, st.sampled_from(MARKS)),
    st.tuples(st.just("resize"), st.sampled_from([(1700, 900), (1360, 840), (900, 700), (700, 500)])),
    st.tuples(st.just("zoom"), st.sampled_from([-1, 1])),
    st.tuples(st.just("list"), st.sampled_from(["Down", "Up", "Return", "Space"])),
    st.tuples(st.just("close"), st.none()),
)


def act(room, what, which, *more):
    view = room.page.report
    if what == "key":
        QTest.keyClick(view.reader if view.isVisible() else room.page.worklist.table, KEYS[which])
    elif what == "open":
        room.page.open_key(which)
    elif what == "answer":
        if room.waiting:
            room.waiting.pop(which % len(room.waiting))()
    elif what == "correct":
        held = room.get(which)
        status = held.status if held.status.withdrawn else ReportStatus.CORRECTED
        room.arrive(replace(held, version=str(int(held.version) + 1), status=status))
    elif what == "withdraw":
        held = room.get(which)
        room.arrive(replace(held, version=str(int(held.version) + 1), status=ReportStatus.ENTERED_IN_ERROR))
    elif what == "move":
        # A report filed under the wrong patient is put under the right one.
        held, mark = room.get(which), more[0]
        other = patient(mark, 400 + MARKS.index(mark))
        room.arrive(
            replace(
                held, version=str(int(held.version) + 1), patient=other, exam=f"{mark}exam", accession="A"
            )
        )
    elif what == "resize":
        room.page.resize(*which)
    elif what == "zoom":
        view.zoom_by(which)
    elif what == "list":
        for each in room.lists:
            if each.isVisible() and each.rows:
                QTest.keyClick(each, getattr(Qt.Key, f"Key_{which}"))
                break
    else:
        room.page.close_report()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.booleans(), st.lists(ACTIONS, min_size=3, max_size=25))
def test_no_frame_shows_two_patients(qtbot, at_once, actions):
    room = Room(qtbot)
    room.at_once = at_once
    room.read_before("Alderwood-now", "1")
    room.read_before("Birchgrove-film", "1")
    try:
        for action in actions:
            act(room, *action)
            assert len(room.marks()) <= 1, f"at once, after {action[0]}"
            QApplication.processEvents()
            assert len(room.marks()) <= 1, f"a moment after {action[0]}"
        for _ in range(len(room.waiting)):
            room.answer()
            assert len(room.marks()) <= 1, "after a late answer"
        assert withdrawn_words(room) == []
    finally:
        room.index.close()
        room.page.close()
        room.page.deleteLater()


def withdrawn_words(room):
    """Return which texts in sight belong to a report that the worklist knows to be withdrawn."""
    view = room.page.report
    texts = [(view.report, view.reader)]
    if (pane := view.comparison.pane) is not None:
        texts.append((pane.report, pane.reader))
    return [
        which.status.value
        for which, reader in texts
        if which is not None and room.get(which.key).status.withdrawn and reader.toPlainText()
    ]


@pytest.fixture
def room(qtbot):
    made = Room(qtbot)
    yield made
    made.index.close()


def test_a_prior_that_turns_out_to_be_somebody_elses_is_never_shown(room):
    room.open("Alderwood-now")
    room.at_once = False
    QTest.keyClick(room.page.report.reader, Qt.Key.Key_P)
    beside = room.page.report.comparison.beside
    room.worklist.merge([replace(beside, version="9", patient=patient("Birchgrove", 401), exam="moved")])
    room.answer()
    assert not room.page.report.comparison.comparing
    assert room.marks() == {"Alderwood"}


def test_a_prior_that_is_refiled_while_it_is_read_goes_from_the_screen(room):
    room.open("Alderwood-now")
    QTest.keyClick(room.page.report.reader, Qt.Key.Key_P)
    beside = room.page.report.comparison.beside
    room.arrive(replace(beside, version="9", patient=patient("Birchgrove", 401), exam="Birchgroveexam"))
    assert not room.page.report.comparison.comparing
    assert beside.key not in [row.key for row in room.lists[0].rows]


def test_a_prior_withdrawn_while_it_is_read_loses_its_words_at_once(room):
    room.open("Alderwood-now")
    QTest.keyClick(room.page.report.reader, Qt.Key.Key_P)
    view = room.page.report
    assert "Alderwoodimpression" in view.comparison.pane.reader.toPlainText()
    room.arrive(replace(view.comparison.beside, version="9", status=ReportStatus.ENTERED_IN_ERROR))
    assert view.comparison.pane.reader.toPlainText() == ""
    assert "withdrawn" in view.comparison.pane.words()


def test_two_patients_with_one_key_and_different_identifiers_are_two(qtbot):
    who = patient("Alderwood", 400)
    namesake = replace(who, identifier="Birchgrove401")
    room = Room(qtbot, [make_report("a", who), make_report("b", namesake, days=3)])
    room.open("a")
    QTest.keyClick(room.page.report.reader, Qt.Key.Key_P)
    assert room.lists[0].rows == ()
    assert not room.page.report.comparison.comparing
    room.index.close()
