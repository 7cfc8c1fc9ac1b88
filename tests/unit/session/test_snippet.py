"""The piece of a report around what was found: the right place, nothing harmful, nothing withdrawn."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.model.report import ReportStatus
from client.session.query import Field, read_query
from client.session.snippet import fold_text, show_hit
from tests.unit.session.test_search import report


def shown(text, typed, one=None):
    sought = read_query(typed, date(2026, 11, 20)).sought
    found = show_hit(None if text is None else fold_text(text), one or report("a"), sought)
    return found and (found.place, [found.text[start:end] for start, end in found.hits])


@pytest.mark.parametrize(
    ("text", "typed", "hits"),
    [
        ("A nodule in the lung.", "nod", ["nod"]),
        ("A nodule in the\n lung.", "lung nodule", ["nodule", "lung"]),
        ("Right upper quadrant, right\nupper lobe.", '"right upper lobe"', ["right upper lobe"]),
        ("Grade 12, grade 1.", '"grade 1"', ["grade 1"]),
        ("Stra\u00dfe der M\u00dcLLER", "muller", ["M\u00dcLLER"]),
        ("\u80ba\u306e\u7d50\u7bc0", "\u7d50", ["\u7d50"]),
        ("Nothing of it.", "zebra", []),
    ],
)
def test_what_was_sought_is_pointed_at(text, typed, hits):
    assert shown(text, typed) == (Field.ANYWHERE, hits)


def test_what_is_not_in_the_text_is_shown_where_it_is():
    assert shown("Clear.", "acc/77") == (Field.ACCESSION, ["ACC", "77"])
    assert shown("Nwosu was told.", "reader:nwosu") == (Field.RADIOLOGIST, ["Nwosu"])
    assert shown(None, "zebra") is None


def test_a_withdrawn_text_is_never_shown():
    gone = replace(report("a"), status=ReportStatus.ENTERED_IN_ERROR)
    assert shown("A nodule.", "nodule", gone) is None


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text_gives_harmless_words_and_places_within_them(text, typed):
    found = show_hit(fold_text(text), report("a"), read_query(typed, date(2026, 11, 20)).sought)
    if found is not None:
        assert "\n" not in found.text
        assert not set(found.text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b")
        assert all(0 <= start < end <= len(found.text) for start, end in found.hits[:1])
