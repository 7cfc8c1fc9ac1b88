"""Data in every shape that --data takes; what is not taken is named, without a word of what was in it."""

import base64
import json
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from server_stub.intake.complaints import Complaints
from server_stub.intake.files import read_paths
from server_stub.intake.importer import take
from server_stub.store.database import Database
from server_stub.store.folder import StateFolder

PATIENT = {"resourceType": "Patient", "id": "p", "name": [{"family": "Canary"}]}


@pytest.fixture
def store(tmp_path):
    database = Database(StateFolder.open(tmp_path / "state").database)
    yield database
    database.close()


@pytest.fixture
def take_files(tmp_path, store, capsys):
    """Write files, take them, and give what was taken with what was said."""

    def run(*paths, **files):
        written = []
        for name, content in files.items():
            path = tmp_path / name.replace("__", ".")
            text = content if isinstance(content, (str, bytes)) else json.dumps(content)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            written.append(path)
        complaints = Complaints()
        taken = take(store, read_paths([*paths, *written], complaints))
        complaints.finish()
        return taken, capsys.readouterr().err

    return run


def stored(store, kind):
    rows = store.reader().execute(
        "SELECT r.id, v.version, v.body FROM resource r JOIN version v ON v.key=r.key"
        " WHERE type=? ORDER BY 1, 2",
        (kind,),
    )
    return {(own, version): json.loads(body) for own, version, body in rows}


def bundle(kind, *entries):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def test_the_same_data_taken_twice_change_nothing(take_files):
    first, _ = take_files(a__json=PATIENT)
    again, _ = take_files(a__json=PATIENT)
    assert (first.versions, again.versions, again.known) == ({"Patient": 1}, {}, 1)


def test_a_changed_resource_is_a_new_version(take_files, store):
    take_files(a__json=PATIENT)
    take_files(a__json={**PATIENT, "gender": "female"})
    versions = stored(store, "Patient")
    assert set(versions) == {("p", 1), ("p", 2)}
    assert versions["p", 2]["meta"]["versionId"] == "2"


def test_versions_may_come_in_any_order(take_files, store):
    lines = [
        json.dumps({**PATIENT, "meta": {"versionId": str(n)}, "birthDate": f"200{n}"}) for n in (3, 1, 2)
    ]
    take_files(a__ndjson="\n".join(lines))
    assert set(stored(store, "Patient")) == {("p", 1), ("p", 2), ("p", 3)}
    current = store.reader().execute("SELECT version FROM resource").fetchone()[0]
    assert current == 3


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "batch"])
def test_every_kind_of_bundle_is_taken_and_its_references_lead_somewhere(take_files, store, kind):
    request = {"request": {"method": "POST", "url": "X"}} if kind in ("transaction", "batch") else {}
    study = {"resourceType": "ImagingStudy", "id": "s", "subject": {"reference": "urn:uuid:1"}}
    take_files(
        a__json=bundle(
            kind,
            {"fullUrl": "urn:uuid:1", "resource": PATIENT, **request},
            {"fullUrl": "urn:uuid:2", "resource": study, **request},
        )
    )
    ((own, _),) = stored(store, "Patient")
    (study,) = stored(store, "ImagingStudy").values()
    assert study["subject"]["reference"] == f"Patient/{own}"


def test_one_collections_patient_never_becomes_anothers(take_files, store):
    def collection(family):
        study = {"resourceType": "ImagingStudy", "id": f"s-{family}", "subject": {"reference": "Patient/p"}}
        patient = {**PATIENT, "name": [{"family": family}]}
        return bundle("collection", {"resource": study}, {"resource": patient})

    for _ in range(2):  # the second time changes nothing
        taken, _ = take_files(a__json=collection("One"), b__json=collection("Two"))
    assert taken.total == 0
    families = {}
    patients = {own: patient for (own, _), patient in stored(store, "Patient").items()}
    for (own, _), study in stored(store, "ImagingStudy").items():
        families[own] = patients[study["subject"]["reference"].removeprefix("Patient/")]["name"][0]["family"]
    assert families == {"s-One": "One", "s-Two": "Two"}


def test_the_public_examples_all_come_in(take_files):
    folder = Path(__file__).parents[3].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public examples are not beside this checkout")
    taken, _ = take_files(folder)
    assert taken.versions["DiagnosticReport"] == 47


def test_what_cannot_be_taken_is_named_without_its_content_and_the_rest_goes_on(take_files, tmp_path):
    taken, said = take_files(
        tmp_path / "absent.json",
        a__json='{"resourceType": "Patient", "Canary',
        b__txt="Canary",
        c__json={"Canary": 1},
        d__json=bundle("message"),
        e__json=bundle(
            "collection", {"resource": {"resourceType": "Medication", "note": "Canary"}}, {"x": 1}
        ),
        f__json={**PATIENT, "id": "Canary has spaces"},
        g__ndjson=json.dumps(PATIENT) + "\n{Canary\n",
        h__dcm=b"\0" * 128 + b"DICM" + b"Canary",
        i__json=bundle("transaction", {"resource": PATIENT, "request": {"method": "DELETE"}}),
    )
    assert taken.versions == {"Patient": 1}
    assert "Canary" not in said
    for part in ("absent.json", "a.json", "b.txt", "c.json", "d.json", "entry 1 (Medication)", "entry 2",
                 "f.json", "line 2", "h.dcm", "i.json"):  # fmt: skip
        assert part in said
    assert len([line for line in said.splitlines() if line.startswith("not taken: ")]) == 11


