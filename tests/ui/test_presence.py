"""Who counts as being there: keys and pointer that come in at a window of the program, and nothing else."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget

from client.policy.table import Activity
from client.session.idle import IdleState
from client.ui.presence import Presence


class Idle:
    """Notes each activity in place of the session's arithmetic."""

    def __init__(self):
        self.noted = 0
        self.deadline = timedelta(minutes=15)

    def active(self, _at):
        self.noted += 1

    def state(self, _now):
        return IdleState.ACTIVE

    def covered(self, _now):
        return False

    def remaining(self, _now):
        return timedelta(minutes=15)


@pytest.fixture
def window(qtbot):
    window = QWidget()
    QVBoxLayout(window).addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def presence(qapp, window):
    idle = Idle()
    clock = SimpleNamespace(elapsed=timedelta)
    presence = Presence(qapp, idle, clock, Activity.PROGRAM, lambda: None, lambda _deadline: None)
    presence.idle = idle
    yield presence
    presence.close()
    presence.deleteLater()


@pytest.mark.parametrize(
    "act",
    [
        lambda window: QTest.keyClick(window.windowHandle(), Qt.Key.Key_A),
        lambda window: QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton),
        lambda window: QTest.mouseMove(window.windowHandle(), QPoint(20, 20)),
        lambda window: QTest.wheelEvent(window.windowHandle(), QPoint(20, 20), QPoint(0, 120)),
    ],
    ids=["key", "press", "move", "wheel"],
)
def test_keys_and_pointer_count(presence, window, act):
    act(window)
    QApplication.processEvents()
    assert presence.idle.noted


def test_what_the_program_does_itself_does_not_count(presence, window):
    line = window.findChild(QLineEdit)
    QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier(0), "a"))
    window.resize(300, 200)
    window.grab()
    QApplication.processEvents()
    assert line.text() == "a"
    assert presence.idle.noted == 0


def test_a_menu_that_opened_since_is_heard_from_the_next_look_on(presence, window):
    menu = QMenu(window)
    menu.addAction("Copy")
    menu.popup(window.mapToGlobal(QPoint(10, 10)))
    presence.look()
    QTest.keyClick(menu.windowHandle(), Qt.Key.Key_Down)
    assert presence.idle.noted
    menu.close()


def test_a_key_counts_once_however_often_one_looked(presence, window):
    presence.look()
    presence.look()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert presence.idle.noted == 1


def test_nothing_counts_after_the_end(presence, window):
    presence.close()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert presence.idle.noted == 0
