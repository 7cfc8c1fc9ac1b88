"""The sign-in page: the front door.

Owns: what is typed until it is handed over with `submitted`, and saying what happened.
Must never: sign in itself, keep a password after it was handed over, offer to go on past a certificate that
is not trusted, or open another window. It is on the start-up path: nothing heavy is imported here, and what
is not seen at first (waiting, a problem, Caps Lock) is made when it is first needed, its place kept free.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from client import __version__
from client.clock import Clock, SystemClock
from client.errors import LockedOut, SafelightError, SignInRefused
from client.ui import fonts, numbers, theme
from client.ui.lamp import Lamp
from client.ui.password import Password, typed_field
from client.ui.words import Words

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from client.reasons import EndReason
    from client.ui.problem import ProblemLine
    from client.ui.waiting import WaitingRow

_CARD = 100 * theme.GRID
_MARGIN = 8 * theme.GRID
_COLUMN = _CARD - 2 * _MARGIN
_NO_BREAK_SPACE = "\u00a0"
_PROBLEM_LINES = 3  # kept free
_PROMISE = "Nothing of the last session is on this computer."


class SignInPage(QWidget):
    """Portal, user name, password, and why the last session ended."""

    submitted = Signal(str, object)  # user name and password, both str
    cancelled = Signal()

    def __init__(self, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Sign in")
        self._clock = clock or SystemClock()
        self._waiting: WaitingRow | None = None
        self._problem: ProblemLine | None = None
        self._portal = Words(width=_COLUMN, role="title", pixels=fonts.TITLE, strong=True)
        self._reason = Words(width=_COLUMN, role="label")
        self._user = typed_field("User name")
        self._password = Password(_app(), self)
        self._sign_in = QPushButton("Sign in")
        self._sign_in.setProperty("role", "primary")
        self._sign_in.setAutoDefault(True)
        self._sign_in.setFont(fonts.sans(strong=True))
        self._notice = Words(width=_COLUMN, role="label", pixels=fonts.SMALL)
        self._arrange()
        self._connect()
        self.setFocusProxy(self._user)

    def set_portal(self, name: str, notice: str = "") -> None:
        """Say which portal this is, and the organisation's words under the card."""
        self._portal.setText(name or _NO_BREAK_SPACE)  # the place of a name that is still to come
        self._portal.setAccessibleName(f"Portal: {name}")
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))

    def show_reason(self, reason: EndReason | None, detail: str = "") -> None:
        """Say why the last session ended; `detail` is the time that ran out, in words, where one did."""
        self._reason.setVisible(reason is not None)
        if reason is not None:
            from client.ui.ended import sentence

            self._reason.setText(sentence(reason, detail))

    def show_busy(self, busy: bool) -> None:
        """Put the waiting time and Cancel where the button is, or the button back."""
        if busy is self.busy:
            return
        for field in (self._user, self._password.field, self._password.show):
            field.setEnabled(not busy)
        waiting = self._waiting_row()
        if busy:
            self._clear_problem()
            self._actions.setCurrentWidget(waiting)
            waiting.start()
        else:
            waiting.stop()
            self._actions.setCurrentWidget(self._sign_in)
            self._first_empty().setFocus()

    @property
    def busy(self) -> bool:
        """Whether an answer is being waited for."""
        return self._actions.currentWidget() is not self._sign_in

    def show_problem(self, problem: SafelightError | str) -> None:
        """Say what went wrong, in the problem's own words; "" clears it.

        After LockedOut the button waits, and the line counts, until `retry_after` has passed.
        """
        self.show_busy(False)
        wait = problem.retry_after if isinstance(problem, LockedOut) else timedelta(0)
        if str(problem):
            self._problem_line().show_problem(str(problem), wait)
        else:
            self._clear_problem()
        self._sign_in.setEnabled(not wait)
        self._inside.activate()  # the sentence has its lines before the page scrolls to them
        self._column.activate()
        self._scroll.ensureWidgetVisible(self._below)
        if isinstance(problem, SignInRefused):
            self._password.clear()
            self._password.field.setFocus()

    def refuse(self, problem: SafelightError) -> None:
        """Say why nobody can sign in here, and take no names: the organisation's rules cannot be read."""
        for control in (self._user, self._password.field, self._password.show, self._sign_in):
            control.setEnabled(False)
        self._problem_line().show_problem(str(problem), timedelta(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels a sign-in under way."""
        from PySide6.QtCore import Qt

        if self.busy and event.key() == Qt.Key.Key_Escape:
            self._cancel()
        else:
            super().keyPressEvent(event)

    def _waiting_row(self) -> WaitingRow:
        from client.ui.waiting import WaitingRow

        if self._waiting is None:
            self._waiting = WaitingRow("Signing in…", self._clock)
            self._waiting.cancel.clicked.connect(self._cancel)
            self._actions.addWidget(self._waiting)
            QWidget.setTabOrder(self._sign_in, self._waiting.cancel)
        return self._waiting

    def _problem_line(self) -> ProblemLine:
        from client.ui.problem import ProblemLine

        if self._problem is None:
            self._problem = ProblemLine(self._clock, _COLUMN)
            self._problem.over.connect(lambda: self._sign_in.setEnabled(True))
            place = QVBoxLayout(self._below)
            place.setContentsMargins(0, 0, 0, 0)
            place.addWidget(self._problem)
            self._problem.show()  # now: a layout would, but in the next turn of the event loop
        return self._problem

    def _clear_problem(self) -> None:
        if self._problem is not None:
            self._problem.clear()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(3 * theme.GRID)
        head.addWidget(Lamp(28))
        head.addWidget(Words("Safelight", role="label"), 1)
        over_password = QHBoxLayout()
        over_password.addWidget(_caption("Password", self._password.field), 1)
        over_password.addWidget(self._password.show)
        self._actions = QStackedLayout()
        self._actions.addWidget(self._sign_in)
        self._below = QWidget()  # the place of a problem

        card = QFrame()
        card.setProperty("role", "sheet")
        card.setFixedWidth(_CARD)
        self._inside = inside = QVBoxLayout(card)
        inside.setContentsMargins(*4 * (_MARGIN,))
        inside.setSpacing(0)
        for part, space in (
            (head, 5),
            (self._portal, 1),
            (self._reason, 1),
            (None, 4),
            (_caption("User name", self._user), 1),
            (self._user, 3),
            (over_password, 1),
            (self._password.field, 1),
            (self._password.caution, 1),
            (self._actions, 3),
            (self._below, 0),
        ):
            if isinstance(part, QWidget):
                inside.addWidget(part)
            elif part is not None:
                inside.addLayout(part)
            inside.addSpacing(space * theme.GRID)
        # The places of what may come are kept free, so that nothing jumps under the pointer.
        self._password.caution.setFixedHeight(5 * theme.GRID)
        self._below.setMinimumHeight(_PROBLEM_LINES * self._reason.fontMetrics().lineSpacing())

        middle = QWidget()
        self._column = column = QVBoxLayout(middle)
        column.setContentsMargins(*4 * (6 * theme.GRID,))
        column.setSpacing(6 * theme.GRID)
        column.addStretch(2)
        column.addLayout(_centred(card))
        column.addLayout(_centred(self._notice))
        column.addStretch(3)
        self._notice.hide()
        self._reason.hide()
        # A small screen at a large scale: the card scrolls, the footer stays.
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setProperty("focusPolicy", numbers.NO_FOCUS)
        self._scroll.setWidget(middle)

        footer = QHBoxLayout()
        footer.setContentsMargins(6 * theme.GRID, 0, 6 * theme.GRID, 5 * theme.GRID)
        promise = Words(_PROMISE, role="faint", pixels=fonts.SMALL)
        version = Words(f"Safelight {__version__}", role="faint", pixels=fonts.SMALL)
        footer.addWidget(promise, 1)
        footer.addWidget(version)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._scroll, 1)
        page.addLayout(footer)
        for before, after in (
            (self._user, self._password.field),
            (self._password.field, self._password.show),
            (self._password.show, self._sign_in),
        ):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self._user.returnPressed.connect(self._submit)
        self._password.field.returnPressed.connect(self._submit)
        self._sign_in.clicked.connect(self._submit)

    def _submit(self) -> None:
        empty = self._first_empty()
        if not self._sign_in.isEnabled() or self.busy:
            return
        if not self._user.text().strip() or not self._password.field.text():
            empty.setFocus()
            return
        password = self._password.take()
        self.show_busy(True)
        self.submitted.emit(self._user.text().strip(), password)

    def _cancel(self) -> None:
        self.show_busy(False)
        self.cancelled.emit()

    def _first_empty(self) -> QLineEdit:
        return self._password.field if self._user.text().strip() else self._user


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # noqa: S101 (no widget exists without one)
    return app


def _caption(text: str, field: QLineEdit) -> Words:
    caption = Words(text, role="label", pixels=fonts.SMALL)
    caption.setBuddy(field)
    return caption


def _centred(part: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(part)
    row.addStretch(1)
    return row
