"""The curtain: the whole window covered after a while, one key away from going on.

Owns: hiding what it covers (hidden, not painted over: a screen reader finds nothing of it either) and
bringing back exactly that. Must never: let the key or click that lifts it do anything else, show anything of
a patient, or hold up the end of a session.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QToolTip, QVBoxLayout, QWidget

from client.model.user import User
from client.ui import fonts, theme
from client.ui.formats import countdown, isolate
from client.ui.lamp import Lamp
from client.ui.words import Words

SIGN_OUT = QKeySequence("Ctrl+Q")

_WIDTH = 400  # px
_BARE = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class Curtain(QWidget):
    """Covers `parent` from `cover` until a key or a click."""

    lifted = Signal()
    sign_out = Signal()

    def __init__(self, parent: QWidget, user: User) -> None:
        super().__init__(parent)
        self._window = parent
        self._covered: list[QWidget] = []
        self._key: int | None = None  # the key that went down here and has not come up yet
        self._pressed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName("Screen covered. Press a key to go on.")
        self._left = Words(width=_WIDTH, role="label", pixels=fonts.SMALL)
        place = self._left.sizePolicy()
        place.setRetainSizeWhenHidden(True)
        self._left.setSizePolicy(place)
        self._news = Words(width=_WIDTH, pixels=fonts.BODY)
        self._out = QPushButton(f"Sign out   {SIGN_OUT.toString(QKeySequence.SequenceFormat.NativeText)}")
        self._out.setProperty("role", "quiet")
        self._out.setAccessibleName("Sign out")
        self._out.setAutoDefault(True)  # Enter presses it
        self._out.clicked.connect(self.sign_out)
        self._arrange(user)
        self.hide()

    def cover(self, *covered: QWidget) -> None:
        """Hide `covered` (pages, detached windows) and what floats over them, and stand in their place."""
        if self.isVisible():
            return
        # Before anything else: a menu or a tooltip would stay on top, with a name in it.
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        QToolTip.hideText()
        self._key, self._pressed = None, False
        self.fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._covered = [one for one in covered if not one.isHidden()]
        for one in self._covered:
            one.hide()
        # Not left to the next turn of the event loop, which may be late: the picture changes now.
        self.repaint()

    def fit(self) -> None:
        """Take the whole of the window again, after its size changed."""
        self.setGeometry(self._window.rect())

    def show_remaining(self, remaining: timedelta, *, said: bool = False) -> None:
        """Say how long until the session ends, unless that is `said` by the warning already."""
        self._left.setVisible(not said)
        text = f"Signing out in {countdown(remaining)}"
        if text != self._left.text():
            self._left.setText(text)

    def show_news(self, words: str) -> None:
        """Say how many reports came; "" for none."""
        self._news.setText(words)

    def event(self, event: QEvent) -> bool:
        """Take every key before any shortcut of the covered window can."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remember the key; it lifts the curtain when it comes up, so that nothing below sees any of it."""
        if QKeySequence(event.keyCombination()) == SIGN_OUT:
            self._key = None  # Control coming up must not lift what is about to end
            self.sign_out.emit()
        elif not event.isAutoRepeat() and not (event.key() in _BARE and self._key is not None):
            self._key = event.key()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Lift when the key that went down here comes up."""
        if not event.isAutoRepeat() and event.key() == self._key:
            self._lift()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Remember the press."""
        self._pressed = True

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Lift when a press made here ends."""
        if self._pressed:
            self._lift()
            _SecondClick(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget a key that went down: it may come up elsewhere."""
        self._key = None
        super().focusOutEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill everything with the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().ground)
        painter.end()

    def _lift(self) -> None:
        self._key, self._pressed = None, False
        covered, self._covered = self._covered, []
        for one in covered:
            one.show()
        self.hide()
        self.lifted.emit()

    def _arrange(self, user: User) -> None:
        name = Words(
            isolate(user.display or user.name), width=_WIDTH, role="title", pixels=fonts.TITLE, strong=True
        )
        column = QVBoxLayout()
        column.setSpacing(2 * theme.GRID)
        column.addWidget(Lamp(28))
        column.addSpacing(3 * theme.GRID)
        column.addWidget(name)
        column.addWidget(Words("Press a key to go on", pixels=fonts.BODY))
        column.addSpacing(2 * theme.GRID)
        column.addWidget(self._news)
        column.addWidget(self._left)
        middle = QWidget()
        middle.setFixedWidth(_WIDTH)
        middle.setLayout(column)
        for part in (middle, *middle.findChildren(QWidget)):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        corner = QHBoxLayout()  # the corner where Sign out always is
        corner.addStretch(1)
        corner.addWidget(self._out)
        page = QVBoxLayout(self)
        page.setContentsMargins(*4 * (2 * theme.GRID,))
        page.addLayout(corner)
        page.addStretch(2)
        page.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(3)


class _SecondClick(QObject):
    """Keeps the second click of a double click, whose first one lifted the curtain, from what is below."""

    def __init__(self, curtain: Curtain) -> None:
        super().__init__(curtain)
        self._under_way = False
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a double click and its release; a press by itself comes too late to belong to the first."""
        if not watched.isWidgetType():
            return False
        kind = event.type()
        if kind is QEvent.Type.MouseButtonDblClick:
            self._under_way = True
            return True
        if kind is QEvent.Type.MouseButtonRelease and self._under_way:
            self._end()
            return True
        if kind is QEvent.Type.MouseButtonPress:
            self._end()
        return False

    def _end(self) -> None:
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.deleteLater()
