"""The sign-in page is on screen before Qt's enums are made, and needs nothing heavy."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt

from client.ui import numbers

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from PySide6 import QtCore, QtWidgets
from client.ui import fonts, theme
from client.ui.sign_in import SignInPage
app = QtWidgets.QApplication(["safelight"])
fonts.load_fonts()
theme.apply(app)
page = SignInPage()
page.set_portal("St. Elsewhere Radiology", "For authorised clinical use.")
page.show()
app.processEvents()
loaded = [name for name in ("Qt", "QEvent") if name in vars(QtCore)]
heavy = {"ssl", "http", "requests", "cryptography", "sqlite3", "PySide6.QtSvg"} & set(sys.modules)
page.grab().save(sys.argv[1])
print(loaded, sorted(heavy))
"""


def test_the_first_paint_waits_for_nothing_heavy(tmp_path):
    picture = tmp_path / "page.png"
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(picture)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[] []"
    assert picture.stat().st_size > 0


def test_the_numbers_are_qts_own():
    hint, align = Qt.InputMethodHint, Qt.AlignmentFlag
    assert Qt.TextFormat.PlainText.value == numbers.PLAIN_TEXT
    assert Qt.FocusPolicy.NoFocus.value == numbers.NO_FOCUS
    assert (align.AlignLeft | align.AlignAbsolute | align.AlignVCenter).value == numbers.LEFT
    assert (align.AlignRight | align.AlignAbsolute | align.AlignVCenter).value == numbers.RIGHT
    typed = hint.ImhSensitiveData | hint.ImhNoAutoUppercase | hint.ImhNoPredictiveText
    assert typed.value == numbers.TYPED_AS_IS
