"""A report's body to the documents a viewer shows, best to read first.

Must never: raise for any content, drop content without saying so, or call something "as issued" unchecked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from client.documents.blocks import Block, Heading, Note, render
from client.documents.charset import clean
from client.documents.checksum import identities, matches
from client.documents.document import Document, DocumentKind, SectionRole
from client.documents.headings import normalise
from client.documents.piece import Piece, Rank, language_of, notice, text_piece
from client.documents.prose import read_prose
from client.documents.reading import LONGEST_TEXT, absent, is_plain, read_attachment
from client.documents.record import read_record
from client.documents.spoken import plain_text
from client.model.report import Attachment, ReportBody

__all__ = ["compose", "matches", "needs_parsers", "plain_text", "worth_fetching"]

_LETTERS = re.compile(r"\W+")


def compose(
    body: ReportBody, fetched: Mapping[str, bytes], failed: Mapping[str, str] = MappingProxyType({})
) -> tuple[Document, ...]:
    """Return the documents of a report; never empty, never raises.

    `fetched` holds, by `Attachment.url`, the bytes of attachments that are not inline; one that is not in it
    becomes a notice, with the sentence that `failed` has for it where fetching it was tried. The same bytes
    twice are shown once. Texts come first, then pages and images, then notices.
    """
    pieces = _attached(body, fetched, failed)
    if body.narrative.strip():
        pieces.extend(_narrative(body.narrative, pieces))
    pieces.sort(key=lambda piece: piece.rank)
    if body.conclusion.strip():
        pieces = _with_conclusion(pieces, clean(body.conclusion).strip())
    pieces = _with_record(pieces, body)
    if not pieces:
        sentence = "The portal has no text for this report yet. Look again later, or ask who wrote it."
        pieces = [notice(Rank.NOTICE, "Report", sentence)]
    return tuple(piece.document for piece in pieces)


def needs_parsers(body: ReportBody, fetched: Mapping[str, bytes]) -> bool:
    """Say whether composing a report would parse more than plain text, which the session itself must not."""
    present = ((part, _data_of(part, fetched)) for part in body.parts)
    return bool(body.narrative.strip()) or any(
        data is not None and not is_plain(part, data) for part, data in present
    )


def worth_fetching(body: ReportBody) -> tuple[Attachment, ...]:
    """Return the attachments to be fetched: each address once, and none whose bytes are inline already."""
    here: set[bytes] = set()
    for part in body.parts:
        if part.data is not None:
            here |= identities(part.data)
    wanted: dict[str, Attachment] = {}
    for part in body.parts:
        if part.data is None and part.url and part.digest not in here:
            wanted.setdefault(part.url, part)
    return tuple(wanted.values())


def _data_of(part: Attachment, fetched: Mapping[str, bytes]) -> bytes | None:
    return part.data if part.data is not None else fetched.get(part.url)


def _attached(body: ReportBody, fetched: Mapping[str, bytes], failed: Mapping[str, str]) -> list[Piece]:
    """Return what stands for each attachment, in their order; those with the same bytes stand once."""
    here: dict[bytes, list[tuple[int, Attachment, bytes]]] = {}
    places: list[tuple[int, Piece | bytes]] = []
    away: dict[bytes | str, Attachment] = {}
    for index, part in enumerate(body.parts):
        data = _data_of(part, fetched)
        if data is not None:
            key = hashlib.sha1(data, usedforsecurity=False).digest()
            if key not in here:
                places.append((index, key))
            here.setdefault(key, []).append((index, part, data))
        elif index < len(body.attachments) and not {part.digest or part.url, part.url} & away.keys():
            if part.url:
                away[part.url] = part
            if part.digest:
                away[part.digest] = part
            places.append((index, absent(part, failed.get(part.url, ""))))
    known = set().union(*(identities(same[0][2]) for same in here.values())) if away else set()
    several = len({language_of(same[0][1]) for same in here.values()} - {""}) > 1
    pieces: list[Piece] = []
    for index, found in places:
        if isinstance(found, Piece):
            if body.parts[index].digest not in known:
                pieces.append(found)
        else:
            pieces.append(_present(here[found], several))
    return pieces


def _present(same: Sequence[tuple[int, Attachment, bytes]], several: bool) -> Piece:
    """Return the document of attachments with the same bytes, under the first title any of them has."""
    index, part, data = next((each for each in same if each[1].title.strip()), same[0])
    piece = read_attachment(part, data, [other for _, other, _ in same if other is not part])
    document = piece.document
    if document.data:
        document = replace(document, attachment=index)
    if several and (language := language_of(part)):
        document = replace(document, title=f"{document.title} ({language})")
    return piece if document is piece.document else replace(piece, document=document)


def _narrative(narrative: str, pieces: Iterable[Piece]) -> list[Piece]:
    """Return the portal's own summary, unless one of the texts already says the same."""
    from client.documents.markup import read_markup  # the sanitiser loads with the first HTML text

    blocks = tuple(read_markup(narrative[:LONGEST_TEXT]))
    key = _key(render(blocks)[2])
    if not key or any(key in _key(piece.document.plain) for piece in pieces):
        return []
    texts = any(piece.document.kind is DocumentKind.TEXT for piece in pieces)
    return [text_piece(blocks, (), "Portal's summary" if texts else "Report")]


