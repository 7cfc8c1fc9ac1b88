"""The second line of a row: the piece of its report around what was looked for.

Owns: the texts of the rows looked at last, a bounded number of them, in memory. Must never: make a keystroke
wait for a text: rows are drawn first, and their texts follow into a place that is kept for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from client.model.report import Report
from client.session.query import Words
from client.session.snippet import Folded, Snippet, show_hit

Texts = Callable[[Sequence[Report], Callable[[Sequence[Folded]], None]], None]
"""Brings the texts of reports, in their order, some time later on the main thread."""

_KEPT = 300  # texts; a few screens


class Excerpts(QObject):
    """Asked for each row as it is drawn; says when more is known."""

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: Texts | None = None
        self._sought: tuple[Words, ...] = ()
        self._known: dict[tuple[str, str, str], Folded] = {}
        self._made: dict[tuple[str, str, str], Snippet | None] = {}
        self._missing: dict[tuple[str, str, str], Report] = {}
        self._asking = False
        # A timer, not a call: the rows are painted before anything is read for them.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)

    def set_source(self, texts: Texts | None) -> None:
        """Ask there from now on, and forget every text."""
        self._texts = texts
        self._known.clear()
        self._made.clear()
        self._missing.clear()

    def set_sought(self, sought: tuple[Words, ...]) -> None:
        """Show where these words stand from now on."""
        if sought != self._sought:
            self._sought = sought
            self._made.clear()

    def of(self, report: Report) -> Snippet | None:
        """Return what is known of a row by now; None where its text is still to come."""
        key = (report.key, report.version, report.content)
        if key in self._made:
            return self._made[key]
        text = self._known.get(key)
        if text is None and self._texts is not None:
            self._missing[key] = report
            self._soon.start()
        made = show_hit(text, report, self._sought)
        if text is not None:
            self._made[key] = made
        return made

    def _ask(self) -> None:
        if self._asking or not self._missing or self._texts is None:
            return
        wanted, self._missing = self._missing, {}
        self._asking = True
        self._texts(tuple(wanted.values()), lambda found: self._take(tuple(wanted), found))

    def _take(self, keys: Sequence[tuple[str, str, str]], texts: Sequence[Folded]) -> None:
        self._asking = False
        self._known.update(zip(keys, texts, strict=True))
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]
        if len(self._made) > _KEPT:
            self._made.clear()
        self.arrived.emit()
        self._ask()
