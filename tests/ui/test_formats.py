"""Names, identifiers and times read the same to everyone."""

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics

from client.model.moment import Moment
from client.model.report import Sex
from client.ui import fonts, formats

FSI, LRI, PDI = "\u2068", "\u2066", "\u2069"
CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def bare(text):
    return text.strip(FSI + LRI + PDI)


@given(st.text(alphabet=st.one_of(st.sampled_from(CONTROLS), st.characters()), min_size=1))
def test_no_name_breaks_out_of_its_isolation(text):
    shown = formats.isolate(text)
    assert shown[0] == FSI
    assert shown[-1] == PDI
    assert not set(shown[1:-1]) & set(CONTROLS)


def test_joiners_of_persian_and_indic_spelling_stay():
    assert bare(formats.name("می\u200cنا")) == "می\u200cنا"


def test_an_identifier_reads_left_to_right_beside_an_arabic_name():
    shown = formats.identifier("A-00417")
    assert shown == f"{LRI}A-00417{PDI}"
    assert unicodedata.bidirectional(shown[0]) == "LRI"


def test_what_is_missing_is_said():
    assert formats.name("") == "Name unknown"
    assert formats.identifier("") == "no identifier"
    assert formats.born(None) == "birth date unknown"
    assert formats.when(None) == ""
    assert formats.isolate("") == ""


def test_a_long_name_is_cut_in_the_given_names_and_keeps_the_family_name():
    metrics = QFontMetrics(fonts.sans())
    name = "MONTGOMERY, Alexandrina Wilhelmina Konstanze Theodora"
    shown = bare(formats.elided_name(name, metrics, 200))
    assert shown.startswith("MONTGOMERY, A")
    assert shown.endswith("a")
    assert "…" in shown
    assert metrics.horizontalAdvance(shown) <= 200


def test_a_name_that_fits_is_left_alone():
    metrics = QFontMetrics(fonts.sans())
    assert bare(formats.elided_name("LI, Na", metrics, 200)) == "LI, Na"


@given(st.text(min_size=1, max_size=80), st.integers(min_value=20, max_value=400))
def test_no_name_is_wider_than_its_room(text, width):
    metrics = QFontMetrics(fonts.sans())
    shown = formats.elided_name(text, metrics, width)
    assert shown == formats.name(text) or metrics.horizontalAdvance(bare(shown)) <= width


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("1962-03-04", "64 y"),
        ("1962-11-21", "64 y"),
        ("1962-11-22", "63 y"),
        ("1962", "63–64 y"),
        ("1962-11", "63–64 y"),
        ("1962-10", "64 y"),
        ("2025-01-10", "22 mo"),
        ("2026-11-09", "12 d"),
        ("2026-11-21", "0 d"),
        ("2027-01-01", ""),
        ("2024-02-29", "2 y"),
    ],
)
def test_an_age_is_as_exact_as_the_birth_date(birth, expected):
    assert formats.age(Moment.parse(birth), date(2026, 11, 21)) == expected


@given(st.dates(min_value=date(1850, 1, 1)), st.sampled_from([4, 7, 10]), st.dates())
def test_an_age_is_always_a_word_or_nothing(birth, length, on):
    age = formats.age(Moment.parse(birth.isoformat()[:length]), on)
    assert age == "" or age.split()[-1] in ("d", "mo", "y")


@pytest.mark.parametrize("text", ["1962", "1962-03", "1962-03-04", "0962-03-04"])
def test_a_date_shows_what_was_written_and_no_more(text):
    assert formats.born(Moment.parse(text)) == text
    assert formats.when(Moment.parse(text)) == text


def test_a_moment_shows_in_the_workstations_zone():
    moment = Moment.parse("2026-11-21T23:30:00Z")
    assert formats.when(moment, UTC) == "2026-11-21 23:30"
    assert formats.when(moment, timezone(timedelta(hours=1))) == "2026-11-22 00:30"
    assert formats.clock(datetime(2026, 11, 21, 14, 2, tzinfo=UTC), UTC) == "14:02"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0:00"), (0.2, "0:01"), (42, "0:42"), (521, "8:41"), (3723, "1:02:03"), (-5, "0:00")],
)
def test_a_countdown_reaches_zero_only_at_the_end(seconds, expected):
    assert formats.countdown(timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1, "1 second"), (60, "1 minute"), (600, "10 minutes"), (5400, "1 hour 30 minutes"), (0, "0 seconds")],
)
def test_a_duration_is_said_in_words(seconds, expected):
    assert formats.span(timedelta(seconds=seconds)) == expected


def test_every_sex_has_its_letter():
    assert [formats.sex(sex) for sex in Sex] == ["F", "M", "X", ""]
