"""What the line at the top says, and that nothing said there is lost."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from client.model.user import LastSignIn, Role, User
from client.ui.header import Header

FIRST, SECOND = "This computer has no keyring.", "Your preference theme was ignored."


def shown(qtbot, last=None):
    header = Header()
    qtbot.addWidget(header)
    header.begin("Example Radiology", User("ada", "Dr. Ada Example", Role.RADIOLOGIST, last))
    header.resize(1400, header.sizeHint().height())
    header.show()
    return header


def test_a_computer_without_notes_has_no_button_for_them(qtbot):
    assert not shown(qtbot).findChild(QToolButton).isVisible()


def test_a_note_is_said_at_once_where_nothing_else_is(qtbot):
    header = shown(qtbot)
    header.add_note(FIRST)
    header.add_note(SECOND)
    header.add_note(FIRST)
    assert header.said == FIRST
    assert header.notes == [FIRST, SECOND]


def test_notes_are_read_again_by_key_and_by_click_in_turn(qtbot):
    header = shown(qtbot)
    header.add_note(FIRST)
    header.add_note(SECOND)
    button = header.findChild(QToolButton)
    assert button.accessibleName() == "2 notes on this computer"
    header.say("")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert header.said == SECOND
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert header.said == FIRST


def test_the_last_sign_in_is_said_first_and_the_note_after_it(qtbot):
    header = shown(qtbot, LastSignIn(datetime(2026, 11, 20, 9, tzinfo=UTC), "room 3", 0))
    welcome = header.said
    assert welcome
    header.add_note(FIRST)
    assert header.said == welcome
    header._take_back(welcome)
    assert header.said == FIRST


def test_a_note_does_not_stay_for_hours_and_can_be_read_again(qtbot):
    header = shown(qtbot)
    header.add_note(FIRST)
    header._noted.timeout.emit()
    assert header.said == ""
    qtbot.mouseClick(header.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert header.said == FIRST