def test_dicom_files_become_patient_and_study(take_files, store):
    file = Path(get_testdata_file("CT_small.dcm", download=False))
    taken, said = take_files(file)
    assert (taken.versions, said) == ({"Patient": 1, "ImagingStudy": 1}, "")
    (study,) = stored(store, "ImagingStudy").values()
    ((own, _),) = stored(store, "Patient")
    assert study["subject"]["reference"] == f"Patient/{own}"
    assert study["series"][0]["modality"]["code"] == "CT"
    assert take_files(file)[0].total == 0


def test_a_document_shared_by_two_reports_needs_both(take_files, store):
    def report(number, requester):
        return [
            {"resourceType": "ServiceRequest", "id": f"q{number}",
             "requester": {"reference": f"Practitioner/{requester}"}},
            {"resourceType": "DiagnosticReport", "id": f"r{number}",
             "basedOn": [{"reference": f"ServiceRequest/q{number}"}]},
        ]  # fmt: skip

    document = {
        "resourceType": "DocumentReference", "id": "d",
        "context": {"related": [{"reference": f"DiagnosticReport/r{n}"} for n in (1, 2)]},
        "content": [{"attachment": {"url": "Binary/b"}}],
    }  # fmt: skip
    binary = {"resourceType": "Binary", "id": "b", "data": base64.b64encode(b"x").decode()}
    take_files(a__json=[*report(1, "one"), *report(2, "two"), document, binary])
    seen = "SELECT r.id FROM visible v JOIN resource r ON r.key=v.key WHERE v.practitioner='one' ORDER BY 1"
    assert [row[0] for row in store.reader().execute(seen)] == ["q1", "r1"]


def test_a_reference_to_another_server_opens_nothing_here(take_files, store):
    def report(number, requester, document):
        return {
            "resourceType": "DiagnosticReport", "id": f"r{number}",
            "basedOn": [{"reference": f"ServiceRequest/q-{requester}"}],
            "presentedForm": [{"contentType": "text/plain", "url": document}],
        }  # fmt: skip

    orders = [
        {"resourceType": "ServiceRequest", "id": f"q-{who}", "requester": {"reference": reference}}
        for who, reference in (
            ("one", "Practitioner/one"),
            ("two", "https://elsewhere.example/Practitioner/one"),
        )
    ]
    documents = [{"resourceType": "Binary", "id": f"b{n}", "data": "eA=="} for n in (1, 2)]
    take_files(
        a__json=[
            *orders, *documents, report(1, "one", "https://elsewhere.example/fhir/Binary/b1"),
            report(2, "one", "Binary/b2/_history/1"), report(3, "two", "Binary/b1"),
        ]
    )  # fmt: skip
    seen = "SELECT r.id FROM visible v JOIN resource r ON r.key=v.key WHERE v.practitioner='one' ORDER BY 1"
    assert [row[0] for row in store.reader().execute(seen)] == ["b2", "q-one", "r1", "r2"]


def test_a_reference_by_an_entrys_full_url_leads_to_that_entry(take_files, store):
    base = "https://source.example/fhir"
    study = {
        "resourceType": "ImagingStudy", "id": "s", "subject": {"reference": f"{base}/Patient/p/_history/1"}
    }  # fmt: skip
    take_files(a__json=bundle("searchset", *(
        {"fullUrl": f"{base}/{entry['resourceType']}/{entry['id']}", "resource": entry}
        for entry in (PATIENT, study)
    )))  # fmt: skip
    found = store.reader().execute("SELECT type, id FROM reference_value WHERE param='patient'").fetchall()
    assert found == [("Patient", "p")]


def test_what_an_earlier_version_without_subject_led_to_is_not_opened(take_files, store):
    order = {
        "resourceType": "ServiceRequest", "id": "q", "requester": {"reference": "Practitioner/one"}
    }  # fmt: skip
    report = {
        "resourceType": "DiagnosticReport", "id": "r", "basedOn": [{"reference": "ServiceRequest/q"}]
    }  # fmt: skip
    form = {"presentedForm": [{"contentType": "text/plain", "url": "Binary/b"}]}
    take_files(a__json=[order, {**report, **form}, {"resourceType": "Binary", "id": "b", "data": "eA=="}])
    take_files(b__json=report)
    seen = "SELECT r.id FROM visible v JOIN resource r ON r.key=v.key WHERE v.practitioner='one' ORDER BY 1"
    assert [row[0] for row in store.reader().execute(seen)] == ["q", "r"]
