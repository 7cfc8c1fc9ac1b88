"""The worklist: every report that is here, what was read of it, and in which order it is shown.

Owns: the rows (a report keeps its row number for the whole session, whatever version comes) and the versions
this user has read. Pure and without locks: the main thread alone uses it.
Must never: do I/O, drop a report that cannot be read, or move a row by itself.

10,000 reports are ordered in a few milliseconds because what sorting needs of a report is worked out once,
when the report arrives, and kept in plain lists beside the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress, count

from client.clock import Clock
from client.model.moment import Moment, Precision
from client.model.report import Report, ReportStatus
from client.session.dates import Days
from client.session.query import Standing
from client.session.view import Column, Counts, Filter, ReadState, View
from client.session.words import fold

# From what still waits for someone to what is settled.
_STATUS_ORDER = (
    ReportStatus.REGISTERED,
    ReportStatus.PARTIAL,
    ReportStatus.PRELIMINARY,
    ReportStatus.FINAL,
    ReportStatus.AMENDED,
    ReportStatus.CORRECTED,
    ReportStatus.APPENDED,
    ReportStatus.CANCELLED,
    ReportStatus.ENTERED_IN_ERROR,
    ReportStatus.UNKNOWN,
)
_STATUS_RANK = {status: str(rank) for rank, status in enumerate(_STATUS_ORDER)}
_STATE_OF = {
    Standing.UNREAD: ReadState.UNREAD,
    Standing.CHANGED: ReadState.CHANGED,
    Standing.READ: ReadState.READ,
}
_DRAWERS = {
    Filter.UNREAD: Standing.UNREAD,
    Filter.CRITICAL: Standing.CRITICAL,
    Filter.CHANGED: Standing.CHANGED,
}
_STATE_RANK = {ReadState.CHANGED: "0", ReadState.UNREAD: "1", ReadState.READ: "2"}

# What a report is sorted by. All are texts, "" meaning that the portal does not say: those always come last.
_SORT_KEYS: dict[Column, Callable[[Report], str]] = {
    Column.CRITICAL: lambda report: "0" if report.critical else "1",
    Column.STATUS: lambda report: _STATUS_RANK[report.status],
    Column.PATIENT: lambda report: fold(report.patient.name) if report.patient else "",
    Column.IDENTIFIER: lambda report: fold(report.patient.identifier) if report.patient else "",
    Column.BIRTH_DATE: lambda report: _sortable(report.patient.birth_date if report.patient else None),
    Column.EXAM: lambda report: fold(report.exam),
    Column.MODALITY: lambda report: report.modality,
    Column.DATE: lambda report: _sortable(report.date),
    Column.RADIOLOGIST: lambda report: fold(report.radiologist),
    Column.REFERRER: lambda report: fold(report.referrer),
}


@dataclass(frozen=True, slots=True)
class Merged:
    """What a delivery changed, as row numbers."""

    new: tuple[int, ...]
    replaced: tuple[int, ...]


class Worklist:
    """All reports of this session; see the module."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reports: list[Report] = []
        self._row_of: dict[str, int] = {}
        self._read: dict[str, str] = {}  # the version that was read, by key; may be ahead of the reports
        self._states: list[ReadState] = []
        self._days: list[date | None] = []  # the exam's day on this workstation's calendar
        self._critical: list[bool] = []
        self._modalities: list[str] = []
        self._of_modality: dict[str, set[int]] = {}
        self._asked: dict[Hashable, set[int]] = {}  # rows by question, until a row or a mark changes
        self._sort_keys: dict[Column, list[str]] = {Column.DATE: []}
        self._newest: list[int] = []  # all rows; nothing is ever taken out
        self._in_order = True  # whether that is newest first, as it must be when it is used

    def __len__(self) -> int:
        """Return how many reports are here."""
        return len(self._reports)

    def merge(self, reports: Iterable[Report]) -> Merged:
        """Take a delivery: unknown reports get a row, newer versions take the row of the older.

        An older version than the one that is here (a late page) is passed over.
        """
        first = len(self._reports)
        replaced: dict[int, None] = {}
        for report in reports:
            row = self._row_of.get(report.key)
            if row is None:
                self._row_of[report.key] = len(self._reports)
                self._reports.append(report)
            elif _supersedes(report, self._reports[row]):
                self._reports[row] = report
                replaced[row] = None
        new = range(first, len(self._reports))
        for row in replaced:
            if row < first:
                self._look_again(row)
        if new:
            self._look_at(self._reports[first:])
            self._newest.extend(new)
        if new or replaced:
            self._in_order = False
            self._asked.clear()
        return Merged(tuple(new), tuple(replaced))

    def get(self, key: str) -> Report | None:
        """Return the report of that key as it is now; None where there is none."""
        row = self._row_of.get(key)
        return None if row is None else self._reports[row]

    def row_of(self, key: str) -> int | None:
        """Return the row number of that key: the same for the whole session."""
        return self._row_of.get(key)

    def report(self, row: int) -> Report:
        """Return the report in a row."""
        return self._reports[row]

    def state_of(self, row: int) -> ReadState:
        """Return what was read of the report in a row."""
        return self._states[row]

    def state(self, report: Report) -> ReadState:
        """Return what was read of `report`, in the very version given."""
        return self._state(report)

    def set_read(self, key: str, version: str) -> int | None:
        """Remember that this version was read; return its row, None where the report is not here."""
        self._read[key] = version
        self._asked.clear()
        row = self._row_of.get(key)
        if row is not None:
            self._states[row] = self._state(self._reports[row])
        return row

    def set_marks(self, marks: Mapping[str, str]) -> None:
        """Take what the portal remembers of earlier sessions: versions read, by report key."""
        self._read.update(marks)
        self._asked.clear()
        self._states = [self._state(report) for report in self._reports]

    def counts(self, view: View) -> Counts:
        """Return how many reports lie in each drawer, and of each modality in the drawer `view` has open."""
        states, inside = self._states, self._inside(view.filter)
        everywhere = self._modalities
        modalities = Counter(everywhere if inside is None else map(everywhere.__getitem__, inside))
        for one in set(everywhere) - modalities.keys():
            modalities[one] = 0
        today = self.today
        return Counts(
            {
                Filter.UNREAD: states.count(ReadState.UNREAD),
                Filter.CRITICAL: sum(self._critical),
                Filter.TODAY: self._days.count(today),
                Filter.CHANGED: states.count(ReadState.CHANGED),
                Filter.ALL: len(self),
            },
            {one: modalities[one] for one in sorted(modalities, key=lambda code: (code == "", code))},
        )

    def standing(self, asked: Standing | ReportStatus) -> set[int]:
        """Return the rows of that standing or status; the worklist's own: not to be changed."""
        if asked is Standing.CRITICAL:
            return self._ask(asked, self._critical)
        if isinstance(asked, ReportStatus):
            return self._ask(asked, (report.status is asked for report in self._reports))
        wanted = _STATE_OF[asked]
        return self._ask(asked, (state is wanted for state in self._states))

    def within(self, days: Days) -> set[int]:
        """Return the rows whose exam was made on one of these days; the worklist's own: not to be changed."""
        return self._ask(days, (day in days for day in self._days))

    def of_modality(self, code: str) -> set[int]:
        """Return the rows of that modality, "" for none; the worklist's own: not to be changed."""
        return self._of_modality.get(code, set())

    def _ask(self, question: Hashable, answers: Iterable[bool]) -> set[int]:
        rows = self._asked.get(question)
        if rows is None:
            rows = self._asked[question] = set(compress(count(), answers))
        return rows

    def order(
        self, view: View, found: Collection[int] | None = None, kept: Collection[int] = ()
    ) -> list[int]:
        """Return the rows of `view` in its order.

        `found` are the rows that its words find (None: no words); `kept` are rows that stay although they
        have left the drawer, because the user is looking at them. Equal rows come newest first.
        """
        rows = self._sorted(view.column, view.descending)
        inside = self._inside(view.filter)
        if inside is not None:
            rows = [row for row in rows if row in inside or row in kept]
        if view.modalities:
            modalities, wanted = self._modalities, view.modalities
            rows = [row for row in rows if modalities[row] in wanted or row in kept]
        if found is not None:
            rows = list(compress(rows, map(found.__contains__, rows)))
        return rows

    def _sorted(self, column: Column, descending: bool) -> list[int]:
        if column is Column.READ:
            keys = [_STATE_RANK[state] for state in self._states]
        else:
            keys = self._sort_keys.get(column, [])
            if len(keys) != len(self._reports):
                sort_key = _SORT_KEYS[column]
                keys = self._sort_keys[column] = [sort_key(report) for report in self._reports]
        if not self._in_order:
            self._newest.sort(key=self._sort_keys[Column.DATE].__getitem__, reverse=True)
            self._in_order = True
        rows = self._newest.copy()
        if column is not Column.DATE or not descending:
            rows.sort(key=keys.__getitem__, reverse=descending)
        if not descending and rows and not keys[rows[0]]:
            # Rising order puts the empty ones first; someone sorting by a column wants to see values.
            empty = sum(not key for key in keys)
            rows = rows[empty:] + rows[:empty]
        return rows

    def _inside(self, drawer: Filter) -> set[int] | None:
        if drawer is Filter.ALL:
            return None
        if drawer is Filter.TODAY:
            today = self.today
            return self.within(Days(today, today))
        return self.standing(_DRAWERS[drawer])

    def _look_at(self, reports: Sequence[Report]) -> None:
        # A column at a time: a row at a time takes twice as long, and the window waits for it.
        self._states.extend(map(self._state, reports))
        self._days.extend(_local_day(report.date) for report in reports)
        self._critical.extend(report.critical for report in reports)
        for row, report in enumerate(reports, start=len(self._modalities)):
            self._of_modality.setdefault(report.modality, set()).add(row)
        self._modalities.extend(report.modality for report in reports)
        for column, keys in self._sort_keys.items():
            keys.extend(map(_SORT_KEYS[column], reports))

    def _look_again(self, row: int) -> None:
        report = self._reports[row]
        self._states[row] = self._state(report)
        self._days[row] = _local_day(report.date)
        self._critical[row] = report.critical
        self._of_modality[self._modalities[row]].discard(row)
        self._of_modality.setdefault(report.modality, set()).add(row)
        self._modalities[row] = report.modality
        for column, keys in self._sort_keys.items():
            keys[row] = _SORT_KEYS[column](report)

    def _state(self, report: Report) -> ReadState:
        read = self._read.get(report.key)
        if read is None:
            return ReadState.UNREAD
        return ReadState.READ if read == report.version else ReadState.CHANGED

    @property
    def today(self) -> date:
        """The day on this workstation's calendar."""
        return self._clock.now().astimezone().date()


def _supersedes(report: Report, held: Report) -> bool:
    # FHIR says nothing about what a version id looks like; where both are numbers they count upwards.
    if report.version.isdecimal() and held.version.isdecimal():
        older, newer = int(held.version), int(report.version)
        return newer > older or (newer == older and report != held)
    return report != held


def _sortable(moment: Moment | None) -> str:
    # All moments are in UTC, and ISO 8601 sorts as time does.
    return "" if moment is None else moment.at.isoformat() + "01234"[moment.precision]


def _local_day(moment: Moment | None) -> date | None:
    if moment is None or moment.precision < Precision.DAY:
        return None
    return moment.at.astimezone().date() if moment.precision is Precision.TIME else moment.at.date()
