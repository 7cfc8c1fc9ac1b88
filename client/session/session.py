"""One sign-in to one sign-out.

Owns: the cache key, the cache, the search index, the worklist, the portal's tokens, and their end.
Must never: outlive its process, or let anything hold up `end`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event

from client.audit.event import Act
from client.cache.absent import AbsentCache
from client.cache.key import CacheKey
from client.cache.record import RecordId
from client.cache.store import ReportCache
from client.clock import Clock
from client.darkroom.darkroom import Darkroom
from client.documents.difference import Difference
from client.documents.document import Document
from client.errors import CacheUnavailable, FolderRefused, SafelightError, Unreachable
from client.model.report import Report
from client.model.user import User
from client.policy.table import Policy
from client.portal.portal import Portal
from client.reasons import EndReason
from client.session.ending import Ending, Steps
from client.session.history import UNRECOGNISED, Failed, History, SinceRead, Version
from client.session.idle import Idle, Limits
from client.session.images import Images
from client.session.indexing import Indexing
from client.session.lanes import Lane, Lanes, Post
from client.session.marks import ReadMarks
from client.session.news import News
from client.session.output import Output
from client.session.pages import Pages
from client.session.priors import PatientRows, Prior
from client.session.progress import SyncProgress
from client.session.reading import Opened, Reading
from client.session.search import SearchIndex
from client.session.searching import Searching
from client.session.sync import Sync
from client.session.trail import Trail
from client.session.view import Filter, ReadState, View
from client.session.worklist import Merged, Worklist
from client.system.interpreter import settle_for_session
from client.system.notifier import Notifier

_PRIORS = 20  # of the opened patient, fetched ahead
_MARKS_WITHIN = timedelta(seconds=1)  # rows wait no longer to be shown as read or unread
_FIRST_LOOK = timedelta(milliseconds=300)
_EARLIER = "\0earlier"  # a version that no report has


_NOT_LOCKED = (
    "This computer does not let Safelight lock its key into memory, so the key could reach the swap file. "
    "Reading is not affected; IT support can raise the limit on locked memory."
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a session needs from the process it lives in."""

    policy: Policy
    clock: Clock
    cache_folder: Callable[[], Path]  # FolderRefused where it cannot be private
    state_folder: Path
    post: Post  # brings a callable to the main thread
    blank: Callable[[], None]  # takes everything off the screen; callable from any thread
    announce: Callable[[EndReason], None]  # tells the doorkeeper
    leave: Callable[[], None]  # ends the process


