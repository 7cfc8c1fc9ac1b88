"""Reports that are only results, only codes, or have them beside a text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.documents import DocumentKind, SectionRole, compose, plain_text
from client.portal.fhir.body import read_body, with_documents, with_results

NUMBERS = {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]}
IMPRESSION = {"coding": [{"system": "http://loinc.org", "code": "19005-8"}], "text": "Impression"}


def observation(**fields):
    return {"resourceType": "Observation", "id": "o", "status": "final", "code": NUMBERS, **fields}


def body(*observations, **fields):
    contained = [{**each, "id": f"o{at}"} for at, each in enumerate(observations)]
    result = [{"reference": f"#o{at}"} for at in range(len(observations))]
    report = {"resourceType": "DiagnosticReport", "contained": contained, "result": result, **fields}
    return read_body(json.dumps(report).encode())


def only(*observations, **fields):
    (shown,) = compose(body(*observations, **fields), {})
    return shown


def test_figures_are_a_table_with_units_ranges_and_meaning():
    shown = only(
        observation(
            valueQuantity={"value": 91.5, "unit": "/min", "comparator": "<"},
            referenceRange=[{"low": {"value": 60, "unit": "/min"}, "high": {"value": 90, "unit": "/min"}}],
            interpretation=[{"coding": [{"code": "H"}]}],
        ),
        observation(valueQuantity={"value": 3}, status="preliminary"),
    )
    assert shown.kind is DocumentKind.TEXT
    head, first, second, *_ = shown.plain.split("Results\n")[1].split("\n")
    assert head.split("\t") == ["Result", "Value", "Reference range", "Interpretation", "Status"]
    assert first.split("\t") == ["Heart rate", "< 91.5 /min", "60 – 90 /min", "High", ""]
    assert second.split("\t") == ["Heart rate", "3", "", "", "preliminary"]


def test_texts_are_sections():
    shown = only(
        observation(code=IMPRESSION, valueString="1. Normal.\\n 2. Nothing else."),
        observation(code={"text": "Findings"}, valueString="Clear lungs."),
    )
    assert [section.role for section in shown.sections] == [SectionRole.IMPRESSION, SectionRole.FINDINGS]
    assert "<ol>" in shown.html


def test_a_result_that_the_text_says_is_not_repeated():
    form = {"contentType": "text/plain", "data": "SU1QUkVTU0lPTjogTm9ybWFsIGNoZXN0Lg=="}
    shown = only(observation(code=IMPRESSION, valueString="Normal chest."), presentedForm=[form])
    assert shown.plain.count("Normal chest.") == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"valueCodeableConcept": {"text": "Moderate"}}, "Moderate"),
        ({"valueBoolean": True}, "Yes"),
        ({"valueInteger": 4}, "4"),
        ({"valueRange": {"low": {"value": 1, "unit": "mm"}, "high": {"value": 2, "unit": "mm"}}}, "1 – 2 mm"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 64}}}, "1 : 64"),
        ({"valueDateTime": "2026-01-02"}, "2026-01-02"),
        ({"valuePeriod": {"start": "2026-01-02"}}, "2026-01-02 – …"),
        ({"valueString": "short"}, "short"),
        ({"dataAbsentReason": {"coding": [{"code": "not-performed"}]}}, "Not done"),
        ({"referenceRange": [{"text": "under 5"}], "valueInteger": 9}, "under 5"),
        ({"valueInteger": 9, "note": [{"text": "by hand"}]}, "by hand"),
    ],
)
def test_every_kind_of_value_is_readable(fields, said):
    assert said in only(observation(**fields)).plain


def test_components_and_members_stand_under_their_result():
    whole = observation(
        component=[{"code": {"text": "Systolic"}, "valueQuantity": {"value": 120, "unit": "mmHg"}}],
        hasMember=[{"reference": "#o1"}],
    )
    shown = compose(body(whole, observation(code={"text": "Member"}, valueInteger=1)), {})[0]
    assert "Heart rate" in shown.plain
    assert "\u00a0Systolic\t120 mmHg" in shown.plain
    assert "\u00a0Member\t1" in shown.plain


def test_a_withdrawn_result_has_no_value():
    shown = only(observation(status="entered-in-error", valueInteger=77))
    assert "77" not in shown.plain
    assert "withdrawn" in shown.plain
    assert "77" not in plain_text(body(observation(status="entered-in-error", valueInteger=77)))


def test_another_patients_result_has_no_value():
    shown = only(
        observation(subject={"reference": "Patient/2"}, valueInteger=77), subject={"reference": "Patient/1"}
    )
    assert "77" not in shown.plain
    assert "another patient" in shown.plain


def test_only_codes_are_a_list():
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "391040000", "display": "At risk"}]}
    shown = only(conclusionCode=[code, {"coding": [{"system": "http://radlex.org", "code": "RID49480"}]}])
    assert "• At risk (SNOMED CT 391040000)" in shown.plain
    assert "• RadLex RID49480" in shown.plain
    assert [section.role for section in shown.sections] == [SectionRole.IMPRESSION]


def test_results_kept_apart_are_said_until_they_are_brought():
    report = {"resourceType": "DiagnosticReport", "result": [{"reference": "Observation/1"}]}
    found = read_body(json.dumps(report).encode())
    assert found.awaited_results == ("Observation/1",)
    assert "keeps a result of this report apart" in compose(found, {})[0].plain
    panel = observation(valueInteger=5, hasMember=[{"reference": "Observation/2"}])
    more = with_results(found, {"Observation/1": json.dumps(panel).encode()})
    assert more.awaited_results == ("Observation/2",)
    done = with_results(more, {"Observation/2": b"no JSON"})
    assert done.awaited_results == ()
    shown = compose(done, {})[0]
    assert "Heart rate\t5" in shown.plain
    assert "could not be read" in shown.plain


def test_documents_of_a_reference_are_documents_of_the_report():
    form = {"contentType": "text/plain", "data": "Q2xlYXIgbHVuZ3Mu", "language": "en"}
    reference = {"resourceType": "DocumentReference", "content": [{"attachment": form}], "description": "CT"}
    empty = read_body(b'{"resourceType": "DiagnosticReport"}')
    (shown,) = compose(with_documents(empty, [json.dumps(reference).encode()] * 2), {})
    assert (shown.title, shown.plain) == ("CT", "Clear lungs.")
    gone = json.dumps({**reference, "status": "entered-in-error"}).encode()
    assert with_documents(empty, [gone]).attachments == ()


def test_a_key_image_that_the_report_contains_is_a_document():
    media = {
        "resourceType": "Media",
        "id": "m",
        "content": {"contentType": "image/gif", "data": "R0lGODlhAQABAAAAACw="},
    }
    report = {"contained": [media], "media": [{"comment": "Nodule", "link": {"reference": "#m"}}]}
    (shown,) = compose(read_body(json.dumps(report).encode()), {})
    assert (shown.kind, shown.title, shown.attachment) == (DocumentKind.SCAN, "Nodule", 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from([
    "valueQuantity", "valueString", "valueRange", "valueRatio", "valuePeriod", "valueBoolean", "code",
    "status", "component", "interpretation", "referenceRange", "note", "hasMember", "dataAbsentReason",
    "subject", "valueCodeableConcept", "valueInteger", "valueSampledData",
])  # fmt: skip


@given(
    st.dictionaries(FIELDS, JSON, max_size=6),
    st.dictionaries(st.sampled_from(["conclusionCode", "media"]), JSON),
)
def test_no_observation_stops_the_reader(fields, more):
    found = body({**observation(), **fields}, **more)
    assert compose(found, {})
    assert isinstance(plain_text(found), str)
