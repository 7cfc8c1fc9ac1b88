"""Documents that arrive packed, scanned, or under another name."""

import base64
import contextlib
import gzip
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from client.documents import DocumentKind, compose
from client.documents.content import Content, sniff
from client.documents.document import Wrapping
from client.documents.wrapping import unwrap
from client.errors import DocumentError
from client.model.report import Attachment
from tests.unit.documents.structured import report

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
TEXT = b"FINDINGS: The lungs are clear.\n\nIMPRESSION: No acute abnormality."


def show(data, content_type="application/pdf"):
    (found,) = compose(report(data, content_type=content_type), {})
    return found


def picture(kind):
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "BMP"])
@pytest.mark.parametrize("named", ["image/png", "image/tiff", ""])
def test_a_scanned_page_is_a_scan_whatever_picture_it_is_called(kind, named):
    data = picture(kind)
    shown = show(data, named)
    assert (shown.kind, shown.data, shown.title) == (DocumentKind.SCAN, data, "Scanned page")
    assert shown.warnings == ()


def test_a_scan_called_a_pdf_is_shown_and_said():
    assert "but it is a picture" in show(picture("PNG")).warnings[0]


def test_a_report_that_begins_like_a_bitmap_is_a_text():
    assert sniff(b"BMD of the left hip: 0.8 g/cm2") is Content.TEXT


@pytest.mark.parametrize(
    ("data", "wrappings"),
    [
        (gzip.compress(PDF), (Wrapping.GZIP,)),
        (base64.b64encode(PDF), (Wrapping.BASE64,)),
        (base64.encodebytes(PDF * 9), (Wrapping.BASE64,)),
        (base64.urlsafe_b64encode(PDF + b"\xfb\xff\xfe").rstrip(b"="), (Wrapping.BASE64,)),
        (b"data:application/pdf;base64," + base64.b64encode(PDF), (Wrapping.BASE64,)),
        (base64.b64encode(gzip.compress(PDF)), (Wrapping.BASE64, Wrapping.GZIP)),
    ],
)
def test_what_is_packed_is_unpacked_and_said(data, wrappings):
    shown = show(data)
    assert shown.kind is DocumentKind.PDF
    assert shown.data.startswith(PDF)
    assert shown.wrappings == wrappings
    assert len(shown.warnings) == len(wrappings)
    assert all("unpacked" in each for each in shown.warnings)


def test_a_text_encoded_twice_is_read():
    assert "lungs are clear" in show(base64.b64encode(TEXT), "text/plain").plain


@pytest.mark.parametrize(
    "text", [b"Normal", b"abcdefghijklmnopqrstuvwxyz", b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB", TEXT]
)
def test_words_are_not_taken_for_a_packing(text):
    assert unwrap(text) == (text, ())


def test_what_is_torn_or_a_bomb_says_why():
    whole = gzip.compress(PDF * 100)
    for data in (whole[: len(whole) // 2], whole[:12] + b"\xff" * 40):
        torn = show(data)
        assert torn.kind is DocumentKind.NOTICE
        assert "cannot be unpacked" in torn.plain
    bomb = gzip.compress(bytes(100 * 1024 * 1024))
    assert "far larger than any report" in show(bomb).plain


def test_packings_within_packings_have_an_end():
    data = PDF
    for _ in range(5):
        data = gzip.compress(data)
    shown = show(data)
    assert shown.kind is DocumentKind.NOTICE
    assert "compressed data" in shown.plain


@given(st.binary(max_size=300))
def test_unpacking_gives_back_what_was_packed(data):
    inner, wrappings = unwrap(gzip.compress(data))
    assert wrappings[0] is Wrapping.GZIP
    if len(wrappings) == 1:
        assert inner == data


@given(
    st.binary(max_size=100), st.sampled_from([b"\x1f\x8b\x08", b"data:;base64,", b"JVBERi0xLjQKMSAwIG9iago"])
)
def test_no_bytes_stop_the_reader(data, start):
    with contextlib.suppress(DocumentError):
        unwrap(start + data)
    assert compose(report(start + data), {})


def test_bytes_are_checked_as_they_came_or_as_they_were():
    packed = gzip.compress(PDF)
    for data in (packed, PDF):
        digest = hashlib.sha256(data).digest()
        given_ = report(packed)
        (part,) = given_.attachments
        checked = Attachment(part.content_type, "", "", packed, None, digest)
        (shown,) = compose(type(given_)("", "", (checked,), ()), {})
        assert shown.as_issued
