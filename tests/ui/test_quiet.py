"""Qt's own messages: where and how badly, never what they quote."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = "Canary, Patient"

_PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QByteArray, qCritical, qDebug, qWarning
from PySide6.QtGui import QGuiApplication, QImage
from client.faults import FaultLog
from client.ui.quiet import install
app = QGuiApplication(["x"])
install(FaultLog(lambda: Path(sys.argv[2])))
drawing = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
drawing += '<image xlink:href="Canary, Patient" width="4" height="4"/></svg>'
for _ in range(3):
    QImage.fromData(QByteArray(drawing.encode()))
    qWarning("Canary, Patient")
    qCritical("Canary, Patient")
    qDebug("Canary, Patient")
"""


def test_no_text_of_a_message_reaches_the_log_or_the_terminal(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(ROOT), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    lines = [line.split(" ", 2)[2] for line in (tmp_path / "safelight.log").read_text().splitlines()]
    assert sorted(lines) == ["qt critical default", "qt warning default", "qt warning qt.svg"]
    assert NAME not in "".join(lines)
