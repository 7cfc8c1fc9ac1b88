"""What happens to the workstation, turned into the end of the session or, where policy allows, the curtain.

Owns: which event ends a session, and the thread that asks for how long nobody touched the workstation.
Must never: depend on the main thread for ending a session, or wait for a desktop's service there.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray
from PySide6.QtWidgets import QApplication, QWidget

from client.clock import Clock
from client.policy.table import Policy
from client.reasons import EndReason

LOOK_EVERY = timedelta(milliseconds=500)


class Machine:
    """Watches from sign-in to the end of the process."""

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        window: QWidget,
        end: Callable[[EndReason], None],
        cover: Callable[[], None],
    ) -> None:
        self._ends = {
            EndReason.SCREEN_LOCKED: policy.end_on_lock,
            EndReason.SUSPENDED: policy.end_on_suspend,
            EndReason.USER_SWITCHED: policy.end_on_user_switch,
        }
        self._clock = clock
        self._end = end
        self._cover = cover
        self.last_active: timedelta | None = None  # on the suspend-aware clock; None where nothing answers
        if sys.platform == "win32":
            self._filter = _WindowsMessages(window, self._happened)
        threading.Thread(target=self._listen, name="workstation", daemon=True).start()
        threading.Thread(target=self._look, name="activity", daemon=True).start()

    def _listen(self) -> None:
        # Buses may be slow to answer; nobody waits for them here.
        if sys.platform == "linux":
            from client.system.events import Watcher
            from client.system.inhibitor import delay_suspend

            self._watcher = Watcher(self._happened)
            # Held until the process ends: a suspend waits for the end of the session.
            self._inhibitor = delay_suspend()
        if sys.platform == "darwin":
            from client.system.activity import running_time
            from client.system.macos import LoginSession

            self._look_at(LoginSession(self._clock.elapsed, running_time))

    def _look_at(self, session: Callable[[], EndReason | None]) -> None:
        """Ask a system that does not tell; where policy allows the reason, it is told once each time."""
        pause = threading.Event()
        before: EndReason | None = None
        while not pause.wait(LOOK_EVERY.total_seconds()):
            reason = session()
            if reason is not None and reason is not before:
                self._happened(reason)
            before = reason

    def _look(self) -> None:
        from client.system.activity import of_this_workstation

        away = of_this_workstation()
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY.total_seconds()):
            idle = away()
            if idle is not None:
                self.last_active = self._clock.elapsed() - idle

    def _happened(self, reason: EndReason) -> None:
        if self._ends.get(reason, True):
            self._end(reason)
        else:
            self._cover()


class _WindowsMessages(QAbstractNativeEventFilter):
    """Hears what Windows tells a window of locking, sleeping and switching; never run on Windows yet."""

    def __init__(self, window: QWidget, happened: Callable[[EndReason], None]) -> None:
        super().__init__()
        from client.system.windows import listen_to_session

        self._happened = happened
        listen_to_session(window.winId())
        app = QApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self)

    def nativeEventFilter(
        self, _kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Pass every message on, and tell of those that end a session."""
        from ctypes.wintypes import MSG

        from client.system.windows import meaning

        said = MSG.from_address(int(message))
        reason = meaning(said.message, said.wParam)
        if reason is not None:
            self._happened(reason)
        return False, 0
