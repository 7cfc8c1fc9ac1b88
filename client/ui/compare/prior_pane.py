"""A prior beside the report: its head, its text, and how it scrolls.

Owns: the right side of a comparison. Must never: show a word of a withdrawn report, or stay when another
report is opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from client.documents import Document, DocumentKind, Section
from client.model.report import Report
from client.ui import theme
from client.ui.compare.side_head import HEIGHT, SideHead
from client.ui.report.messages import MessagePage, Strip
from client.ui.report.reader import Reader
from client.ui.report.withdrawn import WITHDRAWN
from client.ui.tip import set_tooltip

_ROOM = 420  # px of the pane for all of its buttons beside a readable head


class PriorPane(QWidget):
    """The other report."""

    close_asked = Signal()
    together_asked = Signal()
    older_asked = Signal()
    newer_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.report: Report | None = None
        self.head = SideHead(self, "Prior")
        self.reader = Reader(self)
        self.reader.setAccessibleName("Text of the prior")
        self._message = MessagePage(self)
        self._message.retry.hide()
        self._warnings = Strip("triangle-alert", self)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(0)
        top.addWidget(self.head, 1)
        self._older = self._button("[", "Next older report of this patient ([)", self.older_asked)
        self._newer = self._button("]", "Next newer report of this patient (])", self.newer_asked)
        self.together = self._button("Linked  L", "Scroll together (L)", self.together_asked)
        self.together.setCheckable(True)
        self.together.setChecked(True)
        self._close = self._button("Close  Esc", "Close the prior (Escape)", self.close_asked)
        for button in (self._older, self._newer, self.together, self._close):
            top.addWidget(button)
        self._place = QStackedLayout()
        self._place.addWidget(self.reader)
        self._place.addWidget(self._message)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)  # the line between the sides
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._warnings)
        column.addLayout(self._place, 1)
        # A window too small for two texts and all buttons stays as small as it is: keys do what these do.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the buttons there is no room for."""
        super().resizeEvent(event)
        for button, least in ((self._older, _ROOM), (self._newer, _ROOM), (self.together, _ROOM - 60)):
            button.setVisible(self.width() >= least)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, and the line between the sides."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().surface)
        painter.fillRect(QRect(0, 0, 1, self.height()), theme.current().line)
        painter.fillRect(QRect(0, HEIGHT - 1, self.width(), 1), theme.current().line)
        painter.end()

    def show_loading(self, report: Report, what: str) -> None:
        """Show which prior it is, while its text is on the way."""
        self._head(report, what)
        self._say("", "Fetching this report from the portal …")

    def show_report(self, report: Report, documents: Sequence[Document], what: str) -> tuple[Section, ...]:
        """Show a prior's text; return the sections of what is shown."""
        self._head(report, what)
        if report.status.withdrawn:
            self._say(*WITHDRAWN[report.status])
            return ()
        text = next((one for one in documents if one.kind is DocumentKind.TEXT), None)
        shown = text or documents[0]
        self._warnings.say("\n".join(shown.warnings))
        if text is None:
            alone = shown.plain if shown.kind is DocumentKind.NOTICE else _ALONE
            self._say(shown.title, alone)
            return ()
        if len(documents) > 1:
            more = "1 more document" if len(documents) == 2 else f"{len(documents) - 1} more documents"
            self.head.show_report(report, f"{what}  ·  {more}, with the report opened by itself")
        self.reader.show_html(text.html)
        self._place.setCurrentWidget(self.reader)
        return text.sections

    def show_problem(self, report: Report, sentence: str, what: str) -> None:
        """Show why a prior cannot be read."""
        self._head(report, what)
        self._say("This report cannot be shown", sentence)

    def empty(self) -> None:
        """Show nothing of anybody, and go out of sight."""
        self.hide()
        if self.report is not None:
            self.report = None
            self.head.empty()
            self._warnings.say("")
            self._say("", "")

    def words(self) -> str:
        """Return what stands in the pane."""
        if self.report is None:
            return ""
        shown = self._place.currentWidget()
        text = self.reader.toPlainText() if shown is self.reader else self._message.words()
        return f"{self.head.spoken()} {self._warnings.text()} {text}"

    def _head(self, report: Report, what: str) -> None:
        self.report = report
        self.head.show_report(report, what)
        self.head.show()
        self._warnings.say("")

    def _say(self, title: str, sentence: str) -> None:
        self.reader.empty()
        self._message.say(title, sentence)
        self._place.setCurrentWidget(self._message)

    def _button(self, words: str, spoken: str, asked: SignalInstance) -> QToolButton:
        button = QToolButton(self)
        button.setText(words)
        button.setAccessibleName(spoken)
        set_tooltip(button, spoken)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(HEIGHT - 16)
        button.clicked.connect(asked)
        return button


_ALONE = "It has pages and no text to stand beside another. Shift+Enter in the list of priors opens it."
