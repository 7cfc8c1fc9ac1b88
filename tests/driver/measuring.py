"""What only the session process itself can measure: paints, and gaps of its event loop. For `./dev bench`."""

from __future__ import annotations

import time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from client.app import Program


class FirstRows(QObject):
    """Notes when the worklist was first painted with at least `wanted` rows."""

    def __init__(self, program: Program, wanted: int) -> None:
        super().__init__()
        self._program = program
        self._wanted = wanted
        self.begun = time.perf_counter()
        self.painted = 0.0
        self.synced = 0.0  # seconds from the first request of the worklist to its completion
        self._reading_since = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(5)
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Look after each paint event whether the rows are there."""
        reading = self._program.shell.reading
        if event.type() is QEvent.Type.Paint and reading is not None and not self.painted:
            if len(reading.worklist._model.rows) >= self._wanted:
                QTimer.singleShot(0, self._note)
        return False

    def _look(self) -> None:
        reading = self._program.shell.reading
        if reading is None:
            return
        self._reading_since = self._reading_since or time.perf_counter()
        progress = reading.progress
        if not progress.running and progress.as_of is not None:
            self.synced = time.perf_counter() - self._reading_since
            self._timer.stop()

    def _note(self) -> None:
        if not self.painted:
            self.painted = time.perf_counter()
            QApplication.instance().removeEventFilter(self)

    @property
    def seconds(self) -> float:
        """From the beginning to the paint; 0 as long as there was none."""
        return self.painted - self.begun if self.painted else 0.0


class Gaps(QObject):
    """The longest time for which the event loop did not come round."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
