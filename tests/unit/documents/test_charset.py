"""Bytes to characters, whatever the portal says about them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.documents.charset import GUESSED, NOT_AS_DECLARED, UNREADABLE_CHARACTERS, clean, decode

TEXT = "Größe 5 µm, ≥ 3 mm"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_without_being_declared(codec):
    assert decode(TEXT.encode(codec), "text/plain") == (TEXT, "")


@pytest.mark.parametrize(
    ("codec", "declared"),
    [
        ("cp1252", "windows-1252"),
        ("latin-1", "iso-8859-1"),
        ("cp1251", "windows-1251"),
        ("shift_jis", "Shift_JIS"),
    ],
)
def test_a_declared_character_set_is_used(codec, declared):
    text = {"cp1251": "Лёгкие чистые", "shift_jis": "正常"}.get(codec, "Größe 5 µm")
    assert decode(text.encode(codec), f'text/plain; charset="{declared}"') == (text, "")


def test_undeclared_bytes_that_are_not_utf_8_are_windows_1252():
    assert decode("Größe – normal".encode("cp1252"), "text/plain") == ("Größe – normal", "")


JAPANESE = "【所見】右上葉に結節を認める。縦隔リンパ節の腫大なし。"


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_undeclared_japanese_is_recognised_and_said(codec):
    assert decode(JAPANESE.encode(codec), "text/plain") == (JAPANESE, GUESSED)


def test_japanese_that_switches_character_sets_needs_no_declaration():
    assert decode(JAPANESE.encode("iso2022_jp"), "text/plain") == (JAPANESE, "")


@pytest.mark.parametrize(
    "text",
    [
        "Lésion évoquée, étendue à 3 cm « élevée »",
        "Größe: 5 µm – übergroß, äußerst",
        "Pequeño nódulo; tamaño ½ cm",
    ],
)
def test_western_words_are_never_taken_for_japanese(text):
    assert decode(text.encode("cp1252"), "text/plain") == (text, "")


@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=200))
def test_windows_1252_is_told_from_japanese(text):
    assert decode(text.encode("cp1252"), "text/plain")[1] != GUESSED


def test_a_wrong_declaration_is_said():
    assert decode("Größe".encode("cp1252"), "text/plain; charset=utf-8") == ("Größe", NOT_AS_DECLARED)


def test_a_byte_order_mark_wins_over_the_declaration():
    assert decode(TEXT.encode("utf-16"), "text/plain; charset=utf-8")[0] == TEXT


def test_markup_may_declare_its_own():
    page = '<meta charset="windows-1251"><p>Лёгкие</p>'
    assert "Лёгкие" in decode(page.encode("cp1251"), "text/html", markup=True)[0]


@pytest.mark.parametrize(
    "name", ["base64", "zlib", "idna", "no-such-thing", "unicode_escape", "rot13", "undefined"]
)
def test_a_codec_that_is_no_character_set_is_not_used(name):
    assert decode(b"Normal.", f"text/plain; charset={name}")[0] == "Normal."


def test_unreadable_characters_are_said():
    assert decode(b"\xef\xbb\xbfab\xff", "")[1] == UNREADABLE_CHARACTERS


def test_characters_that_are_not_to_be_seen_are_taken_out():
    assert clean("a\x00b\x07c\u202ed\u2066e\ufdd0f\ufeffg") == "abcdefg"
    assert clean("a\r\nb\rc\u2028d\x0ce\x85f") == "a\nb\nc\nd\ne\nf"
    assert clean("a\tb\u200fc") == "a\tb\u200fc"


@given(st.binary(max_size=300), st.text(max_size=60), st.booleans())
def test_any_bytes_with_any_declaration_become_text(data, declared, markup):
    text, _ = decode(data, f"text/plain; charset={declared}", markup)
    clean(text).encode("utf-8")
