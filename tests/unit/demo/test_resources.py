"""The generated FHIR resources hang together."""

import base64
import hashlib
import itertools
import json

import pytest

from server_stub.demo import generate


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        if isinstance(value.get("url"), str):
            yield value["url"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not():
    first, again, other = (json.dumps(list(generate(90, seed))) for seed in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.parametrize("count", [0, 1, 7, 81, 300])
def test_the_number_of_reports_is_what_was_asked_for(count):
    reports = {one["id"] for one in generate(count) if one["resourceType"] == "DiagnosticReport"}
    assert len(reports) == count


def test_a_negative_number_of_reports_is_refused():
    with pytest.raises(ValueError, match="negative"):
        next(generate(-1))


def test_the_usual_set_has_eighty_patients_and_five_hundred_radiology_reports(data):
    assert len(data.of("Patient")) >= 80
    assert len(data.latest()) >= 500
    assert len(data.versions) - len(data.latest()) >= 8, "reports of other departments to keep out"


def test_every_reference_and_attachment_url_resolves(data):
    missing = [ref for one in data.all for ref in references(one) if ref not in data.by_reference]
    # What a report contains, and images, are no resources of the portal.
    assert [ref for ref in missing if not ref.startswith(("#", "../dicom-web/studies/"))] == []


def test_every_attachment_has_its_size_and_sha1(data):
    checked = 0
    for resource in data.of("DiagnosticReport"):
        for attachment in resource.get("presentedForm", []):
            raw = data.bytes_of(attachment)
            assert attachment["size"] == len(raw)
            assert base64.b64decode(attachment["hash"]) == hashlib.sha1(raw).digest()  # noqa: S324 - R4 says SHA-1
            checked += 1
    assert checked > 400


def test_versions_rise_in_number_and_time_and_end_before_the_data_does(data):
    changed = 0
    for history in data.versions.values():
        assert [one["meta"]["versionId"] for one in history] == [str(n + 1) for n in range(len(history))]
        times = [one["meta"]["lastUpdated"] for one in history]
        assert all(earlier < later for earlier, later in itertools.pairwise(times))
        assert times[-1] < "2026-11-21"
        changed += len(history) > 1
    assert changed > 40


def test_a_report_is_issued_after_the_exam_and_the_exam_after_birth(data):
    for history in data.versions.values():
        for one in history:
            patient = data.by_reference[one["subject"]["reference"]]
            assert patient["birthDate"] <= one["effectiveDateTime"]
            if one["status"] != "registered":
                assert one["effectiveDateTime"] <= one["issued"]


def test_every_state_of_a_report_occurs(data):
    states = {one["status"] for history in data.versions.values() for one in history}
    settled = {"registered", "preliminary", "final", "cancelled", "entered-in-error"}
    assert states >= settled | {"amended", "corrected", "appended"}


def test_every_modality_and_every_form_occurs(data):
    modalities = {one["modality"][0]["code"] for one in data.of("ImagingStudy")}
    assert modalities >= {"CR", "CT", "MR", "US", "MG", "NM", "XA", "RF"}
    forms = {
        attachment["contentType"].partition(";")[0]
        for one in data.of("DiagnosticReport")
        for attachment in one.get("presentedForm", [])
    }
    texts = {"text/plain", "text/html", "text/rtf", "application/rtf"}
    assert forms == texts | {"application/pdf", "application/dicom"}
    assert any("text" in one for one in data.latest())
    bare = [one["conclusion"] for one in data.latest() if "conclusion" in one and "presentedForm" not in one]
    assert any("FINDINGS" in conclusion.upper() for conclusion in bare)


def test_every_referring_physician_has_reports_of_their_own_and_copies(data):
    own = {one["requester"]["reference"] for one in data.of("ServiceRequest")}
    copied = {one["recipient"][0]["reference"] for one in data.of("Communication")}
    everyone = {f"Practitioner/prac-ref-{number:02}" for number in range(1, 13)}
    assert own == everyone
    assert copied == everyone


def test_accession_numbers_and_record_numbers_are_unique(data):
    accessions = [one["identifier"][0]["value"] for one in data.of("ServiceRequest")]
    assert len(set(accessions)) == len(accessions)
    records = [one["identifier"][0]["value"] for one in data.of("Patient")]
    assert len(set(records)) == len(records)


def test_names_come_in_many_scripts(data):
    letters = "".join(one["name"][0]["text"] for one in data.of("Patient"))
    for sample in "ЖΓםم王藤김ễşø":
        script = sample if sample in letters else None
        block = ord(sample) >> 8
        assert script or any(ord(letter) >> 8 == block for letter in letters), hex(ord(sample))


def test_no_name_is_in_an_id_or_url(data):
    families = {one["name"][0].get("family", "").lower() for one in data.of("Patient")} - {""}
    for one in data.all:
        assert not any(family in one["id"] for family in families if len(family) > 3)
