"""A report's body to documents."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.documents import DocumentKind, SectionRole, compose, plain_text
from client.model.report import Attachment, ReportBody

REPORT = b"FINDINGS: The lungs are clear.\n\nIMPRESSION: No acute abnormality."
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF"


def attachment(data, content_type="text/plain", *, title="", url="", size=None, digest=None):
    return Attachment(content_type=content_type, title=title, url=url, data=data, size=size, digest=digest)


def body(*attachments, narrative="", conclusion=""):
    return ReportBody(narrative, conclusion, attachments, ())


def only(*attachments, **more):
    documents = compose(body(*attachments, **more), {})
    assert len(documents) == 1
    return documents[0]


def test_text_is_shown_with_its_sections():
    document = only(attachment(REPORT))
    assert document.kind is DocumentKind.TEXT
    assert document.warnings == ()
    assert [section.role for section in document.sections] == [SectionRole.FINDINGS, SectionRole.IMPRESSION]
    for section in document.sections:
        assert f'<a name="{section.anchor}">' in document.html


def test_pdf_is_passed_on_untouched():
    document = only(attachment(PDF, "application/pdf"))
    assert document.kind is DocumentKind.PDF
    assert document.data == PDF


@pytest.mark.parametrize(
    ("data", "declared", "kind"),
    [
        (PDF, "text/plain", DocumentKind.PDF),
        (PDF, "text/html", DocumentKind.PDF),
        (b"<html><p>Clear.</p></html>", "application/pdf", DocumentKind.TEXT),
        (b"{\\rtf1 Clear.}", "text/plain", DocumentKind.TEXT),
        (b"Clear lungs.", "application/pdf", DocumentKind.TEXT),
        (b"FINDINGS: clear.\nIMPRESSION: normal.", "text/html", DocumentKind.TEXT),
    ],
)
def test_the_bytes_decide_and_a_wrong_declaration_is_said(data, declared, kind):
    document = only(attachment(data, declared))
    assert document.kind is kind
    assert any("calls this document" in warning for warning in document.warnings)


@pytest.mark.parametrize("declared", ["", "application/octet-stream"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, DocumentKind.PDF),
        (REPORT, DocumentKind.TEXT),
        (b"<html><p>Clear.</p></html>", DocumentKind.TEXT),
    ],
)
def test_a_missing_declaration_is_no_matter(data, declared, kind):
    document = only(attachment(data, declared))
    assert document.kind is kind
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("data", "declared", "said"),
    [
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "a picture"),
        (b"OggS\x00\x02", "audio/ogg", "a sound"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "a Word document"),
        (b"PK\x03\x04\x14\x00xl/workbook.xml", "", "an Office document"),
        (
            b"PK\x03\x04....",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "a Word document",
        ),
        (b"<?xml version='1.0'?><ClinicalDocument xmlns='urn:hl7-org:v3'/>", "text/xml", "an XML document"),
        (bytes(range(256)) * 4, "", "unknown type"),
    ],
)
def test_what_cannot_be_shown_says_what_it_is(data, declared, said):
    document = only(attachment(data, declared))
    assert document.kind is DocumentKind.NOTICE
    assert said in document.plain
    assert "Safelight cannot show it;" in document.plain
    assert "shown as" not in " ".join(document.warnings)


def test_what_cannot_be_shown_comes_with_the_conclusion():
    word = attachment(b"PK\x03\x04word/document.xml", "application/msword")
    documents = compose(body(word, conclusion="No fracture."), {})
    assert [document.kind for document in documents] == [DocumentKind.TEXT, DocumentKind.NOTICE]
    assert documents[0].sections[0].role is SectionRole.IMPRESSION
    assert "No fracture." in documents[0].plain


def test_the_conclusion_is_not_repeated_where_a_text_has_it():
    assert (
        only(attachment(REPORT), conclusion="no acute  ABNORMALITY")
        .plain.lower()
        .count("no acute abnormality")
        == 1
    )


def test_a_conclusion_that_no_text_has_stands_first_as_impression():
    document = only(attachment(b"FINDINGS: Clear."), conclusion="Normal chest.")
    assert [section.role for section in document.sections] == [SectionRole.IMPRESSION, SectionRole.FINDINGS]


def test_a_conclusion_that_differs_from_the_impression_is_added_and_never_replaces_it():
    document = only(attachment(REPORT), conclusion="Large pneumothorax.")
    assert "No acute abnormality." in document.plain
    assert "Large pneumothorax." in document.plain
    assert [section.role for section in document.sections][:2] == [
        SectionRole.FINDINGS,
        SectionRole.IMPRESSION,
    ]


def test_as_issued_needs_a_hash_that_matches():
    right = hashlib.sha1(REPORT, usedforsecurity=False).digest()
    assert only(attachment(REPORT, digest=right)).as_issued
    assert not only(attachment(REPORT)).as_issued
    wrong = only(attachment(REPORT, digest=bytes(20)))
    assert not wrong.as_issued
    assert "check sum" in wrong.warnings[0]


def test_a_wrong_size_is_said():
    assert only(attachment(REPORT, size=len(REPORT))).warnings == ()
    assert "size" in only(attachment(REPORT, size=len(REPORT) + 1)).warnings[0]


def test_the_same_attachment_twice_is_shown_once():
    only(attachment(REPORT), attachment(REPORT, "text/plain; charset=utf-8"))


def test_an_attachment_not_fetched_is_a_notice_and_then_itself():
    report = body(attachment(None, "application/pdf", url="Binary/1"))
    assert compose(report, {})[0].kind is DocumentKind.NOTICE
    assert compose(report, {"Binary/1": PDF})[0].kind is DocumentKind.PDF


def test_an_attachment_that_could_not_be_fetched_says_why():
    report = body(attachment(REPORT), attachment(None, "application/pdf", title="Scan", url="Binary/1"))
    reason = "The portal did not answer in time. Try again in a minute."
    notice = compose(report, {}, {"Binary/1": reason})[1]
    assert notice.kind is DocumentKind.NOTICE
    assert notice.title == "This document could not be fetched"
    assert notice.plain == reason
    assert notice.missing
    assert compose(report, {"Binary/1": PDF}, {"Binary/1": reason})[1].kind is DocumentKind.PDF


def test_text_comes_before_pdf():
    documents = compose(body(attachment(PDF, "application/pdf"), attachment(REPORT)), {})
    assert [document.kind for document in documents] == [DocumentKind.TEXT, DocumentKind.PDF]


def test_the_narrative_is_shown_unless_a_text_says_the_same():
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p>FINDINGS: The lungs are clear.</p></div>'
    assert "lungs are clear" in only(narrative=div).plain
    only(attachment(REPORT), narrative=div)
    other = "<div>Seen on the lateral view: a nodule.</div>"
    assert len(compose(body(attachment(REPORT), narrative=other), {})) == 2


@pytest.mark.parametrize(
    "report", [body(), body(attachment(b"")), body(attachment(b" \n ")), body(narrative="<div/>")]
)
def test_nothing_to_read_is_said(report):
    documents = compose(report, {})
    assert documents[0].kind is DocumentKind.NOTICE
    assert documents[0].plain


def test_plain_text_has_the_words_without_structure():
    page = attachment(
        b"<html><p>Pleural</p><p>effusion &amp; more</p><script>x()</script></html>", "text/html"
    )
    found = plain_text(
        body(attachment(REPORT), page, attachment(PDF, "application/pdf"), conclusion="Conclusive.")
    )
    for word in ("lungs are clear", "Pleural", "effusion & more", "Conclusive."):
        assert word in found
    assert "x()" not in found
    assert "PDF" not in found


TYPES = st.one_of(
    st.sampled_from(
        ["", "text/plain", "text/html", "application/pdf", "text/rtf", "application/xhtml+xml", "image/png"]
    ),
    st.text(max_size=30),
)
DATA = st.one_of(
    st.none(), st.binary(max_size=200), st.text(max_size=200).map(str.encode), st.just(REPORT), st.just(PDF)
)
ATTACHMENTS = st.builds(
    Attachment,
    content_type=TYPES,
    title=st.text(max_size=80),
    url=st.text(max_size=20),
    data=DATA,
    size=st.one_of(st.none(), st.integers(-1, 10**12)),
    digest=st.one_of(st.none(), st.binary(max_size=32)),
)


@given(
    st.builds(
        ReportBody,
        narrative=st.text(max_size=100),
        conclusion=st.text(max_size=100),
        attachments=st.lists(ATTACHMENTS, max_size=4).map(tuple),
        imaging_studies=st.just(()),
    ),
    st.dictionaries(st.text(max_size=20), st.binary(max_size=100), max_size=2),
)
def test_any_body_gives_documents_and_words(report, fetched):
    documents = compose(report, fetched)
    assert documents
    for document in documents:
        assert document.title
        assert document.html or document.data
        assert "<script" not in document.html
        assert "\x00" not in document.html
    assert isinstance(plain_text(report), str)