def _with_record(pieces: list[Piece], body: ReportBody) -> list[Piece]:
    """Add the results and codes that the portal's record has and no text of the report says."""
    if not (body.results or body.codes or body.awaited_results):
        return pieces
    keys = [_key(piece.document.plain) for piece in pieces if piece.document.kind is not DocumentKind.NOTICE]
    sections = [section for piece in pieces for section in piece.document.sections]
    concluded = any(section.role is SectionRole.IMPRESSION for section in sections)
    blocks = read_record(body, lambda words: any(_key(words) in key for key in keys), concluded=concluded)
    if not blocks:
        return pieces
    says = any(not isinstance(block, Note) for block in blocks)
    alone = says and all(piece.document.kind is DocumentKind.NOTICE for piece in pieces)
    piece = replace(text_piece(blocks, (), "Results" if pieces else "Report"), rank=Rank.RECORD)
    return sorted([*pieces, piece], key=lambda each: Rank.TEXT if alone and each is piece else each.rank)


def _with_conclusion(pieces: list[Piece], conclusion: str) -> list[Piece]:
    """Show the coded record's conclusion where no text of the report has it."""
    key = _key(conclusion)
    if not key or any(key in _key(piece.document.plain) for piece in pieces):
        return pieces
    heading, paragraphs = Heading("Impression", SectionRole.IMPRESSION), read_prose(conclusion)
    if isinstance(paragraphs[0], Heading) and paragraphs[0].role is SectionRole.IMPRESSION:
        del paragraphs[0]
    if not pieces or not pieces[0].blocks:
        remark = Note("From the report's record at the portal. The report itself is beside it.")
        own = text_piece([heading, *paragraphs, *([remark] if pieces else [])], (), "Impression")
        return [own, *pieces]
    first = pieces[0]
    remark = Note("From the report's record at the portal; not part of the text below.")
    blocks: tuple[Block, ...] = (heading, *paragraphs, remark, *first.blocks)
    if any(section.role is SectionRole.IMPRESSION for section in first.document.sections):
        remark = Note("From the report's record at the portal; the text above says it otherwise.")
        blocks = (*first.blocks, Heading("Conclusion", SectionRole.OTHER), *paragraphs, remark)
    elif not isinstance(first.blocks[0], Heading):
        blocks = (heading, *paragraphs, remark, Heading("Report", SectionRole.OTHER), *first.blocks)
    html, sections, plain = render(blocks)
    return [
        replace(first, document=replace(first.document, html=html, sections=sections, plain=plain)),
        *pieces[1:],
    ]


def _key(text: str) -> str:
    """Return the letters and figures alone, to see whether one text repeats another."""
    return _LETTERS.sub("", normalise(text))
