"""What a report is made of once it can be shown.

Owns: the vocabulary between the bytes of a portal and a viewer. Must never: know a widget or a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from client.model.imaging import ImageReference


class DocumentKind(Enum):
    """How a document is shown."""

    TEXT = "text"  # `html` in this package's own small vocabulary
    PDF = "pdf"  # `data`, page by page
    SCAN = "scan"  # `data`, a picture file (TIFF, JPEG, PNG, BMP, GIF), page by page
    IMAGE = "image"  # `data`, a DICOM file that holds an image
    NOTICE = "notice"  # `html` says what is there and why it cannot be shown


class SectionRole(Enum):
    """What a section of a report is for, whatever its author called it."""

    EXAM = "exam"
    INDICATION = "indication"
    TECHNIQUE = "technique"
    COMPARISON = "comparison"
    FINDINGS = "findings"
    IMPRESSION = "impression"
    RECOMMENDATION = "recommendation"
    ADDENDUM = "addendum"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Section:
    """A place in a text that a reader may want to jump to: `anchor` names it inside `Document.html`."""

    role: SectionRole
    heading: str = field(repr=False)
    anchor: str


class Wrapping(Enum):
    """What a document's bytes were found in; unpacked from the outside in."""

    BASE64 = "base64"
    GZIP = "gzip"
    DICOM = "dicom"  # Encapsulated PDF (DICOM PS3.3 A.45.1)


@dataclass(frozen=True, slots=True)
class Named:
    """The person a DICOM document says it is about (PS3.3 C.7.1.1); "" for what it does not say."""

    name: str = field(repr=False)  # "FAMILY, Given Middle"
    identifier: str = field(repr=False)
    birth_date: str = field(repr=False)  # YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a report, harmless to show."""

    kind: DocumentKind
    title: str = field(repr=False)
    html: str = field(repr=False)
    sections: tuple[Section, ...] = field(repr=False)
    plain: str = field(repr=False)
    data: bytes = field(repr=False)  # of a PDF, a scan or an image; b"" for every other kind
    warnings: tuple[str, ...]
    as_issued: bool  # its bytes are those the portal's hash names
    missing: bool = False  # a notice of something not fetched: trying again can help
    references: tuple[ImageReference, ...] = field(default=(), repr=False)  # a link "image:3" opens [3]
    patient: Named | None = field(default=None, repr=False)  # to be held against the report's by the caller
    attachment: int | None = None  # which of the report's attachments `data` comes from
    wrappings: tuple[Wrapping, ...] = ()  # what `data` was taken out of
