"""Composed documents survive being kept as bytes, whatever they say."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from client.documents.document import Document, DocumentKind, Section, SectionRole
from client.documents.package import pack, unpack

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SECTIONS = st.builds(Section, st.sampled_from(SectionRole), TEXT, TEXT)
DOCUMENTS = st.builds(
    Document,
    kind=st.sampled_from([DocumentKind.TEXT, DocumentKind.NOTICE]),
    title=TEXT,
    html=TEXT,
    sections=st.lists(SECTIONS).map(tuple),
    plain=TEXT,
    data=st.just(b""),
    warnings=st.lists(TEXT).map(tuple),
    as_issued=st.booleans(),
    missing=st.just(False),
)


@given(st.lists(DOCUMENTS).map(tuple))
def test_what_is_packed_comes_out_the_same(documents):
    assert unpack(pack(documents)) == documents


def _document(**fields):
    empty = Document(DocumentKind.PDF, "", "", (), "", b"", (), as_issued=False, missing=False)
    return replace(empty, **fields)


def test_a_report_with_a_pdf_or_with_something_missing_is_not_packed():
    assert pack([_document(data=b"%PDF-1.7")]) is None
    assert pack([_document(kind=DocumentKind.NOTICE, missing=True)]) is None
