"""A page cut into parcels is read as the same page whole: whatever its spelling, order and texts."""

import json

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.portal.fhir import bundle, parcels
from client.portal.fhir.bundle import read_page
from client.portal.fhir.parcels import cut_up
from client.portal.fhir.people import PeopleBook

BETWEEN = '"}},{"fullUrl":"'  # what stands between two entries, inside a text


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(parcels, "PARCEL", 100)


def as_read(page):
    return page.reports, page.next, page.total, page.incomplete, page.outside


def whole(data):
    """The page read without being cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "cut_up", lambda _data: None)
        return as_read(read_page(data, PeopleBook()))


def report(number, text="", **more):
    body = {"resourceType": "DiagnosticReport", "id": f"r{number}", "conclusion": text}
    body |= {"code": {"text": "CT chest"}, "subject": {"reference": f"Patient/p{number % 3}"}}
    return {"fullUrl": f"https://p/r{number}", "resource": body | more, "search": {"mode": "match"}}


def patient(number):
    body = {"resourceType": "Patient", "id": f"p{number}", "name": [{"family": f"Name{number}"}]}
    return {"fullUrl": f"https://p/p{number}", "resource": body, "search": {"mode": "include"}}


def page(entries, **more):
    head = {"resourceType": "Bundle", "type": "searchset", "total": 77, "link": []}
    return {**head, **more, "entry": entries}


texts = st.text(max_size=30) | st.sampled_from([BETWEEN, '\\"},{"fullUrl":"', "]}", '{"entry":[{"fullUrl":"'])
entries = st.lists(
    st.builds(report, st.integers(0, 9), texts)
    | st.builds(patient, st.integers(0, 2))
    | st.builds(lambda text: report(5, contained=[page([report(1, text), report(2)])]), texts)
    | st.sampled_from([None, 7, {}, {"resource": None}, {"fullUrl": 3}, [report(3)]]),
    min_size=1,
    max_size=12,
)
spellings = st.sampled_from(
    [
        lambda value: json.dumps(value).encode(),
        lambda value: json.dumps(value, indent=2).encode(),
        lambda value: json.dumps(value, indent="\t", ensure_ascii=False).encode(),
        orjson.dumps,
        lambda value: orjson.dumps(value) + b" \n",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries, spellings, st.booleans())
def test_any_page_reads_the_same_in_parcels(entries, spelling, more_after):
    value = page(entries)
    data = spelling(value | {"meta": {"tag": []}} if more_after else value)
    assert as_read(read_page(data, PeopleBook())) == whole(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), entries, spellings)
def test_a_damaged_page_is_refused_or_read_as_the_whole_is(data, entries, spelling):
    good = spelling(page(entries))
    at = data.draw(st.integers(0, len(good) - 1))
    bad = good[:at] + data.draw(st.sampled_from([b"", b"}", b'"', b"]", b",", b"\\"])) + good[at + 1 :]

    def outcome(read):
        try:
            return read(bad)
        except Exception as fault:
            return repr(fault)

    assert outcome(lambda it: as_read(read_page(it, PeopleBook()))) == outcome(whole)


def test_a_usual_page_is_cut_between_its_entries():
    entries = [report(number, BETWEEN.replace('"', "'")) for number in range(30)] + [patient(0), patient(1)]
    cut = cut_up(orjson.dumps(page(entries)))
    found = list(cut.backwards())
    assert len(found) > 10
    assert [entry for parcel in reversed(found) for entry in parcel] == entries
    assert cut.bundle == {"resourceType": "Bundle", "type": "searchset", "total": 77, "link": []}


def test_patients_that_come_before_their_reports_are_found():
    entries = [patient(0), *(report(number) for number in range(20)), patient(1), report(20), patient(2)]
    names = [
        each.report.patient.name for each in read_page(orjson.dumps(page(entries)), PeopleBook()).reports
    ]
    assert names == [f"NAME{number % 3}" for number in range(21)]
