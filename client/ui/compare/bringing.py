"""Between the report in sight and the session: priors, versions and differences, asked for and brought.

Owns: what is asked for after a report is painted. Must never: bring something to another report than the one
it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from client.documents.difference import Difference
from client.errors import SafelightError
from client.model.report import Report
from client.session.history import SinceRead, Version
from client.session.reading import Opened
from client.session.session import Session
from client.ui.report.view import ReportView


class Bringing(QObject):
    """Asks the session for what the view wants; `seen` hears which reports came on screen."""

    def __init__(self, view: ReportView, session: Session, seen: Callable[[Report], None]) -> None:
        super().__init__(view)
        self._view = view
        self._session = session
        self._seen = seen
        view.comparison.wanted.connect(self._bring_prior)
        view.versions.wanted.connect(self._bring_versions)
        view.versions.difference_wanted.connect(self._bring_difference)

    def look(self, *, complete: bool) -> None:
        """List the priors of the report in sight, as far as they are here."""
        if (report := self._view.report) is not None:
            self._view.comparison.show_priors(report, self._session.priors(report), complete=complete)

    def look_since(self, report: Report) -> None:
        """Find out what changed since this user read the report."""
        self._session.since_read(report, partial(self._show_since, report))

    def _show_since(self, report: Report, since: SinceRead) -> None:
        self._view.show_since(report, since)

    def _bring_prior(self, prior: Report) -> None:
        comparison = self._view.comparison
        if prior.status.withdrawn:
            self._show_prior(prior, Opened(prior, (), self._session.worklist.state(prior)))
        elif prior.problem:
            comparison.show_problem(prior, SafelightError(prior.problem))
        else:
            self._session.open(
                prior, partial(self._show_prior, prior), partial(comparison.show_problem, prior)
            )

    def _show_prior(self, asked: Report, opened: Opened) -> None:
        if self._view.comparison.show_prior(asked, opened.report, opened.documents):
            self._seen(opened.report)

    def _bring_versions(self) -> None:
        if (report := self._view.report) is None:
            return

        def show(versions: tuple[Version, ...]) -> None:
            if self._view.report is report:
                self._view.versions.show_versions(versions)

        def fail(error: SafelightError) -> None:
            if self._view.report is report:
                self._view.versions.show_no_versions(str(error))

        self._session.versions(report, show, fail)

    def _bring_difference(self, before: Report, after: Report) -> None:
        versions = self._view.versions

        def show(difference: Difference) -> None:
            versions.show_difference(before, after, difference)

        self._session.difference(before, after, show, partial(versions.show_problem, before, after))
