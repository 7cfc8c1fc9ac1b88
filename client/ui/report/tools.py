"""The one row of controls above a text: documents, sections, find, zoom.

Must never: change its height or the place of a control when another report is opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QToolButton, QVBoxLayout, QWidget

from client.documents import Section
from client.ui import icons
from client.ui.report import style
from client.ui.report.sections import SectionBar
from client.ui.tip import set_tooltip


class ToolRow(QWidget):
    """Tells what the reader asks for; does nothing itself."""

    section_chosen = Signal(str)
    document_chosen = Signal(int)
    find_asked = Signal()
    zoom_asked = Signal(int)
    zoom_reset = Signal()
    versions_asked = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.MARGIN - 8, 4, 12, 4)
        column.setSpacing(0)
        self._documents = QTabBar(self)
        self._documents.setAccessibleName("Documents of this report")
        self._documents.setDrawBase(False)
        self._documents.setExpanding(False)
        self._documents.setUsesScrollButtons(True)
        self._documents.setElideMode(Qt.TextElideMode.ElideRight)
        self._documents.currentChanged.connect(self.document_chosen)
        self._documents.hide()
        self._titles: list[str] = []  # of the tabs; none where there is one document
        column.addWidget(self._documents)
        row = QHBoxLayout()
        row.setSpacing(0)
        self._sections = SectionBar(owner)
        self._sections.chosen.connect(self.section_chosen)
        row.addWidget(self._sections, 1)
        self._issued = QLabel("As issued", self)
        self._issued.setProperty("role", "faint")
        self._issued.setToolTip(
            "The check sum the portal gives matches: this is the document as it was issued."
        )
        self._issued.setContentsMargins(0, 0, 8, 0)
        self._issued.hide()
        row.addWidget(self._issued)
        self._find = self._button("text-search", "Find in report (Ctrl+F)")
        self._find.clicked.connect(self.find_asked)
        versions = self._button("history", "Versions of this report (V)")
        versions.clicked.connect(self.versions_asked)
        smaller = self._button("zoom-out", "Smaller (Ctrl+−)")
        smaller.clicked.connect(lambda: self.zoom_asked.emit(-1))
        self._zoom = QToolButton(self)
        self._zoom.setText("100 %")
        self._zoom.setMinimumWidth(56)
        self._zoom.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._zoom.setAccessibleName("Zoom, 100 %")
        self._zoom.setToolTip("Back to 100 % (Ctrl+0)")
        self._zoom.clicked.connect(self.zoom_reset)
        larger = self._button("zoom-in", "Larger (Ctrl++)")
        larger.clicked.connect(lambda: self.zoom_asked.emit(1))
        for button in (versions, self._find, smaller, self._zoom, larger):
            row.addWidget(button)
        column.addLayout(row)

    def show_documents(self, titles: Sequence[str]) -> None:
        """Offer the documents of a report, where there is more than one."""
        bar = self._documents
        wanted = [title.replace("&", "&&") for title in titles] if len(titles) > 1 else []
        if wanted == self._titles:
            return
        self._titles = wanted
        blocker = QSignalBlocker(bar)
        # In sight it lays itself out again with each tab that comes or goes, so it is changed out of sight.
        if not wanted:
            bar.hide()
        while bar.count() > len(wanted):
            bar.removeTab(bar.count() - 1)
        for at, title in enumerate(wanted):
            if at < bar.count():
                bar.setTabText(at, title)
            else:
                bar.addTab(title)
        if wanted:
            bar.show()
        blocker.unblock()

    def choose_document(self, at: int) -> None:
        """Mark the document that is shown."""
        if self._documents.count() and self._documents.currentIndex() != at:
            blocker = QSignalBlocker(self._documents)
            self._documents.setCurrentIndex(at)
            blocker.unblock()

    def show_sections(self, sections: Sequence[Section], *, as_issued: bool, readable: bool) -> None:
        """Offer the sections of the document shown, and find where there is something to find in."""
        self._sections.show_sections(sections)
        if self._issued.isHidden() is as_issued:
            self._issued.setVisible(as_issued)
        if self._find.isEnabled() is not readable:
            self._find.setEnabled(readable)

    def show_zoom(self, per_cent: int) -> None:
        """Show the zoom in force."""
        self._zoom.setText(f"{per_cent} %")
        self._zoom.setAccessibleName(f"Zoom, {per_cent} %")

    def _button(self, name: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icons.icon(name))
        set_tooltip(button, words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys from the text
        return button
