"""Whose priors these are, and which comes first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from client.clock import SystemClock
from client.model.moment import Moment, Precision
from client.model.report import Patient, Report, ReportStatus, Sex
from client.session.body_part import BodyPart, body_parts, side
from client.session.priors import PatientRows, Relevance, in_time, most_relevant, rank, same_patient
from client.session.worklist import Worklist

HER = Patient("p1", "OKONKWO, Adaeze", "00417", Moment.parse("1962-03-04"), Sex.FEMALE)


def report(key, exam="CT chest", modality="CT", days=0, patient=HER, status=ReportStatus.FINAL, **more):
    date = Moment(datetime(2026, 11, 1, tzinfo=UTC) - timedelta(days=days), Precision.TIME)
    return Report(key, "1", status, False, patient, exam, modality, date, date, "", "", "", **more)


def keys(priors):
    return [prior.report.key for prior in priors]


def test_the_same_exam_comes_first_then_the_same_part_then_the_rest_each_by_date():
    now = report("now")
    others = [
        report("knee", "MR left knee", "MR", 1),
        report("film", "XR chest, 2 views", "CR", 2),
        report("old", days=900),
        report("recent", "TDM thoracique", "CT", 30),
        report("later", days=-5),
    ]
    priors = rank(now, others)
    assert keys(priors) == ["recent", "old", "later", "film", "knee"]
    assert [prior.relevance for prior in priors] == [Relevance.SAME_EXAM] * 3 + [
        Relevance.SAME_PART,
        Relevance.OTHER,
    ]
    assert keys(in_time(priors)) == ["old", "recent", "film", "knee", "later"]


def test_the_other_side_of_the_body_is_not_the_same_exam():
    (prior,) = rank(report("now", "MR left knee", "MR"), [report("other", "MR right knee", "MR")])
    assert prior.relevance is Relevance.SAME_PART


def test_what_cannot_be_read_is_listed_and_never_the_one_to_open():
    withdrawn = report("gone", days=1, status=ReportStatus.ENTERED_IN_ERROR)
    broken = report("broken", days=2, problem="It is not a report.")
    older = report("older", "XR chest", "CR", 9)
    later = report("later", days=-3)
    priors = rank(report("now"), [withdrawn, broken, later, older])
    assert keys(priors) == ["gone", "broken", "later", "older"]
    assert most_relevant(priors).report is older, "an earlier one, although a later one is nearer"
    assert most_relevant(rank(report("now"), [later])).report is later
    assert most_relevant(rank(report("now"), [withdrawn])) is None


def test_nobody_without_a_key_has_priors_and_no_difference_is_overlooked():
    assert same_patient(report("a"), report("b", patient=replace(HER)))
    for other in (
        replace(HER, key="p2"),
        replace(HER, identifier="00418"),
        replace(HER, birth_date=Moment.parse("1962-03-05")),
        replace(HER, name="OKONKWO, Adanna"),
        replace(HER, sex=Sex.MALE),
        None,
    ):
        assert not same_patient(report("a"), report("b", patient=other))
        assert rank(report("a"), [report("b", patient=other)]) == ()
    nobody = replace(HER, key="")
    assert not same_patient(report("a", patient=nobody), report("b", patient=nobody))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=60))
def test_rows_kept_as_they_come_are_what_a_look_through_the_whole_worklist_finds(deliveries):
    worklist, rows = Worklist(SystemClock()), PatientRows()
    people = [replace(HER, key=f"p{number}", identifier=str(number)) for number in range(4)]
    for version, (number, who) in enumerate(deliveries):
        each = replace(report(f"r{number}", days=number, patient=people[who]), version=str(version + 1))
        rows.take(worklist, worklist.merge([each]))
    everything = [worklist.report(row) for row in range(len(worklist))]
    for each in everything:
        found = rows.priors(worklist, each)
        assert sorted(keys(found)) == sorted(keys(rank(each, everything)))
        assert all(prior.report.patient == each.patient for prior in found)


def test_body_parts_are_read_from_the_fields_own_words():
    for exam, parts in {
        "CT abdomen and pelvis with contrast": {BodyPart.ABDOMEN, BodyPart.PELVIS},
        "MRT Knie links": {BodyPart.KNEE},
        "MRT LWS": {BodyPart.LUMBAR},
        "Röntgen Thorax": {BodyPart.CHEST},
        "Radiografía de tórax PA y lateral": {BodyPart.CHEST},
        "TC craneal sin contraste": {BodyPart.HEAD},
        "IRM encéphalique": {BodyPart.HEAD},
        "Échographie abdominale": {BodyPart.ABDOMEN},
        "XR thoracic spine": {BodyPart.THORACIC},
        "CT cervical spine without contrast": {BodyPart.CERVICAL},
        "PET/CT skull base to mid-thigh": {BodyPart.WHOLE},
        "Pathology study": set(),
        "": set(),
    }.items():
        assert body_parts(exam) == parts, exam
    assert [
        side(exam) for exam in ("MRT Knie links", "XR rodilla derecha", "bilateral", "left and right")
    ] == [
        "left",
        "right",
        "",
        "",
    ]
