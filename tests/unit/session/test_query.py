"""What is typed into the search line is read as meant; whatever it is, it is a query and never an error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.session.dates import Days, read_days
from client.session.query import Clause, Dated, Field, Kind, Standing, Words, read_query
from client.session.words import words

TODAY = date(2026, 11, 20)  # a Friday


def clauses(typed):
    return read_query(typed, TODAY).clauses


def days(first, last):
    return Days(first and date.fromisoformat(first), last and date.fromisoformat(last))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("today", "2026-11-20", "2026-11-20"),
        ("yesterday", "2026-11-19", "2026-11-19"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("This Week", "2026-11-16", "2026-11-22"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2026-10-01", "2026-10-01", "2026-10-01"),
        ("2026-10-01..2026-10-31", "2026-10-01", "2026-10-31"),
        ("2026-10..", "2026-10-01", None),
        ("..2026", None, "2026-12-31"),
        (">2026-10-01", "2026-10-02", None),
        (">=2026-10", "2026-10-01", None),
        ("<2026-10", None, "2026-09-30"),
        ("<=2026-10", None, "2026-10-31"),
        ("date:2026", "2026-01-01", "2026-12-31"),
        ("date:today", "2026-11-20", "2026-11-20"),
    ],
)
def test_days_are_read_as_people_type_them(typed, first, last):
    (clause,) = clauses(typed)
    assert isinstance(clause.test, Dated)
    assert clause.test.days == days(first, last)


@pytest.mark.parametrize(
    "typed", ["2026", "2026-13", "2026-02-30", "14:02", "01.10.2026", "1/2", "9999-12-31x"]
)
def test_what_is_no_date_is_words(typed):
    assert all(isinstance(clause.test, Words) for clause in clauses(typed))


def test_a_day_stands_for_itself_in_the_text_too():
    assert clauses("1962-03-04") == (Clause(Dated(days("1962-03-04", "1962-03-04"), ("1962", "03", "04"))),)


def test_each_part_is_a_condition_of_its_own():
    query = read_query('patient:Okafor ct -unread "right upper lobe" -contrast ref:"ann haddad"', TODAY)
    assert query.clauses == (
        Clause(Words(("okafor",), "Okafor", Field.PATIENT)),
        Clause(Kind("CT")),
        Clause(Standing.UNREAD, excluded=True),
        Clause(Words(("right", "upper", "lobe"), "right upper lobe", together=True, whole=True)),
        Clause(Words(("contrast",), "contrast"), excluded=True),
        Clause(Words(("ann", "haddad"), "ann haddad", Field.REFERRER, together=True, whole=True)),
    )
    assert [each.shown for each in query.sought] == ["Okafor", "right upper lobe", "ann haddad"]


@pytest.mark.parametrize(
    "typed", ['"critical"', '"ct"', '"today"', "read", "unreads", "foo:bar", "is:nothing"]
)
def test_in_quotes_or_unknown_it_is_words(typed):
    (clause,) = clauses(typed)
    assert isinstance(clause.test, Words)


@pytest.mark.parametrize("typed", ["patient:", "-id:", "type: ", 'date:"'])
def test_a_field_without_its_word_asks_for_nothing_yet(typed):
    query = read_query(typed, TODAY)
    assert not query
    assert query.unfinished


@pytest.mark.parametrize("typed", ["", " ", "-", '"', "--", "…", "\x00", ":", '-"', "-:", "><"])
def test_no_word_asks_for_nothing(typed):
    assert not read_query(typed, TODAY)


@given(st.text(alphabet=st.sampled_from('ab:"- .<>0129wklst\u00e9\u0000\u4e2d'), max_size=60) | st.text())
def test_any_text_is_a_query_and_every_word_of_it_is_asked_for(typed):
    """No letter typed goes unheard: it is a date, a kind, a standing, or a word that is looked for."""
    query = read_query(typed, TODAY)
    if all(isinstance(clause.test, Words) for clause in query.clauses) and not query.unfinished:
        asked = [word for clause in query.clauses for word in clause.test.words]
        prefixes = {"name", "patient", "id", "acc", "ref", "exam", "mrn", "reader"}
        assert [word for word in words(typed[:200]) if word not in prefixes and word not in asked] == []


@given(st.text(max_size=30), st.dates())
def test_any_text_is_days_or_none(text, today):
    read_days(text, today, years=True)
