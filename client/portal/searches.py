"""Searching at the portal, and the searches a user saved there.

Owns: how a search is put to the portal. Must never: put a word of it into an address: names are patient data,
and addresses end up in logs. So every search is posted (FHIR R4 3.1.1.2, `_search`), and of the answer only
the first page is read: the next one would be an address again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import orjson

from client.errors import PortalFault
from client.model.saved import LONGEST_NAME, LONGEST_QUERY, SavedSearch
from client.portal.access import Access
from client.portal.connection import FHIR_JSON
from client.portal.exchange import PAGE
from client.portal.failures import NotAccepted
from client.portal.fhir.bundle import FetchedReport, read_page
from client.portal.fhir.parse import objects, parse_object
from client.portal.fhir.people import PeopleBook
from client.portal.paging import Query, searches

_PAGE = 100  # reports of one search
_SAVED = 200  # searches that are listened to


@dataclass(frozen=True, slots=True)
class FoundThere:
    """What the portal found; `more` where it has found more than it gave out."""

    reports: tuple[FetchedReport, ...] = field(repr=False)
    more: bool


class Searches:
    """The portal's side of searching, for the signed-in user; every method may be called from any thread."""

    def __init__(self, access: Access, book: PeopleBook) -> None:
        self._access = access
        self._book = book

    def look(self, questions: Sequence[Query]) -> FoundThere:
        """Ask each question and return what any of them found, newest first; raises any PortalError."""
        found: dict[str, FetchedReport] = {}
        more = False
        for question in questions:
            page = read_page(self._ask(question), self._book)
            more = more or bool(page.next) or (page.total or 0) > len(page.reports)
            for fetched in page.reports:
                found.setdefault(fetched.report.key, fetched)
        return FoundThere(tuple(found.values()), more)

    def _ask(self, question: Query) -> bytes:
        wordings = searches(question, "-issued", _PAGE)
        for last, wording in enumerate(wordings, start=1 - len(wordings)):
            handling = "lenient" if last == 0 else "strict"
            try:
                return self._access.fetch(
                    "POST",
                    f"{self._access.description.fhir}/DiagnosticReport/_search",
                    accept=FHIR_JSON,
                    body=urlencode(wording).encode("ascii"),
                    headers={
                        "Content-Type": "application/x-www-form-urlencoded",
                        "Prefer": f"handling={handling}",
                        "Cache-Control": "no-cache",
                    },
                    limits=PAGE,
                ).body
            except NotAccepted:
                if last == 0:
                    raise
        raise AssertionError("unreachable")

    def saved(self) -> tuple[SavedSearch, ...]:
        """Return the searches this user saved, oldest first; none where the portal keeps none."""
        if not self.keeps:
            return ()
        answer = self._access.fetch("GET", self._access.description.searches)
        found = []
        for each in objects(parse_object(answer.body).get("searches"), _SAVED):
            name, query = each.get("name"), each.get("query")
            if (
                type(name) is str
                and type(query) is str
                and 0 < len(name) <= LONGEST_NAME
                and 0 < len(query) <= LONGEST_QUERY
                and (name + query).isprintable()
            ):
                found.append(SavedSearch(name, query))
        return tuple(found)

    @property
    def keeps(self) -> bool:
        """Whether the portal keeps searches."""
        return bool(self._access.description.searches)

    def change(self, *, save: Sequence[SavedSearch] = (), remove: Sequence[str] = ()) -> None:
        """Save searches, each instead of one of the same name, and remove others; raises any PortalError."""
        if not self.keeps:
            raise PortalFault("This portal keeps no searches, so yours lasts until you sign out.")
        wanted = [{"name": each.name, "query": each.query} for each in save]
        body = orjson.dumps({"save": wanted, "remove": list(remove)})
        self._access.fetch("PUT", self._access.description.searches, body=body)
