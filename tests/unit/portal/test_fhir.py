"""Any JSON in: reports, rows that say why, or a clear error out; and the public examples as they are."""

import base64
import hashlib
import json
import unicodedata
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.errors import PortalFault
from client.model.report import ReportStatus, Sex
from client.portal.fhir.body import read_body
from client.portal.fhir.bundle import next_ahead, read_one, read_page
from client.portal.fhir.category import is_radiology
from client.portal.fhir.modality import modality_of
from client.portal.fhir.people import PeopleBook, human_name, patient_of
from client.portal.fhir.text import line, paragraphs

DATA = Path(__file__).parents[4] / "shared" / "data"
RAD = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def deformed(example):
    """Like `example`, with any part of it replaced by anything, left out or doubled."""
    if isinstance(example, dict):
        whole = st.fixed_dictionaries({}, optional={key: deformed(value) for key, value in example.items()})
        return whole | anything
    if isinstance(example, list):
        return st.lists(st.one_of([deformed(item) for item in example]), max_size=3) | anything
    return st.just(example) | anything


REPORT = {
    "resourceType": "DiagnosticReport",
    "id": "r1",
    "meta": {"versionId": "3"},
    "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": "A1"}],
    "status": "final",
    "category": [RAD],
    "code": {"text": "CT Chest", "coding": [{"system": "s", "code": "c", "display": "d"}]},
    "subject": {"reference": "Patient/p1", "display": "Someone"},
    "effectiveDateTime": "2026-01-02T03:04:05Z",
    "effectivePeriod": {"start": "2026", "end": "2027"},
    "issued": "2026-01-02T03:04:05+01:00",
    "resultsInterpreter": [{"reference": "Practitioner/d1", "display": "Dr"}],
    "basedOn": [{"reference": "ServiceRequest/s1", "identifier": {"value": "x"}}],
    "conclusion": "Nothing",
    "conclusionCode": [{"coding": [{"system": "http://radlex.org", "code": "RID49480"}]}],
    "imagingStudy": [{"reference": "ImagingStudy/i1"}],
    "text": {"div": "<div>x</div>"},
    "contained": [{"resourceType": "Binary", "id": "b", "data": "eA=="}],
    "presentedForm": [
        {"contentType": "text/plain", "data": "eA==", "url": "#b", "size": 1, "hash": "x", "title": "t"}
    ],
}
PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "meta": {"versionId": "1"},
    "name": [{"use": "official", "family": "Smith", "given": ["Ann"]}],
    "identifier": [{"use": "usual", "type": {"coding": [{"code": "MR"}]}, "value": "4711"}],
    "birthDate": "1962-03-04",
    "gender": "female",
}
ORDER = {
    "resourceType": "ServiceRequest",
    "id": "s1",
    "requester": {"reference": "Practitioner/d2", "display": "Dr Refer"},
    "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": "A9"}],
}
BUNDLE = {
    "resourceType": "Bundle",
    "type": "searchset",
    "total": 3,
    "link": [{"relation": "next", "url": "https://x/y"}],
    "entry": [
        {"fullUrl": "https://x/DiagnosticReport/r1", "resource": REPORT, "search": {"mode": "match"}},
        {"fullUrl": "https://x/Patient/p1", "resource": PATIENT, "search": {"mode": "include"}},
        {"fullUrl": "https://x/ServiceRequest/s1", "resource": ORDER, "search": {"mode": "include"}},
        {
            "resource": {
                "resourceType": "OperationOutcome",
                "issue": [{"severity": "warning", "diagnostics": "d"}],
            }
        },
    ],
}


def page(*resources, **bundle):
    entries = [{"resource": resource} for resource in resources]
    return read_page(
        json.dumps({"resourceType": "Bundle", "entry": entries, **bundle}).encode(), PeopleBook()
    )


def row(**changes):
    report = {**REPORT, **changes}
    (fetched,) = page(
        {key: value for key, value in report.items() if value is not None}, PATIENT, ORDER
    ).reports
    return fetched.report


@pytest.mark.parametrize(
    ("requester", "expected"),
    [
        ({"reference": "Practitioner/d2"}, "Practitioner/d2"),
        ({"reference": "Practitioner/d2", "display": "Dr Refer"}, ""),
        ({"display": "Dr Refer"}, ""),
        ({"reference": 7}, ""),
        (None, ""),
    ],
)
def test_who_ordered_by_reference_alone_is_left_to_be_asked_for(requester, expected):
    (fetched,) = page(REPORT, PATIENT, {**ORDER, "requester": requester}).reports
    assert fetched.requester == expected
    assert bool(fetched.report.referrer) == ("display" in (requester or {}))


