"""What goes back from DICOMweb, and what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

DICOM_JSON = "application/dicom+json"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as DICOMweb needs it."""

    base: str  # absolute URL of the DICOMweb base, no slash at its end
    path: str  # below the base
    query: str
    accept: str  # the header, or the query parameter that stands in for it
    authorization: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; a body in pieces is made while it is sent."""

    status: int
    body: bytes | Iterable[bytes] = field(repr=False)
    content_type: str = DICOM_JSON
    headers: Mapping[str, str] = field(default_factory=dict)
