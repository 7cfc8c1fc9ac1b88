"""The line at the top of the reading page: portal, notice, who is signed in, the time left, and Sign out.

Owns: the corner where Sign out always is, and the notes on this computer, said once and again when asked for.
Must never: let a sentence or a small window push Sign out out of sight.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from client.model.user import User
from client.ui import formats, icons, theme
from client.ui.keys.binding import bind, hint
from client.ui.keys.table import Key
from client.ui.tip import set_tooltip

_WELCOME_FOR = timedelta(seconds=30)
_WARNED_FOR = timedelta(minutes=5)  # somebody else may have tried: that is not to be missed
_ROOM_FOR_PORTAL = 1000  # px: below, the portal's name gives way
_ROOM_FOR_USER = 700  # px: below, the user's name does too; the curtain shows it


class Header(QWidget):
    """Fixed places on the right, sentences in what is left."""

    sign_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.said = ""
        self.notes: list[str] = []
        self._next_note = 0
        self._note = ""  # the one said last
        self._noted = QTimer(self, singleShot=True, interval=_WELCOME_FOR // timedelta(milliseconds=1))
        self._noted.timeout.connect(self._note_was_read)
        self._where = self._label("Portal")
        self._notice = self._label("Notice")
        self._notice.setObjectName("notice")
        # However long a sentence is, "Sign out" stays where it is.
        self._notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._about = QToolButton()
        self._about.clicked.connect(self._say_next_note)
        self._about.hide()
        self._who = self._label("Signed in")
        self._remaining = self._label("Time until sign-out without activity")
        self._remaining.setToolTip("Without activity, the session ends after this time")
        self._remaining.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._remaining.setMinimumWidth(self._remaining.fontMetrics().horizontalAdvance(_time_left("00:00")))
        self.sign_out_button = QPushButton(f"Sign out  {hint(Key.SIGN_OUT)}")
        self.sign_out_button.setAccessibleName("Sign out")
        self.sign_out_button.clicked.connect(self.sign_out)
        bind(self, Key.SIGN_OUT, self.sign_out.emit, Qt.ShortcutContext.ApplicationShortcut)
        line = QHBoxLayout(self)
        line.setContentsMargins(4 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        line.setSpacing(4 * theme.GRID)
        line.addWidget(self._where)
        line.addWidget(self._notice, 1)
        line.addWidget(self._about)
        line.addWidget(self._who)
        line.addWidget(self._remaining)
        line.addWidget(self.sign_out_button)

    def place_news(self, button: QWidget) -> None:
        """Give the word of what is new its fixed place, before the user's name."""
        line = self.layout()
        assert isinstance(line, QHBoxLayout)  # noqa: S101 (made above)
        line.insertWidget(line.indexOf(self._about), button)

    def begin(self, portal_name: str, user: User) -> None:
        """Say where and as whom, and when this name was last used: its owner notices a sign-in not theirs."""
        self._where.setText(portal_name)
        self._who.setText(f"Signed in as {formats.isolate(user.display)}")
        if (last := user.last_sign_in) is None:
            return
        sentence = formats.last_sign_in(last)
        self.say(sentence)
        shown_for = _WARNED_FOR if last.failures_since else _WELCOME_FOR
        away = QTimer(self, singleShot=True, interval=shown_for // timedelta(milliseconds=1))
        away.timeout.connect(lambda: self._take_back(sentence))
        away.start()

    def say(self, sentence: str) -> None:
        """Say something; "" takes it away."""
        self.said = sentence
        self._notice.setText(sentence)
        set_tooltip(self._notice, sentence)

    def add_note(self, sentence: str) -> None:
        """Note something about this computer: said when there is room for it, and again when asked for."""
        if sentence in self.notes:
            return
        self.notes.append(sentence)
        if self._about.isHidden():
            self._about.setIcon(icons.icon("info"))  # here: most computers need none
            self._about.show()
        count = len(self.notes)
        self._about.setAccessibleName(
            "1 note on this computer" if count == 1 else f"{count} notes on this computer"
        )
        set_tooltip(self._about, self._about.accessibleName())
        if not self.said:
            self._say_next_note()

    def _say_next_note(self) -> None:
        self._note = self.notes[self._next_note % len(self.notes)]
        self._next_note += 1
        self.say(self._note)
        self._noted.start()

    def _note_was_read(self) -> None:
        if self.said == self._note:  # it can be read again; one that stays for hours is read by nobody
            self.say("")

    def _take_back(self, sentence: str) -> None:
        if self.said == sentence:
            self.say("")
            if self.notes:
                self._say_next_note()

    def show_remaining(self, remaining: timedelta) -> None:
        """Say how long the session lasts without activity."""
        text = _time_left(formats.countdown(remaining))
        if text != self._remaining.text():
            self._remaining.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out, where there is little room, what can be read elsewhere."""
        super().resizeEvent(event)
        self._where.setVisible(self.width() >= _ROOM_FOR_PORTAL)
        self._who.setVisible(self.width() >= _ROOM_FOR_USER)

    @staticmethod
    def _label(name: str) -> QLabel:
        label = QLabel()
        label.setObjectName("secondary")
        label.setAccessibleName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label


def _time_left(time: str) -> str:
    return f"Signs out in {time}"
