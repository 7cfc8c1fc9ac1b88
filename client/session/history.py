"""The versions of one report: which there are, which this user has read, and what changed between two.

Owns: the way from a version to its words. Must never: give out the words of a version that was withdrawn or
was filed under another patient, or hold one version's words against another's under its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from client.cache.store import ReportCache
from client.documents.difference import Difference, compare
from client.documents.document import Document
from client.errors import DocumentError, SafelightError
from client.model.report import Report
from client.portal.portal import Portal
from client.session.lanes import Lanes
from client.session.marks import ReadMark
from client.session.reading import Reading, record_of

Failed = Callable[[SafelightError], None]

WITHDRAWN = "Withdrawn: the text of this version is not shown."
MISFILED = "Filed under another patient: the text of this version is not shown."
_NOT_HERE = "That version cannot be kept on this computer, so it is not compared. Read it at the portal."
UNRECOGNISED = "The version you read is not among those the portal keeps, so what changed cannot be shown."


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `problem` says why its text is not shown, "" where it can be."""

    report: Report
    problem: str


@dataclass(frozen=True, slots=True)
class SinceRead:
    """What became of a report since this user read it; None where it is not known."""

    read: Report | None
    on: date | None  # by this workstation's calendar
    difference: Difference | None = field(repr=False)
    problem: str = ""  # why there is no difference


class History:
    """Brings versions and their differences; called on the main thread, returns at once."""

    def __init__(self, portal: Portal, reading: Reading, cache: ReportCache, lanes: Lanes) -> None:
        self._portal = portal
        self._reading = reading
        self._cache = cache
        self._lanes = lanes

    def versions(self, report: Report, done: Callable[[tuple[Version, ...]], None], failed: Failed) -> None:
        """Bring all versions of a report, the newest first."""
        self._lanes.run(partial(self._fetch, report), done=done, failed=failed)

    def _fetch(self, report: Report) -> tuple[Version, ...]:
        fetched = self._portal.history(report.key)
        self._reading.keep(each for each in fetched if not _problem(each.report, report))
        found = [_version(each.report, report) for each in fetched]
        if report not in [version.report for version in found]:
            found.insert(0, _version(report, report))  # the portal's list lags behind what it sent
        return tuple(found)

    def difference(
        self, before: Report, after: Report, done: Callable[[Difference], None], failed: Failed
    ) -> None:
        """Bring what changed between two versions of one report."""
        if problem := _problem(before, after) or _problem(after, after):
            failed(DocumentError(problem))
            return

        def have_both(old: tuple[Document, ...], new: tuple[Document, ...]) -> None:
            self._lanes.run(lambda: compare(old, new), done=done, failed=failed)

        self._documents(before, lambda old: self._documents(after, partial(have_both, old), failed), failed)

    def since_read(
        self,
        report: Report,
        mark: ReadMark,
        recognise: Callable[[Report], bool],
        done: Callable[[SinceRead], None],
    ) -> None:
        """Bring what changed since the version that `recognise` knows as the one marked."""

        def fail(read: Report | None, error: SafelightError) -> None:
            done(SinceRead(read, mark.on, None, str(error)))

        def look(versions: tuple[Version, ...]) -> None:
            found = next((each for each in versions if recognise(each.report)), None)
            if found is None:
                done(SinceRead(None, mark.on, None, UNRECOGNISED))
            elif problem := found.problem or _problem(report, report):
                done(SinceRead(found.report, mark.on, None, problem))
            else:
                read = found.report
                self.difference(
                    read,
                    report,
                    lambda difference: done(SinceRead(read, mark.on, difference)),
                    partial(fail, read),
                )

        self.versions(report, look, partial(fail, None))

    def _documents(
        self, version: Report, done: Callable[[tuple[Document, ...]], None], failed: Failed
    ) -> None:
        def take(found: Report, documents: tuple[Document, ...]) -> None:
            # What is not in the cache any more is fetched anew, and that is always the newest version.
            if (found.version, found.content) == (version.version, version.content):
                done(documents)
            else:
                failed(DocumentError(_NOT_HERE))

        def open_it(_kept: object = None) -> None:
            self._reading.open(version, take, failed)

        if record_of(version) in self._cache:
            open_it()
        else:
            self._lanes.run(partial(self._bring, version), done=open_it, failed=failed)

    def _bring(self, version: Report) -> None:
        fetched = self._portal.version(version.key, version.version)
        if not _problem(fetched.report, version):
            self._reading.keep([fetched])


def _version(version: Report, current: Report) -> Version:
    if (version.version, version.status) == (current.version, current.status):
        version = current  # its patient, and who read and ordered it, are known in full
    return Version(version, _problem(version, current))


def _problem(version: Report, current: Report) -> str:
    """Return why a version's text is not shown beside `current`; a version names its patient by key alone."""
    if version.status.withdrawn:
        return WITHDRAWN
    if version.problem:
        return version.problem
    its, ours = version.patient, current.patient
    if its is None or ours is None:
        return MISFILED
    same = its.key == ours.key if its.key or ours.key else its.identifier == ours.identifier != ""
    return "" if same else MISFILED
