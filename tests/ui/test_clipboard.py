"""The real clipboard: marked, noted, taken back; and nothing of anybody else's touched."""

import ctypes
import os
import shutil
import subprocess
import sys

import pytest
from PySide6.QtGui import QGuiApplication

from client.system.macos import conceal_pasteboard
from client.ui.clipboard import MARKS, Clipboard


@pytest.fixture
def board(qapp):
    """The clipboard, empty before and after."""
    real = QGuiApplication.clipboard()
    real.clear()
    yield real
    real.clear()


@pytest.fixture
def noted():
    return []


@pytest.fixture
def ours(board, noted):
    made = Clipboard()
    made.begin(allowed=True, noted=lambda: noted.append("copied"))
    return made


def test_a_copy_is_marked_as_secret_for_every_platform_and_noted(board, ours, noted):
    ours.put("00417")
    data = board.mimeData()
    assert data.text() == "00417"
    assert {kind: bytes(data.data(kind).data()) for kind in MARKS} == MARKS
    assert noted == ["copied"]


def test_nothing_is_copied_where_the_policy_forbids_it(board, ours, noted):
    board.setText("before")
    ours.begin(allowed=False, noted=lambda: noted.append("copied"))
    ours.put("00417")
    assert board.text() == "before"
    assert noted == []


def test_at_the_end_what_is_still_ours_goes(board, ours):
    ours.put("00417")
    ours.empty_if_ours()
    assert board.text() == ""


def test_what_somebody_copied_since_stays(board, ours):
    ours.put("00417")
    board.setText("theirs")
    ours.empty_if_ours()
    assert board.text() == ("" if board.ownsClipboard() else "theirs")


def test_of_what_was_copied_no_word_is_remembered(ours):
    ours.put("00417")
    assert "00417" not in repr(vars(ours))


_ON_X = """
from PySide6.QtWidgets import QApplication, QLineEdit
from client.ui.clipboard import Clipboard
app = QApplication(["-style", "fusion"])
ours, line = Clipboard(), QLineEdit("a name")
board = app.clipboard()
ours.put("00417")
line.selectAll()
board.setText("a name", board.Mode.Selection)
assert board.ownsClipboard() and board.ownsSelection()
ours.empty_if_ours()
assert not board.text() and not board.text(board.Mode.Selection)
print("emptied")
"""


@pytest.fixture
def x_display():
    """An X server of this test's own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb here (Debian package xvfb)")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "320x200x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_on_x11_primary_is_emptied_too(x_display):
    done = subprocess.run(
        [sys.executable, "-c", _ON_X],
        env={"DISPLAY": x_display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "emptied\n", done.stderr[-500:]


def test_on_a_mac_the_mark_is_set_on_the_general_pasteboard():
    said = []

    class Runtime:
        """Answers as the Objective-C runtime does, with names for what it is asked."""

        def __init__(self):
            self.objc_getClass = self._named()
            self.sel_registerName = self._named()
            kind = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
            self.names = []
            self.objc_msgSend = kind(self._send)

        def _named(self):
            class Call:
                def __call__(_self, name):
                    self.names.append(name)
                    return len(self.names)

            return Call()

        def _send(self, receiver, selector, argument):
            name = self.names[selector - 1]
            text = ctypes.string_at(argument) if name == b"stringWithUTF8String:" else b""
            said.append((name, text))
            return 1000 + len(said)

    conceal_pasteboard(Runtime())
    assert [name for name, _ in said] == [
        b"generalPasteboard",
        b"stringWithUTF8String:",
        b"stringWithUTF8String:",
        b"setString:forType:",
    ]
    assert said[1][1] == b"org.nspasteboard.ConcealedType"
