"""The worklist: rows keep their identity, nothing is dropped, every order and filter is what it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.model.moment import Moment, Precision
from client.model.report import Patient, Report, ReportStatus, Sex
from client.session.view import Column, Filter, ReadState, View
from client.session.worklist import Worklist

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Noon:
    """A clock that stands still."""

    def elapsed(self):
        return timedelta(0)

    def now(self):
        return NOON


def report(key, version="1", hours_ago=0, name="DOE, Jane", **fields):
    date = Moment(NOON - timedelta(hours=hours_ago), Precision.TIME)
    whole = {
        "key": key,
        "version": version,
        "status": ReportStatus.FINAL,
        "critical": False,
        "patient": Patient(f"p-{name}", name, "100", Moment.parse("1962-03-04"), Sex.FEMALE),
        "exam": "CT chest",
        "modality": "CT",
        "date": date,
        "issued": date,
        "radiologist": "Dr A",
        "referrer": "Dr B",
        "accession": "",
    }
    return Report(**(whole | fields))


@pytest.fixture
def worklist():
    return Worklist(Noon())


def keys(worklist, view=None, found=None, kept=()):
    return [worklist.report(row).key for row in worklist.order(view or View(), found, kept)]


def test_newest_exam_comes_first(worklist):
    worklist.merge([report("old", hours_ago=5), report("new"), report("middle", hours_ago=2)])
    assert keys(worklist) == ["new", "middle", "old"]


def test_a_newer_version_takes_the_row_of_the_older(worklist):
    worklist.merge([report("a"), report("b")])
    row = worklist.row_of("a")
    merged = worklist.merge([report("a", version="2", exam="CT head")])
    assert merged.replaced == (row,)
    assert merged.new == ()
    assert worklist.row_of("a") == row
    assert worklist.get("a").exam == "CT head"
    assert len(worklist) == 2


@pytest.mark.parametrize(("late", "held"), [("1", "2"), ("9", "10")])
def test_a_late_page_does_not_bring_an_older_version_back(worklist, late, held):
    worklist.merge([report("a", version=held)])
    assert worklist.merge([report("a", version=late, exam="before")]).replaced == ()
    assert worklist.get("a").version == held


def test_versions_that_are_no_numbers_follow_the_portals_last_word(worklist):
    worklist.merge([report("a", version="x9")])
    assert worklist.merge([report("a", version="b1")]).replaced == (0,)


def test_the_same_report_delivered_again_changes_nothing(worklist):
    worklist.merge([report("a")])
    assert worklist.merge([report("a")]) == worklist.merge([])


def test_a_placeholder_is_replaced_by_the_same_version_once_it_can_be_read(worklist):
    worklist.merge([report("a", problem="It has no text.")])
    assert worklist.merge([report("a")]).replaced == (0,)


def test_a_report_that_cannot_be_read_is_a_row(worklist):
    worklist.merge([report("a", problem="It has no text.", patient=None, date=None, exam="", modality="")])
    for column in Column:
        assert keys(worklist, View(column)) == ["a"]


def test_a_newer_version_of_what_was_read_is_changed(worklist):
    worklist.merge([report("a")])
    assert worklist.state_of(0) is ReadState.UNREAD
    assert worklist.set_read("a", "1") == 0
    assert worklist.state_of(0) is ReadState.READ
    worklist.merge([report("a", version="2")])
    assert worklist.state_of(0) is ReadState.CHANGED
    assert worklist.state(worklist.get("a")) is ReadState.CHANGED


def test_marks_of_earlier_sessions_hold_whether_they_come_before_or_after_the_reports(worklist):
    worklist.set_marks({"a": "1"})
    worklist.merge([report("a"), report("b")])
    worklist.set_marks({"b": "0"})
    assert [worklist.state_of(row) for row in (0, 1)] == [ReadState.READ, ReadState.CHANGED]


def test_filters_hold_what_they_say_and_count_it(worklist):
    worklist.merge(
        [
            report("unread"),
            report("critical", hours_ago=30, critical=True),
            report("changed", version="2", hours_ago=31),
            report("read", hours_ago=32, modality="MR"),
        ]
    )
    worklist.set_marks({"changed": "1", "read": "1", "critical": "1"})
    expected = {
        Filter.ALL: ["unread", "critical", "changed", "read"],
        Filter.UNREAD: ["unread"],
        Filter.CRITICAL: ["critical"],
        Filter.CHANGED: ["changed"],
        Filter.TODAY: ["unread"],
    }
    assert {one: keys(worklist, View(filter=one)) for one in Filter} == expected
    counts = worklist.counts(View())
    assert counts.by_filter == {one: len(held) for one, held in expected.items()}
    assert counts.by_modality == {"CT": 3, "MR": 1}
    assert worklist.counts(View(filter=Filter.UNREAD)).by_modality == {"CT": 1, "MR": 0}


def test_a_year_alone_is_never_today(worklist):
    worklist.merge([report("a", date=Moment.parse("2026"))])
    assert keys(worklist, View(filter=Filter.TODAY)) == []


def test_a_row_that_left_the_filter_stays_while_it_is_kept(worklist):
    worklist.merge([report("a"), report("b", hours_ago=1)])
    kept = worklist.set_read("a", "1")
    unread = View(filter=Filter.UNREAD)
    assert keys(worklist, unread) == ["b"]
    assert keys(worklist, unread, kept={kept}) == ["a", "b"]


def test_only_what_the_words_found_is_shown(worklist):
    worklist.merge([report("a"), report("b", hours_ago=1)])
    assert keys(worklist, View(words="x"), found={1}) == ["b"]
    assert keys(worklist, View(words="x"), found=[]) == []


def test_names_sort_without_regard_to_case_and_accents(worklist):
    worklist.merge([report("z", name="zeta, A"), report("o", name="Öz, B"), report("p", name="PARK, C")])
    assert keys(worklist, View(Column.PATIENT, descending=False)) == ["o", "p", "z"]


def test_rows_without_a_value_come_last_in_both_directions(worklist):
    worklist.merge([report("none", patient=None), report("b", name="B, B"), report("a", name="A, A")])
    assert keys(worklist, View(Column.PATIENT, descending=False)) == ["a", "b", "none"]
    assert keys(worklist, View(Column.PATIENT, descending=True)) == ["b", "a", "none"]


def test_a_column_sorted_before_takes_in_what_arrives_later(worklist):
    worklist.merge([report("b", name="B, B")])
    assert keys(worklist, View(Column.PATIENT, descending=False)) == ["b"]
    worklist.merge([report("a", name="A, A"), report("b", version="2", name="Z, Z")])
    assert keys(worklist, View(Column.PATIENT, descending=False)) == ["a", "b"]


_REPORTS = st.builds(
    lambda key, version, hours, critical, modality, status: report(
        f"r{key}", str(version), hours, critical=critical, modality=modality, status=status
    ),
    st.integers(0, 12),
    st.integers(1, 4),
    st.integers(0, 80),
    st.booleans(),
    st.sampled_from(["CT", "MR", ""]),
    st.sampled_from(ReportStatus),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_REPORTS, max_size=12), max_size=5), st.sampled_from(Column), st.booleans())
def test_whatever_arrives_every_report_is_one_row_in_its_newest_version(deliveries, column, descending):
    worklist, newest = Worklist(Noon()), {}
    for delivery in deliveries:
        worklist.order(View(column, descending))
        worklist.merge(delivery)
        for one in delivery:
            if one.key not in newest or int(one.version) >= int(newest[one.key].version):
                newest[one.key] = one
    order = worklist.order(View(column, descending))
    assert sorted(order) == list(range(len(worklist)))
    assert {worklist.report(row).key: worklist.report(row) for row in order} == newest
    counts = worklist.counts(View())
    assert sum(counts.by_modality.values()) == len(newest)
    assert counts.by_filter[Filter.CRITICAL] == sum(one.critical for one in newest.values())


def test_replacing_a_report_moves_it_to_its_new_place(worklist):
    first = report("a", hours_ago=9)
    worklist.merge([first, report("b", hours_ago=3)])
    worklist.merge([replace(first, version="2", date=Moment(NOON, Precision.TIME))])
    assert keys(worklist) == ["a", "b"]


def test_dates_at_the_edges_of_the_calendar_are_no_dates():
    assert Moment.parse("0001-01-01T00:00:00Z") is None
    assert Moment.parse("9999-12-31T23:59:59Z") is None
    assert Moment.parse("0001") is None
