"""What stands where a text would be: loading, failed, withdrawn, nothing chosen.

Must never: show a word of a report, or markup.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from client.ui import fonts, icons, theme
from client.ui.report import style
from client.ui.tip import set_tooltip


class MessagePage(QWidget):
    """A title, a sentence, and at most one thing to do."""

    retry_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.MARGIN, style.MARGIN, style.MARGIN, style.MARGIN)
        column.setSpacing(8)
        self._title = self._label("", 17, strong=True)
        self._sentence = self._label("label", fonts.BODY, strong=False)
        self.retry = QPushButton("Try again", self)
        self.retry.setAccessibleName("Try to fetch the report again")
        self.retry.clicked.connect(self.retry_asked)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.retry)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def say(self, title: str, sentence: str, *, retry: bool = False) -> None:
        """Show a title and a sentence, with "Try again" where trying can help."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._sentence.setText(sentence)
        self.setAccessibleName(self.words())
        if self.retry.hasFocus() and not retry:
            # Before it is hidden: Qt would give the focus to whatever control comes next, "Sign out" for one.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.retry.setVisible(retry)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show at the edge that the focus is here."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.fillRect(
                QRectF(0, style.MARGIN, 3, self.height() - 2 * style.MARGIN), theme.current().accent
            )
            painter.end()

    def words(self) -> str:
        """Return what is shown."""
        return f"{self._title.text()} {self._sentence.text()}".strip()

    def _label(self, role: str, size: int, *, strong: bool) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(fonts.sans(size, strong=strong))
        label.setMaximumWidth(560)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        if role:
            label.setProperty("role", role)
        return label


class Strip(QLabel):
    """A line above the text that the reader should know first; hidden where there is nothing to say."""

    def __init__(self, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self._lines: tuple[str, str] | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "caution")
        self.setContentsMargins(style.MARGIN + theme.ICON + 8, 8, style.MARGIN, 8)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a ground of its own, the icon, and the words."""
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.raised)
        painter.fillRect(QRectF(0, 0, 3, self.height()), colours.caution)
        line = self.fontMetrics().height()
        at = QRectF(style.MARGIN, 8 + (line - theme.ICON) / 2, theme.ICON, theme.ICON)
        icons.paint(painter, at, self._icon, colours.caution)
        painter.end()
        super().paintEvent(event)

    def say(self, sentence: str) -> None:
        """Show `sentence`; "" hides the strip."""
        if self._lines is not None:
            self._lines = None
            set_tooltip(self, "")
        if sentence != self.text():
            self.setText(sentence)
        if self.isHidden() is bool(sentence):
            self.setVisible(bool(sentence))

    def say_lines(self, first: str, second: str) -> None:
        """Show two lines, the second as far as it has room; all of it is the tooltip's."""
        self._lines = first, second
        self._fit()
        set_tooltip(self, f"{first} {second}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of a second line as there is room for."""
        super().resizeEvent(event)
        if self._lines is not None:
            self._fit()

    def _fit(self) -> None:
        first, second = self._lines or ("", "")
        room = max(self.contentsRect().width(), 0)
        words = f"{first}\n{self.fontMetrics().elidedText(second, Qt.TextElideMode.ElideRight, room)}"
        if words != self.text():
            self.setText(words)


class NewerStrip(QWidget):
    """A strip with one button, for what came while a report is being read."""

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, style.MARGIN, 4)
        row.setSpacing(0)
        self._strip = Strip("history", self)
        self._button = QPushButton("Read it  R", self)
        self._button.setAccessibleName("Read the newer version")
        self._button.clicked.connect(self.asked)
        row.addWidget(self._strip, 1)
        row.addWidget(self._button)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show `sentence`; "" hides the strip."""
        if self.isHidden() is bool(sentence):
            self._strip.say(sentence)
            self.setVisible(bool(sentence))

    def words(self) -> str:
        """Return what is shown."""
        return "" if self.isHidden() else self._strip.text()

    def holds_focus(self) -> bool:
        """Return whether its button has the focus."""
        return self._button.hasFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the strip's ground under the button too."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().raised)
        painter.fillRect(QRectF(0, 0, 3, self.height()), theme.current().caution)
        painter.end()
