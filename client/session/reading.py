"""Opening a report: from the cache where it is there, from the portal where it is not.

Owns: what of a report is in the cache, and what is fetched ahead.
Must never: show a record that does not verify; it is a miss, fetched again and told to the audit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from client.cache.record import RecordId, RecordKind
from client.cache.store import ReportCache
from client.darkroom.composing import compose_in
from client.darkroom.darkroom import Darkroom
from client.documents.composition import compose, matches, needs_parsers, plain_text, worth_fetching
from client.documents.document import Document
from client.documents.package import pack, unpack, with_data
from client.documents.spoken import composed_text
from client.errors import CacheError, CacheMiss, PortalError, SafelightError, SessionRefused
from client.model.report import Attachment, Report, ReportBody
from client.portal.fhir.body import read_body
from client.portal.fhir.bundle import FetchedReport
from client.portal.portal import Portal
from client.session.completing import Beside, Completing
from client.session.lanes import Lane, Lanes
from client.session.view import ReadState

QUICK = 64 * 1024
"""Bytes up to which a report's composed documents are decrypted within the click itself."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A report ready to be shown."""

    report: Report
    documents: tuple[Document, ...] = field(repr=False)
    before: ReadState  # what the user had read before this opening


def record_of(report: Report) -> RecordId:
    """Return under which record the report's own resource is cached."""
    return RecordId(RecordKind.REPORT, report.key, _state_of(report))


def record_of_attachment(report: Report, attachment: Attachment) -> RecordId:
    """Return under which record an attachment is cached: bound to the report's state, not only its url."""
    return RecordId(RecordKind.ATTACHMENT, f"{report.key}\0{attachment.url}", _state_of(report))


def record_of_beside(report: Report) -> RecordId:
    """Return under which record is cached what the portal keeps apart from the report."""
    return RecordId(RecordKind.BESIDE, report.key, _state_of(report))


def record_of_documents(report: Report) -> RecordId:
    """Return under which record the report's composed documents are cached."""
    return RecordId(RecordKind.DOCUMENTS, report.key, _state_of(report))


def _state_of(report: Report) -> str:
    # The version alone is not enough: portals exist that correct a report without raising it, or have none.
    return f"{report.version}\0{report.content}"


