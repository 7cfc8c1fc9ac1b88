"""The reading page: worklist and report side by side, and the line that says who is signed in.

Owns: which report is open. Must never: show two patients; opening a report replaces the one before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from client.audit.event import Act
from client.errors import SafelightError
from client.model.report import Report, ReportStatus
from client.model.user import User
from client.session.history import SinceRead
from client.session.output import Way
from client.session.progress import SyncProgress
from client.session.reading import Opened
from client.session.session import Session
from client.session.view import ReadState
from client.session.worklist import Merged
from client.ui import clipboard
from client.ui.compare.bringing import Bringing
from client.ui.header import Header
from client.ui.keys import Key, bind
from client.ui.keys.sheet import KeySheet
from client.ui.news import NewsButton
from client.ui.report.view import ReportView
from client.ui.worklist.view import WorklistView

if TYPE_CHECKING:
    from client.ui.output.page import OutputPage

_PACE = timedelta(milliseconds=200)  # between two arrangements of a worklist that is coming in
_LIST_LEAST = 360  # px
_LIST_WIDTH = 440  # px: the worklist beside a report
_COMPARED = 1000  # px: two reports side by side with less take the list's place too
_SMALL = 800  # px: a window narrower than this has room for the list or a report


class ReadingPage(QWidget):
    """Everything a signed-in user works with; made before, since that takes longer than a sign-in may."""

    sign_out = Signal()

    _session: Session  # from `begin` on
    user: User

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reading")
        self.opened: Report | None = None
        self.progress = SyncProgress()
        self._asked: Report | None = None
        self._list_width = _LIST_WIDTH  # beside a report; what the user drags it to is kept for the session
        self._small = False
        self._unnoted: list[Report] = []  # on screen, but nobody has been told
        self._reread: Report | None = None  # opened, and changed since it was read
        self._bringing: Bringing | None = None
        # A timer, not a queued call: that would come before the paint.
        self._behind = QTimer(self, singleShot=True, interval=0)
        self._behind.timeout.connect(self._note)

        self._merged = Merged((), ())  # what came and is not arranged yet
        self._late = False
        self._looked = False  # there were rows to look at
        self._paced = QTimer(self, singleShot=True, interval=_PACE // timedelta(milliseconds=1))
        self._paced.timeout.connect(self._catch_up)

        self.worklist = WorklistView(keys_of=self)
        self.worklist.setMinimumWidth(_LIST_LEAST)
        self.report = ReportView()
        self.report.hide()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.worklist)
        self._split.addWidget(self.report)
        self._split.setStretchFactor(0, 0)
        self._split.setStretchFactor(1, 1)
        self._split.splitterMoved.connect(self._list_dragged)

        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._split, 1)
        self.header = Header()
        box.insertWidget(0, self.header)  # on top, and last in the order of Tab: it holds Sign out

        self.news = NewsButton(self)
        self.header.place_news(self.news)
        self.news.asked.connect(self.open_key)
        self.output: OutputPage | None = None
        bind(self, Key.PRINT, lambda: self._let_out(Way.PRINT))
        bind(self, Key.EXPORT, lambda: self._let_out(Way.EXPORT))

        self.key_sheet = KeySheet(self, self.header)

        self.worklist.opened.connect(self.open)
        self.report.next_requested.connect(lambda: self._step(self.worklist.next_key()))
        self.report.previous_requested.connect(lambda: self._step(self.worklist.previous_key()))
        self.report.retry_requested.connect(self.open)
        self.report.newer_requested.connect(self._read_newer)
        self.report.leave_requested.connect(self._leave)
        self.report.comparison.opened.connect(lambda prior: self.open_key(prior.key))
        self.report.comparison.changed.connect(self._make_room)
        self.worklist.wanted.connect(self._bring_worklist)
        self.header.sign_out.connect(self.sign_out)

    def begin(self, session: Session, portal_name: str) -> None:
        """Show this session's worklist from now on."""
        self._session, self.user = session, session.user
        self.header.begin(portal_name, self.user)
        self._bringing = Bringing(self.report, session, self._seen)
        self.report.pages_from(session.open_pages)
        self.report.images_from(session.images)
        self.news.begin(session.news)
        clipboard.current().begin(allowed=session.policy.copy, noted=self._note_copy)
        self.worklist.set_worklist(session.worklist, session.index, session.searching)
        self.worklist.stop_requested.connect(session.stop_loading)
        self.worklist.refresh_requested.connect(session.refresh)
        session.start(self._changed, self.say, self.header.add_note)

    def open(self, report: Report) -> None:
        """Open a report in place of the one before."""
        if self.output is not None:
            self.output.leave()
        self.opened, self._asked = None, report
        if report.problem:
            self._reveal()
            self.opened = report
            self.report.show_problem(report, report.problem, retry=False)
            self._seen(report)
            return
        if report.status.withdrawn:
            self._reveal()
            self._show(Opened(report, (), self._session.worklist.state(report)))
            return
        self._session.open(report, self._show, lambda error: self._fail(report, error), self._add)
        if self.opened is None and self._asked is report:
            self._reveal()
            self.report.show_loading(report)

    def open_key(self, key: str) -> None:
        """Open the report of this key, if the worklist has it."""
        report = self._session.worklist.get(key)
        if report is not None:
            self.worklist.select(key)
            self.open(report)

    def _show(self, opened: Opened) -> None:
        if self._asked is None or opened.report.key != self._asked.key:
            return  # the user has gone on to another report
        self.opened = self._asked = opened.report
        self._reveal()
        changed = opened.before is ReadState.CHANGED
        self._reread = opened.report if changed else None
        self.report.show_report(opened.report, opened.documents, changed)
        self._seen(opened.report)
        self._look_for_newer()

    def _add(self, opened: Opened) -> None:
        if self.opened is not None and opened.report.key == self.opened.key:
            self.report.add_documents(opened.report, opened.documents)

    def _seen(self, report: Report) -> None:
        # Behind the paint: what is told to others and what is fetched ahead must not hold up the first look.
        self._unnoted.append(report)
        self._behind.start()

    def _note(self) -> None:
        read, self._unnoted = self._unnoted, []
        for report in read:
            self._session.note_read(report)
            self.worklist.state_changed(report.key)
        if self._bringing is not None:
            self._bringing.look(complete=not self.progress.running)
            if (reread := self._reread) is not None:
                self._reread = None
                self._bringing.look_since(reread)

    def _fail(self, report: Report, error: SafelightError) -> None:
        if report is self._asked:
            self.opened = report
            self._reveal()
            self.report.show_problem(report, str(error), retry=True)

    def _reveal(self) -> None:
        if self.report.isHidden():
            self._give_places(reading=True)

    def _give_places(self, *, reading: bool | None = None) -> None:
        """Show the list, or list and report side by side; in a small window one of them."""
        if reading is None:
            reading = not self.report.isHidden()
        self.worklist.set_narrow(reading or self._small, beside=reading and not self._small)
        self.worklist.setVisible(not (reading and self._small))
        if not reading:
            self.worklist.table.setFocus()  # before the report is hidden, which may have it
        self.report.setVisible(reading)
        if reading:
            self._split.setSizes([self._list_width, max(self.width() - self._list_width, 1)])
            if self._small:
                self.report.take_focus()

    def _make_room(self, comparing: bool) -> None:
        """Give two reports the whole width where half of what is beside the list is too little for each."""
        if not self._small:
            narrow = self.width() - self._list_width < _COMPARED
            focus = QApplication.focusWidget()
            if comparing and narrow and focus is not None and self.worklist.isAncestorOf(focus):
                self.report.take_focus()  # before the list is hidden: Qt would give it to some control
            self.worklist.setVisible(not (comparing and narrow))

    def _let_out(self, way: Way) -> None:
        """Show the page that prints or saves the document in sight, or say why not."""
        if self.output is None:
            from client.ui.output.page import OutputPage  # only now: most sessions let nothing out

            self.output = OutputPage(self, self._split, self.say)
            self._box.insertWidget(1, self.output, 1)
        if self.output.isHidden():
            self.output.open(self._session, way, self.report.report, self.report.document)

    def _note_copy(self) -> None:
        if (report := self.report.report) is not None:
            self._session.note_output(Act.REPORT_COPIED, report)

    def _list_dragged(self, at: int, _handle: int) -> None:
        self._list_width = at

    def close_report(self) -> None:
        """Close the open report; the worklist has the whole width again."""
        self.opened = self._asked = None
        self._give_places(reading=False)
        self.report.clear()

    def _leave(self) -> None:
        """Go one step back: what narrows the list goes first, where the user is at the list."""
        focus = QApplication.focusWidget()
        at_list = focus is not None and self.worklist.isAncestorOf(focus)
        if not (at_list and self.worklist.step_back()):
            self.close_report()

    def _bring_worklist(self) -> None:
        if self.worklist.isHidden():
            self.close_report()

    def _step(self, key: str | None) -> None:
        if key is not None:
            self.open_key(key)

    def _look_for_newer(self) -> None:
        """Say that a newer version of the open report came; where it was withdrawn, its text goes at once."""
        shown = self.report.report
        now = self._session.worklist.get(shown.key) if shown is not None else None
        if shown is None or now is None or now is shown or _state(now) == _state(shown):
            return
        if now.status.withdrawn:
            was_read = self.opened is not None
            self.opened, self._asked = now, None  # a text under way is not to be shown any more
            self.report.show_report(now, (), changed=was_read)
            if was_read:
                self.report.show_since(now, SinceRead(shown, None, None))
                self._seen(now)
        else:
            self.report.show_newer()

    def _read_newer(self) -> None:
        if (shown := self.report.report) is not None:
            self.open_key(shown.key)

    def _changed(self, merged: Merged, progress: SyncProgress) -> None:
        # The first rows and the last at once; in between as often as an eye can follow.
        self.progress = progress
        self._merged = Merged(self._merged.new + merged.new, self._merged.replaced + merged.replaced)
        self._late = progress.running and self._paced.isActive()
        if not self._late:
            self._arrange()

    def _catch_up(self) -> None:
        if self._late:
            self._late = False
            self._arrange()

    def _arrange(self) -> None:
        merged, self._merged = self._merged, Merged((), ())
        if merged.new or merged.replaced:
            self._paced.start()
        self.worklist.rows_changed(merged)
        self.worklist.show_progress(self.progress)
        self._look_for_newer()
        if self.output is not None:
            self.output.look_again()
        if self._bringing is not None and self.report.isVisible() and (merged.new or merged.replaced):
            self._bringing.look(complete=not self.progress.running)
        if not self._looked and merged.new:
            self._looked = True
            self.worklist.repaint()  # within this call, after which the next page may have the interpreter

    @property
    def said(self) -> str:
        """What the header says at the moment."""
        return self.header.said

    def say(self, sentence: str) -> None:
        """Say something in the header; "" takes it away."""
        self.header.say(sentence)

    def show_remaining(self, remaining: timedelta) -> None:
        """Say how long the session lasts without activity."""
        self.header.show_remaining(remaining)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one thing at a time in a window too small for two."""
        super().resizeEvent(event)
        if self._small is not (self.width() < _SMALL):
            self._small = not self._small
            self._give_places()

    def take_focus(self) -> None:
        """Give the keyboard back to what was being read."""
        if self.output is not None and not self.output.isHidden():
            self.output.take_focus()
        elif self.report.isHidden():
            self.worklist.table.setFocus()
        else:
            self.report.take_focus()


def _state(report: Report) -> tuple[str, str, ReportStatus, str]:
    return report.version, report.content, report.status, report.problem