def clean(text):
    return not any(
        unicodedata.category(each) in ("Cc", "Cs", "Cf") for each in text if each not in "\u200c\u200d"
    )


def read_or_refused(read):
    try:
        return read()
    except PortalFault as fault:
        sentence = str(fault)
    assert sentence.endswith(".")
    return None


def check(read):
    for fetched in read.reports:
        report = fetched.report
        assert report.key
        texts = [
            report.exam,
            report.radiologist,
            report.referrer,
            report.accession,
            report.modality,
            report.version,
        ]
        if report.patient is not None:
            texts += [report.patient.name, report.patient.identifier]
        assert all(clean(text) and len(text) <= 300 for text in texts)
        read_body(fetched.resource)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=100)
@given(deformed(BUNDLE))
def test_any_bundle_like_json_is_read_or_refused_clearly(value):
    read = read_or_refused(lambda: read_page(json.dumps(value).encode(), PeopleBook()))
    if read is not None:
        check(read)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=100)
@given(deformed(REPORT).filter(lambda value: isinstance(value, dict)), deformed(PATIENT))
def test_any_report_like_json_becomes_a_row(value, patient):
    read = page({**json.loads(json.dumps(value)), "resourceType": "DiagnosticReport"}, patient)
    check(read)
    if is_radiology(value):
        assert any(
            fetched.report.key == value.get("id") or fetched.report.problem for fetched in read.reports
        )


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: json.dumps(text).encode()))
def test_any_bytes_are_refused_clearly(data):
    read_or_refused(lambda: read_page(data, PeopleBook()))
    read_or_refused(lambda: read_one(data, PeopleBook()))
    read_or_refused(lambda: read_body(data))
    next_ahead(data)


@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b'{"a":' * 200_000, b"<html></html>", b"", b"NaN", b'{"a":1e999999}']
)
def test_hostile_json_is_refused_clearly(data):
    with pytest.raises(PortalFault):
        read_page(data, PeopleBook())


@given(st.text())
def test_texts_are_bounded_and_clean(text):
    assert clean(line(text, 50))
    assert len(line(text, 50)) <= 50
    assert clean(paragraphs(text, 50).replace("\n", "").replace("\t", ""))


def test_a_row_says_everything_the_report_says():
    report = row(identifier=None)
    assert (report.key, report.version, report.status, report.critical) == (
        "r1",
        "3",
        ReportStatus.FINAL,
        True,
    )
    assert (report.patient.name, report.patient.identifier, report.patient.sex) == (
        "SMITH, Ann",
        "4711",
        Sex.FEMALE,
    )
    assert (report.exam, report.modality, report.radiologist) == ("CT Chest", "CT", "Dr")
    assert (report.referrer, report.accession, report.problem) == ("Dr Refer", "A9", "")
    assert report.date.at.isoformat() == "2026-01-02T03:04:05+00:00"


def test_what_cannot_be_read_is_a_row_that_says_why():
    assert row(id=None).problem
    assert row(subject=None).problem
    assert "instruction" in row(modifierExtension=[{"url": "urn:x"}]).problem
    assert row(status="invented").status is ReportStatus.UNKNOWN
    (odd,) = page(None).reports
    assert odd.report.problem
    assert page(None).reports[0].report.key == odd.report.key


def test_a_report_nested_beyond_keeping_is_a_row_that_says_why():
    deep = orjson.loads(b"[" * 300 + b"]" * 300)
    bundle = json.dumps(
        {"resourceType": "Bundle", "entry": [{"resource": {**REPORT, "result": deep}}]}
    ).encode()
    (fetched,) = read_page(bundle, PeopleBook()).reports
    assert fetched.report.problem
    read_body(fetched.resource)


def test_a_lone_surrogate_spoils_one_character_not_the_page():
    data = json.dumps(
        {"resourceType": "Bundle", "entry": [{"resource": {**REPORT, "conclusion": "a\ud800b"}}]}
    ).encode()
    (fetched,) = read_page(data, PeopleBook()).reports
    assert read_body(fetched.resource).conclusion == "a\ufffdb"


def test_only_matches_count_and_warnings_are_told():
    read = read_page(orjson.dumps(BUNDLE), PeopleBook())
    assert [fetched.report.key for fetched in read.reports] == ["r1"]
    assert read.incomplete.endswith(": d")
    included = {**BUNDLE["entry"][0], "search": {"mode": "include"}}
    assert read_page(orjson.dumps({**BUNDLE, "entry": [included]}), PeopleBook()).reports == ()


