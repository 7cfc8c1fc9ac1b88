"""A report on screen: banner, what to know first, sections, and the document itself.

Owns: which report and which of its documents is shown, zoom, find. Its widgets are made once; opening a
report only fills them.
Must never: show a word of a withdrawn report, or let an old report stand under a new banner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from client.documents import Document, DocumentKind
from client.errors import DocumentError
from client.model.report import Report, ReportStatus
from client.ui.report import style
from client.ui.report.banner import PatientBanner
from client.ui.report.find import FindBar
from client.ui.report.finder import Finder
from client.ui.report.messages import MessagePage, NewerStrip, Strip
from client.ui.report.reader import Reader
from client.ui.report.tools import ToolRow

if TYPE_CHECKING:
    from client.ui.report.pages import PdfPages

_CHANGED = "This report changed since you read it."
_NEWER = "A newer version of this report is here. Press R to read it."
_WITHDRAWN = {
    ReportStatus.ENTERED_IN_ERROR: (
        "This report was withdrawn",
        "It was entered in error. Its text must not be relied on and is not shown; "
        "if you have acted on it, ask the radiologist.",
    ),
    ReportStatus.CANCELLED: (
        "This report was cancelled",
        "It will not be completed, and no text of it is shown. Ask the radiologist if you expected one.",
    ),
}


class ReportView(QWidget):
    """Everything between opening a report and leaving it."""

    next_requested = Signal()
    previous_requested = Signal()
    retry_requested = Signal(object)  # the Report to fetch again
    newer_requested = Signal()
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, allow_copy: bool = True) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._documents: Sequence[Document] = ()
        self._shown = -1
        self._zoom = 100
        self.pages: PdfPages | None = None
        self.banner = PatientBanner(self, allow_copy=allow_copy)
        self._tools = ToolRow(self)
        self._changed = Strip("history", self)
        self._warnings = Strip("triangle-alert", self)
        self.reader = Reader(self, allow_copy=allow_copy)
        self._finder = Finder(self.reader)
        self._message = MessagePage(self)
        self._newer = NewerStrip(self)
        self._find = FindBar(self)
        self._place = QStackedLayout()
        self._place.addWidget(self.reader)
        self._place.addWidget(self._message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        sheet = QFrame(self)
        sheet.setProperty("role", "sheet")
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for widget in (self._tools, self._changed, self._warnings):
            inside.addWidget(widget)
        inside.addLayout(self._place, 1)
        inside.addWidget(
            self._newer
        )  # below: it comes while somebody reads, and above it would push the words
        inside.addWidget(self._find)
        column.addWidget(self.banner)
        column.addWidget(sheet, 1)
        self._connect()
        self.clear()

    def show_loading(self, report: Report) -> None:
        """Show whose report it is, while its text is on the way."""
        self._open(report)
        if not self._withdrawn(report):
            self._say("", "Fetching this report from the portal …")

    def show_report(self, report: Report, documents: Sequence[Document], changed: bool) -> None:
        """Show a report; `changed` says that this user has read an older version of it."""
        self._open(report)
        if self._withdrawn(report):
            return
        self._documents = documents
        self._tools.show_documents([document.title for document in documents])
        self._changed.say(_CHANGED if changed else "")
        self._show_document(0)

    def show_problem(self, report: Report, sentence: str, *, retry: bool) -> None:
        """Show why a report cannot be read, and offer to try again where that can help."""
        self._open(report)
        if not self._withdrawn(report):
            self._say("This report cannot be shown", sentence, retry=retry)

    def show_newer(self) -> None:
        """Say that a newer version is here; nothing of what is being read moves."""
        self._newer.say(_NEWER)

    def clear(self) -> None:
        """Show no report at all."""
        self._open(None)
        self._say("", "Choose a report from the worklist to read it here.")

    @property
    def retry_button(self) -> QPushButton:
        """The button that asks to fetch the report again."""
        return self._message.retry

    @property
    def report(self) -> Report | None:
        """The report in sight, if any."""
        return self._report

    def _open(self, report: Report | None) -> None:
        """Take away all of the last report and put the new banner up."""
        self._report = report
        self._documents, self._shown = (), -1
        self.banner.show_report(report)
        self._changed.say("")
        self._warnings.say("")
        self._newer.say("")
        self._find.forget()
        if self.pages is not None and self._place.currentWidget() is self.pages:
            self.pages.empty()

    def _withdrawn(self, report: Report) -> bool:
        if report.status.withdrawn:
            self._say(*_WITHDRAWN[report.status])
        return report.status.withdrawn

    def _say(self, title: str, sentence: str, *, retry: bool = False) -> None:
        self.reader.empty()
        self._tools.show_documents(())
        self._tools.show_sections((), as_issued=False, readable=False)
        self._message.say(title, sentence, retry=retry)
        self._place.setCurrentWidget(self._message)

    def _show_document(self, at: int) -> None:
        if not 0 <= at < len(self._documents) or at == self._shown:
            return
        self._shown = at
        document = self._documents[at]
        self._find.forget()
        self._tools.choose_document(at)
        warnings = "\n".join(document.warnings)
        if document.kind is DocumentKind.PDF:
            warnings = self._show_pages(document, warnings)
        elif document.kind is DocumentKind.NOTICE:
            self._show_notice(document.title, document.plain, retry=document.missing)
        else:
            self.reader.show_html(document.html)
            self._tools.show_sections(document.sections, as_issued=document.as_issued, readable=True)
            self._place.setCurrentWidget(self.reader)
        self._warnings.say(warnings)

    def _show_notice(self, title: str, sentence: str, *, retry: bool) -> None:
        self.reader.empty()
        self._tools.show_sections((), as_issued=False, readable=False)
        self._message.say(title, sentence, retry=retry)
        self._place.setCurrentWidget(self._message)

    def _show_pages(self, document: Document, warnings: str) -> str:
        if self.pages is None:
            from client.ui.report.pages import PdfPages  # QtPdf: only now

            self.pages = PdfPages(self)
            self.pages.zoom_asked.connect(self.zoom_by)
            self.pages.found.connect(self._find.show_count)
            self._place.addWidget(self.pages)
            self.setTabOrder(self.reader, self.pages.sheets)
        self.reader.empty()
        try:
            self.pages.show_data(document.data)
        except DocumentError as problem:
            self._show_notice(document.title, str(problem), retry=True)
            return warnings
        self.pages.set_zoom(self._zoom)
        self._tools.show_sections((), as_issued=document.as_issued, readable=True)
        self._place.setCurrentWidget(self.pages)
        return warnings

    def _look_for(self, words: str) -> None:
        if self.pages is not None and self._place.currentWidget() is self.pages:
            self.pages.look_for(words)
        else:
            self._find.show_count(*self._finder.find(words))

    def _find_step(self, by: int) -> None:
        if not self._find.words():
            self.open_find()
        elif self.pages is not None and self._place.currentWidget() is self.pages:
            self.pages.step(by)
        else:
            self._find.show_count(*self._finder.step(by))

    def open_find(self) -> None:
        """Show the find bar, where there is something to find in."""
        if self._place.currentWidget() is not self._message:
            self._find.open()
            self._look_for(self._find.words())

    def _find_closed(self, had_focus: bool) -> None:
        self._look_for("")
        if had_focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Give the keyboard to what is shown, so that it scrolls."""
        shown = self._place.currentWidget()
        pages = self.pages
        scrolls = pages.sheets if pages is not None and shown is pages else shown or self
        scrolls.setFocus(Qt.FocusReason.OtherFocusReason)

    def zoom_by(self, steps: int) -> None:
        """Zoom by steps of 10 per cent, within 70 to 300."""
        self._set_zoom(self._zoom + steps * style.STEP)

    def _set_zoom(self, per_cent: int) -> None:
        self._zoom = max(style.SMALLEST, min(style.LARGEST, per_cent))
        self.reader.set_zoom(self._zoom)
        if self.pages is not None:
            self.pages.set_zoom(self._zoom)
        self._tools.show_zoom(self._zoom)
        if self._find.words():
            self._look_for(self._find.words())

    def leave(self) -> None:
        """Close the find bar; where it is closed, ask to leave the report."""
        if self._find.isHidden():
            self.leave_requested.emit()
        else:
            self._find.close_bar()

    def _retry(self) -> None:
        if self._report is not None:
            self.retry_requested.emit(self._report)

    def _read_newer(self) -> None:
        if not self._newer.isHidden():
            if self._newer.holds_focus():
                self.take_focus()
            self.newer_requested.emit()

    def _connect(self) -> None:
        self._tools.section_chosen.connect(self.reader.go_to)
        self._tools.document_chosen.connect(self._show_document)
        self._tools.find_asked.connect(self.open_find)
        self._tools.zoom_asked.connect(self.zoom_by)
        self._tools.zoom_reset.connect(lambda: self._set_zoom(100))
        self.reader.zoom_asked.connect(self.zoom_by)
        self.reader.find_asked.connect(self.open_find)
        self._message.retry_asked.connect(self._retry)
        self._newer.asked.connect(self._read_newer)
        self._find.changed.connect(self._look_for)
        self._find.moved.connect(self._find_step)
        self._find.closed.connect(self._find_closed)
        for keys, act in (
            (("J", "Alt+Down", "Alt+Right"), self.next_requested.emit),
            (("K", "Alt+Up", "Alt+Left"), self.previous_requested.emit),
            (("Ctrl+F",), self.open_find),
            (("F3",), lambda: self._find_step(1)),
            (("Shift+F3",), lambda: self._find_step(-1)),
            (("Ctrl++", "Ctrl+="), lambda: self.zoom_by(1)),
            (("Ctrl+-",), lambda: self.zoom_by(-1)),
            (("Ctrl+0",), lambda: self._set_zoom(100)),
            (("R",), self._read_newer),
            (("Escape",), self.leave),
            (("Ctrl+Tab",), lambda: self._show_document((self._shown + 1) % max(1, len(self._documents)))),
        ):
            self._bind(keys, act)

    def _bind(self, keys: Sequence[str], act: Callable[[], object]) -> None:
        # Wherever the focus is while a report is in sight: after opening, it is still in the list. A line to
        # type in keeps its letters by itself.
        shortcut = QShortcut(self)
        shortcut.setKeys([QKeySequence(key) for key in keys])
        shortcut.activated.connect(act)
