"""The whole program by keyboard: keys are sent where the focus is, and nothing is ever clicked."""

from functools import partial

import pytest
from PySide6.QtCore import Qt

from tests.driver.program import wait_for

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LARGEST = 300  # per cent: every report is longer than the window


class Hands:
    """One user's hands on the keyboard of a session."""

    def __init__(self, program, pid):
        self.ask = partial(program.ask, pid=pid)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.ask("press", key=key.value, modifiers=modifier.value)

    def look(self):
        return self.ask("see") | self.ask("hands")

    def until(self, **wanted):
        """Wait until all of `wanted` is seen."""

        def seen():
            look = self.look()
            return all(look[name] == value for name, value in wanted.items())

        wait_for(str(wanted), seen)

    def open_with_impression(self):
        """Walk down with J from the report that is open to one whose text has an impression."""
        for _ in range(60):
            before = self.look()
            if "IMPRESSION" in before["text"].upper() and not before["message"]:
                return
            self.press(Qt.Key.Key_J)
            wait_for("another report", lambda old=before: self.look()["opened"] != old["opened"])
            wait_for("its text", lambda: self.look()["text"])
        pytest.fail("no report has an impression")


@pytest.fixture
def hands(shared, reader):
    """At the list, no report open, nothing filtered, everything at 100 %."""
    hands = Hands(shared, reader)
    for _ in range(6):
        hands.press(Qt.Key.Key_Escape)
    hands.until(opened=None, words="", focus="Worklist")
    yield hands
    hands.press(Qt.Key.Key_0, CTRL)


def opened(hands):
    hands.press(Qt.Key.Key_Home)
    hands.press(Qt.Key.Key_Return)
    wait_for("a report", lambda: hands.look()["opened"])
    wait_for("its text", lambda: hands.look()["text"])


def test_the_report_s_keys_work_with_the_focus_still_in_the_list(hands):
    opened(hands)
    hands.open_with_impression()
    assert hands.look()["focus"] == "Worklist"
    key = hands.look()["opened"]
    for _ in range(20):
        hands.press(Qt.Key.Key_Plus, CTRL)
    assert hands.look()["zoom"] == LARGEST
    hands.press(Qt.Key.Key_I)
    assert hands.look()["scrolled"] > 0
    hands.press(Qt.Key.Key_0, CTRL)
    hands.press(Qt.Key.Key_F, CTRL)
    hands.ask("type", words="us1/")
    look = hands.look()
    assert (look["found"], look["words"], look["opened"]) == ("us1/", "", key)
    hands.press(Qt.Key.Key_Escape)
    hands.until(found="", opened=key)
    hands.press(Qt.Key.Key_Down, ALT)
    wait_for("the next report", lambda: hands.look()["opened"] not in (None, key))
    hands.press(Qt.Key.Key_Up, ALT)
    hands.until(opened=key)
    hands.press(Qt.Key.Key_Escape)
    hands.until(opened=None, focus="Worklist", selected=key)


def test_the_list_s_keys_work_with_the_focus_in_the_report(hands):
    opened(hands)
    hands.open_with_impression()
    for _ in range(60):
        if hands.look()["focus"] == "Report text":
            break
        hands.press(Qt.Key.Key_Tab)
    key = hands.look()["opened"]
    hands.press(Qt.Key.Key_S)
    hands.until(menu="Sort the worklist")
    hands.press(Qt.Key.Key_Escape)
    hands.until(menu="", opened=key)
    hands.press(Qt.Key.Key_U)
    wait_for("the next unread", lambda: hands.look()["opened"] != key)
    hands.press(Qt.Key.Key_Slash)
    hands.until(focus="Search")
    hands.ask("type", words="us1ij")
    assert hands.look()["words"] == "us1ij"


def test_escape_goes_one_step_back_at_a_time(hands):
    everything = hands.look()["rows"]
    hands.press(Qt.Key.Key_2, ALT)  # critical
    assert 0 < hands.look()["rows"] < everything
    opened(hands)
    key = hands.look()["opened"]
    hands.press(Qt.Key.Key_Escape)
    hands.until(rows=everything, opened=key)
    hands.press(Qt.Key.Key_Escape)
    hands.until(opened=None)


def test_what_was_read_scrolls_again_after_the_curtain(hands):
    opened(hands)
    hands.open_with_impression()
    for _ in range(20):
        hands.press(Qt.Key.Key_Plus, CTRL)
    hands.ask("cover")
    hands.press(Qt.Key.Key_Space)
    hands.until(screen="reading", focus="Report text")
    hands.press(Qt.Key.Key_PageDown)
    assert hands.look()["scrolled"] > 0
