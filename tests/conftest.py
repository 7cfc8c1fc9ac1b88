"""What every test is held to: it leaves no thread, no window and no running timer behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SETTLE = 3.0  # seconds a thread that was told to end may take


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """Fail a test after which something of it goes on."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + SETTLE
    left = [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    for thread in left:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in left if thread.is_alive()]
    assert not left, f"threads left running: {left}"
    if "PySide6.QtWidgets" in sys.modules:
        _no_windows_or_timers()


def _no_windows_or_timers() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from shiboken6 import isValid

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    windows = [type(window).__name__ for window in QApplication.topLevelWidgets() if window.isVisible()]
    assert not windows, f"windows left open: {windows}"
    gc.collect()
    timers = [each for each in gc.get_objects() if isinstance(each, QTimer) and isValid(each)]
    assert not [each for each in timers if each.isActive()], "timers left running"
