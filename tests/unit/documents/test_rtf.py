"""RTF to words, and what of it is not shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.documents import DocumentKind, SectionRole, compose
from client.documents.blocks import render
from client.documents.rtf import read_rtf
from client.documents.rtf_filter import filter_rtf
from tests.unit.documents.structured import report

HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}}"


def show(words, head=HEAD):
    (found,) = compose(report(head + words + b"}", content_type="text/rtf"), {})
    return found


def test_its_sections_are_found():
    shown = show(
        rb"\b FINDINGS:\b0\par The lungs are clear.\par\par \b IMPRESSION\b0\par 1. One.\par 2. Two.\par"
    )
    assert shown.kind is DocumentKind.TEXT
    assert [section.role for section in shown.sections] == [SectionRole.FINDINGS, SectionRole.IMPRESSION]
    assert "<ol>" in shown.html
    assert shown.warnings == ()


@pytest.mark.parametrize(
    ("rtf", "words"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 Gr\'f6\'dfe}", "Größe"),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0}", "Пр"),
        (rb"{\rtf1\ansi\ansicpg932 \'8f\'8a\'8c\'a9}", "所見"),
        (rb"{\rtf1\mac caf\'8e}", "café"),
        (rb"{\rtf1\pc caf\'82}", "café"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f0 a {\f1\'cf\'f0} b}", "a Пр b"),
        (rb"{\rtf1\ansi\uc1 \u25152?\u-30333?}", "所見"[:1]),
        (rb"{\rtf1\ansi\u-10179?\u-8704? sign}", "😀 sign"),
        (rb"{\rtf1\ansi\uc0 5 \u176C}", "5 °C"),
        (rb"{\rtf1 a\~b\_c\endash d\lquote e\rquote\tab f}", "a\xa0b‑c–d‘e’\tf"),
        ("{\\rtf1 Größe}".encode(), "Größe"),
        ("{\\rtf1\\ansi Größe}".encode("cp1252"), "Größe"),
    ],
)
def test_every_way_to_write_a_character_is_read(rtf, words):
    shown = compose(report(rtf, content_type="text/rtf"), {})[0]
    assert words in shown.plain
    assert shown.warnings == ()


def test_a_table_is_a_table():
    shown = show(rb"Sizes:\par\trowd Organ\cell Size\cell\row\trowd Liver\cell 16 cm\cell\row After.\par")
    assert "<tr><td>Liver</td><td>16 cm</td></tr>" in shown.html
    assert shown.plain.index("Sizes") < shown.plain.index("Liver") < shown.plain.index("After")


@pytest.mark.parametrize(
    "hidden",
    [
        rb"{\v secret}",
        rb"\v secret\v0 ",
        rb"{\deleted secret}",
        rb"{\b{\v {\i secret}}}",
        rb"{\v \'73\u101?cret}",
    ],
)
def test_hidden_and_deleted_words_are_left_out_and_said(hidden):
    shown = show(b"No effusion. " + hidden + b" Normal.")
    assert "No effusion." in shown.plain
    assert "Normal." in shown.plain
    assert "secret" not in shown.plain
    assert "cret" not in shown.plain
    assert "hid or deleted" in shown.warnings[0]


def test_words_struck_out_are_marked_wherever_they_are_read():
    shown = show(rb"A {\strike left} right effusion. \strike gone\strike0  here.")
    assert "A [struck out: left] right effusion. [struck out: gone] here." in shown.plain
    assert "struck out" in shown.warnings[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (rb"{\header Clinic}Body", "headers"),
        (rb"Body{\footnote\pard see above}", "notes"),
        (rb"Body{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt words in a box}}}", "text boxes"),
        (rb"Body{\pict\pngblip 89504e47}", "pictures"),
        (rb"Body{\*\shppict{\pict\bin5 }}}}}}x", "pictures"),
    ],
)
def test_what_is_left_out_is_said(words, said):
    shown = show(words)
    assert shown.plain == "Body"
    assert said in shown.warnings[0]


def test_what_only_describes_the_document_is_no_part_of_it():
    shown = show(
        rb"{\info{\title T}{\author A}}{\stylesheet{\s1\v heading;}}{\colortbl;\red0;}"
        rb'Seen {\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt here}}.'
    )
    assert shown.plain == "Seen here."
    assert shown.warnings == ()


def test_one_that_breaks_off_says_so():
    (shown,) = compose(report(HEAD + b"FINDINGS: clear", content_type="text/rtf"), {})
    assert "clear" in shown.plain
    assert "breaks off" in shown.warnings[0]


def test_one_that_cannot_be_read_says_why():
    (shown,) = compose(report(b"{\\rtf1 " + b"{" * 3000), {})
    assert shown.kind is DocumentKind.NOTICE
    assert "nested" in shown.plain


def test_one_far_too_long_is_cut_and_says_so():
    shown = show(b"word " * 300_000)
    assert len(shown.plain) < 1_100_000
    assert any("far too long" in each for each in shown.warnings)


def test_one_of_control_words_without_end_is_cut_and_says_so():
    assert "far too long" in " ".join(show(b"seen " + b"\\b0" * 600_000).warnings)


def test_a_backslash_of_its_own_makes_no_control_word():
    assert show(rb"a\\pict b\\bin5 c \{d\}").plain == r"a\pict b\bin5 c {d}"


def test_its_own_marks_cannot_be_forged():
    found = filter_rtf("{\\rtf1 a\ue000b\\u-8192?c}".encode())
    assert "\ue000" not in found.rtf


TOKENS = st.sampled_from(
    ["{", "}", "\\v ", "\\v0 ", "\\deleted ", "\\strike ", "\\plain ", "\\par ", "\\trowd ", "\\cell ",
     "\\row ",
     "\\u", "\\u-1?", "\\u99999999?", "\\uc", "\\uc9 ", "\\'e4", "\\'", "\\", "\\*", "\\bin3 ", "\\bin-1 ",
     "\\f1 ", "{\\fonttbl", "{\\f0\\fcharset", "\\fcharset78 ", "\\ansicpg", "words", "<b>&amp;", "\r\n", "é",
     "{\\pict", "{\\*\\x", "\\fonttbl", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
)  # fmt: skip


@given(st.lists(TOKENS, max_size=40).map("".join))
def test_nothing_written_in_rtf_raises_or_becomes_markup(words):
    (shown,) = compose(report(("{\\rtf1 " + words).encode()), {})
    assert "<b>&amp;<" not in shown.html
    assert not any("\ue000" <= sign <= "\ue004" for sign in shown.plain)


@given(st.text(st.characters(categories=["L", "N"]), max_size=60))
def test_any_letters_come_out_as_they_went_in(letters):
    written = "".join(
        f"\\u{int.from_bytes(half, 'little', signed=True)}?" for sign in letters for half in _halves(sign)
    )
    blocks, warnings = read_rtf(f"{{\\rtf1\\ansi x{written}x}}".encode())
    assert render(blocks)[2] == f"x{letters}x"
    assert warnings == []


def _halves(sign):
    data = sign.encode("utf-16-le")
    return [data[at : at + 2] for at in range(0, len(data), 2)]
