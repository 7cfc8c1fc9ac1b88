"""Reports as the worklist and the viewer know them.

Must never: do I/O, or show a patient's data in a `repr` (every field that can hold any is hidden from it).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from client.model.moment import Moment


class ReportStatus(Enum):
    """FHIR R4 DiagnosticReport.status: a modifier, never ignored."""

    REGISTERED = "registered"
    PARTIAL = "partial"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    CORRECTED = "corrected"
    APPENDED = "appended"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"
    UNKNOWN = "unknown"

    @property
    def withdrawn(self) -> bool:
        """Whether the text must not be shown any more."""
        return self in (ReportStatus.ENTERED_IN_ERROR, ReportStatus.CANCELLED)


class Sex(Enum):
    """FHIR R4 administrative gender."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Patient:
    """The person a report is about; one object is shared by all of their reports."""

    key: str = field(repr=False)
    name: str = field(repr=False)  # "FAMILY, Given Middle", ready to show, free of control characters
    identifier: str = field(repr=False)  # the medical record number, or the best there is; "" if none
    birth_date: Moment | None = field(repr=False)
    sex: Sex = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """One report as a row of the worklist: everything but its text."""

    key: str = field(repr=False)  # the portal's opaque id (DiagnosticReport.id)
    version: str = field(repr=False)  # meta.versionId; "" where the portal has none
    status: ReportStatus
    critical: bool
    patient: Patient | None = field(repr=False)
    exam: str = field(repr=False)
    modality: str = field(repr=False)  # DICOM modality code (CT, MR, CR …), "" if unknown
    date: Moment | None = field(repr=False)  # when the exam was made (effective), else issued
    issued: Moment | None = field(repr=False)
    radiologist: str = field(repr=False)
    referrer: str = field(repr=False)
    accession: str = field(repr=False)
    problem: str = ""  # why this report cannot be read; "" when it can
    # A hash of all that the portal said: some portals change a report under one version.
    content: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One document of a report (FHIR R4 Attachment): inline `data`, or to be fetched from `url`."""

    content_type: str  # as declared, lower case, with its parameters; "" if not declared
    title: str = field(repr=False)
    url: str = field(repr=False)  # absolute or relative to the FHIR base; "" when inline
    data: bytes | None = field(repr=False)
    size: int | None
    digest: bytes | None = field(repr=False)  # SHA-1 (20 bytes) or SHA-256 (32), decoded; None if absent
    language: str = ""  # BCP-47, as declared; "" if not declared


@dataclass(frozen=True, slots=True)
class Code:
    """A coded statement: what it means for a reader, and how a system knows it."""

    display: str = field(repr=False)  # "" where the portal sends the code alone
    code: str = field(repr=False)
    system: str = field(repr=False)  # an URI or a DICOM coding scheme; "" if not said


@dataclass(frozen=True, slots=True)
class Result:
    """One measured or judged thing (FHIR R4 Observation), or one component of it."""

    name: Code = field(repr=False)
    value: str = field(repr=False)  # ready to read, with its comparator; lines kept; "" if there is none
    unit: str = field(repr=False)
    reference_range: str = field(repr=False)
    interpretation: str = field(repr=False)
    status: str  # the observation's own: "final", "preliminary", "entered-in-error" …; "" if not said
    absent: str = field(repr=False)  # why there is no value; "" where there is one or nothing is said
    note: str = field(repr=False)
    depth: int = 0  # 1 for a component or a member of the one before it, and so on
    key: str = field(default="", repr=False)  # the reference by which the report names it; "" if contained
    problem: str = ""  # why this result cannot be shown; "" when it can


@dataclass(frozen=True, slots=True)
class Media:
    """A key image of a report (FHIR R4 DiagnosticReport.media): `reference` where it is, or `content`."""

    comment: str = field(repr=False)
    reference: str = field(repr=False)  # "Media/…"; "" when contained
    content: Attachment | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReportBody:
    """What is read: the texts and documents of one version of a report."""

    narrative: str = field(repr=False)  # text.div, XHTML, as received: hostile until sanitised; "" if none
    conclusion: str = field(repr=False)
    attachments: tuple[Attachment, ...] = field(repr=False)
    imaging_studies: tuple[str, ...] = field(repr=False)  # references, "ImagingStudy/…"
    results: tuple[Result, ...] = field(default=(), repr=False)  # those whose Observations are known
    awaited_results: tuple[str, ...] = field(default=(), repr=False)  # references, "Observation/…", unread
    codes: tuple[Code, ...] = field(default=(), repr=False)  # conclusionCode
    media: tuple[Media, ...] = field(default=(), repr=False)
    subject: str = field(default="", repr=False)  # the reference to the patient, "Patient/…"

    @property
    def parts(self) -> tuple[Attachment, ...]:
        """What is shown of the report as documents: its attachments, then its key images' contents."""
        return (*self.attachments, *(each.content for each in self.media if each.content is not None))
