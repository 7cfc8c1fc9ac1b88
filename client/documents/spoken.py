"""The words of a report for the search index.

Must never: parse in the session what only the darkroom may: markup is taken off here by its brackets alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from client.documents.charset import clean, decode
from client.documents.codes import named
from client.documents.content import Content, declared, sniff
from client.documents.document import Document, DocumentKind
from client.documents.reading import LONGEST_TEXT
from client.model.report import ReportBody

_ANY_TAG = re.compile(
    r"<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)|<!--.*?(?:-->|\Z)|</?[a-z!?][^<>]*>", re.I | re.S
)
_WITHIN = re.compile(r"</?(?:a|b|big|em|font|i|mark|small|span|strong|sub|sup|u)\b[^<>]*>", re.I)


def plain_text(body: ReportBody) -> str:
    """Return the words of a report, quickly, from what is inline, without structure."""
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
    for result in body.results:
        if not result.problem:
            found.append(f"{named(result.name)} {result.value} {result.unit}")
    found.extend(named(code) for code in body.codes)
    return clean("\n".join(found))


def composed_text(documents: Iterable[Document]) -> str:
    """Return the words of a composed report: also those of RTF and DICOM documents, which only that has."""
    return "\n".join(
        f"{document.title}\n{document.plain}" if document.plain else document.title
        for document in documents
        if document.kind is not DocumentKind.NOTICE
    )


def strip_markup(text: str) -> str:
    """Return the words of a markup alone; what no browser would show of it may be among them."""
    return unescape(_ANY_TAG.sub(" ", _WITHIN.sub("", text)))
