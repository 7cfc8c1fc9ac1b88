"""One attachment of a report to what stands for it: a text, pages, an image, or why it is not shown.

Must never: raise for any content, or show bytes as what they are only called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from client.documents.charset import clean, decode
from client.documents.checksum import check
from client.documents.content import Content, contradicts, declared, has_tags, sniff
from client.documents.document import Document, DocumentKind
from client.documents.piece import EMPTY, Piece, Rank, called, notice, text_piece, title_of
from client.documents.prose import read_prose
from client.documents.wrapping import is_wrapped, said_of, unwrap
from client.errors import DocumentError
from client.model.report import Attachment

LONGEST_TEXT = 1_000_000  # characters of one text that are shown; far beyond any report, short of a stall

_TOO_LONG = "This text is far too long for a report: only its beginning is shown. Read it at the portal."
_NAMES = {Content.TEXT: "text", Content.HTML: "an HTML text"}
_PAGE = re.compile(rb"[\s\xef\xbb\xbf]*<(?:!doctype|html|\?xml)", re.I)


def read_attachment(attachment: Attachment, data: bytes, copies: Sequence[Attachment] = ()) -> Piece:
    """Return the document that an attachment's bytes are.

    `copies` are other attachments with the very same bytes: what the portal says of any of them is checked.
    """
    try:
        inner, wrappings = unwrap(data)
    except DocumentError as error:
        return notice(
            Rank.NOTICE, title_of(attachment, "Document"), str(error), _checked(attachment, data)[1]
        )
    as_issued, warnings = _checked(attachment, data, inner if wrappings else None, copies)
    if not inner:
        return notice(Rank.NOTICE, title_of(attachment, "Empty document"), EMPTY, warnings)
    named = declared(attachment.content_type)
    content = _content(named, inner)
    if contradicts(named, content) and not (wrappings and named is Content.GZIP):
        wrong = f"The portal calls this document {_said(named)}, but it is {_said(content)}."
        warnings = (wrong, *warnings)
    warnings = (*warnings, *filter(None, map(said_of, wrappings)))
    piece = _show(attachment, content, inner)
    document = replace(
        piece.document,
        title=title_of(attachment, piece.document.title or called(content)),
        warnings=(*warnings, *piece.document.warnings),
        as_issued=as_issued and piece.document.kind is not DocumentKind.NOTICE,
        wrappings=(*wrappings, *piece.document.wrappings),
    )
    return replace(piece, document=document)


def absent(attachment: Attachment, reason: str) -> Piece:
    """Return what stands for an attachment whose bytes are not here; `reason` if fetching it failed."""
    content = declared(attachment.content_type)
    what = "This document" if content is None else f"This document ({_said(content)})"
    rank = Rank.TEXT if content in (Content.TEXT, Content.HTML) else Rank.PAGES
    if reason:
        piece = notice(rank, "This document could not be fetched", reason)
    else:
        sentence = f"{what} is not here. It is fetched from the portal; if it does not appear, open it again."
        piece = notice(rank, title_of(attachment, called(content)), sentence)
    return replace(piece, document=replace(piece.document, missing=True))


def is_plain(attachment: Attachment, data: bytes) -> bool:
    """Say whether bytes are text without any markup or packing: nothing that is read needs a parser."""
    return _content(declared(attachment.content_type), data) is Content.TEXT and not is_wrapped(data)


def _content(named: Content | None, data: bytes) -> Content:
    content = sniff(data)
    if named is Content.HTML and content is Content.TEXT and has_tags(data):
        return Content.HTML  # markup that starts with words
    if named is Content.TEXT and content is Content.HTML and _PAGE.match(data) is None:
        return Content.TEXT
    if named is Content.XML and content is Content.TEXT:
        return Content.XML
    if named is Content.DICOM and content is Content.UNKNOWN:
        return named  # without preamble or group 2: pydicom finds out
    if named in (Content.WORD, Content.OFFICE) and not contradicts(named, content):
        return named
    return content


def _checked(
    attachment: Attachment, data: bytes, inner: bytes | None = None, copies: Sequence[Attachment] = ()
) -> tuple[bool, tuple[str, ...]]:
    found = [check(each, data, inner) for each in (attachment, *copies)]
    warnings = tuple(dict.fromkeys(warning for _, warning in found if warning))
    return not warnings and any(agreed for agreed, _ in found), warnings


def _show(attachment: Attachment, content: Content, data: bytes) -> Piece:
    match content:
        case Content.TEXT | Content.HTML:
            return _read_text(attachment, data, content is Content.HTML)
        case Content.RTF:
            return _read_rtf(data)
        case Content.PDF:
            return Piece(Rank.PAGES, Document(DocumentKind.PDF, "", "", (), "", data, (), False))
        case Content.IMAGE:
            return Piece(Rank.PAGES, Document(DocumentKind.SCAN, "", "", (), "", data, (), False))
        case Content.DICOM:
            from client.documents.dicom.reading import read_dicom  # pydicom loads with what needs it

            return read_dicom(data)
        case _:
            said = f"This is {content.value}. Safelight cannot show it; open it at the portal."
            return notice(Rank.NOTICE, "", said)


def _read_text(attachment: Attachment, data: bytes, markup: bool) -> Piece:
    text, doubt = decode(data, attachment.content_type, markup)
    warnings = [doubt] if doubt else []
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        warnings.append(_TOO_LONG)
    if markup:
        from client.documents.markup import read_markup  # the sanitiser loads with the first HTML text

        return text_piece(read_markup(text), warnings)
    return text_piece(read_prose(clean(text)), warnings)


def _read_rtf(data: bytes) -> Piece:
    from client.documents.rtf import read_rtf

    try:
        blocks, warnings = read_rtf(data)
    except DocumentError as error:
        return notice(Rank.NOTICE, "", str(error))
    return text_piece(blocks, warnings)


def _said(content: Content | None) -> str:
    return "a document" if content is None else _NAMES.get(content, content.value)