class Session:
    """Everything one sign-in owns; made on the main thread, ended from any."""

    def __init__(self, portal: Portal, around: Surroundings) -> None:
        settle_for_session()
        self.user: User = portal.user
        self.policy = around.policy
        self._around = around
        self._portal = portal
        self._notes: list[str] = []  # said before anybody listens
        self._noted: Callable[[str], None] | None = None
        self._trail = Trail(around.state_folder, around.clock, portal.session, portal.marks_key, self._note)
        self._key = CacheKey.generate()
        if not self._key.locked:
            self._note(_NOT_LOCKED)
        self._cache, self._excuse = self._open_cache(around)
        self._ending = Ending(
            Steps(
                blank=around.blank,
                stop=self._stop,
                destroy_key=self._key.destroy,
                close_cache=self._cache.close,
                announce=around.announce,
                revoke=portal.sign_out,
                record=self._record_end,
                leave=around.leave,
            )
        )
        self._lanes = Lanes(around.post, self._told, partial(self.end, EndReason.REFUSED_BY_PORTAL))
        self._darkroom = Darkroom()
        half = around.policy.cache_limit // 2
        self._reading = Reading(portal, self._cache, self._lanes, self._darkroom, half)
        self._history = History(portal, self._reading, self._cache, self._lanes)
        self.images = Images(portal, self._cache, self._lanes, lambda: self._darkroom)
        self._patients = PatientRows()
        self._marks = ReadMarks(portal.marks_key, {})
        self.index = SearchIndex()
        self.worklist = Worklist(around.clock)
        self.idle = Idle(Limits.of(around.policy), around.clock.elapsed())
        indexing = Indexing(self.index, self._reading.searched, self._lanes, around.clock, self._tell_indexed)
        self._reading.on_composed(indexing.add)
        self._sync = Sync(
            portal,
            self._reading,
            self.index,
            indexing,
            self._lanes,
            around.clock,
            partial(self._arrive, looked=True),
        )
        self.searching = Searching(
            portal.searches,
            self._reading,
            self.index,
            self._lanes,
            lambda found: self._arrive(found, self._progress),
        )
        self._notifier = Notifier() if around.policy.notifications and sys.platform == "linux" else None
        self.news = News(self.worklist, self._notifier)
        self._marks_failed = False
        self._waiting_marks: dict[str, str] = {}  # made, and not known to have reached the portal
        self._all_here = False  # from the first complete worklist on, what comes is news
        self.output = Output(around.policy, self._lanes, self.note_output)
        self._marks_known = Event()
        self._first = True  # no row was delivered yet
        self._shown = Event()  # the first rows are on screen
        self._trail_sent = False
        self._early: list[tuple[Merged, SyncProgress]] = []
        self._progress = SyncProgress()
        self._changed: Callable[[Merged, SyncProgress], None] | None = None
        self._unsent: Callable[[str], None] | None = None
        self._trail.record(Act.SIGNED_IN)
        # At once: the portal answers while the reading page is still being made.
        self._lanes.run(self._fetch_marks, done=self._apply_marks, failed=lambda _error: None)
        self._sync.start()

    def _open_cache(self, around: Surroundings) -> tuple[ReportCache, str]:
        """Return the cache, or what stands for it and the sentence that says why."""
        limit = around.policy.cache_limit
        try:
            folder = around.cache_folder()
            return ReportCache(folder, self._key, limit, on_damage=self._record_damaged), ""
        except (CacheUnavailable, FolderRefused) as error:
            return AbsentCache(), str(error)

    def start(
        self,
        changed: Callable[[Merged, SyncProgress], None],
        unsent: Callable[[str], None],
        noted: Callable[[str], None],
    ) -> None:
        """From now on `changed` hears of rows and progress, `unsent` of what the portal was not told.

        `noted` hears what this computer does not allow.
        """
        self._changed, self._unsent, self._noted = changed, unsent, noted
        for sentence in self._notes:
            noted(sentence)
        if self._excuse:
            unsent(self._excuse)
        for merged, progress in self._early:
            changed(merged, progress)
        self._early.clear()
        self._sync.poll()

    def _fetch_marks(self) -> None:
        try:
            self._marks.know(self._portal.marks())
        finally:
            self._marks_known.set()

    def _apply_marks(self, _known: None) -> None:
        """Rows that came before the marks did are marked now; usually there are none."""
        rows = range(len(self.worklist))
        late = [(report, self._marks.state(report)) for report in map(self.worklist.report, rows)]
        self._merge(
            [], [(report, state) for report, state in late if state is not ReadState.UNREAD], self._progress
        )

    def _arrive(self, reports: Sequence[Report], progress: SyncProgress, *, looked: bool = False) -> None:
        """Take a delivery, in the thread that brings it, and pass it on to the main thread.

        `looked`: it was not searched for, so it may be news.
        """
        if reports:
            # Shown before, they would all look unread, and change under the reader's eyes in a moment.
            self._marks_known.wait(_MARKS_WITHIN.total_seconds())
        first, self._first = self._first and bool(reports), self._first and not reports
        known = ((report, self._marks.state(report)) for report in reports)
        read = [(report, state) for report, state in known if state is not ReadState.UNREAD]
        self._lanes.post(lambda: self._merge(reports, read, progress, looked=looked))
        if first:
            self._shown.wait(_FIRST_LOOK.total_seconds())  # the first rows have the interpreter to themselves

    def _merge(
        self,
        reports: Sequence[Report],
        read: Sequence[tuple[Report, ReadState]],
        progress: SyncProgress,
        *,
        looked: bool = False,
    ) -> None:
        if progress.unreachable and progress.loaded:
            progress = replace(progress, failure=self._still_readable(progress))
        marked = []
        for report, state in read:
            # The marks are keyed: which earlier version was read is not known, only whether it is this one.
            version = report.version if state is ReadState.READ else _EARLIER
            marked.append(self.worklist.set_read(report.key, version))
        self._progress = progress
        merged = self._take(reports)
        shown = (row for row in marked if row is not None)  # already, as something else
        self._tell_changed(Merged(merged.new, tuple(dict.fromkeys((*merged.replaced, *shown)))))
        if looked and self._all_here:
            self.news.take(merged)
        if looked and not progress.running and not (progress.failure or progress.incomplete):
            self._all_here = True
            if self._waiting_marks:
                self._send_marks()
        if reports and self._changed is not None:
            self._shown.set()
            self._darkroom.start()  # not before: it would take the processor from the first rows
        if not progress.running and not progress.failure:
            unread = self.worklist.order(View(filter=Filter.UNREAD))[: self.policy.prefetch]
            self._reading.fetch_ahead(self.worklist.report(row) for row in unread)
        if not progress.running and not self._trail_sent:
            self._trail_sent = True  # once: of what earlier sessions could not deliver, and of this one
            deliver = partial(self._trail.deliver, self._portal.send_audit)
            self._lanes.run(deliver, failed=lambda _error: None, lane=Lane.AHEAD)

    def _take(self, reports: Sequence[Report]) -> Merged:
        merged = self.worklist.merge(reports)
        self._patients.take(self.worklist, merged)
        return merged

    def _tell_changed(self, merged: Merged) -> None:
        if self._changed is None:
            self._early.append((merged, self._progress))
        else:
            self._changed(merged, self._progress)

    def _tell_indexed(self) -> None:
        def tell() -> None:
            self._progress = replace(self._progress, indexed=len(self.index))
            self._tell_changed(Merged((), ()))

        self._lanes.post(tell)

    def refresh(self) -> None:
        """Ask the portal for what changed."""
        self._sync.refresh()

    def stop_loading(self) -> None:
        """Stop loading after the page under way."""
        self._sync.stop()

    def _note(self, sentence: str) -> None:
        """Note something about this computer; from any thread."""
        self._around.post(lambda: self._tell_note(sentence))

    def _tell_note(self, sentence: str) -> None:
        if self._noted is None:
            self._notes.append(sentence)
        else:
            self._noted(sentence)

    def open_pages(self, document: Document) -> Pages:
        """Return a document of pages, to be opened; whoever shows it closes it."""
        return Pages(self._darkroom, self._lanes, document.kind, document.data)

    def open(
        self,
        report: Report,
        done: Callable[[Opened], None],
        failed: Callable[[SafelightError], None],
        more: Callable[[Opened], None] | None = None,
    ) -> None:
        """Bring a report to the reader: within this call where it is here, else soon after.

        `more` follows where further documents of it turn up.
        """
        before = self.worklist.state(report)

        def show(found: Report, documents: tuple[Document, ...]) -> None:
            if found is not report:
                found = replace(found, modality=found.modality or report.modality)
                self._tell_changed(self._take([found]))
            done(Opened(found, documents, before))

        def add(found: Report, documents: tuple[Document, ...]) -> None:
            if more is not None:
                more(Opened(found, documents, before))

        self._reading.open(report, show, failed, add if more is not None else None)

    def note_read(self, report: Report) -> None:
        """Tell portal and trail that this version is on screen, and fetch the patient's priors ahead."""
        self._trail.record(Act.REPORT_OPENED, report.key, report.version)
        state = self.worklist.state(report)
        if state is ReadState.CHANGED and report.status.withdrawn:
            self._trail.record(Act.REPORT_WITHDRAWN, report.key, report.version)
        if state is not ReadState.READ:
            told = self._marks.mark(report, self._around.clock.now().astimezone().date())
            self.worklist.set_read(report.key, report.version)
            self._waiting_marks.update(told)
            self._send_marks()
        self.news.opened(report.key)
        self._reading.fetch_ahead(prior.report for prior in self.priors(report)[:_PRIORS])

    def note_output(self, act: Act, report: Report, detail: str = "") -> None:
        """Tell the trail that words of this version left the session: copied, printed or exported."""
        self._trail.record(act, report.key, report.version, detail=detail)

    def priors(self, report: Report) -> tuple[Prior, ...]:
        """Return the other reports of the same patient that are here, the most relevant first."""
        return self._patients.priors(self.worklist, report)

    def versions(self, report: Report, done: Callable[[tuple[Version, ...]], None], failed: Failed) -> None:
        """Bring all versions of a report that the portal keeps, the newest first."""
        self._history.versions(report, done, failed)

    def difference(
        self, before: Report, after: Report, done: Callable[[Difference], None], failed: Failed
    ) -> None:
        """Bring what changed between two versions of one report, and note that both are read."""
        for version in (before, after):
            self._trail.record(Act.REPORT_OPENED, version.key, version.version)
        self._history.difference(before, after, done, failed)

    def since_read(self, report: Report, done: Callable[[SinceRead], None]) -> None:
        """Bring what changed since this user read an earlier version."""
        mark = self._marks.earlier(report)
        if mark is None:
            done(SinceRead(None, None, None, UNRECOGNISED))
        else:
            self._history.since_read(report, mark, partial(self._marks.is_of, mark), done)

    def _send_marks(self) -> None:
        """Tell the portal what was read; what does not reach it is tried again after the next look."""
        told = dict(self._waiting_marks)

        def sent(_nothing: object) -> None:
            if self._marks_failed and self._unsent is not None:
                self._unsent("")  # what was said of them no longer holds
            self._marks_failed = False
            for key, mark in told.items():
                if self._waiting_marks.get(key) == mark:
                    del self._waiting_marks[key]

        def failed(error: SafelightError) -> None:
            self._marks_failed = True
            count = len(self._waiting_marks)
            marks = "1 read mark waits" if count == 1 else f"{count} read marks wait"
            if self._unsent is not None:
                self._unsent(
                    f"{marks} for the portal and will be sent when it answers; what is not sent before you "
                    "sign out will look unread next time."
                    if isinstance(error, Unreachable)
                    else str(error)
                )

        self._lanes.run(lambda: self._portal.put_marks(told), done=sent, failed=failed)

    def _still_readable(self, progress: SyncProgress) -> str:
        """Return what went wrong, and until when what is here can be read in any case."""
        what, count = progress.failure.partition(". ")[0].removesuffix("."), progress.loaded
        now, elapsed = self._around.clock.now(), self._around.clock.elapsed()
        until = (now + max(self.idle.limit_at - elapsed, timedelta())).astimezone().strftime("%H:%M")
        here = "The report already here stays" if count == 1 else f"The {count:,} reports already here stay"
        return f"{what}. {here} readable until {until} at the latest."

    def _told(self, error: SafelightError) -> None:
        if self._unsent is not None:
            self._unsent(str(error))

    def _record_damaged(self, _record: RecordId) -> None:
        self._trail.record(Act.RECORD_DAMAGED)

    def _stop(self) -> None:
        self._lanes.close()
        self._darkroom.close()
        if self._notifier is not None:
            self._notifier.close()
        self._marks_known.set()
        self._shown.set()

    def _record_end(self, reason: EndReason) -> None:
        self._trail.record(Act.SESSION_ENDED, detail=reason.value)
        self._trail.flush()
        if self._notifier is not None:
            self._notifier.wait()

    @property
    def remaining(self) -> timedelta:
        """How long until the session ends if nobody does anything."""
        return self.idle.remaining(self._around.clock.elapsed())

    def end(self, reason: EndReason) -> None:
        """End the session and its process; idempotent, from any thread, never raises."""
        self._ending.begin(reason)
