"""The sign-in page is on screen before Qt's big enums are made, and needs nothing heavy."""

import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt

from client.child import command
from client.ui import numbers

ROOT = Path(__file__).parents[2]

# Each makes hundreds of enum members or costs milliseconds to import, and the sign-in page needs none of it.
HEAVY = {
    "asyncio",
    "concurrent.futures",
    "cryptography",
    "ctypes.util",
    "dataclasses",
    "email",
    "http",
    "platformdirs",
    "PySide6.QtDBus",
    "PySide6.QtNetwork",
    "PySide6.QtPdf",
    "PySide6.QtSvg",
    "requests",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tomllib",
    "uuid",
    "zoneinfo",
}
BIG = {"Qt", "QEvent"}

# All of ours that may be imported before the first paint. What is added here is paid for by every start.
OURS = {
    "client",
    "client.app",
    "client.clock",
    "client.errors",
    "client.faults",
    "client.policy",
    "client.policy.options",
    "client.policy.rules",
    "client.policy.sources",
    "client.policy.table",
    "client.policy.trusted",
    "client.reasons",
    "client.system",
    "client.system.folders",
    "client.system.memory",
    "client.system.parent",
    "client.ui",
    "client.ui.bridge",
    "client.ui.colours",
    "client.ui.fonts",
    "client.ui.lamp",
    "client.ui.lasting_none",
    "client.ui.numbers",
    "client.ui.password",
    "client.ui.plain_import",
    "client.ui.resources",
    "client.ui.shell",
    "client.ui.sign_in",
    "client.ui.theme",
    "client.ui.words",
    "client.wire",
}

# The session process as it is started, up to the moment when it says that the page is painted.
PROGRAM = """
import builtins, json, os, sys
from client import app, wire
def said(descriptor, line):
    if line.word is wire.Word.PAINTED:
        from PySide6 import QtCore, QtGui, QtWidgets
        made = [name for part in (QtCore, QtGui, QtWidgets) for name in vars(part)]
        os.write(told, json.dumps([sorted(sys.modules), made, builtins.__import__.__name__]).encode())
        os._exit(0)
told = os.dup(1)
wire.say = said
wire.listen = lambda descriptor: iter([wire.Line(wire.Word.SHOW)])
app.Program.end = lambda *_: None
"""


def painted():
    """Start a session process; return the modules and Qt's classes there are at its first paint."""
    words = command(["--portal", "https://127.0.0.1:9/"])
    place = words.index("-c") + 1
    words[place] = words[place].replace("from client.app", f"exec({PROGRAM!r}); from client.app")
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_first_paint_waits_for_nothing_heavy():
    modules, made, importing = painted()
    assert not HEAVY & set(modules)
    assert not BIG & set(made)
    assert importing != "__feature_import__"
    assert {name for name in modules if name.split(".")[0] == "client"} == OURS


def test_qt_still_takes_over_imports():
    """Where this fails, Qt has stopped doing it, and client/ui/plain_import.py can go."""
    program = "import builtins, PySide6.QtCore; print(builtins.__import__.__name__)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "__feature_import__"


def test_the_numbers_are_qts_own():
    hint, align = Qt.InputMethodHint, Qt.AlignmentFlag
    assert Qt.TextFormat.PlainText.value == numbers.PLAIN_TEXT
    assert Qt.FocusPolicy.NoFocus.value == numbers.NO_FOCUS
    assert (align.AlignLeft | align.AlignAbsolute | align.AlignVCenter).value == numbers.LEFT
    assert (align.AlignRight | align.AlignAbsolute | align.AlignVCenter).value == numbers.RIGHT
    typed = hint.ImhSensitiveData | hint.ImhNoAutoUppercase | hint.ImhNoPredictiveText
    assert typed.value == numbers.TYPED_AS_IS
