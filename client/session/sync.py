"""Bringing the worklist from the portal: newest first, page by page, then what changed.

Owns: the order of fetching and what is known about its progress.
Must never: block the main thread, or drop a report silently.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from client.clock import Clock
from client.errors import PortalFault, SessionEnded, SessionRefused, Unreachable, Withdrawn
from client.model.report import Report
from client.portal.exchange import Stop
from client.portal.fhir.body import read_body
from client.portal.paging import ReportPage
from client.portal.portal import Portal
from client.session.indexing import Indexing
from client.session.lanes import Lane, Lanes, foreseen
from client.session.progress import SyncProgress
from client.session.reading import Reading, searched
from client.session.search import SearchIndex

PAGE = 200
"""Reports a page: larger pages hold the interpreter longer than the window may wait."""

POLL_EVERY = timedelta(seconds=60)


_SLOWEST = 3  # times the pause doubles while the portal does not answer


def pause_after(failures: int) -> timedelta:
    """Return how long to wait for the next look: longer after failures, and never in step with others."""
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 (not a secret)
    return POLL_EVERY * (1 << min(failures, _SLOWEST)) * jitter


class Unnamed(NamedTuple):
    """A report that names something by reference only; `requester` is "" where who ordered it is known."""

    report: Report
    studies: tuple[str, ...]
    requester: str


class Sync:
    """Keeps the worklist as the portal has it."""

    def __init__(
        self,
        portal: Portal,
        reading: Reading,
        index: SearchIndex,
        indexing: Indexing,
        lanes: Lanes,
        clock: Clock,
        deliver: Callable[[Sequence[Report], SyncProgress], None],
    ) -> None:
        """`deliver` is called in whichever thread works."""
        self._portal = portal
        self._reading = reading
        self._index = index
        self._indexing = indexing
        self._lanes = lanes
        self._clock = clock
        self._deliver = deliver
        self._wish = Stop()  # to stop the load under way
        self._running = False
        self._turn = threading.Lock()
        self._here: set[str] = set()  # keys of the reports the portal has given out
        self._total: int | None = None
        self._incomplete = ""
        self._complete_as_of: datetime | None = None
        self._unnamed: list[Unnamed] = []

    def start(self) -> None:
        """Load everything, newest first; does nothing while a load is under way."""
        if self._take_turn():
            self._lanes.run(self._load, failed=self._fail, lane=Lane.SYNC)

    def _take_turn(self) -> bool:
        # The user, from the main thread, and the poll may want to begin at the same moment.
        with self._turn:
            free, self._running = not self._running, True
            if free:
                self._wish = Stop()
            return free

    def stop(self) -> None:
        """Stop now, even in the middle of a page that does not come; what is here stays."""
        self._wish.set()

    def refresh(self) -> None:
        """Fetch what changed, or everything if the first load did not finish."""
        if self._complete_as_of is None:
            self.start()
        elif self._take_turn():
            self._tell([], running=True)  # somebody asked: they see that it is under way, and can stop it
            self._lanes.run(self._load_changes, failed=self._fail, lane=Lane.SYNC)

    def _load(self) -> None:
        began = self._clock.now()
        wish = self._wish
        self._total, self._incomplete = None, ""
        self._tell([], running=True)
        last = False
        for page in self._portal.pages(PAGE, wish, opening=True):
            if self._lanes.closed:
                return
            self._take(page, page.total)
            last = page.last
        if not last:  # the list ends early for no other reason than a wish
            self._incomplete = "stopped before the end; Refresh loads the rest"
            self._rest()
            return
        self._finish(began)

    def _load_changes(self) -> None:
        since = self._complete_as_of
        if since is None:
            return
        began = self._clock.now()
        last = False
        for page in self._portal.changed_since(since, stop=self._wish):
            if self._lanes.closed:
                return
            self._take(page, None)  # its total counts the changes alone
            last = page.last
        if not last:
            self._rest()
            return
        self._total = len(self._here)
        self._finish(began)

    def _finish(self, began: datetime) -> None:
        self._complete_rows()
        self._complete_as_of = began
        self._rest()

    def _rest(self) -> None:
        self._running = False
        self._indexing.hurry()
        self._tell([], running=False)

    def poll(self) -> None:
        """Look for changes from now on until the session ends, at a pace that does not beat in step."""
        self._lanes.run(self._poll, failed=lambda _error: None, lane=Lane.SYNC)

    def _poll(self) -> None:
        failures = 0
        while not self._lanes.wait(pause_after(failures).total_seconds()):
            if self._complete_as_of is None or not self._take_turn():
                continue
            try:
                self._load_changes()
                failures = 0
            except (SessionRefused, SessionEnded):
                raise  # not a failure to be shown: it ends the session, or the session is over
            except Exception as fault:
                failures += 1
                self._fail(foreseen(fault))

    def _take(self, page: ReportPage, total: int | None) -> None:
        if page.incomplete:
            self._incomplete = page.incomplete
        self._here.update(each.report.key for each in page.reports)
        if total is not None:
            self._total = max(total, len(self._here))
        self._index_in_time(page)
        for each in page.reports:
            if (not each.report.modality or each.requester) and not each.report.problem:
                studies = tuple(read_body(each.resource).imaging_studies)
                self._unnamed.append(Unnamed(each.report, studies, each.requester))
        self._tell([each.report for each in page.reports], running=True)

    def _index_in_time(self, page: ReportPage) -> None:
        if self._reading.keep(page.reports):
            self._indexing.add(each.report for each in page.reports)
        else:
            # The cache does not take these, or may soon drop what waits: no text waits for its turn.
            self._indexing.hurry()
            self._index.add((each.report, searched(each.report, each.resource)) for each in page.reports)

    def _complete_rows(self) -> None:
        """Ask for what some reports name by reference only: their modality, and who ordered."""
        rows, self._unnamed = self._unnamed, []
        studies = {study for row in rows if not row.report.modality for study in row.studies}
        modalities = self._ask(self._portal.imaging_modalities, studies)
        names = self._ask(self._portal.practitioner_names, {row.requester for row in rows if row.requester})
        completed = []
        for row in rows:
            found = (modalities[study] for study in row.studies if study in modalities)
            modality = row.report.modality or next(found, "")
            referrer = row.report.referrer or names.get(row.requester, "")
            if (modality, referrer) != (row.report.modality, row.report.referrer):
                completed.append(replace(row.report, modality=modality, referrer=referrer))
        self._tell(completed, running=True)

    def _ask(
        self, question: Callable[[Sequence[str]], dict[str, str]], references: set[str]
    ) -> dict[str, str]:
        try:
            return question(sorted(references)) if references else {}
        except (Withdrawn, PortalFault):
            return {}  # a portal without such resources, or not for this user: the rows stay as they are

    def _fail(self, error: Exception) -> None:
        self._running = False
        self._indexing.hurry()
        unreachable = isinstance(error, Unreachable)
        self._tell([], running=False, failure=str(error), unreachable=unreachable)

    def _tell(
        self, reports: Sequence[Report], *, running: bool, failure: str = "", unreachable: bool = False
    ) -> None:
        progress = SyncProgress(
            loaded=len(self._here),
            indexed=len(self._index),
            total=self._total,
            running=running,
            incomplete=self._incomplete,
            failure=failure,
            unreachable=unreachable,
            as_of=self._complete_as_of or (self._clock.now() if self._here else None),
        )
        self._deliver(reports, progress)
