"""The curtain leaves nothing of a patient on screen, and the key that lifts it does nothing else."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from client.model.user import Role, User
from client.ui import theme
from client.ui.curtain import Curtain
from client.ui.warning import WarningStrip

USER = User("a.reader", "Dr Ada Reader", Role.RADIOLOGIST, None)
PATIENT = "CANARY, Patient"


class Scene:
    """A window with a patient in it, and a curtain over that."""

    def __init__(self, qtbot):
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        self.page = QWidget()
        column.addWidget(self.page)
        inside = QVBoxLayout(self.page)
        self.patient = QLabel(PATIENT)
        self.typed = QLineEdit()
        self.pressed = QPushButton("Acknowledge")
        for one in (self.patient, self.typed, self.pressed):
            inside.addWidget(one)
        self.clicks = []
        self.pressed.clicked.connect(lambda: self.clicks.append("click"))
        shortcut = QShortcut(QKeySequence("Space"), self.window)
        shortcut.activated.connect(lambda: self.clicks.append("shortcut"))
        self.window.resize(800, 600)
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.typed.setFocus()
        self.curtain = Curtain(self.window, USER)
        self.lifts = []
        self.curtain.lifted.connect(lambda: self.lifts.append(1))

    def spoken(self):
        """All that a screen reader finds in the window."""
        found = []

        def look(part):
            if part is None or part.state().invisible:
                return
            found.append(part.text(QAccessible.Text.Name))
            for index in range(part.childCount()):
                look(part.child(index))

        look(QAccessible.queryAccessibleInterface(self.window))
        return "\n".join(found)


@pytest.fixture
def scene(qtbot):
    return Scene(qtbot)


def test_nothing_of_the_patient_is_painted_or_spoken(scene):
    assert PATIENT in scene.spoken()
    scene.curtain.cover(scene.page)
    assert not scene.page.isVisible()
    assert PATIENT not in scene.spoken()
    assert "Dr Ada Reader" in scene.spoken()
    picture = scene.window.grab().toImage()
    where = scene.patient.geometry().center()
    assert picture.pixelColor(where) == theme.current().ground
    assert scene.curtain.geometry() == scene.window.rect()


def test_it_stays_over_the_whole_of_a_window_that_grows(scene):
    scene.curtain.cover(scene.page)
    scene.window.resize(1000, 700)
    scene.curtain.fit()
    assert scene.curtain.geometry() == scene.window.rect()


def test_a_key_lifts_it_and_does_nothing_else(scene, qtbot):
    scene.curtain.cover(scene.page)
    qtbot.keyPress(scene.window.focusWidget(), Qt.Key.Key_Space)
    assert scene.lifts == []  # nothing appears under a key that is still down
    qtbot.keyRelease(scene.window.focusWidget(), Qt.Key.Key_Space)
    assert scene.lifts == [1]
    assert scene.page.isVisible()
    assert not scene.curtain.isVisible()
    assert scene.clicks == []
    assert scene.typed.text() == ""


def test_the_release_of_a_key_that_was_down_before_does_not_lift_it(scene, qtbot):
    scene.curtain.cover(scene.page)
    qtbot.keyRelease(scene.curtain, Qt.Key.Key_A)
    assert scene.curtain.isVisible()


def test_a_lone_shift_lifts_it(scene, qtbot):
    scene.curtain.cover(scene.page)
    qtbot.keyPress(scene.curtain, Qt.Key.Key_Shift)
    qtbot.keyRelease(scene.curtain, Qt.Key.Key_Shift)
    assert scene.lifts == [1]


def test_a_click_lifts_it_and_does_not_press_what_lies_below(scene, qtbot):
    place = scene.pressed.mapTo(scene.window, scene.pressed.rect().center())
    scene.curtain.cover(scene.page)
    qtbot.mouseClick(scene.curtain, Qt.MouseButton.LeftButton, pos=place)
    assert scene.lifts == [1]
    assert scene.clicks == []


def test_the_second_click_of_a_double_click_does_not_press_what_lies_below(scene, qtbot):
    place = scene.pressed.mapTo(scene.window, scene.pressed.rect().center())
    scene.curtain.cover(scene.page)
    QTest.mouseDClick(scene.window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert scene.lifts == [1]
    assert scene.clicks == []
    QTest.mouseClick(scene.window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert scene.clicks == ["click"]


def test_the_pointer_passing_over_it_does_not_lift_it(scene, qtbot):
    scene.curtain.cover(scene.page)
    qtbot.mouseMove(scene.curtain, QPoint(10, 10))
    qtbot.mouseMove(scene.curtain, QPoint(200, 200))
    assert scene.curtain.isVisible()


def test_signing_out_takes_one_key_or_one_click_and_lifts_nothing(scene, qtbot):
    scene.curtain.cover(scene.page)
    with qtbot.waitSignal(scene.curtain.sign_out):
        qtbot.keyClick(scene.curtain, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    out = scene.curtain.findChild(QPushButton)
    with qtbot.waitSignal(scene.curtain.sign_out):
        qtbot.mouseClick(out, Qt.MouseButton.LeftButton)
    scene.curtain.setFocus()
    qtbot.keyClick(scene.curtain, Qt.Key.Key_Tab)
    assert scene.window.focusWidget() is out
    with qtbot.waitSignal(scene.curtain.sign_out):
        qtbot.keyClick(out, Qt.Key.Key_Return)
    assert scene.lifts == []


def test_an_open_menu_does_not_stay_on_top(scene, qtbot):
    menu = QMenu(scene.window)
    menu.addAction(PATIENT)
    menu.popup(scene.window.mapToGlobal(QPoint(10, 10)))
    qtbot.waitUntil(menu.isVisible)
    scene.curtain.cover(scene.page)
    assert not menu.isVisible()


def test_what_was_hidden_before_stays_hidden_after(scene, qtbot):
    detached = QWidget()
    qtbot.addWidget(detached)
    scene.curtain.cover(scene.page, detached)
    qtbot.keyClick(scene.curtain, Qt.Key.Key_A)
    assert scene.page.isVisible()
    assert not detached.isVisible()


def test_the_time_left_is_said(scene):
    scene.curtain.cover(scene.page)
    scene.curtain.show_remaining(timedelta(minutes=8, seconds=1))
    assert "Signing out in 8:01" in scene.spoken()


def test_the_warning_counts_down_without_taking_the_focus(scene):
    strip = WarningStrip(scene.window)
    strip.show_remaining(timedelta(seconds=60))
    strip.show_remaining(timedelta(seconds=41.5))
    assert strip.isVisible()
    assert not strip.isWindow()
    assert scene.window.focusWidget() is scene.typed
    assert "Signing out in 0:42" in strip.accessibleName()


def test_the_warning_lies_over_the_curtain_and_the_key_still_lifts_it(scene, qtbot):
    scene.curtain.cover(scene.page)
    strip = WarningStrip(scene.window)
    strip.show_remaining(timedelta(seconds=30))
    seen = scene.window.grab().toImage().pixelColor(4, scene.window.height() - 20)
    assert seen == theme.current().caution
    qtbot.keyClick(scene.window.focusWidget(), Qt.Key.Key_A)
    assert scene.lifts == [1]


def test_the_bar_of_the_warning_is_as_long_as_the_time_left(scene):
    strip = WarningStrip(scene.window)
    strip.show_remaining(timedelta(seconds=60))
    strip.show_remaining(timedelta(seconds=15))
    picture = strip.grab().toImage()
    bottom = picture.height() - 1
    assert picture.pixelColor(strip.width() // 4 - 4, bottom) == theme.current().on_caution
    assert picture.pixelColor(strip.width() // 4 + 4, bottom) == theme.current().caution
