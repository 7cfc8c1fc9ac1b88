"""Whether somebody is there: feeds the session's idle arithmetic and says what it answers.

Owns: the event filter over the program's own windows, and the tick. It stands where input enters a window,
not before every event of every object: a click is some twenty of those, and only two are input.
Must never: decide when a session ends; `client.session.idle` does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from client.clock import Clock
from client.policy.table import Activity
from client.session.idle import Idle, IdleState

TICK = timedelta(milliseconds=250)

_INPUT = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TabletMove, QEvent.Type.TabletPress,
})  # fmt: skip


class Presence(QObject):
    """Watches for activity from the first signed-in moment to the end of the process."""

    changed = Signal(object, bool, object)  # IdleState, whether covered, what remains: timedelta

    def __init__(
        self,
        app: QApplication,
        idle: Idle,
        clock: Clock,
        counts: Activity,
        workstation: Callable[[], timedelta | None],  # the moment of its last activity
        deadline: Callable[[timedelta], None],
    ) -> None:
        super().__init__(app)
        self._idle = idle
        self._clock = clock
        self._counts = counts
        self._workstation = workstation
        self._deadline = deadline
        self._said = timedelta()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(round(TICK / timedelta(milliseconds=1)))
        self.look()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note every key and pointer event that came from the user, and let it pass."""
        if event.type() in _INPUT and event.spontaneous():
            self._idle.active(self._clock.elapsed())
        return False

    def look(self) -> None:
        """Ask the arithmetic, and say what it answers; hear windows that are new, such as a menu's, too."""
        for window in QGuiApplication.allWindows():
            window.installEventFilter(self)  # once: Qt takes the one before away
        now = self._clock.elapsed()
        if self._counts is Activity.WORKSTATION and self._idle.state(now) is not IdleState.ENDED:
            last = self._workstation()
            if last is not None:
                self._idle.active(last)
        if abs(self._idle.deadline - self._said) >= timedelta(seconds=1):
            self._said = self._idle.deadline
            self._deadline(self._said)
        self.changed.emit(self._idle.state(now), self._idle.covered(now), self._idle.remaining(now))

    def close(self) -> None:
        """Stop watching."""
        self._timer.stop()
        for window in QGuiApplication.allWindows():
            window.removeEventFilter(self)
