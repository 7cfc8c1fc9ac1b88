"""One page of search results: which entries are reports, what was included, where the next page is.

Must never: drop a radiology report that cannot be read (it becomes a row that says why), or follow a link off
the portal. FHIR R4, Bundle.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from client.errors import PortalFault
from client.model.report import Report
from client.portal.fhir.category import is_radiology
from client.portal.fhir.parcels import NotSoCut, cut_up
from client.portal.fhir.parse import Json, Resource, dump, objects, parse_object
from client.portal.fhir.people import PeopleBook
from client.portal.fhir.report import NOT_A_REPORT, TOO_DEEP, placeholder, read_report, requester_of
from client.portal.fhir.text import line

ENTRIES = 5_000  # more in one page is refused: no portal needs it, and one page is read at once
_READING = threading.Lock()  # a hostile page takes 30 times its size in memory: never two at once
INCOMPLETE = "The portal says that this list may be incomplete"

_NEXT_AHEAD = re.compile(
    rb'"relation"\s*:\s*"next"\s*,\s*"url"\s*:\s*"([^"\\]{1,4000})"'
    rb'|"url"\s*:\s*"([^"\\]{1,4000})"\s*,\s*"relation"\s*:\s*"next"'
)
_EDGE = 16_384  # bytes at either end of a page in which links are looked for ahead of parsing


@dataclass(frozen=True, slots=True)
class FetchedReport:
    """A row, and the JSON of its DiagnosticReport as the cache keeps it."""

    report: Report
    resource: bytes = field(repr=False)
    requester: str = field(default="", repr=False)  # who ordered it, where the portal gave a reference alone


@dataclass(frozen=True, slots=True)
class Page:
    """What one Bundle held; `next` is its link as it stands, "" on the last page."""

    reports: tuple[FetchedReport, ...]
    next: str = field(repr=False)
    total: int | None
    incomplete: str
    outside: int  # reports of other departments, left out


def read_page(data: bytes, book: PeopleBook) -> Page:
    """Read a searchset, collection or history Bundle of DiagnosticReports.

    Raises PortalFault when it is no Bundle, is too long, or is an OperationOutcome that says error.
    """
    with _READING:
        parcels = cut_up(data)
        if parcels is not None:
            with contextlib.suppress(NotSoCut):
                return _read_bundle(parcels.bundle, parcels.backwards(), book)
        bundle = parse_object(data)
        entries = bundle.get("entry")
        return _read_bundle(bundle, [entries if type(entries) is list else []], book)


def _read_bundle(bundle: Resource, parcels: Iterable[list[Json]], book: PeopleBook) -> Page:
    """Read a Bundle whose entries come in parcels, the last parcel first.

    Raises NotSoCut where something included stands in a parcel before one with a report.
    """
    if bundle.get("resourceType") != "Bundle":
        raise PortalFault(fault_of(bundle))
    included: dict[str, Resource] = {}
    read: list[list[FetchedReport]] = []
    count = outside = 0
    complaint = ""
    for entries in parcels:
        count += len(entries)
        if count > ENTRIES:
            raise PortalFault(
                "The portal sent far more reports at once than it was asked for, so none was taken."
            )
        before = len(included)
        matches, said = _sort_out(entries, included)
        if read and len(included) > before:
            raise NotSoCut
        complaint = said or complaint
        ours = [match for match in matches if _belongs(match)]
        outside += len(matches) - len(ours)
        if matches:
            read.append([_read(match, included, book) for match in ours])
    total = bundle.get("total")
    return Page(
        reports=tuple(chain.from_iterable(reversed(read))),
        next=_next(bundle.get("link")),
        total=total if type(total) is int and 0 <= total < 2**31 else None,
        incomplete=complaint,
        outside=outside,
    )


def next_ahead(data: bytes) -> str:
    """Return the next link seen at either end of a page, before it is parsed; "" if not seen there."""
    found = _NEXT_AHEAD.search(data[:_EDGE].partition(b'"entry"')[0]) or _NEXT_AHEAD.search(
        data[max(_EDGE, len(data) - _EDGE) :].rpartition(b'"link"')[2]
    )
    return (found[1] or found[2]).decode("utf-8", "replace") if found else ""


def read_one(data: bytes, book: PeopleBook) -> FetchedReport:
    """Read a DiagnosticReport sent by itself; raises PortalFault when it is something else."""
    with _READING:
        resource = parse_object(data)
        if resource.get("resourceType") != "DiagnosticReport":
            raise PortalFault(fault_of(resource))
        return _read(resource, {}, book)


def fault_of(resource: Resource) -> str:
    """Return the sentence for an answer that is not what was asked for."""
    if resource.get("resourceType") == "OperationOutcome":
        return "The portal says itself that it could not answer, so the list is not up to date. Try again."
    return "The portal answered with something else than reports, so nothing could be read. Try again later."


def _sort_out(entries: list[Json], included: dict[str, Resource]) -> tuple[list[Json], str]:
    """Return the matches and what the portal complains of; everything else goes to `included`."""
    matches: list[Json] = []
    complaint = ""
    # Backwards, as the parcels come: of two resources under one name the last in the page counts.
    for entry in reversed(entries):
        if type(entry) is not dict:
            matches.append(entry)
            continue
        resource, search = entry.get("resource"), entry.get("search")
        mode = search.get("mode") if type(search) is dict else None
        if type(resource) is not dict:
            if mode in (None, "match"):
                matches.append(resource)
            continue
        kind = resource.get("resourceType")
        if kind == "OperationOutcome":
            complaint = _complaint(resource) or complaint
        elif kind == "DiagnosticReport":
            if mode in (None, "match"):
                matches.append(resource)
        else:
            key, full = resource.get("id"), entry.get("fullUrl")
            if type(full) is str:
                included.setdefault(full, resource)
            if type(key) is str and type(kind) is str:
                included.setdefault(f"{kind}/{key}", resource)
                included[key] = resource
    matches.reverse()
    return matches, complaint


def _belongs(match: Json) -> bool:
    return type(match) is not dict or is_radiology(match)


def _read(match: Json, included: Mapping[str, Resource], book: PeopleBook) -> FetchedReport:
    raw = dump(match)
    if type(match) is not dict:
        return FetchedReport(placeholder(repr(raw), NOT_A_REPORT), b"{}")
    if raw is None:
        return FetchedReport(placeholder(repr(match.get("id")), TOO_DEEP), b"{}")
    report = read_report(match, included, book, hashlib.sha256(raw).hexdigest()[:24])
    return FetchedReport(report, raw, "" if report.referrer else requester_of(match, included))


def _next(links: Json) -> str:
    for link in objects(links, 20):
        if link.get("relation") == "next":
            url = link.get("url")
            if type(url) is str and 0 < len(url) <= 4000:
                return url
    return ""


def _complaint(outcome: Resource) -> str:
    """Say what an OperationOutcome among the results says; information alone is no complaint."""
    for issue in objects(outcome.get("issue"), 20):
        if issue.get("severity") == "information":
            continue
        details = issue.get("details")
        said = line(details.get("text"), 200) if type(details) is dict else ""
        said = said or line(issue.get("diagnostics"), 200)
        return f"{INCOMPLETE}: {said}" if said else f"{INCOMPLETE}."
    return ""
