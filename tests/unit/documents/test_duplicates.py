"""Several documents in one report: each once, each checked, each under its own name."""

import base64
import gzip
import hashlib

import pytest

from client.documents import DocumentKind, compose, needs_parsers, worth_fetching
from client.documents.package import pack, unpack, with_data
from client.model.report import Attachment, ReportBody
from client.portal.fhir.body import decode_digest
from tests.unit.documents.structured import document, encapsulated, image, report, text

REPORT = b"FINDINGS: The lungs are clear.\n\nIMPRESSION: No acute abnormality."
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF"
SHA1 = hashlib.sha1(PDF, usedforsecurity=False).digest()
SHA256 = hashlib.sha256(PDF).digest()


def pdf(*, data=None, title="", url="", digest=None, language=""):
    return Attachment("application/pdf", title, url, data, None, digest, language)


def body(*attachments):
    return ReportBody("", "", attachments, ())


@pytest.mark.parametrize("digest", [SHA1, SHA256])
@pytest.mark.parametrize("first", ["inline", "away"])
def test_what_is_inline_and_at_an_address_too_is_shown_once_and_not_fetched(digest, first):
    pair = [pdf(data=PDF), pdf(url="Binary/1", digest=digest)]
    given = body(*(pair if first == "inline" else reversed(pair)))
    assert worth_fetching(given) == ()
    (shown,) = compose(given, {})
    assert shown.data == PDF


def test_the_same_address_twice_is_fetched_and_shown_once():
    given = body(pdf(url="Binary/1"), pdf(url="Binary/1", title="CT"))
    assert len(worth_fetching(given)) == 1
    assert len(compose(given, {})) == 1
    (shown,) = compose(given, {"Binary/1": PDF})
    assert shown.title == "CT"


def test_two_addresses_with_the_same_bytes_are_shown_once():
    given = body(pdf(url="Binary/1"), pdf(url="Binary/2"))
    assert len(compose(given, {"Binary/1": PDF, "Binary/2": PDF})) == 1


def test_one_that_fails_does_not_hide_its_copy_that_came():
    given = body(pdf(url="Binary/1", digest=SHA1), pdf(url="Binary/2", digest=SHA1))
    (shown,) = compose(given, {"Binary/2": PDF}, {"Binary/1": "The portal did not answer."})
    assert shown.kind is DocumentKind.PDF


def test_a_wrong_hash_of_either_copy_is_said():
    (shown,) = compose(body(pdf(data=PDF, digest=SHA1), pdf(data=PDF, digest=bytes(20))), {})
    assert not shown.as_issued
    assert "check sum" in shown.warnings[0]


@pytest.mark.parametrize("digest", [SHA1, SHA256])
@pytest.mark.parametrize(
    "written",
    [
        lambda raw: base64.b64encode(raw).decode(),
        lambda raw: raw.hex(),
        lambda raw: raw.hex().upper(),
        lambda raw: base64.b64encode(raw.hex().encode()).decode(),
    ],
)
def test_a_hash_is_checked_however_it_is_written(digest, written):
    decoded = decode_digest(written(digest))
    assert decoded == digest
    (right,) = compose(body(pdf(data=PDF, digest=decoded)), {})
    assert right.as_issued
    (wrong,) = compose(body(pdf(data=PDF + b"\n", digest=decoded)), {})
    assert not wrong.as_issued
    assert "not exactly the one" in wrong.warnings[0]


def test_languages_are_told_apart_where_there_are_several():
    given = body(
        pdf(data=PDF, language="en"), pdf(data=PDF + b" ", language="es-ES"), pdf(data=PDF + b"  ", title="X")
    )
    assert [each.title for each in compose(given, {})] == ["PDF (English)", "PDF (español)", "X"]
    assert [each.title for each in compose(body(pdf(data=PDF, language="en")), {})] == ["PDF"]


def test_documents_keep_their_order_within_their_kind():
    given = body(
        pdf(data=PDF, title="A"), Attachment("text/plain", "B", "", REPORT, None, None), pdf(data=PDF + b" ")
    )
    assert [each.title for each in compose(given, {})] == ["B", "A", "PDF"]


def test_only_what_is_more_than_text_needs_a_parser():
    plain = body(Attachment("text/plain", "", "", REPORT, None, None))
    assert not needs_parsers(plain, {})
    assert not needs_parsers(body(Attachment("", "", "Binary/1", None, None, None)), {"Binary/1": REPORT})
    for data in (
        PDF,
        b"<html><p>x</p></html>",
        b"{\\rtf1 x}",
        base64.b64encode(PDF),
        document(text("A", "b")),
    ):
        assert needs_parsers(body(Attachment("text/plain", "", "", data, None, None)), {})
    assert needs_parsers(ReportBody("<div>x</div>", "", (), ()), {})


def test_telling_whether_a_parser_is_needed_unpacks_nothing(monkeypatch):
    def unpack(data):
        raise AssertionError

    monkeypatch.setattr("client.documents.wrapping._decompress", unpack)
    packed = base64.b64encode(gzip.compress(REPORT))
    assert needs_parsers(body(Attachment("text/plain", "", "", packed, None, None)), {})


def test_a_package_holds_every_kind_without_its_bytes():
    pages = encapsulated(PDF, title="Within")
    given = ReportBody(
        "",
        "",
        (
            *report(document(image("1.2.40", [2]), text("Words", "x")), pages).attachments,
            pdf(url="Binary/1"),
        ),
        (),
    )
    fetched = {"Binary/1": PDF + b" "}
    composed = compose(given, fetched)
    assert pack(composed) is None
    packed = pack(composed, apart=True)
    assert b"%PDF" not in packed
    assert base64.b64encode(PDF)[:20] not in packed
    assert with_data(unpack(packed), given, fetched) == composed
    with pytest.raises(KeyError):
        with_data(unpack(packed), given, {})