def test_an_operation_outcome_instead_of_a_list_is_a_failure():
    with pytest.raises(PortalFault):
        read_page(b'{"resourceType":"OperationOutcome","issue":[{"severity":"error"}]}', PeopleBook())


def test_patients_are_shared():
    one, two = page(REPORT, {**REPORT, "id": "r2"}, PATIENT).reports
    assert one.report.patient is two.report.patient


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ([RAD], True),
        ([{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "CUS"}]}], True),
        ([{"coding": [{"system": "http://loinc.org", "code": "LP29684-5"}]}], True),
        ([{"coding": [{"code": "4201000179104"}]}], True),
        ([{"text": "Diagnostic imaging"}], True),
        ([{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}], False),
        ([{"coding": [{"system": "http://loinc.org", "code": "LP29708-2", "display": "Cardiology"}]}], False),
        ([{"coding": [{"code": "LAB"}]}, RAD], True),
        ([{"coding": [{"code": "unknown"}]}], True),  # what was examined decides: CT
        ([], True),
    ],
)
def test_which_categories_are_radiology(category, expected):
    assert is_radiology({"category": category, "code": {"text": "CT Chest"}}) is expected


def test_without_a_category_what_was_examined_decides():
    assert not is_radiology({"code": {"text": "Complete blood count"}})
    assert is_radiology({"code": {"text": "Something"}, "imagingStudy": [{"reference": "ImagingStudy/1"}]})


@pytest.mark.parametrize(
    ("exam", "modality"),
    [
        ("XR Knee 3 Views", "CR"),
        ("Portable XR Chest Views", "CR"),
        ("CT angiography head", "CT"),
        ("MRI Brain w/o contrast", "MR"),
        ("PET/CT skull base to thigh", "PT"),
        ("Abdominal Ultrasound", "US"),
        ("Mammographie beidseits", "MG"),
        ("DXA BONE DENSITOMETRY", "BMD"),
        ("Bone scan whole body", "NM"),
        ("Barium swallow", "RF"),
        ("IRM du genou", "MR"),
        ("Röntgen Thorax", "CR"),
        ("Ecografía abdominal", "US"),
        ("Consultation", ""),
    ],
)
def test_the_modality_in_an_exam_name(exam, modality):
    assert modality_of({}, exam) == modality


def test_names_official_before_usual_before_first():
    names = [
        {"family": "First"},
        {"use": "usual", "family": "Usual"},
        {"use": "official", "family": "van der Berg"},
    ]
    assert human_name(names) == "VAN DER BERG"
    assert human_name(names[:2]) == "USUAL"
    assert human_name([{"use": "old", "family": "Old"}, {"text": "王小明"}]) == "王小明"
    assert human_name([{"family": "\u202eevil\u0000"}]) == "EVIL"


def test_the_medical_record_number_comes_first():
    patient = {
        "identifier": [
            {"use": "official", "value": "1"},
            {"type": {"coding": [{"code": "MR"}]}, "value": "2"},
        ]
    }
    assert patient_of(patient, "p").identifier == "2"


def test_a_digest_is_taken_as_base64_and_as_hexadecimal():
    digest = hashlib.sha1(b"x").digest()  # noqa: S324
    for written in (
        base64.b64encode(digest).decode(),
        digest.hex(),
        base64.b64encode(digest.hex().encode()).decode(),
    ):
        body = read_body(orjson.dumps({"presentedForm": [{"hash": written}]}))
        assert body.attachments[0].digest == digest


def test_the_next_link_is_found_ahead_at_either_end():
    for text in (
        b'{"resourceType":"Bundle","link":[{"relation":"next","url":"https://x/a?b=1"}],"entry":[]}',
        b'{"entry":['
        + b"1," * 20000
        + b'1],"link":[{"relation":"self","url":"s"},{"url":"https://x/a?b=1","relation":"next"}]}',
    ):
        assert next_ahead(text) == "https://x/a?b=1"


def test_all_public_examples_are_read():
    if not DATA.is_dir():
        pytest.skip(f"the public examples are not here ({DATA.name})")
    reports, left_out = [], 0
    for file in sorted(DATA.glob("*.json")):
        read = read_page(file.read_bytes(), PeopleBook())
        reports += read.reports
        left_out += read.outside
    assert len(reports) + left_out == 47
    assert left_out == 1  # a cardiology report
    for fetched in reports:
        assert fetched.report.problem == ""
        assert fetched.report.exam
        assert fetched.report.modality
        assert fetched.report.patient is not None
        body = read_body(fetched.resource)
        assert body.narrative or body.conclusion or body.attachments
        assert all(each.url or each.data for each in body.attachments)
