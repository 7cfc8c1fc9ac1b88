"""Search results page by page, the next page on its way while the present one is read.

Owns: the order of searches from full to plain, and the place in a long list. Must never: end early without
saying so, deliver the same version of a report twice, or go round in circles.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from client.errors import Busy, PortalFault, SessionEnded, Withdrawn
from client.portal.access import Access
from client.portal.address import next_page
from client.portal.connection import Answer
from client.portal.exchange import Stop
from client.portal.failures import NotAccepted
from client.portal.fhir.bundle import INCOMPLETE, FetchedReport, Page, next_ahead, read_page
from client.portal.fhir.people import PeopleBook

Query = Sequence[tuple[str, str]]

MOST = 200_000
"""Reports that a session takes: no reader works through more, and a portal must not fill the memory."""

_PAGES = 20_000
_RESTARTS = 3
_PATIENCE = timedelta(seconds=30)  # a longer wait is the caller's decision
_LINK = re.compile(r'<([^<>]{1,4000})>\s*;[^,<]*\brel="?next"?')

INCLUDES = (
    ("_include", "DiagnosticReport:patient"),
    ("_include", "DiagnosticReport:based-on"),
    ("_include", "DiagnosticReport:results-interpreter"),
)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Some reports of a list; `total` is how many the list has as far as the portal says."""

    reports: tuple[FetchedReport, ...] = field(repr=False)
    total: int | None
    incomplete: str  # the portal's own doubt, as a sentence; "" when it has none
    last: bool


OPENING = 50
"""Reports of the page asked for first, where the reader wants something to see before anything else."""


def searches(query: Query, sort: str, count: int) -> tuple[Query, ...]:
    """Return the same search from the fullest wording to the plainest: some portals refuse what they lack."""
    page = [("_count", str(count))]
    return (
        [*query, ("_sort", sort), *page, *INCLUDES, ("_total", "accurate")],
        [*query, ("_sort", sort), *page, INCLUDES[0]],
        [*query, *page, INCLUDES[0]],
        [*query, *page],
    )


def read_pages(
    access: Access,
    wordings: Sequence[Query],
    book: PeopleBook,
    taken: set[str],
    stop: Stop,
    *,
    opening: bool = False,
) -> Generator[ReportPage, None, None]:
    """Yield every page of a search for DiagnosticReports; ends early, without error, when `stop` is set.

    With `opening`, the first page is a small one, and the search proper is asked for while that one is read.
    A portal that forgets the search in the middle (410) is asked again from the start, and what was already
    delivered is left out. `taken` holds the keys of the session's reports and gets those of new ones; beyond
    `MOST` the list ends and says so. Raises any PortalError.
    """
    with _Ahead(access, stop) as ahead:
        yield from _Walk(access, wordings, book, taken, stop, ahead, opening).pages()


class _Ahead:
    """One request ahead of the reader, in a thread of its own that ends with the reading."""

    def __init__(self, access: Access, stop: Stop) -> None:
        self._access = access
        self._own = Stop(stop)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="safelight-next-page")
        self._url = ""
        self._future: Future[Answer] | None = None

    def __enter__(self) -> _Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        self._own.set()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def start(self, url: str) -> None:
        """Ask for a page that will be needed."""
        if url and url != self._url:
            self._url = url
            self._future = self._thread.submit(self._access.search, url, self._own)

    def take(self, url: str) -> Answer:
        """Return the page at `url`, on its way already or asked for now."""
        self.start(url)
        future, self._future, self._url = self._future, None, ""
        if future is None:
            raise AssertionError("nothing asked for")
        return future.result()


class _Walk:
    """The way through one list, restarts included."""

    def __init__(
        self,
        access: Access,
        wordings: Sequence[Query],
        book: PeopleBook,
        taken: set[str],
        stop: Stop,
        ahead: _Ahead,
        opening: bool,
    ) -> None:
        self._access = access
        self._base = access.description.fhir
        self._wordings = list(wordings)
        self._opening = opening  # until the small page is here
        self._book = book
        self._taken = taken
        self._stop = stop
        self._ahead = ahead
        self._delivered: set[tuple[str, str]] = set()
        self._outside = 0
        self._total: int | None = None
        self._visited: set[str] = set()

    def pages(self) -> Iterator[ReportPage]:
        url, restarts = "", 0
        for _ in range(_PAGES):
            if self._stop.is_set:
                return
            try:
                answer = self._ahead.take(url) if url else self._first()
            except SessionEnded:
                if self._stop.is_set:
                    return
                raise
            except Busy as busy:
                if busy.retry_after > _PATIENCE:
                    raise
                self._stop.wait(busy.retry_after)
                continue
            except Withdrawn:
                restarts += 1
                if not url or restarts > _RESTARTS:
                    raise
                url = ""
                continue
            page, following = self._read(answer)
            yield page
            if page.last:
                return
            url = following
        raise PortalFault(
            "The portal's list of reports has no end, so the rest of it was left out. Tell its staff."
        )

    def _first(self) -> Answer:
        self._visited.clear()
        self._outside = 0
        while True:
            last = len(self._wordings) == 1
            try:
                return self._access.search(self._url(), self._stop, strict=not last)
            except NotAccepted:
                if last:
                    raise
                del self._wordings[0]

    def _url(self) -> str:
        wording = self._wordings[0]
        if self._opening:
            wording = [(name, str(OPENING) if name == "_count" else value) for name, value in wording]
        return f"{self._base}/DiagnosticReport?{urlencode(wording)}"

    def _read(self, answer: Answer) -> tuple[ReportPage, str]:
        seen_early = self._link_ahead(answer)
        opening, self._opening = self._opening, False
        if opening and seen_early:
            seen_early = self._url()  # there is more: all of it in large pages
        if seen_early and seen_early not in self._visited and not self._stop.is_set:
            self._ahead.start(seen_early)
        page = read_page(answer.body, self._book)
        following = next_page(self._base, page.next) if page.next else seen_early
        if opening and following:
            following = self._url()
        incomplete = page.incomplete
        if following in self._visited:
            following, incomplete = "", incomplete or f"{INCOMPLETE}: its pages lead round in circles."
        if following:
            self._visited.add(following)
        fresh, left_out = self._fresh(page)
        if left_out:
            following, incomplete = "", f"Safelight takes at most {MOST:,} reports, and the portal has more."
        taken = self._page(page, fresh, incomplete, last=not following)
        if opening:
            self._outside = 0  # they come again with the first large page
        return taken, following

    def _fresh(self, page: Page) -> tuple[list[FetchedReport], bool]:
        """Return what was not delivered yet, and whether something had to be left out."""
        fresh, left_out = [], False
        for fetched in page.reports:
            key = fetched.report.key
            mark = (key, fetched.report.version or fetched.report.status.value)
            if mark in self._delivered:
                continue
            if len(self._delivered) >= MOST or (len(self._taken) >= MOST and key not in self._taken):
                left_out = True
                continue
            self._delivered.add(mark)
            self._taken.add(key)
            fresh.append(fetched)
        return fresh, left_out

    def _page(self, page: Page, fresh: Sequence[FetchedReport], incomplete: str, *, last: bool) -> ReportPage:
        self._outside += page.outside
        if page.total is not None:
            self._total = page.total
        total = None if self._total is None else max(len(self._delivered), self._total - self._outside)
        return ReportPage(tuple(fresh), len(self._delivered) if last else total, incomplete, last)

    def _link_ahead(self, answer: Answer) -> str:
        found = _LINK.search(answer.headers.get("Link", ""))
        link = found[1] if found else next_ahead(answer.body)
        return next_page(self._base, link) if link else ""
