"""The front door: what it takes, what it says, and that nothing of it stays or jumps."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from client.errors import LockedOut, NotTrusted, PolicyError, SignInRefused, Unreachable
from client.reasons import EndReason
from client.ui.caps_lock import CapsLock, letter_tells
from client.ui.ended import sentence
from client.ui.sign_in import SignInPage
from client.ui.words import Words

WRONG = "The portal does not know this user name with this password. Check both and try again."


class HandClock:
    """A clock that the test moves."""

    def __init__(self):
        self.at = timedelta(hours=1)

    def elapsed(self):
        return self.at


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def page(qtbot, clock):
    page = SignInPage(clock)
    page.set_portal("St. Elsewhere Radiology", "For authorised clinical use.")
    page.resize(960, 640)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.setFocus()
    return page


def field(page, name):
    return next(one for one in page.findChildren(QLineEdit) if one.accessibleName() == name)


def button(page, name):
    return next(one for one in page.findChildren(QPushButton) if name in (one.accessibleName(), one.text()))


def words(page):
    """All the words on the page that can be seen now."""
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def type_in(qtbot, page):
    qtbot.keyClicks(field(page, "User name"), "a.reader")
    qtbot.keyClicks(field(page, "Password"), "correct horse")


def test_the_keyboard_alone_signs_in(page, qtbot):
    qtbot.keyClicks(page.focusWidget(), "a.reader")
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert page.focusWidget() is field(page, "Password")
    qtbot.keyClicks(page.focusWidget(), "correct horse")
    with qtbot.waitSignal(page.submitted) as signed:
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert signed.args == ["a.reader", "correct horse"]


def test_tab_goes_through_every_control_in_reading_order(page, qtbot):
    seen = []
    for _ in range(4):
        seen.append(page.focusWidget())
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    expected = ["User name", "Password", "Show password", "Sign in"]
    assert [one.accessibleName() or one.text() for one in seen] == expected


def test_every_control_has_a_name_for_a_screen_reader(page):
    for kind in (QLineEdit, QPushButton):
        for control in page.findChildren(kind):
            spoken = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
            assert spoken


def test_a_password_is_out_of_the_page_once_it_is_handed_over(page, qtbot):
    type_in(qtbot, page)
    button(page, "Show password").click()
    button(page, "Sign in").click()
    password = field(page, "Password")
    assert password.text() == ""
    assert password.echoMode() is QLineEdit.EchoMode.Password


def test_half_a_sign_in_is_not_sent_and_the_empty_field_is_shown(page, qtbot):
    sent = []
    page.submitted.connect(lambda *_: sent.append(1))
    qtbot.keyClicks(field(page, "User name"), "a.reader")
    button(page, "Sign in").click()
    assert sent == []
    assert page.focusWidget() is field(page, "Password")


def test_while_waiting_there_is_a_way_out_and_nothing_else(page, qtbot, clock):
    type_in(qtbot, page)
    button(page, "Sign in").click()
    assert page.busy
    assert not button(page, "Sign in").isVisible()
    assert not field(page, "User name").isEnabled()
    with qtbot.waitSignal(page.cancelled):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert not page.busy
    assert button(page, "Sign in").isVisible()
    assert field(page, "User name").text() == "a.reader"


def test_enter_on_cancel_cancels(page, qtbot):
    page.show_busy(True)
    with qtbot.waitSignal(page.cancelled):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)


def test_the_time_waited_is_said(page, clock):
    page.show_busy(True)
    clock.at += timedelta(seconds=7)
    page._waiting._tick.timeout.emit()
    assert "7 s" in words(page)


def test_a_wrong_password_is_said_and_only_the_password_is_asked_again(page, qtbot):
    type_in(qtbot, page)
    page.show_busy(True)
    page.show_problem(SignInRefused(WRONG))
    assert WRONG in words(page)
    assert not page.busy
    assert field(page, "User name").text() == "a.reader"
    assert field(page, "Password").text() == ""
    assert page.focusWidget() is field(page, "Password")


def test_a_lock_counts_down_and_then_opens(page, qtbot, clock):
    type_in(qtbot, page)
    page.show_problem(LockedOut("Too many tries.", timedelta(minutes=4, seconds=32)))
    assert "You can try again in 4:32." in words(page)
    assert not button(page, "Sign in").isEnabled()
    sent = []
    page.submitted.connect(lambda *_: sent.append(1))
    qtbot.keyClicks(field(page, "Password"), "again")
    qtbot.keyClick(field(page, "Password"), Qt.Key.Key_Return)
    assert sent == []
    clock.at += timedelta(minutes=4, seconds=32)
    page._problem._tick.timeout.emit()
    assert button(page, "Sign in").isEnabled()
    assert "Too many tries." not in words(page)


def test_a_certificate_that_is_not_trusted_has_no_way_past_it(page):
    before = {id(one) for one in page.findChildren(QPushButton) if one.isVisible()}
    page.show_problem(NotTrusted("The portal's certificate is not trusted on this computer."))
    assert {id(one) for one in page.findChildren(QPushButton) if one.isVisible()} == before
    assert "not trusted" in words(page)


def test_what_went_wrong_moves_nothing(page):
    places = [one.mapTo(page, one.rect().topLeft()) for one in page.findChildren(QPushButton)[:2]]
    page.show_problem(Unreachable("The portal does not answer. Check the network, then try again."))
    page._password.caution.setText("Caps Lock is on.")
    page.layout().activate()
    assert [one.mapTo(page, one.rect().topLeft()) for one in page.findChildren(QPushButton)[:2]] == places


def test_a_portal_named_late_moves_nothing(qtbot):
    page = SignInPage()
    qtbot.addWidget(page)
    page.set_portal("")
    page.resize(960, 640)
    page.show()
    before = field(page, "User name").mapTo(page, page.rect().topLeft())
    page.set_portal("St. Elsewhere Radiology")
    page.layout().activate()
    assert field(page, "User name").mapTo(page, page.rect().topLeft()) == before


def test_nobody_signs_in_where_the_policy_cannot_be_read(page):
    page.refuse(PolicyError("The organisation's rules cannot be read, so nobody can sign in."))
    assert "nobody can sign in" in words(page)
    assert not any(one.isEnabled() for one in page.findChildren(QLineEdit))
    assert not button(page, "Sign in").isEnabled()


def test_another_window_in_front_covers_the_password(page, qtbot):
    type_in(qtbot, page)
    button(page, "Show password").click()
    assert field(page, "Password").echoMode() is QLineEdit.EchoMode.Normal
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not page.isActiveWindow())
    assert field(page, "Password").echoMode() is QLineEdit.EchoMode.Password


def test_a_password_that_is_not_sent_is_taken_out_and_that_is_said(page, qtbot, monkeypatch):
    monkeypatch.setattr("client.ui.password.FORGOTTEN_AFTER", timedelta(milliseconds=50))
    qtbot.keyClicks(field(page, "User name"), "a.reader")
    qtbot.keyClicks(field(page, "Password"), "correct horse")
    qtbot.waitUntil(lambda: not field(page, "Password").text())
    assert "taken out" in words(page)
    assert field(page, "User name").text() == "a.reader"


@pytest.mark.parametrize("reason", EndReason)
def test_every_end_is_said_in_a_sentence(page, reason):
    page.show_reason(reason)
    said = sentence(reason)
    assert said in words(page)
    assert said.endswith(".")
    assert "!" not in said


def test_the_time_that_ran_out_is_named(page):
    page.show_reason(EndReason.IDLE, "10 minutes")
    assert "Signed out after 10 minutes without activity." in words(page)
    page.show_reason(None)
    assert "Signed out" not in words(page)


def test_the_promise_and_the_notice_are_there(page):
    assert "Nothing of the last session is on this computer." in words(page)
    assert "For authorised clinical use." in words(page)


def test_a_long_portal_name_is_shown_whole(page):
    page.set_portal("The Royal Infirmary of Upper Wolverhampton and Lower Severn Valley NHS Foundation Trust")
    page.layout().activate()
    title = page._portal
    assert title.height() >= title.heightForWidth(title.width())


def test_what_a_portal_says_is_not_markup(qtbot):
    label = Words("<b>bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("text", "shift", "on"),
    [
        ("A", False, True),
        ("a", True, True),
        ("a", False, False),
        ("A", True, False),
        ("1", False, None),
        ("", False, None),
    ],
)
def test_letters_tell_whether_caps_lock_is_on(text, shift, on):
    assert letter_tells(text, shift) is on


def test_caps_lock_is_said_while_the_password_is_typed(page, qtbot):
    password = field(page, "Password")
    password.setFocus()
    page.findChild(CapsLock)._ask = None  # as where the system cannot be asked
    qtbot.keyClick(password, "a")
    assert "Caps Lock" not in words(page)
    qtbot.keyClick(password, "A")  # a capital without Shift
    assert "Caps Lock is on." in words(page)
    field(page, "User name").setFocus()
    assert "Caps Lock" not in words(page)
