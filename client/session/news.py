"""What came since the worklist was complete and nobody has looked at: how many, and nothing else of it.

Owns: which reports are news, and the words for them, which hold no patient data.
Must never: be told of reports that the user searched for, or let a critical one lapse before it was opened.
For the main thread alone.
"""

from __future__ import annotations

from collections.abc import Callable

from client.session.view import ReadState
from client.session.worklist import Merged, Worklist
from client.system.notifier import Notifier


class News:
    """Reports that announce themselves."""

    def __init__(self, worklist: Worklist, notifier: Notifier | None) -> None:
        """`notifier` None: nothing is said outside the window."""
        self._worklist, self._notifier = worklist, notifier
        self._critical: dict[str, None] = {}
        self._new: dict[str, None] = {}
        self._changed: dict[str, None] = {}
        self._heard: Callable[[], None] | None = None

    def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard` whenever the words change."""
        self._heard = heard

    def take(self, merged: Merged) -> None:
        """Take what a look for changes brought."""
        before = self.words()
        for row in (*merged.new, *merged.replaced):
            report = self._worklist.report(row)
            waited = report.key in self._new or report.key in self._critical  # new since, and still unseen
            for kind in (self._critical, self._new, self._changed):
                kind.pop(report.key, None)
            if (found := self._kind(row, new=waited or row in merged.new)) is not None:
                found[report.key] = None
        if self.words() != before:
            self._tell()

    def _kind(self, row: int, *, new: bool) -> dict[str, None] | None:
        report, state = self._worklist.report(row), self._worklist.state_of(row)
        if state is ReadState.READ:
            return None
        if report.critical and not report.status.withdrawn:
            return self._critical
        if state is ReadState.CHANGED:
            return self._changed
        return self._new if new and not report.status.withdrawn else None

    def opened(self, key: str) -> None:
        """Take a report that was opened as seen, and all that is not critical with it."""
        before = self.words()
        self._critical.pop(key, None)
        self._new.clear()
        self._changed.clear()
        if self.words() != before:
            self._tell()

    @property
    def critical(self) -> bool:
        """Whether a critical report waits."""
        return bool(self._critical)

    @property
    def first(self) -> str:
        """The key of what to look at first; "" for nothing."""
        return next((key for kind in (self._critical, self._new, self._changed) for key in kind), "")

    def words(self) -> str:
        """Return "1 critical report, 3 new reports"; "" for no news."""
        kinds = (("critical", self._critical), ("new", self._new), ("changed", self._changed))
        return ", ".join(
            f"{len(keys)} {kind} {'report' if len(keys) == 1 else 'reports'}" for kind, keys in kinds if keys
        )

    def _tell(self) -> None:
        if self._notifier is not None:
            self._notifier.show(self.words(), lasting=self.critical)
        if self._heard is not None:
            self._heard()
