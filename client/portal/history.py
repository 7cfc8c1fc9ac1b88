"""All versions of one report, as far as the portal keeps and gives them (FHIR R4, http.html).

Must never: take another report's version for one of this, or go through a list that has no end.
"""

from __future__ import annotations

from urllib.parse import quote

from client.errors import PortalFault, Withdrawn
from client.portal.access import Access
from client.portal.address import next_page
from client.portal.failures import NotAccepted
from client.portal.fhir.bundle import FetchedReport, read_one, read_page
from client.portal.fhir.people import PeopleBook

_PAGES = 10
_COUNT = 50


class NoHistory(PortalFault):
    """The portal gives out no earlier versions, at all or of this report."""


def read_history(access: Access, book: PeopleBook, key: str) -> tuple[FetchedReport, ...]:
    """Return the versions of a report, the newest first; each names its patient by reference only.

    A version that was deleted is left out. Raises NoHistory, or any PortalError.
    """
    base = access.description.fhir
    url = f"{_address(base, key)}?_count={_COUNT}"
    versions: dict[str, FetchedReport] = {}
    for _ in range(_PAGES):
        page = read_page(_ask(access, url), book)
        for fetched in page.reports:
            if fetched.report.key == key:
                versions.setdefault(fetched.report.version or fetched.report.content, fetched)
        if not page.next:
            break
        url = next_page(base, page.next)
    found = list(versions.values())
    if all(each.report.version.isdecimal() for each in found):
        found.sort(key=lambda each: int(each.report.version), reverse=True)
    return tuple(found)


def read_version(access: Access, book: PeopleBook, key: str, version: str) -> FetchedReport:
    """Return one version of a report; raises NoHistory, or any PortalError."""
    url = f"{_address(access.description.fhir, key)}/{quote(version, safe='')}"
    fetched = read_one(_ask(access, url), book)
    if (fetched.report.key, fetched.report.version) != (key, version):
        raise PortalFault("The portal answered with another version than the one asked for. Tell its staff.")
    return fetched


def _address(base: str, key: str) -> str:
    return f"{base}/DiagnosticReport/{quote(key, safe='')}/_history"


def _ask(access: Access, url: str) -> bytes:
    try:
        return access.search(url, strict=False).body
    except (NotAccepted, Withdrawn):
        raise NoHistory("The portal gives out no earlier versions of this report.") from None
