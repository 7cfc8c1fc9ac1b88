"""The same page in every format says the same words; the small grammar of the prose does what it promises."""

import html
import re
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtPdf import QPdfDocument

from server_stub.demo import attachments
from server_stub.demo.layout import Page, Section
from server_stub.demo.pdf import Header, as_pdf
from server_stub.demo.wording import DateStyle, Sex, say

words = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x2FFFF, blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")
    ),
    min_size=1,
    max_size=12,
)
sentences = st.lists(words, min_size=1, max_size=12).map(" ".join)
pages = st.builds(
    Page,
    title=words,
    sections=st.lists(
        st.builds(Section, words, st.lists(sentences, min_size=1, max_size=3).map(tuple), st.booleans()),
        min_size=1,
        max_size=4,
    ).map(tuple),
    signature=words,
    inline=st.booleans(),
    width=st.sampled_from([0, 40, 72]),
)


def paragraphs(page):
    return [text for section in page.sections for text in section.paragraphs]


@settings(deadline=None)
@given(pages)
def test_plain_text_keeps_every_word_and_the_width(page):
    text = attachments.as_text(page)
    flowing = " ".join(text.split())
    assert all(" ".join(one.split()) in flowing for one in paragraphs(page))
    if page.width:
        assert all(len(line) <= page.width or " " not in line for line in text.split("\r\n")[2:])


@settings(deadline=None)
@given(pages, st.booleans())
def test_html_escapes_what_it_quotes(page, tidy):
    text = html.unescape(re.sub(r"<[^>]*>", "", attachments.as_html(page, tidy)))
    assert all(one in text for one in paragraphs(page))


@settings(deadline=None)
@given(pages)
def test_a_narrative_is_well_formed_xhtml(page):
    root = ElementTree.fromstring(attachments.as_narrative(page))  # noqa: S314 - made here
    assert root.tag == "{http://www.w3.org/1999/xhtml}div"
    text = "".join(root.itertext())
    assert all(one in text for one in paragraphs(page))


@settings(deadline=None)
@given(pages)
def test_rich_text_is_ascii_with_balanced_groups_and_reads_back(page):
    rtf = attachments.as_rtf(page)
    assert rtf.isascii()
    bare = re.sub(r"\\[\\{}]", "", rtf)
    assert bare.count("{") == bare.count("}")
    units = re.sub(r"\\u(-?\d+)\?", lambda m: chr(int(m[1]) % 65536), rtf)
    text = units.encode("utf-16", "surrogatepass").decode("utf-16")
    text = re.sub(r"\\([\\{}])", r"\1", text)
    assert all(one in text for one in paragraphs(page))


def read_pdf(raw):
    """The text of every page, as the program's own PDF library sees it."""
    buffer = QBuffer()
    buffer.setData(QByteArray(raw))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    pages_of_text = [document.getAllText(number).text() for number in range(document.pageCount())]
    document.close()
    buffer.close()
    return pages_of_text


HEADER = Header("Nguyễn-Иванова, Ελένη", "1962-03-04", "0041700", "A26001", "2026-11-20", "Dr. Varga")


@pytest.mark.usefixtures("qapp")
def test_a_pdf_names_the_patient_on_every_page_and_counts_its_pages():
    long = Page("CT chest", (Section("FINDINGS", ("The lungs are clear. " * 400,)),), "Signed", False, 0)
    texts = read_pdf(as_pdf(long, HEADER))
    assert len(texts) >= 2
    for number, text in enumerate(texts, 1):
        assert HEADER.name in text
        assert HEADER.mrn in text
        assert f"Page {number} of {len(texts)}" in text


@pytest.mark.usefixtures("qapp")
def test_the_pdfs_of_the_data_open_and_have_the_sections(data):
    pdfs = [one for one in data.of("Binary") if one["contentType"] == "application/pdf"]
    assert len(pdfs) > 20
    for one in pdfs[:5]:
        text = "\n".join(read_pdf(data.bytes_of(one)))
        assert re.search(r"(?i)findings|hallazgos|befund|résultats", text)
        assert "Page 1 of" in text


def test_a_pdf_is_the_same_bytes_every_time():
    page = Page("CT chest", (Section("FINDINGS", ("Clear.",)),), "Signed", False, 0)
    assert as_pdf(page, HEADER) == as_pdf(page, HEADER)


@pytest.mark.parametrize(
    ("template", "woman", "man"),
    [
        ("{f: The uterus // The prostate} is normal.", "The uterus is normal.", "The prostate is normal."),
        ("Normal{60:  for age // }.", "Normal for age.", "Normal."),
        ("A lesion of ⟦2026-05-04⟧.", "A lesion of May 4, 2026.", "A lesion of 4 May 2026."),
        ("Is a 8 mm, a 11 mm and a 12 mm one.",) + ("Is an 8 mm, an 11 mm and a 12 mm one.",) * 2,
    ],
)
def test_templates_know_sex_age_and_date_style(template, woman, man):
    dice = Random(1)
    assert say(template, dice, Sex.FEMALE, 64, DateStyle.LONG) == woman
    assert say(template, dice, Sex.MALE, 40, DateStyle.DAY_FIRST) == man


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_variants_and_ranges_stay_within_what_was_written(seed):
    text = say("[Clear|Dry] lungs, #3-5# mm, #0.4-0.6#.", Random(seed), Sex.MALE, 50, DateStyle.ISO)
    assert re.fullmatch(r"(Clear|Dry) lungs, [345] mm, 0\.[456]\.", text)
