"""What only the session process itself can measure: paints, and gaps of its event loop. For `./dev bench`."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer

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
        self.indexed = 0.0  # and to the last word of it being found
        self._signed_in = 0.0
        program._door.signed_in.connect(self._note_signed_in)
        # Not on the application: a Python filter there sees, and slows, every event of every object.
        self._rows = program._make_reading().worklist.table.viewport()
        self._rows.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(5)

    def _note_signed_in(self) -> None:
        self._signed_in = time.perf_counter()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look after each paint of the table whether the rows are there."""
        if event.type() is QEvent.Type.Paint and not self.painted and self._here() >= self._wanted:
            QTimer.singleShot(0, self._note)
        return False

    def _here(self) -> int:
        reading = self._program.shell.reading
        return 0 if reading is None else len(reading.worklist._model.rows)

    def _look(self) -> None:
        reading = self._program.shell.reading
        if reading is None:
            return
        progress = reading.progress
        if not progress.running and progress.as_of is not None:
            self.synced = self.synced or time.perf_counter() - self._signed_in
            if progress.indexed == progress.loaded:
                self.indexed = time.perf_counter() - self._signed_in
                self._timer.stop()

    def _note(self) -> None:
        if not self.painted:
            self.painted = time.perf_counter()
            self._rows.removeEventFilter(self)

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
        self._timer.start(5)  # fine enough for a gap that shows, rare enough not to make one

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
