"""Which faults are to happen, when, and how often.

Owns: the names of the faults and the order given by a test.
Must never: exist in a portal that was started without `--faults`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum
from typing import Any

_FIELDS = frozenset({"fault", "match", "method", "times", "after", "seconds", "by"})
_LONGEST = 600.0  # seconds


class FaultName(Enum):
    """Every fault there is."""

    LATENCY = "latency"  # the answer comes `seconds` late
    SILENCE = "silence"  # the request is read, and nothing is ever said
    CUT = "cut"  # the connection closes in the middle of the body
    WRONG_LENGTH = "wrong-length"  # Content-Length is wrong by `by` bytes
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    GONE = "410"
    TOO_MANY = "429"  # with Retry-After: `seconds`
    FAILURE = "500"
    UNAVAILABLE = "503"  # with Retry-After: `seconds`
    MALFORMED_JSON = "malformed-json"
    HTML = "html"  # 200 with a web page, as a captive network portal answers
    EXPIRED_TOKEN = "expired-token"  # noqa: S105 - the request's own access token expires at once
    REFUSE = "refuse"  # nobody listens for `seconds`; open connections are dropped
    SILENT_CONNECTION = "silent-connection"  # accepts the connection, and never says a byte of TLS
    CHANGED_CERTIFICATE = "changed-certificate"  # a certificate by an authority that nobody trusts


CONNECTION_FAULTS = frozenset({FaultName.REFUSE, FaultName.SILENT_CONNECTION, FaultName.CHANGED_CERTIFICATE})


@dataclass(slots=True)
class Fault:
    """One fault of the plan."""

    name: FaultName
    match: str = ""  # what path and query begin with; "" = everything
    method: str = ""  # "" = any
    times: int | None = 1  # None = until cleared
    after: int = 0  # so many matching requests go unharmed first
    seconds: float = 2.0
    by: int = 64


class FaultPlan:
    """The faults still to happen."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Add one; where several match a request, the first one given happens."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str, target: str) -> Fault | None:
        """Return the fault that happens to this request, and count it."""
        with self._lock:
            for fault in self._faults:
                if not target.startswith(fault.match) or fault.method not in ("", method):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.name in CONNECTION_FAULTS:
                    self._faults.remove(fault)  # its `times` counts connections from now on
                elif fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                return fault
        return None


def read_fault(document: Any) -> Fault:
    """Return the fault a test asks for; raises ValueError with the reason."""
    if not isinstance(document, dict) or not set(document) <= _FIELDS:
        raise ValueError(f"A fault is an object with {', '.join(sorted(_FIELDS))}.")
    names = [name.value for name in FaultName]
    if document.get("fault") not in names:
        raise ValueError(f"A fault is one of {', '.join(names)}.")
    fault = Fault(FaultName(document["fault"]))
    for field, kind in (("match", str), ("method", str), ("after", int), ("by", int)):
        if field in document:
            if type(document[field]) is not kind:
                raise ValueError(f"{field} has the wrong type.")
            setattr(fault, field, document[field])
    times, seconds = document.get("times", 1), document.get("seconds", fault.seconds)
    if times is not None and (type(times) is not int or times < 1):
        raise ValueError("times is a whole number from 1, or null for always.")
    if type(seconds) not in (int, float) or not 0 <= seconds <= _LONGEST:
        raise ValueError(f"seconds lies between 0 and {_LONGEST:.0f}.")
    if times is None and fault.name is FaultName.SILENT_CONNECTION:
        raise ValueError("Silence for every connection could never be cleared again.")
    fault.times, fault.seconds = times, float(seconds)
    return fault
