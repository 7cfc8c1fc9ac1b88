"""The quiet word in the header that new, changed or critical reports are here, and the way to the first.

Owns: the button. Must never: move anything below it, or show more than how many there are.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from client.session.news import News
from client.ui import icons, theme


class NewsButton(QPushButton):
    """Hidden while there is no news; pressed, it asks for the first report of it."""

    asked = Signal(str)  # the key of a report
    changed = Signal(str)  # the words, "" for none

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._news: News | None = None
        self.setProperty("role", "quiet")
        self.setIconSize(QSize(theme.ICON, theme.ICON))
        self.clicked.connect(self._ask)
        self.hide()

    def begin(self, news: News) -> None:
        """Show this session's news from now on."""
        self._news = news
        news.listen(self._show)
        self._show()

    def _show(self) -> None:
        news = self._news
        words = news.words() if news is not None else ""
        if words and news is not None:
            self.setText(f"{words}  ·  Open")
            self.setIcon(icons.icon("triangle-alert" if news.critical else "info"))
            self.setProperty("role", "" if news.critical else "quiet")
            self.style().polish(self)  # the style sheet is asked again
            self.setAccessibleName(f"{words}. Open the first.")
            if self.window().isVisible() and not self.window().isActiveWindow():
                QApplication.alert(self.window())
        self.setVisible(bool(words))
        self.changed.emit(words)

    def _ask(self) -> None:
        if self._news is not None and (key := self._news.first):
            self.asked.emit(key)
