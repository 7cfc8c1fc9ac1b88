"""OperationOutcome: how FHIR says that something went wrong, or was left out.

Must never: repeat a value of the request; it may be a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import orjson


class Issue(Enum):
    """FHIR R4 issue-type, as far as used."""

    INVALID = "invalid"
    NOT_SUPPORTED = "not-supported"
    NOT_FOUND = "not-found"
    LOGIN = "login"
    EXPIRED = "expired"
    TOO_COSTLY = "too-costly"
    EXCEPTION = "exception"


class FhirError(Exception):
    """A request that is answered with an OperationOutcome; the message is its diagnostics."""

    def __init__(
        self, status: int, issue: Issue, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.issue = issue
        self.headers = dict(headers or {})


def not_there() -> FhirError:
    """Return the one answer for what does not exist and for what this user may not see."""
    return FhirError(404, Issue.NOT_FOUND, "There is nothing here that you may read.")


def write_outcome(issue: Issue, message: str, severity: str = "error") -> bytes:
    """Return an OperationOutcome as JSON."""
    return orjson.dumps(
        {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": severity, "code": issue.value, "diagnostics": message}],
        }
    )
