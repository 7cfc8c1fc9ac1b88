"""Who sees what, on every route."""

import pytest

EVERYTHING = {
    "DiagnosticReport": {"report-1", "report-2", "report-3"},
    "Patient": {"patient-1", "patient-2", "patient-3"},
    "Practitioner": {"reader", "alpha", "beta"},
    "ServiceRequest": {"request-1", "request-2", "request-3"},
    "ImagingStudy": {"study-1", "study-2", "study-3"},
    "Observation": {f"{name}-{number}" for name in ("result", "member") for number in (1, 2, 3)},
    "Binary": {"binary-1", "binary-2", "binary-3"},
    "DocumentReference": {"document-1", "document-2", "document-3"},
}


def only(*numbers, practitioners):
    """What belongs to these reports, and these practitioners."""
    seen = {kind: {own for own in all_of if own[-1] in numbers} for kind, all_of in EVERYTHING.items()}
    return {**seen, "Practitioner": set(practitioners)}


SEEN = {
    "radiologist": EVERYTHING,
    "alpha": only("1", "2", practitioners=("reader", "alpha", "beta")),
    "beta": only("2", "3", practitioners=("reader", "beta")),
    "stranger": only(practitioners=()),
    "admin": only(practitioners=("reader", "alpha", "beta")),
}
CASES = [(user, kind) for user in SEEN for kind in EVERYTHING]


@pytest.mark.parametrize(("user", "kind"), CASES)
def test_a_search_finds_and_counts_only_what_the_user_may_see(portal, clients, user, kind):
    answer = clients[user].get(portal.fhir(kind), params={"_total": "accurate"})
    bundle = answer.json()
    assert answer.status_code == 200
    assert {entry["resource"]["id"] for entry in bundle.get("entry", [])} == SEEN[user][kind]
    assert bundle["total"] == len(SEEN[user][kind])


@pytest.mark.parametrize(("user", "kind"), CASES)
def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(portal, clients, user, kind):
    client = clients[user]
    absent = client.get(portal.fhir(f"{kind}/no-such-thing"))
    assert absent.status_code == 404
    for own in EVERYTHING[kind]:
        for path in (f"{kind}/{own}", f"{kind}/{own}/_history", f"{kind}/{own}/_history/1"):
            answer = client.get(portal.fhir(path), headers={"Accept": "application/fhir+json"})
            if own not in SEEN[user][kind]:
                assert (answer.status_code, answer.content) == (404, absent.content)
                assert {*answer.headers} == {*absent.headers}
            elif not (own in ("report-1", "binary-1", "patient-1") and path.endswith("/1")):
                assert answer.status_code == 200


def test_raw_documents_are_behind_the_same_rule(portal, clients):
    assert clients["alpha"].get(portal.fhir("Binary/binary-1")).content == b"the text of a document"
    assert clients["alpha"].get(portal.fhir("Binary/binary-3")).status_code == 404


def test_an_include_brings_nothing_that_may_not_be_seen(portal, clients):
    parameters = {
        "_include": ["DiagnosticReport:patient", "DiagnosticReport:based-on"],
        "_revinclude": "DocumentReference:related",
    }
    bundle = clients["alpha"].get(portal.fhir("DiagnosticReport"), params=parameters).json()
    included = {entry["resource"]["id"] for entry in bundle["entry"] if entry["search"]["mode"] == "include"}
    assert included == {
        "patient-1", "patient-2", "request-1", "request-2", "document-1", "document-2",
    }  # fmt: skip


def test_a_reverse_include_brings_nothing_that_may_not_be_seen(portal, clients):
    parameters = {"_id": "patient-2", "_revinclude": "DiagnosticReport:subject"}
    bundle = clients["alpha"].get(portal.fhir("Patient"), params=parameters).json()
    assert {entry["resource"]["id"] for entry in bundle["entry"]} == {"patient-2", "report-2"}
    parameters["_id"] = "patient-3"
    assert "entry" not in clients["alpha"].get(portal.fhir("Patient"), params=parameters).json()


@pytest.mark.parametrize("chain", [{"patient.name": "celik"}, {"patient.identifier": "urn:mrn|M3"}])
def test_a_search_by_patient_reveals_nothing_about_others(portal, clients, chain):
    parameters = {**chain, "_total": "accurate", "_count": "0"}
    totals = {
        user: clients[user].get(portal.fhir("DiagnosticReport"), params=parameters).json()["total"]
        for user in ("radiologist", "alpha", "beta")
    }
    assert totals == {"radiologist": 1, "alpha": 0, "beta": 1}


def test_a_version_filed_under_another_patient_stays_hidden(portal, clients):
    history = portal.fhir("DiagnosticReport/report-1/_history")
    bundle = clients["alpha"].get(history).json()
    assert [entry["resource"]["meta"]["versionId"] for entry in bundle["entry"]] == ["2"]
    assert bundle["total"] == 1
    assert clients["alpha"].get(f"{history}/1").status_code == 404
    assert len(clients["radiologist"].get(history).json()["entry"]) == 2


@pytest.mark.parametrize("name", ["Binary/binary-1", "Patient/patient-1"])
def test_an_old_version_that_names_no_patient_stays_hidden(portal, clients, name):
    fhir = {"Accept": "application/fhir+json"}
    history = portal.fhir(f"{name}/_history")
    bundle = clients["alpha"].get(history).json()
    assert [entry["resource"]["meta"]["versionId"] for entry in bundle["entry"]] == ["2"]
    assert bundle["total"] == 1
    assert clients["alpha"].get(f"{history}/1").status_code == 404
    for path in (portal.fhir(name), f"{history}/2"):
        assert clients["alpha"].get(path, headers=fhir).json()["meta"]["versionId"] == "2"
    assert len(clients["radiologist"].get(history).json()["entry"]) == 2
    assert clients["radiologist"].get(f"{history}/1", headers=fhir).json()["meta"]["versionId"] == "1"


def test_a_page_link_works_for_its_own_user_only(portal, clients):
    first = clients["radiologist"].get(portal.fhir("DiagnosticReport"), params={"_count": "1"}).json()
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    assert clients["radiologist"].get(following).status_code == 200
    assert clients["alpha"].get(following).status_code == 410


@pytest.mark.parametrize("path", ["DiagnosticReport", "Patient/patient-1", "Binary/binary-1", "Nothing"])
def test_nothing_is_answered_without_a_token(portal, path):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}):
        answer = portal.visitor().get(portal.fhir(path), headers=headers)
        assert answer.status_code == 401
        assert answer.json()["resourceType"] == "OperationOutcome"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
