"""Composed documents as bytes, so that a report that was laid out once is shown again without doing so.

Owns: the form in which the cache keeps them. Must never: keep a PDF twice (a report with one is
composed anew).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from client.documents.document import Document, DocumentKind, Section, SectionRole


def pack(documents: Sequence[Document]) -> bytes | None:
    """Return the documents as bytes; None when one is a PDF, or stands for something still to be fetched."""
    if any(document.data or document.missing for document in documents):
        return None
    return orjson.dumps([{**asdict(document), "data": ""} for document in documents])


def unpack(packed: bytes) -> tuple[Document, ...]:
    """Return the documents that `pack` made into bytes."""
    return tuple(
        Document(
            kind=DocumentKind(each["kind"]),
            title=each["title"],
            html=each["html"],
            sections=tuple(
                Section(SectionRole(section["role"]), section["heading"], section["anchor"])
                for section in each["sections"]
            ),
            plain=each["plain"],
            data=b"",
            warnings=tuple(each["warnings"]),
            as_issued=each["as_issued"],
            missing=False,
        )
        for each in orjson.loads(packed)
    )
