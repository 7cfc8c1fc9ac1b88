"""The reading page: worklist and report side by side, and the line that says who is signed in.

Owns: which report is open. Must never: show two patients; opening a report replaces the one before.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from client.errors import SafelightError
from client.model.report import Report
from client.model.user import User
from client.session.progress import SyncProgress
from client.session.reading import Opened
from client.session.session import Session
from client.session.view import ReadState
from client.session.worklist import Merged
from client.ui import formats, theme
from client.ui.report.view import ReportView
from client.ui.worklist.view import WorklistView

_PACE = timedelta(milliseconds=200)  # between two arrangements of a worklist that is coming in
_LIST_LEAST = 360  # px
_LIST_WIDTH = 440  # px: the worklist beside a report
_WELCOME_FOR = timedelta(seconds=30)
_WARNED_FOR = timedelta(minutes=5)  # somebody else may have tried: that is not to be missed


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
        self.said = ""
        self._asked: Report | None = None
        self._list_width = _LIST_WIDTH  # beside a report; what the user drags it to is kept for the session
        self._unnoted: list[Report] = []  # on screen, but nobody has been told
        # A timer, not a queued call: that would come before the paint.
        self._behind = QTimer(self, singleShot=True, interval=0)
        self._behind.timeout.connect(self._note)

        self._merged = Merged((), ())  # what came and is not arranged yet
        self._late = False
        self._looked = False  # there were rows to look at
        self._paced = QTimer(self, singleShot=True, interval=_PACE // timedelta(milliseconds=1))
        self._paced.timeout.connect(self._catch_up)

        self.worklist = WorklistView()
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

        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._header())
        box.addWidget(self._split, 1)

        self.worklist.opened.connect(self.open)
        self.report.next_requested.connect(lambda: self._step(self.worklist.next_key()))
        self.report.previous_requested.connect(lambda: self._step(self.worklist.previous_key()))
        self.report.retry_requested.connect(self.open)
        self.report.leave_requested.connect(self.close_report)

    def begin(self, session: Session, portal_name: str) -> None:
        """Show this session's worklist from now on."""
        self._session, self.user = session, session.user
        self._where.setText(portal_name)
        self._who.setText(f"Signed in as {formats.isolate(self.user.display)}")
        self.worklist.set_worklist(session.worklist, session.index)
        self.worklist.stop_requested.connect(session.stop_loading)
        self.worklist.refresh_requested.connect(session.refresh)
        self._welcome()
        session.start(self._changed, self.say)

    def _header(self) -> QWidget:
        header = QWidget()
        header.setObjectName("header")
        self._where = QLabel()
        self._where.setObjectName("secondary")
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        self._notice = QLabel()
        self._notice.setObjectName("notice")
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.setAccessibleName("Notice")
        # However long a sentence is, "Sign out" stays where it is.
        self._notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._who = QLabel()
        self._who.setTextFormat(Qt.TextFormat.PlainText)
        self._who.setObjectName("secondary")
        self._remaining = QLabel()
        self._remaining.setObjectName("secondary")
        self._remaining.setAccessibleName("Time until sign-out without activity")
        self._remaining.setToolTip("Without activity, the session ends after this time")
        self.sign_out_button = QPushButton("Sign out  Ctrl+Q")
        self.sign_out_button.setAccessibleName("Sign out")
        self.sign_out_button.clicked.connect(self.sign_out)
        shortcut = QShortcut(QKeySequence("Ctrl+Q"), self)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
        shortcut.activated.connect(self.sign_out)
        line = QHBoxLayout(header)
        line.setContentsMargins(4 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        line.setSpacing(4 * theme.GRID)
        line.addWidget(self._where)
        line.addWidget(self._notice, 1)
        line.addWidget(self._who)
        line.addWidget(self._remaining)
        line.addWidget(self.sign_out_button)
        return header

    def open(self, report: Report) -> None:
        """Open a report in place of the one before."""
        self._asked = report
        if report.problem:
            self._reveal()
            self.opened = report
            self.report.show_problem(report, report.problem)
            return
        if report.status.withdrawn:
            self._reveal()
            self._show(Opened(report, (), self._session.worklist.state(report)))
            return
        self._session.open(report, self._show, lambda error: self._fail(report, error))
        if self.opened is not report and self._asked is report:
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
        self.report.show_report(opened.report, opened.documents, opened.before is ReadState.CHANGED)
        # Behind the paint: what is told to others and what is fetched ahead must not hold up the first look.
        self._unnoted.append(opened.report)
        self._behind.start()

    def _note(self) -> None:
        read, self._unnoted = self._unnoted, []
        for report in read:
            self._session.note_read(report)
            self.worklist.state_changed(report.key)

    def _fail(self, report: Report, error: SafelightError) -> None:
        if report is self._asked:
            self.opened = report
            self._reveal()
            self.report.show_problem(report, str(error))

    def _reveal(self) -> None:
        if not self.report.isVisibleTo(self):
            self.worklist.set_narrow(True)
            self.report.show()
            self._split.setSizes([self._list_width, max(self.width() - self._list_width, 1)])

    def _list_dragged(self, at: int, _handle: int) -> None:
        self._list_width = at

    def close_report(self) -> None:
        """Close the open report; the worklist has the whole width again."""
        self.opened = self._asked = None
        self.report.clear()
        self.report.hide()
        self.worklist.set_narrow(False)
        self.worklist.table.setFocus()

    def _step(self, key: str | None) -> None:
        if key is not None:
            self.open_key(key)

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
        if not self._looked and merged.new:
            self._looked = True
            self.worklist.repaint()  # within this call, after which the next page may have the interpreter

    def say(self, sentence: str) -> None:
        """Say something in the header; "" takes it away."""
        self.said = sentence
        self._notice.setText(sentence)
        self._notice.setToolTip(sentence)

    def _welcome(self) -> None:
        """Say when this name was last used, so that its owner notices a sign-in that was not theirs."""
        last = self.user.last_sign_in
        if last is None:
            return
        sentence = formats.last_sign_in(last)
        self.say(sentence)
        shown_for = _WARNED_FOR if last.failures_since else _WELCOME_FOR
        away = QTimer(self, singleShot=True, interval=shown_for // timedelta(milliseconds=1))
        away.timeout.connect(lambda: self.say("") if self.said == sentence else None)
        away.start()

    def show_remaining(self, remaining: timedelta) -> None:
        """Say how long the session lasts without activity."""
        text = formats.countdown(remaining)
        if text != self._remaining.text():
            self._remaining.setText(text)

    def take_focus(self) -> None:
        """Give the keyboard back to what was being read."""
        (self.report if self.opened is not None else self.worklist.table).setFocus()
