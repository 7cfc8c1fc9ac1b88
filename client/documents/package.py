"""Composed documents as bytes, so that a report that was laid out once is shown again without doing so.

Owns: the form in which the cache and the darkroom hold them. Must never: keep a document's own bytes: where
these come from is said instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import orjson

from client.documents.document import Document, DocumentKind, Named, Section, SectionRole, Wrapping
from client.documents.wrapping import take_out
from client.model.imaging import ImageReference
from client.model.report import ReportBody


def pack(documents: Sequence[Document], *, apart: bool = False) -> bytes | None:
    """Return the documents as bytes; None when one stands for something still to be fetched.

    Also None where one has bytes of its own, unless these are kept `apart` for `with_data` to bring back.
    """
    if any(document.missing or (document.data and not apart) for document in documents):
        return None
    # A field at a time: the bytes of a large PDF must not be copied only to be left out.
    return orjson.dumps([asdict(replace(document, data=b""), dict_factory=_texts) for document in documents])


def unpack(packed: bytes) -> tuple[Document, ...]:
    """Return the documents that `pack` made into bytes, without their data."""
    return tuple(_document(each) for each in orjson.loads(packed))


def with_data(
    documents: Sequence[Document], body: ReportBody, fetched: Mapping[str, bytes]
) -> tuple[Document, ...]:
    """Return unpacked documents with their bytes, from the attachments they were made of.

    Raises KeyError for an attachment that is not there any more, DocumentError where its packing is torn. One
    with `wrappings` is parsed anew: a matter for the darkroom.
    """
    return tuple(
        document
        if document.attachment is None
        else replace(document, data=_data_of(document, body, fetched, document.attachment))
        for document in documents
    )


def _data_of(document: Document, body: ReportBody, fetched: Mapping[str, bytes], index: int) -> bytes:
    part = body.parts[index]
    data = part.data if part.data is not None else fetched[part.url]
    for wrapping in document.wrappings:
        data = take_out(data, wrapping)
    return data


def _texts(fields: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in fields if not isinstance(value, bytes)}


def _document(each: dict) -> Document:  # type: ignore[type-arg]  # what orjson makes of an object
    named = each["patient"]
    return Document(
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
        references=tuple(
            ImageReference(**{**reference, "frames": tuple(reference["frames"])})
            for reference in each["references"]
        ),
        patient=None if named is None else Named(**named),
        attachment=each["attachment"],
        wrappings=tuple(map(Wrapping, each["wrappings"])),
    )
