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
