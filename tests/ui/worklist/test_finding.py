"""Finding on screen: how a search is understood, where it was found, saved searches and the portal's own."""

from datetime import date
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from client.clock import SystemClock
from client.model.saved import SavedSearch
from client.session.progress import SyncProgress
from client.session.query import read_query
from client.session.search import SearchIndex
from client.session.searching import PortalAnswer
from client.session.snippet import fold_text
from client.session.view import Filter, View
from client.session.worklist import Worklist
from client.ui.worklist import WorklistView
from client.ui.worklist.understood import understood
from tests.ui.worklist.test_view import NOW, report

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Desk:
    """A worklist with texts, and a session that answers at once."""

    def __init__(self, view):
        self.view, self.worklist, self.index = view, Worklist(SystemClock()), SearchIndex()
        self.texts, self.asked, self.kept = {}, [], {"Old": "type:MR knee"}
        for number in range(30):
            self.bring(report(number), "A 6 mm nodule in the right upper lobe." if number % 3 else "Clear.")
        self.saved = SimpleNamespace(start=self._start, save=self._save, remove=self._remove)
        session = SimpleNamespace(texts=self.texts_of, saved=self.saved, at_portal=self.at_portal)
        view.set_worklist(self.worklist, self.index, session)
        view.show_progress(SyncProgress(30, 30, False, "", "", NOW))
        view.show()
        view.quick_filter.setFocus()

    def bring(self, one, text):
        self.texts[one.key] = text
        self.worklist.merge([one])
        self.index.add([(one, text)])

    def texts_of(self, reports, done):
        done([fold_text(self.texts[one.key]) for one in reports])

    def at_portal(self, query, done, failed):
        self.asked.append(query)
        self.bring(report(99, name="NAME00001, Elsewhere"), "")
        done(PortalAnswer(("r99", "r1"), more=False))

    def _start(self, changed, _say):
        self._changed = changed
        self._tell()

    def _save(self, name, query):
        self.kept[name] = query
        self._tell()

    def _remove(self, name):
        del self.kept[name]
        self._tell()

    def _tell(self):
        self._changed(tuple(SavedSearch(*each) for each in self.kept.items()))

    def type(self, words):
        self.view.quick_filter.setText(words)
        QApplication.processEvents()

    @property
    def keys(self):
        model = self.view.table.model()
        return [model.report_at(place).key for place in range(model.rowCount())]


@pytest.fixture
def desk(qtbot):
    view = WorklistView()
    qtbot.addWidget(view)
    view.resize(1300, 600)
    made = Desk(view)
    yield made
    made.index.close()


def test_what_was_typed_is_said_as_it_was_understood(desk):
    desk.type('"right upper" ct -unread')
    assert desk.view.search.said.sentence == "Type CT · “\u2068right upper\u2069” in a row · not unread"
    desk.type("")
    assert desk.view.search.said.sentence == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("patient:okafor", "Patient “\u2068okafor\u2069”"),
        ("2026-10-01..2026-10-31", "Exam 2026-10-01 to 2026-10-31"),
        ("last week", "Exam 2026-11-09 to 2026-11-15"),
        ("ct mr", "Type CT or MR"),
        ("foo:bar", "“\u2068foo:bar\u2069”"),
        ("-ct", "Not type CT"),
        ("status:final", "Status final"),
        ("patient:", "Patient: …"),
    ],
)
def test_every_condition_has_its_words(typed, said):
    assert understood(read_query(typed, date(2026, 11, 20))) == said


def test_found_rows_have_a_line_more_that_shows_where(desk, qtbot):
    low = desk.view.table.row_height
    desk.type("nodule")
    table = desk.view.table
    assert table.row_height > low
    qtbot.waitUntil(lambda: table.excerpts.of(desk.worklist.get("r1")) is not None)
    found = table.excerpts.of(desk.worklist.get("r1"))
    assert [found.text[start:end] for start, end in found.hits] == ["nodule"]
    desk.type("")
    assert table.row_height == low


def test_rows_are_painted_before_a_text_is_asked_for(desk):
    asked = []
    desk.view.table.excerpts.set_source(lambda reports, _done: asked.append(len(reports)))
    desk.view.quick_filter.setText("nodule")
    desk.view.table.viewport().repaint()
    assert asked == []
    QApplication.processEvents()
    assert len(asked) == 1


def test_a_search_is_saved_opened_and_removed_with_keys_alone(desk):
    desk.view.set_view(View(filter=Filter.UNREAD))
    desk.type("nodule")
    QTest.keyClick(desk.view.quick_filter, Qt.Key.Key_S, CTRL)
    assert desk.view.search.name.hasFocus()
    QTest.keyClicks(desk.view.search.name, "My nodules")
    QTest.keyClick(desk.view.search.name, Qt.Key.Key_Return)
    assert desk.kept["My nodules"] == "unread nodule"
    assert desk.view.quick_filter.hasFocus()
    QTest.keyClick(desk.view.table, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    assert desk.view.view.words == "type:MR knee"
    QTest.keyClick(desk.view.table, Qt.Key.Key_7, Qt.KeyboardModifier.AltModifier)
    assert desk.view.view.words == "unread nodule"
    assert len(desk.keys) == 20
    QTest.keyClick(desk.view.table, Qt.Key.Key_S, CTRL | SHIFT)
    assert list(desk.kept) == ["Old"]


def test_escape_leaves_the_name_and_keeps_the_search(desk):
    desk.type("nodule")
    QTest.keyClick(desk.view.quick_filter, Qt.Key.Key_S, CTRL)
    QTest.keyClick(desk.view.search.name, Qt.Key.Key_Escape)
    assert desk.view.search.name.isHidden()
    assert desk.view.view.words == "nodule"
    assert list(desk.kept) == ["Old"]


def test_the_portal_is_asked_only_when_asked_to_and_its_rows_say_so(desk):
    desk.type("name00001")
    assert desk.asked == []
    assert desk.keys == ["r1"]
    QTest.keyClick(desk.view.quick_filter, Qt.Key.Key_Return, CTRL)
    assert len(desk.asked) == 1
    assert sorted(desk.keys) == ["r1", "r99"]
    assert desk.view.table.from_portal == {"r99"}
    assert desk.view.search.said.sentence.startswith("The portal finds 2, 1 of them not here before")
    desk.view.rail.choose_saved(0)
    assert desk.view.table.from_portal == frozenset()
    assert "portal" not in desk.view.search.said.sentence


def test_what_the_portal_cannot_be_asked_is_not_offered_to_it(desk):
    desk.type("unread")
    assert desk.view.search.portal.isHidden()
    QTest.keyClick(desk.view.quick_filter, Qt.Key.Key_Return, CTRL)
    assert desk.asked == []


def test_shift_u_opens_the_unread_above_and_goes_round(desk):
    opened = []
    desk.view.opened.connect(lambda one: opened.append(one.key))
    desk.worklist.set_marks({f"r{number}": "1" for number in range(30) if number not in (4, 9)})
    desk.view.select("r6")
    desk.view.table.setFocus()
    for _ in range(3):
        QTest.keyClick(desk.view.table, Qt.Key.Key_U, SHIFT)
    assert opened == ["r4", "r9", "r4"]
