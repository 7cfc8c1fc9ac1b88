"""The workaround for PySide6's lost references to None holds, and is still needed."""

import os
import subprocess
import sys

import pytest

_MANY_CALLS = """
from PySide6.QtGui import QColor, QImage, QPainter
image = QImage(4, 4, QImage.Format.Format_RGB32)
painter = QPainter(image)
colour = QColor("red")
for _ in range(50_000):
    painter.setPen(colour)
painter.end()
"""


def _run(program):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, timeout=60, check=False
    )


def test_many_calls_do_not_end_the_process():
    finished = _run("import client.ui\n" + _MANY_CALLS)
    assert finished.returncode == 0, finished.stderr.decode()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_without_the_workaround_they_still_do():
    assert b"none_dealloc" in _run(_MANY_CALLS).stderr, "PySide6 is cured: client/ui/lasting_none.py can go"
