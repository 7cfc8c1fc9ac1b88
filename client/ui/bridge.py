"""The one way from a background thread to the main thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Bridge(QObject):
    """Brings callables to the thread it was made on, in the order given."""

    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._called.connect(self._run)

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the main thread: soon, or at once if this is the main thread."""
        self._called.emit(call)

    def _run(self, call: Callable[[], None]) -> None:
        call()
