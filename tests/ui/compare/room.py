"""A reading page over reports of several patients, with priors and versions; only the portal is missing.

Every word that belongs to one patient starts with that patient's own mark, so that a picture with two
patients in it gives itself away.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from PySide6.QtWidgets import QApplication, QLabel

from client.clock import SystemClock
from client.documents import compose
from client.documents.difference import compare
from client.errors import PortalFault
from client.model.moment import Moment, Precision
from client.model.report import Attachment, Patient, Report, ReportBody, ReportStatus, Sex
from client.model.user import Role, User
from client.policy.table import Policy
from client.session.history import SinceRead, Version
from client.session.news import News
from client.session.priors import PatientRows
from client.session.progress import SyncProgress
from client.session.reading import Opened
from client.session.search import SearchIndex
from client.session.view import ReadState
from client.session.worklist import Merged, Worklist
from client.ui.reading import ReadingPage

NOW = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
MARKS = ("Alderwood", "Birchgrove", "Cedarhill")


def patient(mark, number):
    born = Moment.parse("1962-03-04")
    return Patient(f"p{mark}", f"{mark.upper()}, Given", f"{mark}{number}", born, Sex.FEMALE)


def make_report(key, who, exam="CT chest", modality="CT", days=0, status=ReportStatus.FINAL, version="1"):
    moment = Moment(NOW - timedelta(days=days), Precision.TIME)
    return Report(
        key, version, status, False, who, exam, modality, moment, moment, "Dr Lind", "Dr Bap", f"A{key}"
    )  # fmt: skip


def words_of(report):
    mark = report.patient.key.removeprefix("p")
    return (
        f"INDICATION: {mark}indication.\n\nFINDINGS: {mark}findings. " + f"Clear {mark}lungs. " * 40 + "\n\n"
        f"IMPRESSION:\n1. {mark}impression version {report.version}, {9 + int(report.version)} mm on the "
        f"{'left' if int(report.version) % 2 else 'right'}.\n"
    )


def documents_of(report):
    data = words_of(report).encode()
    part = Attachment("text/plain", "", "", data, len(data), None)
    return compose(ReportBody("", "", (part,), ()), {})


class Room:
    """The page, and a session that answers when it is told to."""

    def __init__(self, qtbot, reports=None, size=(1360, 840)):
        self.index = SearchIndex()
        self.worklist = Worklist(SystemClock())
        self.rows = PatientRows()
        self.waiting = []  # answers under way
        self.at_once = True
        self.noted = []
        self.reread = {}  # key → the version read before
        self.words = documents_of
        self.keeps_history = True
        self._changed = None
        session = SimpleNamespace(
            user=User("a.reader", "Dr Ada Reader", Role.RADIOLOGIST, None),
            policy=Policy(),
            news=News(self.worklist, None),
            note_output=lambda *_: None,
            worklist=self.worklist,
            index=self.index,
            start=self._start,
            stop_loading=lambda: None,
            refresh=lambda: None,
            open_pages=None,
            images=None,
            searching=None,
            open=self._open,
            note_read=self._note,
            priors=lambda one: self.rows.priors(self.worklist, one),
            versions=self._versions,
            difference=self._difference,
            since_read=self._since,
        )
        self.page = ReadingPage()
        if qtbot is not None:
            qtbot.addWidget(self.page)
        self.arrive(*(reports if reports is not None else self.reports()), quiet=True)
        self.page.begin(session, "Portal")
        self.page.resize(*size)
        self.page.show()
        QApplication.processEvents()

    @staticmethod
    def reports():
        made = []
        for number, mark in enumerate(MARKS):
            who = patient(mark, 400 + number)
            made += [
                make_report(f"{mark}-now", who, f"{mark}exam CT chest", version="3"),
                make_report(f"{mark}-old", who, f"{mark}exam CT chest", days=300),
                make_report(f"{mark}-film", who, f"{mark}exam XR chest", "CR", days=20),
                make_report(f"{mark}-knee", who, f"{mark}exam MR left knee", "MR", days=900),
                make_report(f"{mark}-gone", who, f"{mark}exam CT head", days=30,
                            status=ReportStatus.ENTERED_IN_ERROR),
            ]  # fmt: skip
        return made

    def arrive(self, *reports, quiet=False):
        merged = self.worklist.merge(reports)
        self.rows.take(self.worklist, merged)
        if not quiet:
            self._changed(merged, SyncProgress(len(self.worklist), 0, False))
        return merged

    def get(self, key):
        return self.worklist.get(key)

    def open(self, key):
        self.page.open_key(key)
        QApplication.processEvents()

    def read_before(self, key, version):
        """Have the user read an earlier version on another day."""
        self.reread[key] = version
        self.worklist.set_read(key, f"0{version}")

    def answer(self):
        """Let the answer come that waits longest."""
        if self.waiting:
            self.waiting.pop(0)()
            QApplication.processEvents()

    def _start(self, changed, *_):
        self._changed = changed
        changed(Merged(tuple(range(len(self.worklist))), ()), SyncProgress(len(self.worklist), 0, False))

    def _give(self, call):
        if self.at_once:
            call()
        else:
            self.waiting.append(call)

    def _open(self, report, done, *_):
        before = ReadState.CHANGED if report.key in self.reread else self.worklist.state(report)
        found = self.worklist.get(report.key) or report  # the portal may have a newer one by now
        self._give(lambda: done(Opened(found, self.words(found), before)))

    def _note(self, report):
        self.noted.append(report.key)
        self.worklist.set_read(report.key, report.version)

    def history(self, report):
        return tuple(
            Version(
                report
                if number == int(report.version)
                else replace(report, version=str(number), status=ReportStatus.PRELIMINARY),
                "Withdrawn." if report.status.withdrawn else "",
            )
            for number in range(int(report.version), 0, -1)
        )

    def _versions(self, report, done, failed):
        if self.keeps_history:
            self._give(lambda: done(self.history(report)))
        else:
            self._give(lambda: failed(PortalFault("The portal gives out no earlier versions.")))

    def _difference(self, before, after, done, _failed):
        self._give(lambda: done(compare(self.words(before), self.words(after))))

    def _since(self, report, done):
        read = replace(report, version=self.reread.get(report.key, "1"), status=ReportStatus.FINAL)
        found = None if report.status.withdrawn else compare(self.words(read), self.words(report))
        self._give(lambda: done(SinceRead(read, date(2026, 11, 3), found)))

    # What a reader sees -----------------------------------------------------------------------------------

    def seen(self):
        """Return every word in sight beside the worklist, and what a screen reader would say of it."""
        view = self.page.report
        if not view.isVisible():
            return ""
        said = [view.banner.spoken(), view.comparison.head.spoken(), view.versions.words()]
        if view.reader.isVisible():
            said.append(view.reader.toPlainText())
        if (pane := view.comparison.pane) is not None and pane.isVisible():
            said += [pane.words(), pane.reader.toPlainText()]
        said += [row.spoken + row.strong for each in self.lists for row in each.rows]
        said += [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
        return " ".join(said)

    @property
    def lists(self):
        view = self.page.report
        return view._column.priors, view._column.versions

    def marks(self):
        """Return the marks of all patients who are in sight."""
        seen = self.seen()
        return {mark for mark in MARKS if mark.casefold() in seen.casefold()}
