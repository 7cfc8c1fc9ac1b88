"""The line to type in, and below it how what was typed is understood and what can be done with it.

Owns: the place of both, which is always there, so that nothing below moves. Must never: keep what was typed,
or ask the portal for anything by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from client.ui import fonts, theme
from client.ui.keys.binding import hint, pressed
from client.ui.keys.table import Key
from client.ui.tip import set_tooltip
from client.ui.worklist.quick_filter import QuickFilter

_LINE = 28  # px
_HINT = 'Also  "in a row"   patient:name   CT   >2026-10-01   last week   unread   -without'
_LONGEST_NAME = 60


class Said(QWidget):
    """One line that is drawn, not laid out: it changes with every key, and a label moves its neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = ""
        self.hint = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setFont(fonts.sans(fonts.SMALL))

    def say(self, sentence: str, hint: str) -> None:
        """Show a sentence, or where there is none a hint."""
        if (sentence, hint) != (self.sentence, self.hint):
            self.sentence, self.hint = sentence, hint
            self.setAccessibleName(sentence or "How the search is understood")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much of it as there is room for."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setPen(colours.secondary if self.sentence else colours.faint)
        words = self.fontMetrics().elidedText(
            self.sentence or self.hint, Qt.TextElideMode.ElideRight, self.width()
        )
        set_tooltip(self, self.sentence if words != self.sentence else "")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class NameField(QLineEdit):
    """Where a search that is to be saved gets its name: Enter saves it, Esc does not."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Name of this search")
        self.setPlaceholderText("A name for this search, then Enter")
        self.setMaxLength(_LONGEST_NAME)
        self.setFixedHeight(_LINE - 4)
        self.setStyleSheet("min-height: 0; padding: 0 6px")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; the rest is typing."""
        if pressed(event, Key.CLEAR):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SearchBar(QWidget):
    """The search of the worklist."""

    named = Signal(str)  # the search in force is to be saved under this name
    removal_wanted = Signal()  # the saved search in force is not wanted any more
    portal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QuickFilter()
        self._sentence = ""
        self._note = ""
        self._narrow = False
        self._saved = False
        self._written: tuple[bool, bool] | None = None
        self.said = Said()
        self.name = NameField()
        self.save = self._button(self._save_pressed)
        self.portal = self._button(self.portal_wanted.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 4)
        column.setSpacing(0)
        column.addWidget(self.field)
        line = QHBoxLayout()
        line.setContentsMargins(8, 0, 0, 0)
        line.setSpacing(16)
        line.addWidget(self.said, 1)
        line.addWidget(self.name, 1)
        line.addWidget(self.save)
        line.addWidget(self.portal)
        below = QWidget()
        below.setFixedHeight(_LINE)
        below.setLayout(line)
        column.addWidget(below)
        self.name.returnPressed.connect(self._name)
        self.name.left.connect(self._leave_naming)
        self.name.hide()
        self.set_understood("", savable=False, saved=False, askable=False)

    def set_understood(self, sentence: str, *, savable: bool, saved: bool, askable: bool) -> None:
        """Say how what was typed is understood, "" for nothing typed.

        Say whether it can be saved, or is; and whether the portal can be asked for it.
        """
        self._sentence, self._saved = sentence, saved
        if not self.name.isHidden():
            self.stop_naming()
        self._offer(self.save, savable)
        self._offer(self.portal, askable)
        self._write()

    def set_note(self, note: str) -> None:
        """Say what came of asking or saving, before how the search is understood; "" takes it away."""
        self._note = note
        self._write()

    def set_narrow(self, narrow: bool) -> None:
        """Say less where there is little room."""
        self._narrow = narrow
        self.field.set_narrow(narrow)
        self._write()

    def start_naming(self) -> None:
        """Ask for a name, where the sentence stands."""
        if not self.save.isHidden() and not self._saved:
            self.name.clear()
            self.name.show()
            self.said.hide()
            self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stop_naming(self) -> None:
        """Show the sentence again; the focus goes back to the search if it was here."""
        if self.name.hasFocus():
            self.field.setFocus()
        self.said.show()
        self.name.hide()

    def _offer(self, button: QPushButton, offered: bool) -> None:
        # What is about to be hidden gives the focus away first, or Qt would choose who gets it.
        if not offered and button.hasFocus():
            self.field.setFocus()
        if offered is button.isHidden():
            button.setVisible(offered)

    def _name(self) -> None:
        if name := self.name.text().strip():
            self.stop_naming()
            self.named.emit(name)

    def _leave_naming(self) -> None:
        self.stop_naming()

    def _save_pressed(self) -> None:
        if self._saved:
            self.removal_wanted.emit()
        else:
            self.start_naming()

    def _write(self) -> None:
        sentence = "  ·  ".join(filter(None, (self._note, self._sentence)))
        self.said.say(sentence, "" if self._narrow else _HINT)
        if self._written != (self._saved, self._narrow):
            self._written = (self._saved, self._narrow)
            what = "Remove" if self._saved else "Save"
            key = hint(Key.REMOVE if self._saved else Key.SAVE)
            self._label(self.save, what if self._narrow else f"{what}  {key}", f"{what} this search ({key})")
            key = hint(Key.PORTAL)
            words = "Portal" if self._narrow else f"Search at the portal  {key}"
            self._label(self.portal, words, f"Search at the portal ({key})")

    @staticmethod
    def _label(button: QPushButton, words: str, name: str) -> None:
        button.setText(words)
        button.setAccessibleName(name)
        set_tooltip(button, name)

    @staticmethod
    def _button(act: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "inline")
        button.setFont(fonts.sans(fonts.SMALL))
        button.clicked.connect(lambda: act())
        return button
