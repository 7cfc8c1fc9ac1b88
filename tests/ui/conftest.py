"""Real windows, off the screen, with Safelight's own look."""

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:  # the checkout's own packages, installed or not
    sys.path.insert(0, ROOT)


@pytest.fixture(scope="session")
def fonts_loaded(qapp):
    """Safelight's typefaces, once per process."""
    from client.ui import fonts

    fonts.load_fonts()
    fonts.load_reading_fonts()


@pytest.fixture(autouse=True)
def themed(qapp, fonts_loaded):
    """The dark theme before each test, left to right; no window of a test outlives it."""
    from PySide6.QtCore import QEvent, Qt

    from client.policy.table import Theme
    from client.ui import theme

    theme.apply(qapp, Theme.DARK)
    theme.follow(qapp)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="module")
def darkroom():
    """A real darkroom, with processes of its own; gone before another file of tests looks for its own."""
    from client.darkroom.darkroom import Darkroom

    darkroom = Darkroom()
    darkroom.start()
    yield darkroom
    darkroom.close()


@pytest.fixture
def lanes(qapp):
    """Background threads as a session has them."""
    from client.session.lanes import Lanes
    from client.ui.bridge import Bridge

    reported = []
    bridge = Bridge()
    lanes = Lanes(bridge.post, reported.append)
    yield lanes
    lanes.close()
    assert reported == []


@pytest.fixture
def open_pages(darkroom, lanes):
    """Return an opener for documents; what is still open at the end is closed."""
    from client.documents.document import DocumentKind
    from client.session.pages import Pages

    opened = []

    def open_one(data, kind=DocumentKind.PDF):
        opened.append(Pages(darkroom, lanes, kind, data))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()
