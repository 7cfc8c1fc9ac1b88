"""A prior of the same patient beside the report.

Owns: which prior is beside it. Must never: show a report of anybody but the patient of the report in sight:
whatever is brought here is held against it once more, and another report ends the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from client.documents import Document, Section
from client.errors import SafelightError
from client.model.report import Report, ReportStatus
from client.session.priors import Prior, Relevance, in_time, most_relevant, same_patient
from client.ui import badge, formats
from client.ui.compare import wording
from client.ui.compare.column import NO_PRIORS, SideColumn
from client.ui.compare.side_head import SideHead
from client.ui.compare.side_list import SideRow

if TYPE_CHECKING:
    from client.ui.compare.alignment import Alignment
    from client.ui.compare.prior_pane import PriorPane
    from client.ui.report.reader import Reader

_GROUPS = {
    Relevance.SAME_EXAM: "Same exam",
    Relevance.SAME_PART: "Same body part",
    Relevance.OTHER: "Other exams",
}
_SETTLED = (ReportStatus.FINAL, ReportStatus.UNKNOWN)


class Comparison(QObject):
    """The priors beside a report, and the one that is open."""

    wanted = Signal(object)  # a prior to be brought beside the report
    opened = Signal(object)  # a prior to be opened in place of the report
    changed = Signal(bool)  # whether two reports are in sight

    def __init__(self, owner: QWidget, column: SideColumn, reader: Reader) -> None:
        super().__init__(owner)
        self._owner = owner
        self._column = column
        self._reader = reader
        self.head = SideHead(owner, "This report")
        self.pane: PriorPane | None = None
        self._alignment: Alignment | None = None
        self._place: QBoxLayout | None = None
        self._current: Report | None = None
        self._priors: tuple[Prior, ...] = ()
        self._beside: Report | None = None
        self._sections: Sequence[Section] = ()
        self._zoom = 100
        column.priors.chosen.connect(self._choose)
        column.priors.marked.connect(self._choose)
        column.priors.opened.connect(self._open)
        column.prior_asked.connect(self.ask)

    def set_place(self, place: QBoxLayout) -> None:
        """Say where the second text goes, once there is one."""
        self._place = place

    @property
    def comparing(self) -> bool:
        """Whether a prior is beside the report."""
        return self._beside is not None

    @property
    def beside(self) -> Report | None:
        """The prior in sight, if any."""
        return self._beside

    def start(self, current: Report | None) -> None:
        """Another report is in sight: no prior beside it, and no priors of anybody else in the list."""
        self.close()
        before, self._current = self._current, current
        self._sections = ()
        if self._priors and (before is None or current is None or not same_patient(before, current)):
            self._priors = ()
            self._column.priors.show_rows(())

    def text_shown(self, sections: Sequence[Section]) -> None:
        """Take note of the sections the report's own text has."""
        self._sections = sections

    def show_priors(self, current: Report, priors: Sequence[Prior], *, complete: bool) -> None:
        """List the priors of the report in sight; one beside it that is none any more goes."""
        if current is not self._current:
            return
        self._priors = tuple(prior for prior in priors if same_patient(current, prior.report))
        self._column.priors.set_empty_words(NO_PRIORS if complete else f"{NO_PRIORS[:-1]} yet.")
        self._list()
        if (beside := self._beside) is not None:
            now = next((each.report for each in self._priors if each.report.key == beside.key), None)
            if now is None:
                self.close()
            elif now is not beside and (now.version, now.status, now.content) != (
                beside.version,
                beside.status,
                beside.content,
            ):
                self._ask_for(now)

    def ask(self) -> None:
        """Bring the most relevant prior beside the report, where there is one."""
        prior = most_relevant(self._priors)
        if prior is not None:
            self._ask_for(prior.report)

    def step(self, by: int) -> None:
        """Go to the next newer (1) or older (-1) prior of the patient; from none, to the most relevant."""
        if self._beside is None:
            self.ask()
            return
        priors = in_time(self._priors)
        keys = [prior.report.key for prior in priors]
        if self._beside.key in keys and 0 <= (at := keys.index(self._beside.key) + by) < len(keys):
            self._ask_for(priors[at].report)

    def show_prior(self, asked: Report, found: Report, documents: Sequence[Document]) -> bool:
        """Show a prior's text, if it is still asked for and still of this patient; return whether it is."""
        if not self._awaits(asked):
            return False
        if self._current is None or not same_patient(self._current, found):
            self.close()
            return False
        pane = self._ready()
        self._beside = found
        sections = pane.show_report(found, documents, self._what(found))
        if self._alignment is not None:
            self._alignment.begin(self._sections, sections)
        self._list()
        return True

    def show_problem(self, asked: Report, error: SafelightError) -> None:
        """Say why a prior cannot be read."""
        if self._awaits(asked):
            self._ready().show_problem(asked, str(error), self._what(asked))

    def close(self) -> None:
        """Take the prior away; the report has the place for itself again."""
        if self._beside is None:
            return
        self._beside = None
        if self._alignment is not None:
            self._alignment.end()
        if self.pane is not None:
            self.pane.empty()
        self.head.empty()
        self._column.set_comparing(False)
        self._list()
        self.changed.emit(False)

    def set_zoom(self, per_cent: int) -> None:
        """Show the prior's text as large as the report's."""
        self._zoom = per_cent
        if self.pane is not None:
            self.pane.reader.set_zoom(per_cent)

    def toggle_together(self) -> None:
        """Scroll both texts together, or each by itself."""
        if self._alignment is not None and self.pane is not None and self.comparing:
            self._alignment.set_together(not self._alignment.together)
            self.pane.together.setChecked(self._alignment.together)

    def _awaits(self, asked: Report) -> bool:
        return self._beside is not None and self._beside.key == asked.key

    def _ask_for(self, prior: Report) -> None:
        current = self._current
        if current is None or not same_patient(current, prior):
            return
        fresh = self._beside is None
        self._beside = prior
        pane = self._ready()
        pane.show_loading(prior, self._what(prior))
        if fresh:
            self.head.show_report(current, "this report")
            self.head.show()
            pane.show()
            self._column.set_comparing(True)
            self.changed.emit(True)
        self._list()
        self.wanted.emit(prior)

    def _ready(self) -> PriorPane:
        """Return the pane, made with the first prior: most reports are read without one."""
        if self.pane is None:
            from client.ui.compare.alignment import Alignment
            from client.ui.compare.prior_pane import PriorPane

            self.pane = PriorPane(self._owner)
            self.pane.reader.set_zoom(self._zoom)
            self.pane.close_asked.connect(self.close)
            self.pane.together_asked.connect(self.toggle_together)
            self.pane.older_asked.connect(lambda: self.step(-1))
            self.pane.newer_asked.connect(lambda: self.step(1))
            self._alignment = Alignment(self._reader, self.pane.reader)
            if self._place is not None:
                self._place.addWidget(self.pane, 1)
        return self.pane

    def _what(self, prior: Report) -> str:
        return wording.apart(prior, self._current) if self._current is not None else ""

    def _choose(self, key: str) -> None:
        if (prior := self._prior(key)) is not None:
            self._ask_for(prior)

    def _open(self, key: str) -> None:
        if (prior := self._prior(key)) is not None:
            self.opened.emit(prior)

    def _prior(self, key: str) -> Report | None:
        return next((each.report for each in self._priors if each.report.key == key), None)

    def _list(self) -> None:
        self._column.priors.show_rows([self._row(prior) for prior in self._priors])

    def _row(self, prior: Prior) -> SideRow:
        report = prior.report
        date = formats.when(report.date)[:10] or "Date unknown"
        modality = report.modality or "?"
        note = "" if report.status in _SETTLED else badge.status(report.status).word.lower()
        when = self._what(report)
        exam = formats.isolate(report.exam) or "Exam not named"
        return SideRow(
            key=report.key,
            group=_GROUPS[prior.relevance],
            strong=f"{modality}  {prior.part or exam}",
            plain=date,
            note=note,
            slim=(modality, date[:7]),
            spoken=". ".join(
                filter(
                    None, (exam, date, when, badge.status(report.status).meaning, _GROUPS[prior.relevance])
                )
            ),
            chosen=self._beside is not None and self._beside.key == report.key,
            faint=not prior.readable,
        )
