"""What a report is made of once it can be shown.

Owns: the vocabulary between the bytes of a portal and a viewer. Must never: know a widget or a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class DocumentKind(Enum):
    """How a document is shown."""

    TEXT = "text"  # `html` in this package's own small vocabulary
    PDF = "pdf"  # `data`, page by page
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


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a report, harmless to show."""

    kind: DocumentKind
    title: str = field(repr=False)
    html: str = field(repr=False)
    sections: tuple[Section, ...] = field(repr=False)
    plain: str = field(repr=False)
    data: bytes = field(repr=False)  # the PDF; b"" for every other kind
    warnings: tuple[str, ...]
    as_issued: bool  # its bytes are those the portal's hash names
    missing: bool = False  # a notice of something not fetched: trying again can help
