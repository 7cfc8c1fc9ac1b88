"""The versions of the report in sight, and what changed between two of them.

Owns: which two are held against each other. Must never: show the words of a withdrawn version, or stay when
another report is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from client.documents import Section
from client.documents.difference import Difference
from client.errors import SafelightError
from client.model.report import Report
from client.session.history import Version
from client.ui import badge, formats
from client.ui.compare import wording
from client.ui.compare.column import SideColumn
from client.ui.compare.side_head import SideHead
from client.ui.compare.side_list import SideRow

if TYPE_CHECKING:
    from client.ui.report.reader import Reader

_FIRST = "This is the first version the portal keeps: there is none to hold it against."
_WAIT = "Asking the portal …"
_ROWS = 8  # versions in sight at once


class Versions(QObject):
    """The list, and the page that shows a difference in place of the text."""

    wanted = Signal()  # the versions of the report in sight
    difference_wanted = Signal(object, object)  # from one version to another
    shown = Signal(object)  # the sections of the page that came up; None when it went

    def __init__(self, owner: QWidget, column: SideColumn, place: QStackedLayout) -> None:
        super().__init__(owner)
        self._owner = owner
        self._column = column
        self._place = place
        self._page: QWidget | None = None
        self._under: QWidget | None = None  # what the page came up over
        self.head: SideHead | None = None
        self.reader: Reader | None = None
        self._versions: tuple[Version, ...] = ()
        self._from = ""  # the version others are held against, "" for the one before each
        self._pair: tuple[Report, Report] | None = None
        self._zoom = 100
        self.listing = False
        column.versions.chosen.connect(self._choose)
        column.versions.moved.connect(self._choose)
        column.versions.marked.connect(self._mark)
        column.versions.left.connect(self.close)
        column.versions_asked.connect(self.close)

    @property
    def open(self) -> bool:
        """Whether the list or a difference is in sight."""
        return self.listing or self.showing

    @property
    def showing(self) -> bool:
        """Whether a difference stands in place of the text."""
        return self._page is not None and self._place.currentWidget() is self._page

    def toggle(self) -> None:
        """Show the list of versions and ask for them, or put all of it away."""
        if self.listing:
            self.close()
            return
        self.listing = True
        self._column.versions.set_empty_words(_WAIT)
        self._column.versions.show_rows(())
        self._column.versions.fit_rows(_ROWS)
        self._column.show_versions(True)
        self._column.versions.setFocus()
        self.wanted.emit()

    def show_versions(self, versions: Sequence[Version]) -> None:
        """List them, the newest first, and hold the newest against the one before."""
        if not self.listing:
            return
        self._versions, self._from = tuple(versions), ""
        self._list()
        if self._versions:
            self._column.versions.go_to(_key(self._versions[0].report))
            self._choose(_key(self._versions[0].report))

    def show_no_versions(self, sentence: str) -> None:
        """Say why there are none."""
        if self.listing:
            self._column.versions.set_empty_words(sentence)

    def ask_difference(self, before: Report, after: Report) -> None:
        """Ask for what changed from one version to another."""
        self._pair = (before, after)
        self._show_page(before, after, f'<p class="note">{_WAIT}</p>')
        self.difference_wanted.emit(before, after)

    def show_difference(self, before: Report, after: Report, difference: Difference) -> None:
        """Show what changed, if that is still what is asked for."""
        if self._pair == (before, after):
            from client.ui.compare.marking import mark

            html, sections = mark(difference, wording.status_change(before, after))
            self._show_page(before, after, html, sections)

    def show_problem(self, before: Report, after: Report, error: SafelightError) -> None:
        """Say why two versions cannot be held against each other."""
        if self._pair == (before, after):
            self._show_page(before, after, f"<p>{escape(str(error))}</p>")

    def close(self) -> None:
        """Put list and difference away; the text is where it was."""
        showing, self._pair = self.showing, None
        if self.listing:
            self.listing = False
            self._versions = ()
            had_focus = self._column.versions.hasFocus()
            self._column.show_versions(False)
            self._column.versions.show_rows(())
            showing = showing or had_focus
        if self.showing and self._under is not None:
            self._place.setCurrentWidget(self._under)
        if self.reader is not None and self.head is not None and self._under is not None:
            self._under = None
            self.reader.empty()
            self.head.show_words((), "", "")
        if showing:
            self.shown.emit(None)

    def set_zoom(self, per_cent: int) -> None:
        """Show a difference as large as the report."""
        self._zoom = per_cent
        if self.reader is not None:
            self.reader.set_zoom(per_cent)

    def words(self) -> str:
        """Return what the page shows, "" while it is not in sight."""
        if not self.showing or self.reader is None or self.head is None:
            return ""
        return f"{self.head.spoken()} {self.reader.toPlainText()}"

    def _mark(self, key: str) -> None:
        self._from = "" if self._from == key else key
        self._list()
        self._column.versions.go_to(key)
        self._choose(key)

    def _choose(self, key: str) -> None:
        keys = [_key(version.report) for version in self._versions]
        if key not in keys:
            return
        at = keys.index(key)
        after = self._versions[at]
        before = keys.index(self._from) if self._from in keys and self._from != key else at + 1
        if before >= len(keys):
            self._say(after.report, _FIRST)
            return
        # Whichever was chosen first, what changed is told from the older to the newer.
        older, newer = self._versions[max(before, at)], self._versions[min(before, at)]
        if problem := older.problem or newer.problem:
            self._say(after.report, problem)
        else:
            self.ask_difference(older.report, newer.report)

    def _say(self, version: Report, sentence: str) -> None:
        self._pair = None
        self._show_page(version, version, f"<p>{escape(sentence)}</p>")

    def _show_page(self, before: Report, after: Report, html: str, sections: Sequence[Section] = ()) -> None:
        if self._page is None:
            self._make_page()
        if self.reader is None or self.head is None or self._page is None:
            return
        marks = [badge.status(after.status)]
        words = wording.version(after).capitalize()
        if before is not after:
            marks.insert(0, badge.status(before.status))
            words = f"{wording.version(before).capitalize()} → {wording.version(after)}"
        dates = dict.fromkeys(formats.when(each.issued or each.date) for each in (before, after))
        self.head.show_words(marks, words, "  →  ".join(filter(None, dates)))
        self.reader.show_html(html)
        if not self.showing:
            self._under = self._place.currentWidget()
            self._place.setCurrentWidget(self._page)
        self.shown.emit(tuple(sections))

    def _make_page(self) -> None:
        from client.ui.report.reader import Reader

        self._page = QWidget(self._owner)
        self.head = SideHead(self._page, "Versions held against each other")
        self.head.show()
        self.reader = Reader(self._page)
        self.reader.setAccessibleName("What changed")
        self.reader.set_zoom(self._zoom)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.reader, 1)
        self._place.addWidget(self._page)

    def _list(self) -> None:
        self._column.versions.show_rows([self._row(version) for version in self._versions])
        self._column.versions.fit_rows(_ROWS)

    def _row(self, version: Version) -> SideRow:
        report = version.report
        status = badge.status(report.status)
        number = f"v{formats.isolate(report.version)}  " if report.version else ""
        date = formats.when(report.issued or report.date) or "Date unknown"
        who = formats.isolate(report.radiologist)
        pinned = _key(report) == self._from
        return SideRow(
            key=_key(report),
            group="",
            strong=f"{number}{status.word.capitalize()}" + ("  ◂ from here" if pinned else ""),
            plain=date if version.problem else f"{date}  {who}",
            note="not shown" if version.problem else "",
            slim=(number, date[:7]),
            spoken=". ".join(
                filter(None, (wording.version(report), status.meaning, date, who, version.problem))
            ),
            chosen=pinned,
            faint=bool(version.problem),
        )


def _key(report: Report) -> str:
    return f"{report.version}\0{report.status.value}\0{report.content}"
