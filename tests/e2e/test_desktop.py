"""The unmodified program on a real X display, driven by keyboard alone and judged by its picture."""

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.driver.program import ROOT, Portal, wait_for

NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick", "xprop": "x11-utils"}


class Desktop:
    """An X display of the test's own; keys go in, pictures come out."""

    def __init__(self):
        self.seen_titles = set()
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as numbers:  # it says which display it found free
            self.name = f":{numbers.readline().strip()}"

    def close(self):
        self._server.terminate()
        self._server.wait(10)

    def run(self, *command, check=True):
        environment = {**os.environ, "DISPLAY": self.name}
        return subprocess.run(command, env=environment, capture_output=True, timeout=30, check=check).stdout

    def type(self, words):
        self.run("xdotool", "type", "--delay", "2", words)

    def press(self, *keys):
        self.run("xdotool", "key", *keys)

    def windows(self):
        """The ids of the windows in sight; on the way, their titles are noted."""
        ids = self.run("xdotool", "search", "--onlyvisible", "--name", "", check=False).decode().split()
        for each in ids:
            title = self.run("xdotool", "getwindowname", each, check=False).decode().strip()
            if title:
                self.seen_titles.add(title)
        return [each for each in ids if self._title_of(each)]

    def _title_of(self, window):
        return self.run("xdotool", "getwindowname", window, check=False).decode().strip()

    def property_of(self, window, name):
        return self.run("xprop", "-id", window, name).decode().strip()

    def picture(self):
        """The screen in 256 shades of grey, one byte a pixel."""
        return self.run("import", "-window", "root", "-depth", "8", "gray:-")


def bright(picture):
    """How many pixels are as bright as text (the program is dark)."""
    return sum(picture.count(shade) for shade in range(170, 256))


def edges(picture):
    """How often the shade changes along a sample of the pixels: words have many edges, a curtain few."""
    return sum(abs(a - b) > 40 for a, b in pairwise(picture[::3]))


@pytest.fixture(scope="module")
def desktop():
    missing = [f"{name} (Debian package {NEEDED[name]})" for name in NEEDED if not shutil.which(name)]
    if missing:
        pytest.skip("no real desktop here: missing " + ", ".join(missing))
    desktop = Desktop()
    yield desktop
    desktop.close()


@pytest.fixture
def unmodified(desktop, portal, home):
    """`python -m client` as a user starts it, on the desktop."""
    home.more |= {"DISPLAY": desktop.name, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    home.prefer(
        curtain_after="6 s", warn_before_end="2 s", end_after_idle="12 s", activity="program", theme="dark"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "client", "--portal", portal.url, "--ca-file", portal.ca],
        env=home.environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait(15)


@pytest.mark.alone
def test_by_keyboard_alone_one_signs_in_reads_is_covered_comes_back_and_is_signed_out(desktop, unmodified):
    (window,) = wait_for("the window", desktop.windows)
    assert re.findall(r'"(.*?)"', desktop.property_of(window, "WM_CLASS")) == ["safelight", "Safelight"]
    wait_for("the sign-in page", lambda: bright(desktop.picture()) > 500)
    front = edges(desktop.picture())

    desktop.run("xdotool", "windowfocus", "--sync", window)
    desktop.type("radiologist")
    desktop.press("Tab")
    desktop.type(Portal.PASSWORD)
    desktop.press("Return")
    wait_for("the worklist", lambda: edges(desktop.picture()) > 3 * front)
    worklist = desktop.picture()

    desktop.press("j", "Return")
    opened = wait_for("the report", lambda: _different(desktop.picture(), worklist))
    words = edges(opened)
    assert words > 2 * front

    wait_for("the curtain", lambda: edges(desktop.picture()) < words / 5)
    desktop.press("shift")
    wait_for("the report again", lambda: edges(desktop.picture()) > words * 0.9)

    wait_for("the curtain again", lambda: edges(desktop.picture()) < words / 5)
    wait_for("another window", lambda: [each for each in desktop.windows() if each != window])
    wait_for("its fields", lambda: edges(desktop.picture()) > front * 0.8)
    assert desktop.seen_titles == {"Safelight"}
    assert unmodified.poll() is None


def _different(now, before):
    """The picture, where more than a line of it has changed."""
    changed = sum(abs(a - b) > 40 for a, b in zip(now[::7], before[::7], strict=True))
    return now if changed > 2000 else None
