"""Whatever a portal writes into a name, a code or a unit is harmless text wherever it is shown."""

import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from client.documents import compose, composed_text, plain_text
from client.documents.dicom.dataset import quietly
from client.model.report import Attachment, Code, Media, ReportBody, Result
from tests.unit.documents.structured import (
    code,
    document,
    encapsulated,
    evidence,
    image,
    item,
    number,
    report,
    text,
)

TAGS = re.compile(
    r'</?(?:p|ol|ul|li|table|tr|t[hd]|pre|hr|b|i|u|s|sub|sup|br|a)>'
    r'|<p class="(?:heading|impression-heading|inner|impression|signature|note)">|<li class="impression">'
    r'|<table cellspacing="0" cellpadding="5">|<ol start="\d+">|<t[hd] (?:col|row)span="\d+">'
    r'|<a name="s\d+">|<a href="image:\d+">'
)  # fmt: skip
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
PIECES = [
    "<script>x()</script>", "<img src=x onerror=y>", '"><a href="http://x.example">', "<b>", "</p>",
    "&lt;b&gt;", "&amp;", "'", '"', "\u202e", "\u2066", "\x1b[31m", "\x00", "\x85", "\ufeff", "\uffff", "\n",
    "\t", " ", "mm", "Größe", "IMPRESSION:", "javascript:x", "image:0", "<!--", "]]>", "\\", "^", "=",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=6).map("".join)


def places(words):
    """Yield a report for every place where a portal's words enter a document's text."""
    named = Code(words, words, words)
    result = Result(named, words, words, words, words, words, words, words)
    attachment = Attachment("text/plain", words, "", b"Clear lungs.", None, None, words)
    yield (
        "title",
        ReportBody("", "", (attachment, Attachment("", words, "", b"%PDF-1", None, None, "en")), ()),
    )
    yield "absent", ReportBody("", "", (Attachment(words, words, "x", None, None, None),), ())
    yield "conclusion", ReportBody("", words, (attachment,), ())
    yield "results", ReportBody("", "", (), (), (result, Result(named, "", "", "", "", "", words, "", 1)))
    yield "codes", ReportBody("", "", (), (), codes=(named,))
    yield "media", ReportBody("", "", (), (), media=(Media(words, words, attachment),))
    yield (
        "text",
        ReportBody(
            "", "", (Attachment("text/plain", "", "", words.encode("utf-8", "replace"), None, None),), ()
        ),
    )


def structured(words):
    """Yield a structured report for every place where its maker's words enter."""
    latin = words.encode("latin-1", "ignore").decode("latin-1")  # what identifiers are written in
    short = latin[:16]
    meaning = code(words, words[:16], words[:16])
    yield "meaning", document(item("CONTAINER", meaning, children=[text(meaning, words)]), title=words)
    yield (
        "value",
        document(
            text("A", words),
            item("CODE", meaning, ConceptCodeSequence=[meaning]),
            item("PNAME", meaning, PersonName=words),
        ),
    )
    measured = number(meaning, "1", words[:16])
    measured.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeMeaning = words
    yield "unit", document(measured, item("NUM", meaning, NumericValueQualifierCodeSequence=[meaning]))
    yield "kind", document(item(short, meaning, relation=short, TextValue=words))
    yield (
        "image",
        document(
            image(latin[:64], name=meaning, sop_class=latin[:64]),
            item("SCOORD", meaning, GraphicType=short),
            item("UIDREF", meaning, UID=latin[:64]),
            item("DATE", meaning, Date=latin[:10]),
            CurrentRequestedProcedureEvidenceSequence=evidence(latin[:64], latin[:64], latin[:64]),
        ),
    )
    yield "person", document(
        text("A", "b"), PatientName=words, PatientID=words, CompletionFlag=short,
        CompletionFlagDescription=words, VerificationFlag=short, PatientBirthDate=latin[:10],
    )  # fmt: skip
    yield "pdf", encapsulated(b"%PDF-1.4", title=words)


def assert_harmless(documents, place):
    for shown in documents:
        html = TAGS.sub("", shown.html)
        assert "<" not in html, place
        assert ">" not in html or ">" in unescape(html), place
        for said in (
            shown.html,
            shown.plain,
            shown.title,
            *shown.warnings,
            *(s.heading for s in shown.sections),
        ):
            assert UNSEEN.search(said) is None, place
        assert "\n" not in shown.title, place
        assert all(
            int(each) < len(shown.references) for each in re.findall(r'href="image:(\d+)"', shown.html)
        )


@given(HOSTILE)
def test_a_portals_words_are_harmless_wherever_they_are_shown(words):
    for place, body in places(words):
        documents = compose(body, {})
        assert_harmless(documents, place)
        assert UNSEEN.search(composed_text(documents)) is None
        assert UNSEEN.search(plain_text(body)) is None


@settings(max_examples=40)
@given(HOSTILE)
def test_a_structured_reports_words_are_harmless_wherever_they_are_shown(words):
    with quietly():  # pydicom's own remarks on what is written here
        written = list(structured(words.encode("utf-8", "replace").decode()))
    for place, data in written:
        assert_harmless(compose(report(data), {}), place)
