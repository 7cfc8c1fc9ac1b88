"""Which images belong to the report that is open: named by it, or carrying its accession number.

Owns: that one album is open at a time. Must never: import Qt, or give one report's images to another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from client.cache.absent import AbsentCache
from client.cache.store import ReportCache
from client.errors import CacheMiss, PortalError, SafelightError
from client.model.imaging import ImageReference, ImagingStudy
from client.model.report import Report
from client.portal.exchange import Stop
from client.portal.fhir.body import read_body
from client.portal.fhir.imaging import read_key_images
from client.portal.fhir.parse import parse_object
from client.session.album import Album, Failed, Room, Source, Tools
from client.session.lanes import Lanes
from client.session.reading import record_of


class Offering(Protocol):
    """What the portal has: `client.portal.portal.Portal`."""

    @property
    def images(self) -> Source:
        """Its images."""
        ...

    def imaging_studies(
        self, references: Sequence[str], accession: str = "", stop: Stop | None = None
    ) -> tuple[ImagingStudy, ...]:
        """Return the studies of a report: those it names, else those of its accession number."""
        ...


class Images:
    """The images of one report at a time."""

    def __init__(
        self, portal: Offering, cache: ReportCache | AbsentCache, lanes: Lanes, room: Callable[[], Room]
    ) -> None:
        """`room` is asked for with the first image."""
        self._portal = portal
        self._source = portal.images
        self._cache = cache
        self._lanes = lanes
        self._room = room
        self._open: Album | None = None
        self._asked: Stop | None = None

    def open(self, report: Report, done: Callable[[Album], None], failed: Failed) -> None:
        """Find the images of a report, in place of the one before; an album without stacks is none."""
        self.close()
        if not self._source.offered:
            return
        stop = self._asked = Stop()

        def show(found: tuple[tuple[ImagingStudy, ...], tuple[ImageReference, ...]]) -> None:
            if stop.is_set:
                return
            tools = Tools(self._source, self._cache, self._lanes, self._room(), stop)
            self._open = Album(report, *found, tools)
            done(self._open)

        def tell(error: SafelightError) -> None:
            if not stop.is_set:
                failed(error)

        self._lanes.run(partial(self._find, report, stop), done=show, failed=tell)

    def close(self) -> None:
        """Close the album that is open, and look for no other. Idempotent."""
        if self._asked is not None:
            self._asked.set()
        if self._open is not None:
            self._open.close()
        self._open = self._asked = None

    def _find(
        self, report: Report, stop: Stop
    ) -> tuple[tuple[ImagingStudy, ...], tuple[ImageReference, ...]]:
        if stop.is_set:
            return (), ()
        try:
            record = self._cache.get(record_of(report))
            keys, references = read_key_images(parse_object(record)), read_body(record).imaging_studies
        except (CacheMiss, PortalError):
            keys, references = (), ()  # the accession number is still known
        found = self._portal.imaging_studies(references, report.accession, stop)
        studies = {study.uid: study for study in found}
        others = [uid for uid in dict.fromkeys(key.study for key in keys) if uid and uid not in studies]
        if others:  # a key image of an exam before, say
            studies |= {study.uid: study for study in self._source.studies(others, stop=stop)}
        return tuple(studies.values()), keys
