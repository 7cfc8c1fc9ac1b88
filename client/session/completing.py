"""What belongs to a report and stands apart from it at the portal: results, and documents filed beside it.

Owns: how it is asked for, and the form in which the cache keeps it.
Must never: fail a report for what is only beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from client.errors import PortalError, PortalFault, SessionRefused
from client.model.report import ReportBody
from client.portal.fhir.body import with_documents, with_results
from client.portal.portal import Portal

_ROUNDS = 3  # results name their members, and these theirs


@dataclass(frozen=True, slots=True)
class Beside:
    """FHIR resources of one report: Observations by the reference to them, and DocumentReferences."""

    results: dict[str, bytes] = field(default_factory=dict, repr=False)
    documents: list[bytes] = field(default_factory=list, repr=False)
    whole: bool = True  # the portal was asked for all of it, and answered

    def pack(self) -> bytes:
        """Return it as bytes."""
        return orjson.dumps(
            [
                {reference: each.decode() for reference, each in self.results.items()},
                [each.decode() for each in self.documents],
            ]
        )

    @classmethod
    def unpack(cls, packed: bytes) -> Beside:
        """Return what `pack` made into bytes."""
        results, documents = orjson.loads(packed)
        return cls(
            {name: each.encode() for name, each in results.items()}, [each.encode() for each in documents]
        )

    def joined_to(self, body: ReportBody) -> ReportBody:
        """Return the body with all of this in it."""
        for _ in range(_ROUNDS):
            body = with_results(body, self.results)
        try:
            return with_documents(body, self.documents)
        except PortalFault:
            return body


class Completing:
    """Asks one portal; what it turned out not to offer is not asked for again."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._files_documents = True

    def beside(self, key: str, body: ReportBody) -> Beside:
        """Return what belongs to the report `key`; raises SessionRefused."""
        results: dict[str, bytes] = {}
        documents: list[bytes] = []
        whole = True
        try:
            grown = body
            for _ in range(_ROUNDS):
                wanted = [reference for reference in grown.awaited_results if reference not in results]
                if not wanted:
                    break
                results |= self._portal.observations(wanted)
                grown = with_results(body, results)
            if self._files_documents:
                found = self._portal.documents_beside(key)
                self._files_documents = found is not None
                documents = found or []
        except SessionRefused:
            raise
        except PortalError:
            whole = False
        return Beside(results, documents, whole)
