"""The second line of a row: the piece of its report around what was looked for.

Owns: the texts of the rows looked at last, a bounded number of them, in memory. Must never: make a keystroke
wait for a text: rows are drawn first, and their texts follow into a place that is kept for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from client.model.report import Report
from client.session.query import Words
from client.session.snippet import Folded, Snippet, show_hit

Texts = Callable[[Sequence[Report], Callable[[Sequence[Folded]], None]], None]
"""Brings the texts of reports, in their order, some time later on the main thread."""

Row = tuple[str, str, str]
"""A report as it is: its key, version and content."""

_KEPT = 300  # texts; a few screens


class Excerpts(QObject):
    """Asked for each row as it is drawn; says when more is known."""

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: Texts | None = None
        self._sought: tuple[Words, ...] = ()
        self._known: dict[Row, Folded] = {}
        self._made: dict[Row, Snippet | None] = {}
        self._before: dict[Row, Snippet | None] = {}  # for what was sought before
        self._wanted: dict[Row, Report] = {}
        self._asking = False
        # A timer, not a call: the rows are painted before anything is looked through for them.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._make)

    def set_source(self, texts: Texts | None) -> None:
        """Ask there from now on, and forget every text."""
        self._texts = texts
        for each in (self._known, self._made, self._before, self._wanted):
            each.clear()

    def set_sought(self, sought: tuple[Words, ...]) -> None:
        """Show where these words stand from now on."""
        if sought != self._sought:
            self._sought = sought
            self._before |= self._made
            while len(self._before) > _KEPT:
                del self._before[next(iter(self._before))]
            self._made.clear()
            self._wanted.clear()

    def of(self, report: Report) -> Snippet | None:
        """Return the piece to be drawn: until the right one is made, the one drawn before, or none."""
        row = (report.key, report.version, report.content)
        if row in self._made:
            return self._made[row]
        self._wanted[row] = report
        if not self._soon.isActive():
            self._soon.start()
        return self._before.get(row)

    def _make(self) -> None:
        missing = {}
        made = False
        for row, report in self._wanted.items():
            text = self._known.get(row)
            if text is not None or self._texts is None:
                self._made[row] = show_hit(text, report, self._sought)
                made = True
            else:
                missing[row] = report
        self._wanted.clear()
        if missing and self._texts is not None:
            self._wanted = missing
            if not self._asking:
                self._asking = True
                self._texts(tuple(missing.values()), partial(self._take, tuple(missing)))
        if made:
            self.arrived.emit()

    def _take(self, rows: Sequence[Row], texts: Sequence[Folded]) -> None:
        self._asking = False
        self._known.update(zip(rows, texts, strict=True))
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]
        self._make()
