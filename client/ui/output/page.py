"""Print, or save as PDF: a page in the window, with what will come out on it, and no dialog.

Owns: the choice of printer or folder, purpose and password, and the one paper that is laid out.
Must never: run an event loop of its own, outlive the report it shows, or let out one that was withdrawn
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QStandardPaths, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from client.documents import Document, DocumentKind
from client.errors import SafelightError
from client.model.report import Report
from client.session.output import Way, password_problem
from client.session.session import Session
from client.system.printing import Printers
from client.ui import fonts, theme
from client.ui.keys.binding import hint, pressed
from client.ui.keys.table import Key
from client.ui.output import paper
from client.ui.output.press import Press
from client.ui.output.preview import Preview
from client.ui.output.slip import PURPOSES, Slip, chosen_purpose, write_slip
from client.ui.words import Words

_FORM = 320  # px
_TITLES = {Way.PRINT: "Print", Way.EXPORT: "Save as an encrypted PDF"}
_NOTHING = "There is nothing of this report to be printed or saved: open one of its documents first."
_WITHDRAWN = "This report was withdrawn just now, so it can no longer be printed or saved."
_PLACES = (
    QStandardPaths.StandardLocation.DocumentsLocation,
    QStandardPaths.StandardLocation.DownloadLocation,
    QStandardPaths.StandardLocation.DesktopLocation,
    QStandardPaths.StandardLocation.HomeLocation,
)


class OutputPage(QWidget):
    """Takes the place of list and report while it is open."""

    def __init__(self, parent: QWidget, instead_of: QWidget, say: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._under, self._say = instead_of, say
        self._session: Session | None = None
        self._way = Way.PRINT
        self._report: Report | None = None
        self._paper: paper.Paper | None = None
        self._press: Press | None = None
        self._opening = 0  # which opening late answers belong to
        self.preview = Preview(self)
        self.title = Words(pixels=fonts.TITLE, strong=True)
        self.printer = self._choice("Printer")
        self.purpose = self._choice("For", *PURPOSES.values())
        self.folder = self._choice("Folder", *self._folders())
        self.password, self.again = self._secret("Password"), self._secret("Password again")
        for typed in (self.purpose, self.folder):
            typed.setEditable(True)
        self.purpose.setCurrentIndex(-1)  # chosen each time: a wrong one on paper is worse than none chosen
        if (line := self.purpose.lineEdit()) is not None:
            line.setMaxLength(60)
            line.setPlaceholderText("Choose, or type what it is for")
        self.state = Words(width=_FORM, role="caution", pixels=fonts.SMALL)
        self.number = Words(role="faint", pixels=fonts.SMALL)
        self.go = QPushButton()
        self.go.setAutoDefault(True)
        self.go.clicked.connect(self._begin)
        self.cancel = QPushButton(f"Cancel  {hint(Key.LEAVE)}")
        self.cancel.setProperty("role", "quiet")
        self.cancel.setAccessibleName("Cancel")
        self.cancel.clicked.connect(self.leave)
        self._of_print = [Words("Printer", role="label"), self.printer]
        self._of_export = [
            *(Words("Folder", role="label"), self.folder),
            *(Words("Password for the file", role="label"), self.password),
            *(Words("The same again", role="label"), self.again),
            Words(
                "The file is encrypted with this password (AES-256) and stays when you sign out. Safelight "
                "does not keep the password: without it nobody can open the file.",
                width=_FORM,
                role="faint",
                pixels=fonts.SMALL,
            ),
        ]
        self._arrange()
        self.preview.failed.connect(self._fail)
        self.preview.moved.connect(self._show_number)
        self.purpose.currentTextChanged.connect(self._write_slip)
        self.hide()

    def open(self, session: Session, way: Way, report: Report | None, document: Document | None) -> None:
        """Show a document of a report as it would come out, or say why it cannot be let out."""
        refusal = session.output.refusal(way, report) or ("" if document else _NOTHING)
        if refusal or report is None or document is None:
            self._say(refusal)
            return
        self._session, self._way, self._report = session, way, report
        self._opening += 1
        self.title.setText(_TITLES[way])
        self.go.setText("Print" if way is Way.PRINT else "Save")
        for each in self._of_print:
            each.setVisible(way is Way.PRINT)
        for each in self._of_export:
            each.setVisible(way is Way.EXPORT)
        self.state.setText("")
        self._settle()
        self._lay_out(session, report, document)
        if way is Way.PRINT:
            self._look_for_printers(session)
        self.show()
        self._under.hide()
        self.take_focus()

    def leave(self) -> None:
        """Go back to the report; nothing comes out any more."""
        if self._report is None:
            return
        self._opening += 1
        if self._press is not None:
            self._press.stop()
            self._press = None
        self.preview.show_paper(None)
        if self._paper is not None:
            self._paper.body.close()
        self._paper = self._report = None
        for field in (self.password, self.again):
            field.clear()
        self._under.show()
        self.hide()
        parent = self.parentWidget()
        if (take := getattr(parent, "take_focus", None)) is not None:
            take()

    def look_again(self) -> None:
        """Leave at once where the report was withdrawn since it was opened."""
        if self._now_refused():
            self.leave()
            self._say(_WITHDRAWN)

    def take_focus(self) -> None:
        """Give the keyboard to the first choice."""
        self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _now_refused(self) -> bool:
        if self._session is None or self._report is None:
            return False
        now = self._session.worklist.get(self._report.key) or self._report
        return bool(self._session.output.refusal(self._way, now))

    def _lay_out(self, session: Session, report: Report, document: Document) -> None:
        size = paper.page_size()
        room = paper.room(size)
        opening = self._opening

        def laid(body: paper.Body) -> None:
            if opening != self._opening:
                body.close()
                return
            self._paper = paper.Paper(self._slip(session, report), body, size)
            self.preview.show_paper(self._paper)
            self._settle()

        if document.kind is DocumentKind.TEXT:
            laid(paper.TextBody(document.html, room))
            return
        pages = session.open_pages(document)
        pages.open(lambda sizes: laid(paper.PicturesBody(pages, sizes, room)), self._fail)

    def _slip(self, session: Session, report: Report) -> Slip:
        return write_slip(
            report, session.user, datetime.now(UTC), self._way, self.purpose.currentText().strip()
        )

    def _write_slip(self) -> None:
        if self._paper is not None and self._session is not None and self._report is not None:
            self._paper.slip = self._slip(self._session, self._report)
            self.preview.update()

    def _look_for_printers(self, session: Session) -> None:
        from client.ui.output.printers import (
            NATIVE,
            native_printers,
        )  # QtPrintSupport: only who prints needs it

        self.printer.clear()
        self._settle()
        opening = self._opening

        def found(printers: Printers) -> None:
            if opening == self._opening:
                self.printer.addItems(list(printers.names))
                self.printer.setCurrentText(printers.preferred or printers.names[0])
                self.state.setText("")
                self._settle()

        def none(error: SafelightError) -> None:
            if opening == self._opening:
                self._fail(str(error))

        if NATIVE:
            try:
                found(native_printers())
            except SafelightError as error:
                none(error)
        else:
            self.state.setText("Looking for printers …")
            session.output.printers(found, none)

    def _begin(self) -> None:
        """Print, or save."""
        session, report, laid = self._session, self._report, self._paper
        if session is None or report is None or laid is None or self._press is not None:
            return
        if not self.purpose.currentText().strip():
            self.state.setText("Choose what the copy is for: it is written on every page.")
            self.purpose.setFocus()
            return
        if self._way is Way.EXPORT:
            problem = password_problem(self.password.text(), self.again.text())
            if problem or not self.folder.currentText().strip():
                self.state.setText(problem or "Choose a folder first.")
                (self.password if problem else self.folder).setFocus()
                return
        self._write_slip()  # the time is now's
        count = laid.body.count
        self._press = Press(
            self, laid, lambda page: self.state.setText(f"Preparing page {page + 1} of {count} …")
        )
        self._settle()
        from client.ui.output.printers import NATIVE, native_printer

        if self._way is Way.PRINT and NATIVE:
            printer = native_printer(self.printer.currentText())
            purpose = chosen_purpose(self.purpose.currentText().strip())

            def printed() -> None:
                session.output.printed(report, purpose)
                self._finish(self._sent())

            self._press.run(printer, printer.resolution(), printed, self._fail)
        else:
            self._press.to_pdf(self._hand_over, self._fail)

    def _hand_over(self, pdf: bytes) -> None:
        session, report = self._session, self._report
        if session is None or report is None or self._now_refused():
            self.look_again()
            return
        opening = self._opening
        purpose = chosen_purpose(self.purpose.currentText().strip())

        def failed(error: SafelightError) -> None:
            if opening == self._opening:
                self._fail(str(error))

        def finish(sentence: str) -> None:
            if opening == self._opening:
                self._finish(sentence)
            else:
                self._say(sentence)  # too late to be taken back: at least it is said

        if self._way is Way.PRINT:
            sent = self._sent()
            self.state.setText("Handing over to the printer …")
            session.output.print(
                report, self.printer.currentText(), pdf, purpose, lambda: finish(sent), failed
            )
            return
        self.state.setText("Encrypting and saving …")
        folder = Path(self.folder.currentText().strip()).expanduser()
        session.output.export(
            report,
            folder,
            pdf,
            self.password.text(),
            purpose,
            datetime.now().astimezone().date(),
            lambda name: finish(f"Saved as “{name}”. The file stays on this computer when you sign out."),
            failed,
        )

    def _sent(self) -> str:
        count = self._paper.body.count if self._paper else 0
        return f"{count} {'page' if count == 1 else 'pages'} sent to {self.printer.currentText()}."

    def _finish(self, sentence: str) -> None:
        self._press = None
        self.leave()
        self._say(sentence)

    def _fail(self, sentence: str) -> None:
        if self._press is not None:
            self._press.stop()
            self._press = None
            self.preview.go_to(self.preview.page)
        self.state.setText(sentence)
        self._settle()

    def _settle(self) -> None:
        """Let only what makes sense be pressed."""
        printable = self._way is Way.EXPORT or self.printer.count() > 0
        self.go.setEnabled(self._paper is not None and self._press is None and printable)
        self.preview.setEnabled(self._press is None)
        self.printer.setEnabled(self.printer.count() > 0)

    def _show_number(self, page: int) -> None:
        count = self._paper.body.count if self._paper else 0
        self.number.setText(f"Page {page + 1} of {count}")

    def event(self, event: QEvent) -> bool:
        """Keep every key from what is covered, but the one that signs out."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if not pressed(event, Key.SIGN_OUT):
                event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape; Enter in a line prints or saves."""
        if event.matches(QKeySequence.StandardKey.Cancel):
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.go.isEnabled():
            self._begin()
        else:
            event.accept()

    def _arrange(self) -> None:
        form = QVBoxLayout()
        form.setSpacing(theme.GRID)
        form.setContentsMargins(6 * theme.GRID, 6 * theme.GRID, 6 * theme.GRID, 6 * theme.GRID)
        form.addWidget(self.title)
        form.addSpacing(3 * theme.GRID)
        for label, field in (("For", self.purpose),):
            form.addWidget(Words(label, role="label"))
            form.addWidget(field)
            form.addSpacing(2 * theme.GRID)
        for each in (*self._of_print, *self._of_export):
            form.addWidget(each)
            if not isinstance(each, Words):
                form.addSpacing(2 * theme.GRID)
        form.addWidget(self.state)
        form.addStretch(1)
        form.addWidget(self.number)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.GRID)
        buttons.addWidget(self.go)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        form.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.preview, 1)
        row.addLayout(form)

    @staticmethod
    def _folders() -> list[str]:
        found = (QStandardPaths.writableLocation(place) for place in _PLACES)
        return list(dict.fromkeys(folder for folder in found if folder))

    @staticmethod
    def _choice(name: str, *offered: str) -> QComboBox:
        choice = QComboBox()
        choice.setAccessibleName(name)
        choice.addItems(list(offered))
        choice.setFixedWidth(_FORM)
        choice.setFixedHeight(theme.CONTROL)
        return choice

    @staticmethod
    def _secret(name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setFixedWidth(_FORM)
        return line
