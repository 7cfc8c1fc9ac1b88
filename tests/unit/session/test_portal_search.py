"""A query as FHIR questions: no more than was typed, and nothing for nobody in particular."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.session.portal_search import questions
from client.session.query import read_query


def asked(typed):
    return [list(question) for question in questions(read_query(typed, date(2026, 11, 20)))]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("okafor", [[("patient.name", "okafor")]]),
        ("patient:okafor ct", [[("patient.name", "okafor")]]),
        (
            "A00123",
            [[("patient.name", "a00123")], [("patient.identifier", "A00123")], [("identifier", "A00123")]],
        ),
        ("id:417|x,y", [[("patient.identifier", "417\\|x\\,y")]]),
        ("acc:A1 >2026-10", [[("identifier", "A1"), ("date", "ge2026-11-01")]]),
        ("date:2026-10", [[("date", "ge2026-10-01"), ("date", "le2026-10-31")]]),
        *((typed, []) for typed in ("", "unread", "ct", "-okafor", '"right upper lobe"', "status:final")),
    ],
)
def test_what_was_typed_becomes_questions(typed, expected):
    assert asked(typed) == expected


@given(st.text(max_size=60))
def test_any_text_becomes_questions_or_none(typed):
    for question in asked(typed):
        assert question
        assert all(value for _name, value in question)
