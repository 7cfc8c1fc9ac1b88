"""The sheet of keys cannot lie: every shortcut of the page is in the table, and all of the table is bound."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from client.ui.keys import Key, Place, bind
from client.ui.keys.binding import native
from client.ui.keys.sheet import Caps, KeySheet

# Keys that a widget hears itself, where it has the focus.
HEARD = {
    *(Key.FIRST_FOUND, Key.TO_LIST, Key.CLEAR, Key.NEXT_ROW, Key.PREVIOUS_ROW),
    *(Key.OPEN, Key.FIRST_ROW, Key.LAST_ROW),
}


@pytest.fixture
def page(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1300, 800)
    box = QVBoxLayout(made)
    made.head, made.line, made.list = QLabel("head"), QLineEdit(), QWidget()
    made.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for each in (made.head, made.line, made.list):
        box.addWidget(each)
    made.sheet = KeySheet(made, made.head)
    made.done = []
    bind(made, Key.NEXT_UNREAD, lambda: made.done.append("unread"))
    bind(made, Key.SIGN_OUT, lambda: made.done.append("out"))
    made.show()
    made.list.setFocus()
    QApplication.processEvents()
    return made


def test_it_comes_and_goes_with_one_key_and_gives_the_focus_back(page):
    QTest.keyClick(page.list, "?")
    assert page.sheet.isVisible()
    assert page.sheet.geometry().top() > page.head.geometry().bottom()
    QTest.keyClick(page.sheet, "?")
    assert page.sheet.isHidden()
    assert page.list.hasFocus()
    QTest.keyClick(page.list, Qt.Key.Key_F1)
    QTest.keyClick(page.sheet, Qt.Key.Key_Escape)
    assert page.sheet.isHidden()


def test_no_key_reaches_what_it_covers_but_signing_out(page):
    page.sheet.toggle()
    QTest.keyClick(page.sheet, Qt.Key.Key_U)
    QTest.keyClick(page.sheet, Qt.Key.Key_Tab)
    assert page.done == []
    assert page.sheet.hasFocus()
    QTest.keyClick(page.sheet, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert page.done == ["out"]


def test_it_does_not_come_back_after_the_page_was_covered(page):
    page.sheet.toggle()
    page.hide()
    page.show()
    assert page.sheet.isHidden()


def test_a_question_mark_in_a_line_to_type_in_is_a_letter(page):
    page.line.setFocus()
    QTest.keyClick(page.line, "?")
    assert page.line.text() == "?"
    assert page.sheet.isHidden()


def test_every_entry_of_the_table_is_on_it(page):
    page.sheet.toggle()
    caps = page.sheet.findChildren(Caps)
    assert len(caps) == len(Key)
    words = {label.text() for label in page.sheet.findChildren(QLabel)}
    assert {key.words for key in Key} <= words
    assert all(native(key.keys[0]) in {word for each in caps for word in each.words} for key in Key)


@pytest.mark.parametrize("place", Place)
def test_no_key_has_two_meanings_in_one_place(place):
    said = sorted(QKeySequence(each).toString() for key in Key if key.place is place for each in key.keys)
    assert [one for one, other in pairwise(said) if one == other] == []


def test_the_reading_page_has_exactly_the_shortcuts_of_the_table(qtbot):
    from client.ui.reading import ReadingPage

    page = ReadingPage()
    qtbot.addWidget(page)
    bound = {
        keys.toString()
        for each in page.findChildren(QShortcut)
        for keys in QShortcut.keys(each)
        if not keys.isEmpty()
    }
    told = {QKeySequence(each).toString() for key in Key for each in key.keys}
    asked = {QKeySequence(each).toString() for key in Key if key not in HEARD for each in key.keys}
    assert bound - told == set(), "bound, but not on the sheet"
    assert asked - bound == set(), "on the sheet, but not bound"
