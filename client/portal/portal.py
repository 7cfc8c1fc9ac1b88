"""The portal, signed in: what the session may ask of it.

Owns: connection, description and tokens of one sign-in. Must never: keep a report (that is the cache's), or
decide what a user may see (that is the portal's). FHIR R4.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import quote

import orjson

from client.errors import PortalFault, Withdrawn
from client.model.imaging import ImagingStudy
from client.model.report import Attachment
from client.model.user import User
from client.portal.access import Access
from client.portal.address import origin, resolve
from client.portal.connection import FHIR_JSON, Answer, Connection
from client.portal.description import PortalDescription
from client.portal.dicomweb import Images
from client.portal.exchange import DOCUMENT, PAGE, SMALL, Limits, Stop
from client.portal.failures import NotAccepted
from client.portal.fhir.body import decode_base64
from client.portal.fhir.bundle import FetchedReport, read_one, read_page
from client.portal.fhir.imaging import read_study
from client.portal.fhir.modality import of_study
from client.portal.fhir.parse import Resource, objects, parse_object
from client.portal.fhir.people import PeopleBook
from client.portal.history import read_history, read_version
from client.portal.paging import INCLUDES, ReportPage, read_pages, searches
from client.portal.searches import Searches
from client.portal.signin import SignedIn, sign_in

PAGE_SIZE = 100
_OVERLAP = timedelta(minutes=5)  # clocks differ, and what is indexed late must not be missed
_AT_ONCE = 50  # ids in one question
_STRUCTURE = (b"{", b"[", b",")
_BRACKETS = 10_000  # in a document wrapped in JSON, which is one long text with next to none
_MARKS = 1_000  # sent at once
_EVENTS = 200
_MARK = 64  # characters
_MARKS_LIMITS = Limits(SMALL.total, SMALL.silence, PAGE.size)


class Portal:
    """A portal and the user who is signed in to it; every method may be called from any thread."""

    def __init__(self, connection: Connection, description: PortalDescription, signed_in: SignedIn) -> None:
        self.description = description
        self.user: User = signed_in.user
        self.marks_key = signed_in.marks_key
        self.session = signed_in.session
        self.lasts = signed_in.lasts
        self._access = Access(connection, description, signed_in)
        self.images = Images(self._access)
        self._keeps_marks = bool(description.marks) and signed_in.keeps_marks
        self._book = PeopleBook()
        self.searches = Searches(self._access, self._book)
        self._taken: set[str] = set()  # keys of the reports of this session

    @classmethod
    def sign_in(
        cls,
        connection: Connection,
        description: PortalDescription,
        user: str,
        password: bytearray | str,
        workstation: str,
        stop: Stop | None = None,
    ) -> Self:
        """Sign in; a password given as bytearray is overwritten. Raises as `client.portal.signin.sign_in`."""
        return cls(
            connection, description, sign_in(connection, description, user, password, workstation, stop)
        )

    def pages(
        self, page_size: int = PAGE_SIZE, stop: Stop | None = None, *, opening: bool = False
    ) -> Generator[ReportPage, None, None]:
        """Yield every report the user may see, newest first, page by page; `opening`: a small page first."""
        wordings = searches((), "-issued", page_size)
        return read_pages(self._access, wordings, self._book, self._taken, stop or Stop(), opening=opening)

    def changed_since(
        self, moment: datetime, page_size: int = PAGE_SIZE, stop: Stop | None = None
    ) -> Generator[ReportPage, None, None]:
        """Yield what is new or changed since `moment`, and a few minutes of overlap before it."""
        since = (moment.astimezone(UTC) - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        wordings = searches([("_lastUpdated", f"ge{since}")], "-issued", page_size)
        return read_pages(self._access, wordings, self._book, self._taken, stop or Stop())

    def report(self, key: str) -> FetchedReport:
        """Return the newest version of one report, with its patient; raises Withdrawn when there is none."""
        includes = "&".join(f"{name}={value}" for name, value in INCLUDES)
        base = self.description.fhir
        try:
            answer = self._access.search(f"{base}/DiagnosticReport?_id={quote(key, safe='')}&{includes}")
            found = read_page(answer.body, self._book).reports
        except NotAccepted:
            answer = self._access.search(f"{base}/DiagnosticReport/{quote(key, safe='')}")
            return read_one(answer.body, self._book)
        for fetched in found:
            if fetched.report.key == key:
                return fetched
        raise Withdrawn("The portal no longer offers this report, or not to you. It is treated as withdrawn.")

    def history(self, key: str) -> tuple[FetchedReport, ...]:
        """Return the versions of a report, the newest first; raises NoHistory where the portal keeps none."""
        return read_history(self._access, self._book, key)

    def version(self, key: str, version: str) -> FetchedReport:
        """Return one version of a report; raises NoHistory where the portal does not give it out."""
        return read_version(self._access, self._book, key, version)

    def attachment(self, attachment: Attachment, stop: Stop | None = None, *, at_home: bool = False) -> bytes:
        """Return the bytes of a document: inline, from the portal, or from where the portal points to.

        With `at_home` no other address than the portal's own is asked: LedElsewhere where one would have to
        be. A Binary may come raw or wrapped in FHIR JSON. Size and hash are not checked here.
        """
        if attachment.data is not None:
            return attachment.data
        if not attachment.url:
            raise PortalFault("The portal names a document of this report without saying where it is.")
        url = resolve(self.description.fhir, attachment.url)
        wanted = attachment.content_type or "*/*"
        try:
            answer = self._access.fetch(
                "GET", url, accept=wanted, limits=DOCUMENT, stop=stop, at_home=at_home
            )
        except NotAccepted:
            if origin(url) != origin(self.description.fhir):
                raise
            # Some portals have a Binary only as FHIR JSON and refuse every other wish.
            answer = self._access.fetch(
                "GET", url, accept=FHIR_JSON, limits=DOCUMENT, stop=stop, at_home=at_home
            )
        return _unwrapped(answer)

    def imaging_modalities(self, references: Sequence[str]) -> dict[str, str]:
        """Return the modality of each ImagingStudy named, as far as the portal tells, by its reference."""
        studies = self._resources("ImagingStudy", references)
        return {reference: of_study(study) for reference, study in studies if of_study(study)}

    def imaging_studies(
        self, references: Sequence[str], accession: str = "", stop: Stop | None = None
    ) -> tuple[ImagingStudy, ...]:
        """Return the studies of a report that the portal has images of: those of its ImagingStudy references.

        Where it names none, those of its accession number.
        """
        if not self.images.offered:
            return ()
        described = (read_study(study) for _, study in self._resources("ImagingStudy", references))
        named = {study.uid: study for study in described if study is not None}
        return self.images.of_described(tuple(named.values()), accession, stop)

    def observations(self, references: Sequence[str]) -> dict[str, bytes]:
        """Return the Observations named, as far as the portal gives them out, by their references."""
        return {
            reference: orjson.dumps(found) for reference, found in self._resources("Observation", references)
        }

    def documents_beside(self, key: str) -> list[bytes] | None:
        """Return the DocumentReferences that speak of a report; None where the portal cannot be asked so."""
        base = self.description.fhir
        related = quote(f"DiagnosticReport/{key}", safe="")
        try:
            answer = self._access.search(
                f"{base}/DocumentReference?related={related}&_count={_AT_ONCE}", strict=True
            )
        except (NotAccepted, Withdrawn):
            return None
        entries = objects(parse_object(answer.body).get("entry"), _AT_ONCE)
        found = (entry.get("resource") for entry in entries)
        return [
            orjson.dumps(each)
            for each in found
            if type(each) is dict and each.get("resourceType") == "DocumentReference"
        ]

    def practitioner_names(self, references: Sequence[str]) -> dict[str, str]:
        """Return the name of each Practitioner named, as far as the portal tells, by its reference."""
        people = self._resources("Practitioner", references)
        names = {reference: self._book.name(person, reference) for reference, person in people}
        return {reference: name for reference, name in names.items() if name}

    def _resources(self, kind: str, references: Sequence[str]) -> Iterator[tuple[str, Resource]]:
        """Yield the portal's own resources of one kind, each with the reference that asked for it."""
        base = self.description.fhir
        wanted: dict[str, list[str]] = {}
        for reference in references:
            key = reference.partition("/_history/")[0].removeprefix(f"{base}/").removeprefix(f"{kind}/")
            if key and key.isascii() and not set(key) & set("/,#:?"):
                wanted.setdefault(key, []).append(reference)
        keys = list(wanted)
        for start in range(0, len(keys), _AT_ONCE):
            some = ",".join(quote(key, safe="") for key in keys[start : start + _AT_ONCE])
            answer = self._access.search(f"{base}/{kind}?_id={some}&_count={_AT_ONCE}")
            for entry in objects(parse_object(answer.body).get("entry"), 10 * _AT_ONCE):
                found = entry.get("resource")
                if type(found) is not dict or found.get("resourceType") != kind:
                    continue
                its = found.get("id")
                for reference in wanted.get(its, ()) if type(its) is str else ():
                    yield reference, found

    def marks(self) -> dict[str, str]:
        """Return what this user has read: opaque report to opaque version marks; {} where none are kept."""
        if not self._keeps_marks:
            return {}
        answer = self._access.fetch("GET", self.description.marks, limits=_MARKS_LIMITS)
        marks = parse_object(answer.body).get("marks")
        if type(marks) is not dict:
            raise PortalFault(
                "The portal's list of what you have read cannot be understood; all show as unread."
            )
        return {
            key: value
            for key, value in marks.items()
            if type(value) is str and len(key) <= _MARK >= len(value)
        }

    def put_marks(self, marks: Mapping[str, str]) -> None:
        """Add marks to those that the portal keeps for this user."""
        items = list(marks.items()) if self._keeps_marks else []
        for start in range(0, len(items), _MARKS):
            body = orjson.dumps({"marks": dict(items[start : start + _MARKS])})
            self._access.fetch("PUT", self.description.marks, body=body)

    def send_audit(self, events: Sequence[Mapping[str, object]]) -> None:
        """Deliver audit events; when this returns, the portal has taken them all."""
        if not self.description.audit:
            raise PortalFault("This portal takes no audit events; they stay on this computer.")
        for start in range(0, len(events), _EVENTS):
            body = orjson.dumps({"events": list(events[start : start + _EVENTS])})
            self._access.fetch("POST", self.description.audit, body=body)

    def sign_out(self, timeout: timedelta = timedelta(seconds=1)) -> None:
        """Revoke the tokens at the portal: best effort within `timeout`, never raises."""
        self._access.revoke(timeout)


def _unwrapped(answer: Answer) -> bytes:
    if not answer.content_type.endswith("json") or sum(map(answer.body.count, _STRUCTURE)) > _BRACKETS:
        return answer.body
    try:
        resource = parse_object(answer.body)
    except PortalFault:
        return answer.body  # a document that only says it is JSON is the document's reader's business
    if resource.get("resourceType") == "OperationOutcome":
        raise PortalFault("The portal could not give out a document of this report. Try again later.")
    data = decode_base64(resource.get("data")) if resource.get("resourceType") == "Binary" else None
    return answer.body if data is None else data
