"""A report on screen: banner, what to know first, sections, and the document itself.

Owns: which report and which of its documents is shown, zoom, find. Its widgets are made once; opening a
report only fills them.
Must never: show a word of a withdrawn report, or let an old report stand under a new banner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from client.documents import Document, DocumentKind, Section
from client.documents.identity import disagreement
from client.model.report import Report
from client.session.history import SinceRead
from client.ui.compare import wording
from client.ui.compare.column import SideColumn
from client.ui.compare.comparison import Comparison
from client.ui.compare.versions import Versions
from client.ui.images.beside import Images, ReportImages
from client.ui.report import style
from client.ui.report.banner import PatientBanner
from client.ui.report.find import FindBar
from client.ui.report.finder import Finder
from client.ui.report.messages import MessagePage, NewerStrip, Strip
from client.ui.report.reader import Reader
from client.ui.report.tools import ToolRow
from client.ui.report.withdrawn import WITHDRAWN

if TYPE_CHECKING:
    from client.session.pages import Pages
    from client.ui.paged.view import PagedView

_CHANGED = "This report changed since you read it."
_NEWER = "A newer version of this report is here. Press R to read it."
_NO_IMAGE = "This image is not among those that the portal has for this report, or they are not here yet."
_LOOKING = "Looking for what changed …"
_READ_BEFORE = "You read an earlier version of this report; it was withdrawn since."


class ReportView(QWidget):
    """Everything between opening a report and leaving it."""

    next_requested = Signal()
    previous_requested = Signal()
    retry_requested = Signal(object)  # the Report to fetch again
    newer_requested = Signal()
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._documents: Sequence[Document] = ()
        self._shown = -1
        self._zoom = 100
        self.pages: PagedView | None = None
        self._open_pages: Callable[[Document], Pages] | None = None
        self.banner = PatientBanner(self)
        self._tools = ToolRow(self)
        self._changed = Strip("history", self)
        self._warnings = Strip("triangle-alert", self)
        self.reader = Reader(self)
        self._finder = Finder(self.reader)
        self._message = MessagePage(self)
        self._newer = NewerStrip(self)
        self._find = FindBar(self)
        self._since: SinceRead | None = None
        self._sections: tuple[Section, ...] = ()
        self._column = SideColumn(self)
        self.comparison = Comparison(self, self._column, self.reader)
        self._place = QStackedLayout()
        self.versions = Versions(self, self._column, self._place)
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
        sides = QHBoxLayout()
        mine = QVBoxLayout()
        mine.addWidget(self.comparison.head)
        mine.addLayout(self._place, 1)
        sides.addLayout(mine, 1)
        self.comparison.set_place(sides)
        inside.addLayout(sides, 1)
        inside.addWidget(
            self._newer
        )  # below: it comes while somebody reads, and above it would push the words
        inside.addWidget(self._find)
        column.addWidget(self.banner)
        beside = QHBoxLayout()
        beside.addWidget(sheet, 1)
        beside.addWidget(self._column)
        column.addLayout(beside, 1)
        self.images = ReportImages(self, column, beside, sheet)
        self.images.shown.connect(lambda shown: None if shown else self.take_focus())
        self._connect()
        self.clear()

    def pages_from(self, open_pages: Callable[[Document], Pages]) -> None:
        """Have PDF and scans opened by this from now on."""
        self._open_pages = open_pages

    def images_from(self, images: Images) -> None:
        """Have the images of reports found by this from now on."""
        self.images.come_from(images)

    def show_loading(self, report: Report) -> None:
        """Show whose report it is, while its text is on the way."""
        self._open(report)
        if not self._withdrawn(report):
            self._say("", "Fetching this report from the portal …")

    def show_report(self, report: Report, documents: Sequence[Document], changed: bool) -> None:
        """Show a report; `changed` says that this user has read an older version of it."""
        self._open(report)
        if self._withdrawn(report):
            self._changed.say(_READ_BEFORE if changed else "")
            return
        self._documents = documents
        self._tools.show_documents([document.title for document in documents])
        # Two lines from the beginning: what comes later must not push the words.
        self._changed.say(f"{_CHANGED}\n{_LOOKING}" if changed else "")
        self._show_document(0)
        self.images.show_report(report)

    def add_documents(self, report: Report, documents: Sequence[Document]) -> None:
        """Offer documents of the report in sight that turned up after it was shown; what is read stays."""
        shown = self._report
        known = 0 <= self._shown < len(self._documents) and self._documents[self._shown].plain
        place = next((at for at, each in enumerate(documents) if each.plain == known), -1)
        if shown is None or shown.key != report.key or report.status.withdrawn or place < 0:
            return
        self._documents, self._shown = documents, place
        self._tools.show_documents([document.title for document in documents])
        self._tools.choose_document(place)

    def show_problem(self, report: Report, sentence: str, *, retry: bool) -> None:
        """Show why a report cannot be read, and offer to try again where that can help."""
        self._open(report)
        if not self._withdrawn(report):
            self._say("This report cannot be shown", sentence, retry=retry)

    def show_since(self, report: Report, since: SinceRead) -> None:
        """Say what changed since this user read the report in sight, in the lines that are there for it."""
        if report is not self._report or self._changed.isHidden():
            return
        self._since = since
        then = wording.read_then(since)
        if report.status.withdrawn:
            self._changed.say(f"{then}; it was withdrawn since.")
        elif since.difference is None or since.read is None:
            self._changed.say_lines(_CHANGED, since.problem)
        else:
            status = wording.status_change(since.read, report)
            said = wording.headline(since.difference) + (f"; {status}" if status else "")
            self._changed.say_lines(f"{then}. It changed since; press D to see where.", said)

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
    def document(self) -> Document | None:
        """The document in sight, where it is one to be read."""
        document = self._documents[self._shown] if 0 <= self._shown < len(self._documents) else None
        return None if document is None or document.kind is DocumentKind.NOTICE else document

    @property
    def report(self) -> Report | None:
        """The report in sight, if any."""
        return self._report

    def _open(self, report: Report | None) -> None:
        """Take away all of the last report and put the new banner up."""
        self.images.close()
        self.versions.close()
        self.comparison.start(report)
        self._since, self._sections = None, ()
        self._report = report
        self._documents, self._shown = (), -1
        self.banner.show_report(report)
        self._changed.say("")
        self._warnings.say("")
        self._newer.say("")
        self._find.forget()
        if self.pages is not None:
            self.pages.empty()

    def _withdrawn(self, report: Report) -> bool:
        if report.status.withdrawn:
            self._say(*WITHDRAWN[report.status])
        return report.status.withdrawn

    def _say(self, title: str, sentence: str, *, retry: bool = False) -> None:
        self.reader.empty()
        self._tools.show_documents(())
        self._tools.show_sections((), as_issued=False, readable=False)
        self._message.say(title, sentence, retry=retry)
        self._place.setCurrentWidget(self._message)

    def _show_document(self, at: int) -> None:
        self.versions.close()
        if not 0 <= at < len(self._documents) or at == self._shown:
            return
        self._shown = at
        document = self._documents[at]
        self._find.forget()
        self._tools.choose_document(at)
        if document.kind in (DocumentKind.PDF, DocumentKind.SCAN):
            self._show_pages(document)
        elif document.kind is DocumentKind.NOTICE:
            self._show_notice(document.title, document.plain, retry=document.missing)
        else:
            self.reader.show_html(document.html)
            self._sections = document.sections
            self.comparison.text_shown(document.sections)
            self._tools.show_sections(document.sections, as_issued=document.as_issued, readable=True)
            self._place.setCurrentWidget(self.reader)
        another = disagreement(document.patient, self._report.patient if self._report is not None else None)
        self._warnings.say("\n".join((another, *document.warnings) if another else document.warnings))

    def _open_image(self, number: int) -> None:
        references = self._documents[self._shown].references if self._shown >= 0 else ()
        if not (number < len(references) and self.images.go_to(references[number])):
            self._warnings.say(_NO_IMAGE)

    def _show_notice(self, title: str, sentence: str, *, retry: bool) -> None:
        self.reader.empty()
        self._tools.show_sections((), as_issued=False, readable=False)
        self._message.say(title, sentence, retry=retry)
        self._place.setCurrentWidget(self._message)

    def _show_pages(self, document: Document) -> None:
        if self.pages is None:
            from client.ui.paged.view import PagedView  # only now: most reports are texts

            self.pages = PagedView(self)
            self.pages.zoom_asked.connect(self.zoom_by)
            self.pages.found.connect(self._find.show_count)
            self.pages.failed.connect(self._pages_failed)
            self._place.addWidget(self.pages)
            self.setTabOrder(self.reader, self.pages.sheets)
        self.reader.empty()
        assert self._open_pages is not None  # noqa: S101 (documents come from the session that opens them)
        self.pages.show_document(self._open_pages(document))
        self.pages.set_zoom(self._zoom)
        self._tools.show_sections((), as_issued=document.as_issued, readable=True)
        self._place.setCurrentWidget(self.pages)

    def _pages_failed(self, sentence: str) -> None:
        if self._place.currentWidget() is self.pages:
            self._show_notice(self._documents[self._shown].title, sentence, retry=False)

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
        if self._place.currentWidget() is not self._message and not self.versions.showing:
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
        self.comparison.set_zoom(self._zoom)
        self.versions.set_zoom(self._zoom)
        if self.pages is not None:
            self.pages.set_zoom(self._zoom)
        self._tools.show_zoom(self._zoom)
        if self._find.words():
            self._look_for(self._find.words())

    def leave(self) -> None:
        """Go one step back: images, find bar, versions, the prior beside; then ask to leave the report."""
        if self.images.leave():
            return
        if not self._find.isHidden():
            self._find.close_bar()
        elif self.versions.open:
            self.versions.close()
        elif self.comparison.comparing:
            self.comparison.close()
            self.take_focus()
        else:
            self.leave_requested.emit()

    def _show_change(self) -> None:
        """Show where the report changed since it was read, or put that away."""
        if self.versions.showing:
            self.versions.close()
        elif (since := self._since) is not None and since.read is not None and since.difference is not None:
            assert self._report is not None  # noqa: S101 (what changed is known of the report in sight)
            self.versions.ask_difference(since.read, self._report)

    def _list_versions(self) -> None:
        if self._report is not None:
            self.versions.toggle()

    def _difference_shown(self, sections: tuple[Section, ...] | None) -> None:
        """Give the keys of sections to the page in sight."""
        document = self._documents[self._shown] if 0 <= self._shown < len(self._documents) else None
        readable = sections is None and document is not None and document.kind is not DocumentKind.NOTICE
        own = () if document is None or document.kind is not DocumentKind.TEXT else self._sections
        self._tools.show_sections(
            own if sections is None else sections,
            as_issued=document is not None and document.as_issued and sections is None,
            readable=readable,
        )
        if sections is None:
            self.take_focus()

    def _go_to(self, anchor: str) -> None:
        reader = self.versions.reader if self.versions.showing else None
        (reader or self.reader).go_to(anchor)

    def _share_banner(self, comparing: bool) -> None:
        if comparing:
            self.versions.close()
        self.banner.share(comparing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the column beside the text what can be spared."""
        super().resizeEvent(event)
        self._column.set_room(self.width())

    def _retry(self) -> None:
        if self._report is not None:
            self.retry_requested.emit(self._report)

    def _read_newer(self) -> None:
        if not self._newer.isHidden():
            if self._newer.holds_focus():
                self.take_focus()
            self.newer_requested.emit()

    def _connect(self) -> None:
        self._tools.section_chosen.connect(self._go_to)
        self._tools.versions_asked.connect(self._list_versions)
        self.versions.shown.connect(self._difference_shown)
        self.comparison.changed.connect(self._share_banner)
        self._column.priors.left.connect(self.leave)
        self._tools.document_chosen.connect(self._show_document)
        self._tools.find_asked.connect(self.open_find)
        self._tools.zoom_asked.connect(self.zoom_by)
        self._tools.zoom_reset.connect(lambda: self._set_zoom(100))
        self.reader.zoom_asked.connect(self.zoom_by)
        self.reader.find_asked.connect(self.open_find)
        self.reader.image_asked.connect(self._open_image)
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
            (("P",), self.comparison.ask),
            (("[", "Ctrl+Left"), lambda: self.comparison.step(-1)),
            (("]", "Ctrl+Right"), lambda: self.comparison.step(1)),
            (("L",), self.comparison.toggle_together),
            (("V",), self._list_versions),
            (("D",), self._show_change),
            (("G",), self.images.enter),
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
