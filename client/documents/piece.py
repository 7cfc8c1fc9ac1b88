"""One document on its way into a report: where it sorts, what it is called, what stands for one.

Must never: put a portal's words into a title uncleaned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from client.documents.blocks import Block, Paragraph, render, words
from client.documents.charset import clean
from client.documents.content import Content
from client.documents.document import Document, DocumentKind
from client.model.report import Attachment

EMPTY = "This document holds no words. The report may be complete without it; if in doubt, ask who wrote it."
_LONGEST_TITLE = 60  # characters
_CALLED = {
    Content.PDF: "PDF",
    Content.TEXT: "Report",
    Content.HTML: "Report",
    Content.RTF: "Report",
    Content.IMAGE: "Scanned page",
    Content.DICOM: "DICOM document",
}
_LANGUAGES = {
    "ar": "العربية", "ca": "català", "cs": "čeština", "da": "dansk", "de": "Deutsch", "el": "ελληνικά",
    "en": "English", "es": "español", "eu": "euskara", "fi": "suomi", "fr": "français", "gl": "galego",
    "he": "עברית", "hu": "magyar", "it": "italiano", "ja": "日本語", "ko": "한국어", "nl": "Nederlands",
    "no": "norsk", "pl": "polski", "pt": "português", "ro": "română", "ru": "русский", "sv": "svenska",
    "tr": "Türkçe", "uk": "українська", "zh": "中文",
}  # fmt: skip


class Rank(IntEnum):
    """What is read first."""

    TEXT = 0
    PAGES = 1
    RECORD = 2  # what only the portal's record of the report says
    NOTICE = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A document, where it sorts, and its blocks if it is a text."""

    rank: Rank
    document: Document
    blocks: tuple[Block, ...] = ()


def notice(rank: Rank, title: str, sentence: str, warnings: tuple[str, ...] = ()) -> Piece:
    """Return what stands where a document cannot."""
    html, _, plain = render([Paragraph(words(sentence))])
    return Piece(rank, Document(DocumentKind.NOTICE, title, html, (), plain, b"", warnings, False))


def text_piece(blocks: Sequence[Block], warnings: Sequence[str], title: str = "") -> Piece:
    """Return a text of blocks; a notice where there is not one."""
    if not blocks:
        return notice(Rank.NOTICE, title or "Empty document", EMPTY, tuple(warnings))
    html, sections, plain = render(blocks)
    document = Document(DocumentKind.TEXT, title, html, sections, plain, b"", tuple(warnings), False)
    return Piece(Rank.TEXT, document, tuple(blocks))


def title_of(attachment: Attachment, otherwise: str) -> str:
    """Return the name its author gave a document, fit for a tab; `otherwise` where there is none."""
    return shortened(attachment.title) or otherwise


def shortened(title: str) -> str:
    """Return a title as one short line without anything in it that is no character to read."""
    title = " ".join(clean(title[:200]).split())
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def called(content: Content | None) -> str:
    """Return the short name of a document that its author gave no title."""
    return "Document" if content is None else _CALLED.get(content, "Document")


def language_of(attachment: Attachment) -> str:
    """Return the language of a document by its own name; its code where that is not known; "" if unsaid."""
    code = attachment.language.partition("-")[0].strip().lower()
    return _LANGUAGES.get(code, shortened(attachment.language)[:12])
