"""A report's body to the documents a viewer shows, best to read first.

Must never: raise for any content, drop content without saying so, or call something "as issued" unchecked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from client.documents.blocks import Block, Heading, Note, Paragraph, render, words
from client.documents.charset import clean, decode
from client.documents.content import Content, declared, has_tags, sniff
from client.documents.document import Document, DocumentKind, SectionRole
from client.documents.headings import normalise
from client.documents.markup import read_markup, strip_markup
from client.documents.prose import read_prose
from client.model.report import Attachment, ReportBody

LONGEST_TEXT = 1_000_000  # characters of one text that are shown; far beyond any report, short of a stall

_EMPTY = "This document holds no words. The report may be complete without it; if in doubt, ask who wrote it."
_LETTERS = re.compile(r"\W+")
_NAMES = {Content.TEXT: "text", Content.HTML: "an HTML text"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """One document on its way: where it sorts, and its blocks if it is a text."""

    rank: int  # texts before PDF pages before what can only be named
    document: Document
    blocks: tuple[Block, ...] = ()


def compose(
    body: ReportBody, fetched: Mapping[str, bytes], failed: Mapping[str, str] = MappingProxyType({})
) -> tuple[Document, ...]:
    """Return the documents of a report; never empty, never raises.

    `fetched` holds, by `Attachment.url`, the bytes of attachments that are not inline; one that is not in it
    becomes a notice, with the sentence that `failed` has for it where fetching it was tried. The same bytes
    twice are shown once. Texts come first, then PDF, then notices.
    """
    pieces: list[_Piece] = []
    seen: set[bytes] = set()
    for attachment in body.attachments:
        data = attachment.data if attachment.data is not None else fetched.get(attachment.url)
        identity = (
            hashlib.sha1(data, usedforsecurity=False).digest() if data is not None else attachment.digest
        )
        if identity is not None:
            if identity in seen:
                continue
            seen.add(identity)
        if data is None:
            pieces.append(_absent(attachment, failed.get(attachment.url, "")))
        else:
            pieces.append(_read(attachment, data))
    if body.narrative.strip():
        pieces.extend(_narrative(body.narrative, pieces))
    pieces.sort(key=lambda piece: piece.rank)
    if body.conclusion.strip():
        pieces = _with_conclusion(pieces, clean(body.conclusion).strip())
    if not pieces:
        sentence = "The portal has no text for this report yet. Look again later, or ask who wrote it."
        pieces = [_notice(9, "Report", sentence)]
    return tuple(piece.document for piece in pieces)


def matches(attachment: Attachment, data: bytes) -> bool:
    """Return whether nothing the portal says of an attachment contradicts `data`."""
    return not _check(attachment, data)[1]


def plain_text(body: ReportBody) -> str:
    """Return the words of a report for the search index: quick, from what is inline, without structure."""
    found: list[str] = []
    for attachment in body.attachments:
        if not attachment.data:
            continue
        content = declared(attachment.content_type)
        if content not in (Content.TEXT, Content.HTML):
            content = sniff(attachment.data)
        if content in (Content.TEXT, Content.HTML):
            markup = content is Content.HTML
            text = decode(attachment.data[:LONGEST_TEXT], attachment.content_type, markup)[0]
            found.append(strip_markup(text) if markup else text)
    if not found and body.narrative:
        found.append(strip_markup(body.narrative))
    if body.conclusion:
        found.append(body.conclusion)
    return clean("\n".join(found))


def _read(attachment: Attachment, data: bytes) -> _Piece:
    named, content = declared(attachment.content_type), sniff(data)
    warnings: list[str] = []
    if not data:
        return _notice(2, _title(attachment, "Empty document"), _EMPTY)
    if named is Content.HTML and content is Content.TEXT and has_tags(data):
        content = Content.HTML  # markup that starts with words
    elif named in (Content.TEXT, Content.UNKNOWN, None) and content is Content.HTML and not _is_page(data):
        content = Content.TEXT if named is Content.TEXT else content
    if named is Content.XML and content is Content.TEXT:
        content = Content.XML
    if (
        named is not None
        and named is not content
        and not (named is Content.UNKNOWN and content is Content.TEXT)
    ):
        warnings.append(f"The portal calls this document {_said(named)}, but it is {_said(content)}.")
    as_issued, mismatch = _check(attachment, data)
    if mismatch:
        warnings.append(mismatch)
    if content is Content.PDF:
        document = Document(
            DocumentKind.PDF, _title(attachment, "PDF"), "", (), "", data, tuple(warnings), as_issued
        )
        return _Piece(1, document)
    if content in (Content.TEXT, Content.HTML):
        return _read_text(attachment, data, content is Content.HTML, warnings, as_issued)
    return _notice(
        2,
        _title(attachment, _called(content)),
        f"This is {content.value}. Safelight cannot show it; open it at the portal.",
        tuple(warnings),
    )


def _read_text(
    attachment: Attachment, data: bytes, markup: bool, warnings: list[str], as_issued: bool
) -> _Piece:
    text, doubt = decode(data, attachment.content_type, markup)
    if doubt:
        warnings.append(doubt)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        warnings.append(
            "This text is far too long for a report: only its beginning is shown. Read it at the portal."
        )
    blocks = tuple(read_markup(text) if markup else read_prose(clean(text)))
    if not blocks:
        return _notice(2, _title(attachment, "Empty document"), _EMPTY, tuple(warnings))
    html, sections, plain = render(blocks)
    title = _title(attachment, "Report")
    document = Document(DocumentKind.TEXT, title, html, sections, plain, b"", tuple(warnings), as_issued)
    return _Piece(0, document, blocks)


def _narrative(narrative: str, pieces: Iterable[_Piece]) -> list[_Piece]:
    """Return the portal's own summary, unless one of the texts already says the same."""
    blocks = tuple(read_markup(narrative[:LONGEST_TEXT]))
    html, sections, plain = render(blocks)
    key = _key(plain)
    if not key or any(key in _key(piece.document.plain) for piece in pieces):
        return []
    texts = any(piece.document.kind is DocumentKind.TEXT for piece in pieces)
    title = "Portal's summary" if texts else "Report"
    document = Document(DocumentKind.TEXT, title, html, sections, plain, b"", (), False)
    return [_Piece(0, document, blocks)]


