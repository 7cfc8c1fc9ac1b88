"""The one window: the sign-in page, then the reading page, and what covers it.

Owns: which of them is on screen. Must never: open a second event loop, put patient data in a window title, or
ask whether the user really wants to leave.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import Enum

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from client.reasons import EndReason
from client.ui.sign_in import SignInPage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QCloseEvent

    from client.session.idle import IdleState
    from client.ui.curtain import Curtain
    from client.ui.reading import ReadingPage
    from client.ui.warning import WarningStrip


class Showing(Enum):
    """What the window shows."""

    WAITING = "waiting"  # nothing yet: the window is hidden
    SIGN_IN = "sign-in"
    READING = "reading"
    CURTAIN = "curtain"
    BLANK = "blank"


class Shell(QWidget):
    """The window of one session process."""

    def __init__(
        self, page: SignInPage, left: Callable[[EndReason], None], painted: Callable[[], None]
    ) -> None:
        super().__init__()
        self.page: SignInPage | None = page
        self.reading: ReadingPage | None = None
        self.curtain: Curtain | None = None
        self.warning: WarningStrip | None = None
        self.showing = Showing.WAITING
        self._left = left
        self._painted = painted
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(page)
        self.setWindowTitle("Safelight")
        self.resize(1360, 840)
        self.setMinimumSize(620, 340)  # a screen of 1280 × 720 at 200 %, less what the desktop keeps

    def show_sign_in(self, reason: EndReason | None, detail: str) -> None:
        """Come on screen with the sign-in page, saying why the last session ended."""
        if self.page is None or self.showing is not Showing.WAITING:
            return
        self.page.show_reason(reason, detail)
        self.showing = Showing.SIGN_IN
        self.show()
        self.page.repaint()  # now, not in some later turn of the event loop: it is painted when this returns
        self.raise_()
        self.activateWindow()
        QTimer.singleShot(0, self._painted)

    def make_ready(self, reading: ReadingPage) -> None:
        """Lay the reading page out behind the sign-in page."""
        self._pages.addWidget(reading)
        reading.setGeometry(self.rect())
        reading.ensurePolished()
        # `Presence` will look at every event. The first to an object of a private class of Qt makes PySide
        # load all its classes, to tell what that object is: 40 ms, which the first rows must not wait for.
        _ = QApplication.instance().children()  # type: ignore[union-attr]

    def show_reading(self, reading: ReadingPage) -> None:
        """Change from the sign-in page to the reading page, and drop the former with its typed words."""
        from client.ui.curtain import Curtain
        from client.ui.warning import WarningStrip

        page, self.page = self.page, None
        self.reading = reading
        self._pages.setCurrentWidget(reading)
        if page is not None:
            self._pages.removeWidget(page)
            page.deleteLater()
        self.curtain = Curtain(self, reading.user)
        self.curtain.lifted.connect(self._lift)
        self.curtain.sign_out.connect(lambda: self._left(EndReason.SIGNED_OUT))
        self.warning = WarningStrip(self)
        self.installEventFilter(self)
        self.showing = Showing.READING
        reading.take_focus()

    def show_presence(self, state: IdleState, covered: bool, remaining: timedelta) -> None:
        """Cover and warn, as the idle arithmetic says; a curtain, once drawn, waits for a key."""
        from client.session.idle import IdleState

        if self.reading is None or self.curtain is None or self.warning is None:
            return
        if covered:
            self.cover()
        self.reading.show_remaining(remaining)
        warned = state is IdleState.WARNING
        self.curtain.show_remaining(remaining, said=warned)
        if warned:
            self.warning.show_remaining(remaining)
        else:
            self.warning.hide()

    def say(self, sentence: str) -> None:
        """Say something where the user looks: on the sign-in page, or in the reading page's header."""
        if self.page is not None:
            self.page.show_problem(sentence)
        elif self.reading is not None:
            self.reading.say(sentence)

    def cover(self) -> None:
        """Draw the curtain: what it covers is hidden, not merely painted over."""
        if self.reading is None or self.curtain is None or self.showing is not Showing.READING:
            return
        self.showing = Showing.CURTAIN
        self.curtain.cover(self.reading)

    def _lift(self) -> None:
        if self.reading is not None and self.showing is Showing.CURTAIN:
            self.showing = Showing.READING
            self.reading.take_focus()

    def blank(self) -> None:
        """Take everything off the screen at once, and what was copied off the clipboard."""
        self.showing = Showing.BLANK
        self.hide()
        if self.reading is not None:
            from client.ui import clipboard  # here: the sign-in page copies nothing

            clipboard.current().empty_if_ours()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the session, without a question."""
        event.accept()
        self._left(EndReason.WINDOW_CLOSED)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep what covers the window covering all of it.

        Not a resizeEvent: that would make Qt's event types before the first paint (see client.ui.numbers).
        """
        if event.type() == event.Type.Resize:
            for cover in (self.curtain, self.warning):
                if cover is not None:
                    cover.fit()
        return False