class Reading:
    """Brings reports from the cache or the portal to the reader."""

    def __init__(
        self, portal: Portal, cache: ReportCache, lanes: Lanes, darkroom: Darkroom, plenty: int
    ) -> None:
        """Up to `plenty` bytes in the cache nothing is about to be dropped from it."""
        self._portal = portal
        self._cache = cache
        self._lanes = lanes
        self._darkroom = darkroom
        self._completing = Completing(portal)
        self._composed_anew: Callable[[Iterable[Report]], None] = lambda _reports: None
        self._plenty = plenty

    def on_composed(self, heard: Callable[[Iterable[Report]], None]) -> None:
        """Have `heard` called, in the background, with reports of which more words are known than before."""
        self._composed_anew = heard

    def keep(self, fetched: Iterable[FetchedReport]) -> bool:
        """Put freshly fetched reports into the cache; one that does not fit is fetched again when opened.

        Returns whether they will all still be there in a while.
        """
        try:
            self._cache.put_many((record_of(each.report), each.resource) for each in fetched)
        except CacheError:
            return False
        return self._cache.stored <= self._plenty

    def searched(self, reports: Sequence[Report]) -> Iterator[str]:
        """Yield the words of reports in the cache, in order; none where one is not there any more."""
        kept = self._cache.get_many(map(record_of, reports))
        for report, resource in zip(reports, kept, strict=True):
            yield "" if resource is None else self._words(report, resource)

    def _words(self, report: Report, resource: bytes) -> str:
        if not report.problem and not report.status.withdrawn and record_of_documents(report) in self._cache:
            with contextlib.suppress(CacheMiss):
                return composed_text(unpack(self._cache.get(record_of_documents(report))))
        return searched(report, resource)

    def open(
        self,
        report: Report,
        done: Callable[[Report, tuple[Document, ...]], None],
        failed: Callable[[SafelightError], None],
        more: Callable[[Report, tuple[Document, ...]], None] | None = None,
    ) -> None:
        """Bring a report and its documents: within this call if all of it is here and small, else soon after.

        What the portal had to be asked for may be a newer version: then `done` gets that one's report. `more`
        follows where the portal has documents that belong to the report and were not known to be there.
        """
        ready = self._open_quickly(report)
        if ready is not None:
            done(report, ready)
            if more is not None and record_of_beside(report) not in self._cache:
                complete = partial(self._compose, report)
                self._lanes.run(
                    complete, done=lambda found: _tell_more(*found, ready, more), failed=_pass_over
                )
            return
        self._lanes.run(partial(self._compose, report), done=lambda found: done(*found), failed=failed)

    def _open_quickly(self, report: Report) -> tuple[Document, ...] | None:
        try:
            return self._composed(report, self._small)
        except CacheMiss:
            pass  # not composed yet: still quick if all its parts are here, and plain text
        try:
            body = read_body(self._small(record_of(report)))
            wanted = worth_fetching(body)
            fetched = {part.url: self._small(record_of_attachment(report, part)) for part in wanted}
        except CacheMiss:
            return None
        if body.awaited_results or needs_parsers(body, fetched):
            return None
        return compose(body, fetched)  # not kept: there may be more at the portal

    def _composed(self, report: Report, get: Callable[[RecordId], bytes]) -> tuple[Document, ...]:
        """Return the documents as they were composed before; raises CacheMiss."""
        documents = unpack(get(record_of_documents(report)))
        places = {document.attachment for document in documents} - {None}
        if not places:
            return documents
        if any(document.wrappings for document in documents):
            raise CacheMiss("What a document was packed in is parsed by the darkroom.")
        body = Beside.unpack(get(record_of_beside(report))).joined_to(read_body(get(record_of(report))))
        parts = [body.parts[place] for place in places if place is not None]
        fetched = {part.url: get(record_of_attachment(report, part)) for part in parts if part.data is None}
        return with_data(documents, body, fetched)

    def _small(self, record: RecordId) -> bytes:
        if self._cache.size_of(record) > QUICK:
            raise CacheMiss("Too large to be opened within a click.")
        return self._cache.get(record)

    def _compose(self, wanted: Report, *, at_home: bool = False) -> tuple[Report, tuple[Document, ...]]:
        with contextlib.suppress(CacheMiss):
            return wanted, self._composed(wanted, self._cache.get)
        report, body = self._body(wanted)
        beside = self._beside(report, body)
        body = beside.joined_to(body)
        fetched: dict[str, bytes] = {}
        failed: dict[str, str] = {}
        for part in worth_fetching(body):
            if not self._lanes.closed:
                try:
                    fetched[part.url] = self._attachment(report, part, at_home=at_home)
                except SessionRefused:
                    raise
                except PortalError as error:
                    # The rest of the report stays readable; this part says why it could not be had.
                    failed[part.url] = str(error)
        parsed = needs_parsers(body, fetched) or bool(beside.results or beside.documents)
        if parsed:
            documents = compose_in(self._darkroom, body, fetched, failed)
        else:
            documents = compose(body, fetched, failed)
        matching = all(matches(part, fetched[part.url]) for part in body.parts if part.url in fetched)
        if matching and beside.whole:
            self._keep_composed(report, documents, parsed=parsed)
        return report, documents

    def _keep_composed(self, report: Report, documents: tuple[Document, ...], *, parsed: bool) -> None:
        packed = pack(documents, apart=True)
        if packed is not None:
            with contextlib.suppress(CacheError):
                self._cache.put(record_of_documents(report), packed)
            if parsed:
                self._composed_anew([report])

    def _body(self, report: Report) -> tuple[Report, ReportBody]:
        try:
            return report, read_body(self._cache.get(record_of(report)))
        except CacheMiss:
            fetched = self._portal.report(report.key)
            self.keep([fetched])
            # The text of one version must never stand under the status of another.
            return fetched.report, read_body(fetched.resource)

    def _beside(self, report: Report, body: ReportBody) -> Beside:
        record = record_of_beside(report)
        with contextlib.suppress(CacheMiss):
            return Beside.unpack(self._cache.get(record))
        found = self._completing.beside(report.key, body)
        if found.whole:
            with contextlib.suppress(CacheError):
                self._cache.put(record, found.pack())
        return found

    def _attachment(self, report: Report, attachment: Attachment, *, at_home: bool) -> bytes:
        record = record_of_attachment(report, attachment)
        try:
            return self._cache.get(record)
        except CacheMiss:
            data = self._portal.attachment(attachment, at_home=at_home)
        if matches(attachment, data):  # or a guest network's page would stand here for the whole session
            with contextlib.suppress(CacheError):  # too large or no room: shown now, fetched again next time
                self._cache.put(record, data)
        return data

    def fetch_ahead(self, reports: Iterable[Report]) -> None:
        """Fetch what these reports still lack, so that opening them is instant."""
        for report in reports:
            self._lanes.run(partial(self._fill, report), failed=_pass_over, lane=Lane.AHEAD)

    def _fill(self, report: Report) -> None:
        if record_of_documents(report) not in self._cache and not self._lanes.closed:
            # Another address than the portal's hears of this reader only when the report is opened.
            self._compose(report, at_home=True)


def searched(report: Report, resource: bytes) -> str:
    """Return the words by which a report is found; "" for a withdrawn text: nothing may lead to it.

    Those of RTF and DICOM are not among them: they are parsed elsewhere, when the report is composed.
    """
    if report.problem or report.status.withdrawn:
        return ""
    return plain_text(read_body(resource))


def _tell_more(
    report: Report,
    documents: tuple[Document, ...],
    shown: tuple[Document, ...],
    more: Callable[[Report, tuple[Document, ...]], None],
) -> None:
    if len(documents) > len(shown):
        more(report, documents)


def _pass_over(_error: SafelightError) -> None:
    """Do nothing: what could not be fetched ahead is fetched, and its failure told, when it is opened."""
