"""From the command to a painted sign-in page, and from an end to the next one.

The floor of the start is a bare PySide6 window in a fresh interpreter, started in turn with ours.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figure import Figure
from tests.driver.program import ROOT, Home, Portal, running

_RUNS = 15

_BARE = """
import os, sys
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        os.write(1, b"painted\\n")
app = QApplication([])
window = Window()
window.resize(1360, 840)
window.show()
app.exec()
"""

# The command as shipped; only that the doorkeeper says aloud when it hears that the page is painted.
_OURS = """
import os, sys
sys.path.insert(0, sys.argv.pop(1))
from client import __main__
import client
def tell():
    from client import doorkeeper
    from client.wire import Word
    hear = doorkeeper.Doorkeeper._hear
    def aloud(self, visit, line):
        if line.word is Word.PAINTED:
            os.write(1, b"painted\\n")
        hear(self, visit, line)
    doorkeeper.Doorkeeper._hear = aloud
keep = __main__._keep_door
def keep_and_tell(words, first):
    tell()
    return keep(words, first)
__main__._keep_door = keep_and_tell
sys.exit(__main__.main())
"""


def _until_painted(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        taken = time.perf_counter() - begun
        process.terminate()
    return taken


def _start(home: Home) -> Figure:
    environment = home.environment
    bare = [sys.executable, "-I", "-c", _BARE]
    ours = [sys.executable, "-c", _OURS, str(ROOT), "--portal", "https://127.0.0.1:9/"]
    taken: dict[str, list[float]] = {"bare": [], "ours": []}
    for run in range(_RUNS + 1):
        for name, command in (("bare", bare), ("ours", ours)):
            seconds = _until_painted(command, environment)
            if run:
                taken[name].append(seconds * 1000)
    return Figure(
        "start to sign-in page painted",
        statistics.median(taken["ours"]),
        "ms",
        statistics.median(taken["bare"]),
        "a bare PySide6 window",
        "≤ 1.3 ×",
    )


def _next_page(home: Home, portal: Portal) -> Figure:
    taken = []
    with running(home, "--portal", portal.url, "--ca-file", portal.ca) as program:
        for _ in range(7):
            pid = program.sign_in("radiologist")
            program.loaded(pid)
            program.waiting_ready(pid)
            clicked = program.ask("sign_out_soon", pid=pid)
            after = program.shown("sign-in")
            taken.append((program.ask("painted_at", pid=after) - clicked) * 1000)
    return Figure(
        "an end to the next sign-in page painted", statistics.median(taken), "ms", None, "", "≤ 100 ms"
    )


def measure() -> list[Figure]:
    """Return the figures of starting and of starting again."""
    os.environ.setdefault("SAFELIGHT_TEST_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as folder:
        home = Home(Path(folder) / "home")
        portal = Portal(Path(folder) / "portal", "--demo", "60")
        try:
            portal.add_user("radiologist")
            return [_start(home), _next_page(home, portal)]
        finally:
            portal.close()