def _with_conclusion(pieces: list[_Piece], conclusion: str) -> list[_Piece]:
    """Show the coded record's conclusion where no text of the report has it."""
    key = _key(conclusion)
    if not key or any(key in _key(piece.document.plain) for piece in pieces):
        return pieces
    heading, paragraphs = Heading("Impression", SectionRole.IMPRESSION), read_prose(conclusion)
    if isinstance(paragraphs[0], Heading) and paragraphs[0].role is SectionRole.IMPRESSION:
        del paragraphs[0]
    if not pieces or not pieces[0].blocks:
        remark = Note("From the report's record at the portal. The report itself is beside it.")
        html, sections, plain = render([heading, *paragraphs, *([remark] if pieces else [])])
        own = Document(DocumentKind.TEXT, "Impression", html, sections, plain, b"", (), False)
        return [_Piece(0, own), *pieces]
    first = pieces[0]
    remark = Note("From the report's record at the portal; not part of the text below.")
    blocks: tuple[Block, ...] = (heading, *paragraphs, remark, *first.blocks)
    if any(section.role is SectionRole.IMPRESSION for section in first.document.sections):
        remark = Note("From the report's record at the portal; the text above says it otherwise.")
        blocks = (*first.blocks, Heading("Conclusion", SectionRole.OTHER), *paragraphs, remark)
    elif not isinstance(first.blocks[0], Heading):
        blocks = (heading, *paragraphs, remark, Heading("Report", SectionRole.OTHER), *first.blocks)
    html, sections, plain = render(blocks)
    return [_Piece(0, replace(first.document, html=html, sections=sections, plain=plain)), *pieces[1:]]


def _check(attachment: Attachment, data: bytes) -> tuple[bool, str]:
    """Compare with the hash and size the portal gave (FHIR R4, Attachment.hash: SHA-1 of the data)."""
    if attachment.digest is not None and len(attachment.digest) == 20:
        if _digest(data) != attachment.digest:
            return False, (
                "This document is not exactly the one the portal describes (its check sum differs). "
                "Compare it with the portal before relying on it."
            )
        return True, ""
    if attachment.size is not None and attachment.size != len(data):
        return False, (
            "This document does not have the size the portal gives for it; something may be missing. "
            "Compare it with the portal before relying on it."
        )
    return False, ""


def _digest(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _absent(attachment: Attachment, reason: str) -> _Piece:
    content = declared(attachment.content_type)
    what = "This document" if content is None else f"This document ({_said(content)})"
    rank = 0 if content in (Content.TEXT, Content.HTML) else 1
    if reason:
        notice = _notice(rank, "This document could not be fetched", reason)
    else:
        sentence = f"{what} is not here. It is fetched from the portal; if it does not appear, open it again."
        notice = _notice(rank, _title(attachment, _called(content)), sentence)
    return replace(notice, document=replace(notice.document, missing=True))


def _notice(rank: int, title: str, sentence: str, warnings: tuple[str, ...] = ()) -> _Piece:
    html, _, plain = render([Paragraph(words(sentence))])
    return _Piece(rank, Document(DocumentKind.NOTICE, title, html, (), plain, b"", warnings, False))


def _title(attachment: Attachment, otherwise: str) -> str:
    title = " ".join(clean(attachment.title[:200]).split())
    if not title:
        return otherwise
    return title if len(title) <= 60 else f"{title[:59]}…"


def _said(content: Content) -> str:
    return _NAMES.get(content, content.value)


def _called(content: Content | None) -> str:
    """Return the short name of a document that its author gave no title."""
    names = {Content.PDF: "PDF", Content.TEXT: "Report", Content.HTML: "Report", Content.RTF: "RTF document"}
    return "Document" if content is None else names.get(content, "Document")


def _is_page(data: bytes) -> bool:
    return re.match(rb"[\s\xef\xbb\xbf]*<(?:!doctype|html|\?xml)", data, re.I) is not None


def _key(text: str) -> str:
    """Return the letters and figures alone, to see whether one text repeats another."""
    return _LETTERS.sub("", normalise(text))
