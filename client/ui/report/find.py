"""Find in report: a bar below the text, never a dialog.

Owns: the words looked for and the count. Must never: keep the words after the report is left behind.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from client.ui import icons, theme
from client.ui.tip import set_tooltip


class FindBar(QWidget):
    """A line to type in, the place among the hits, next, previous, close."""

    changed = Signal(str)
    moved = Signal(int)  # +1 next, -1 previous
    closed = Signal(bool)  # whether the focus was here, which is to go elsewhere

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(4)
        self._line = QLineEdit(self)
        self._line.setAccessibleName("Find in report")
        self._line.setPlaceholderText("Find in report")
        self._line.setMaxLength(200)
        self._line.setMaximumWidth(320)
        self._line.textChanged.connect(self.changed)
        self._line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # Qt's own would run exec()
        row.addWidget(self._line, 1)
        self._count = QLabel(self)
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._count.setProperty("role", "label")
        self._count.setMinimumWidth(88)
        row.addWidget(self._count)
        for name, words, step in (
            ("chevron-up", "Previous (Shift+Enter)", -1),
            ("chevron-down", "Next (Enter)", 1),
        ):
            row.addWidget(self._button(name, words, step))
        row.addStretch(1)
        row.addWidget(self._button("x", "Close (Esc)", 0))
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line that parts the bar from the text."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.current().line)
        painter.end()

    def open(self) -> None:
        """Show the bar with its words selected, ready to type over."""
        self.show()
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def close_bar(self) -> None:
        """Hide the bar; what it found is no longer marked."""
        if not self.isHidden():
            # Before it is hidden: Qt would give the focus to whatever control comes next.
            focus = QApplication.focusWidget()
            self.closed.emit(focus is not None and self.isAncestorOf(focus))
            self.hide()

    def words(self) -> str:
        """Return what is looked for; "" while the bar is hidden."""
        return "" if self.isHidden() else self._line.text()

    def forget(self) -> None:
        """Empty and hide the bar."""
        self._line.clear()
        self.close_bar()

    def show_count(self, at: int, of: int) -> None:
        """Show the place among the hits, counted from 1; 0 of 0 for none."""
        text = "" if not self._line.text() else f"{at} of {of}" if of else "Not found"
        if text != self._count.text():
            self._count.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Shift+Enter back, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.moved.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _button(self, name: str, words: str, step: int) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icons.icon(name))
        set_tooltip(button, words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.moved.emit(step) if step else self.close_bar())
        return button
