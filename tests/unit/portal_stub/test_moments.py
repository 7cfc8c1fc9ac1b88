"""FHIR dates as ranges, and the values resources are found by: formats, so tested with anything at all."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server_stub.fhir.moments import read_period, read_range, write_instant
from server_stub.fhir.outcome import FhirError
from server_stub.fhir.parameters import HELD, SERVED
from server_stub.fhir.query import Handling, read_query
from server_stub.fhir.values import fold_text, read_reference, take_values

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["code", "coding", "system", "value", "reference", "start", "end", "name", "family", "given", "text",
         "subject", "status", "identifier", "effectivePeriod", "context", "related", "content", "attachment"]
    ), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(-14, 14))
def test_a_moment_covers_what_its_precision_says(moment, offset):
    zone = f"{'+' if offset >= 0 else '-'}{abs(offset):02d}:00"
    low, high = read_range(moment.strftime("%Y-%m-%dT%H:%M:%S") + zone)
    expected = moment.replace(microsecond=0, tzinfo=UTC) - timedelta(hours=offset)
    assert EPOCH + timedelta(milliseconds=low) == expected
    assert high - low == 1000


@given(st.integers(-2_000_000_000_000, 7_000_000_000_000))
def test_an_instant_reads_back_as_written(milliseconds):
    assert read_range(write_instant(milliseconds)) == (milliseconds, milliseconds + 1)


@given(st.integers(1, 9998), st.integers(1, 12))
def test_a_month_lies_in_its_year_and_a_day_in_its_month(year, month):
    of_year, of_month = read_range(f"{year:04d}"), read_range(f"{year:04d}-{month:02d}")
    of_day = read_range(f"{year:04d}-{month:02d}-28")
    assert of_year[0] <= of_month[0] <= of_day[0] < of_day[1] <= of_month[1] <= of_year[1]


@given(st.text(max_size=40) | JSON)
def test_anything_at_all_is_a_range_or_none(text):
    covered = read_range(text)
    assert covered is None or covered[0] < covered[1]


def test_an_open_period_goes_on():
    low, high = read_period({"start": "2024-01-01"})
    assert low == read_range("2024-01-01")[0]
    assert high > read_range("9000")[1]
    assert read_period({"start": "soon"}) is None


@given(st.sampled_from([*SERVED, *HELD]), JSON)
def test_any_resource_can_be_indexed(kind, content):
    resource = content if isinstance(content, dict) else {"name": content}
    values = take_values({**resource, "resourceType": kind})
    assert all(isinstance(code, str) for _, code, _ in values.tokens)


@given(
    st.sampled_from(list(SERVED)),
    st.lists(st.tuples(st.text(max_size=30) | st.sampled_from(
        ["_sort", "_count", "date", "patient.name", "_include", "_revinclude", "code:not", "_total"]
    ), st.text(max_size=30)), max_size=4),
)  # fmt: skip
def test_any_search_is_understood_reported_or_refused(kind, pairs):
    try:
        query = read_query(kind, pairs, Handling.LENIENT)
    except FhirError:
        return  # refused, with the reason
    assert len(query.pairs) + len(query.ignored) == len(pairs)


@given(st.text(max_size=60))
def test_a_folded_name_stays_folded(text):
    assert fold_text(fold_text(text)) == fold_text(text)


def test_references_are_read_relative_and_versioned_and_never_from_another_server():
    for text in ("Patient/a", "Patient/a/_history/2"):
        assert read_reference(text) == ("Patient", "a")
    for text in (
        "#a", "urn:uuid:1", "Patient?identifier=x", "Patient/", "https://h/fhir/Patient/a", "//h/Patient/a",
        "/Patient/a", "fhir/Patient/a", None, 3,
    ):  # fmt: skip
        assert read_reference(text) is None
