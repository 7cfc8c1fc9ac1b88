"""FHIR R4 read, search, paging and history, as a client meets them."""

import pytest
import requests

from server_stub.fhir import search as search_module
from server_stub.fhir.query import Handling, read_query
from server_stub.fhir.search import Totals, run_search
from server_stub.intake.complaints import Complaints
from server_stub.intake.files import read_paths
from server_stub.intake.importer import take
from server_stub.store.database import Database
from server_stub.store.sessions import Caller
from server_stub.store.users import Role


@pytest.fixture
def ask(portal, clients):
    """Ask as the radiologist."""

    def get(path, headers=None, **parameters):
        named = {name.replace("__", "."): value for name, value in parameters.items()}
        return clients["radiologist"].get(portal.fhir(path), params=named, headers=headers)

    return get


def ids(answer, mode="match"):
    assert answer.status_code == 200
    return [
        entry["resource"]["id"] for entry in answer.json().get("entry", []) if entry["search"]["mode"] == mode
    ]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"patient": "Patient/patient-1"}, {1}),
        ({"patient": "patient-1,patient-2"}, {1, 2}),
        ({"subject": "Patient/patient-3"}, {3}),
        ({"subject:Patient": "patient-3"}, {3}),
        ({"patient.identifier": "urn:mrn|M2"}, {2}),
        ({"patient.identifier": "M2"}, {2}),
        ({"patient.identifier": "urn:other|M2"}, set()),
        ({"patient.name": "angst"}, {1}),
        ({"patient.name": "ÅNGSTRÖM test"}, {1}),
        ({"patient.name:exact": "Baker"}, {2}),
        ({"patient.name:exact": "baker"}, set()),
        ({"patient.name:contains": "eli"}, {3}),
        ({"category": "CT"}, {1, 2, 3}),
        ({"category": "MR,CT"}, {1, 2, 3}),
        ({"category": "http://terminology.hl7.org/CodeSystem/v2-0074|CT"}, {1, 2, 3}),
        ({"category": "http://terminology.hl7.org/CodeSystem/v2-0074|"}, {1, 2, 3}),
        ({"category": "|CT"}, set()),
        ({"code": "http://loinc.org|24627-2"}, {1, 2, 3}),
        ({"status": "final"}, {1, 2, 3}),
        ({"status:not": "final"}, set()),
        ({"identifier": "urn:reports|R2"}, {2}),
        ({"_id": "report-1,report-3,absent"}, {1, 3}),
        ({"based-on": "ServiceRequest/request-2"}, {2}),
        ({"date": "2024-02"}, {2}),
        ({"date": "ne2024-02"}, {1, 3}),
        ({"date": "gt2024-02-01"}, {3}),
        ({"date": "ge2024-02-01"}, {2, 3}),
        ({"date": "lt2024-02-01"}, {1}),
        ({"date": "le2024-02-01"}, {1, 2}),
        ({"date": "sa2024-02-01T08:00:00Z"}, {2, 3}),
        ({"date": "eb2024-02-01T08:00:00Z"}, {1}),
        ({"date": ["ge2024-01-15", "lt2024-03-01"]}, {2}),
        ({"issued": "2024-03-01"}, {3}),
        ({"_lastUpdated": "ge2024-02-01"}, {2, 3}),
    ],
)
def test_a_search_finds_what_fhir_says(ask, parameters, found):
    assert set(ids(ask("DiagnosticReport", **parameters))) == {f"report-{number}" for number in found}


def test_posted_searches_answer_like_asked_ones_and_keep_names_out_of_links(portal, clients):
    body = {"patient.name": "test", "_count": "1", "_sort": "_id"}
    answer = clients["radiologist"].post(portal.fhir("DiagnosticReport/_search"), data=body)
    assert ids(answer) == ["report-1"]
    following = next(link["url"] for link in answer.json()["link"] if link["relation"] == "next")
    assert "test" not in following
    assert "patient" not in following.partition("?")[2]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("-date", "321"), ("date", "123"), ("-issued", "321"), ("_lastUpdated", "123"), ("-_id,date", "321")],
)
def test_pages_follow_each_other_in_order_without_gap_or_repetition(ask, portal, clients, sort, order):
    answer = ask("DiagnosticReport", _sort=sort, _count="1", _total="accurate")
    seen = ids(answer)
    for _ in range(2):
        link = next(link["url"] for link in answer.json()["link"] if link["relation"] == "next")
        assert answer.links["next"]["url"] == link
        assert answer.json()["total"] == 3
        answer = clients["radiologist"].get(link)
        seen += ids(answer)
    assert seen == [f"report-{number}" for number in order]
    assert "next" not in answer.links


@pytest.fixture(scope="module")
def connection(tmp_path_factory, data_file):
    """A reading connection to the records, without a portal around them."""
    database = Database(tmp_path_factory.mktemp("search") / "portal.sqlite")
    take(database, read_paths([data_file], Complaints()))
    yield database.reader()
    database.close()


def found_by(connection, caller, *pairs):
    """What a search finds on pages of one, with the total of each."""
    query, after, found = read_query("DiagnosticReport", pairs, Handling.STRICT), None, []
    query.count = 1
    while True:
        page = run_search(connection, Totals(), caller, query, after)
        found += [(row.id, page.total) for row in page.matches]
        after = page.following
        if after is None:
            return found


@pytest.mark.parametrize("few", [0, 1, 1_000_000])
@pytest.mark.parametrize(
    ("user", "news", "numbers"),
    [
        ("radiologist", "ge2024-01-02", "321"),
        ("radiologist", "gt2024-02-15", "3"),
        ("radiologist", "ge2024-02-15,lt2024-02-15", "321"),
        ("radiologist", "ge2024-02-15,ge2024-01-02", "321"),
        ("radiologist", "ge2030", ""),
        ("alpha", "ge2024-01-02", "21"),
        ("alpha", "sa2024-02", ""),
        ("beta", "ge2024-01-02", "32"),
        ("beta", "ge2024-02-15", "3"),
    ],
)
def test_a_search_finds_the_same_however_it_is_carried_out(connection, monkeypatch, few, user, news, numbers):
    monkeypatch.setattr(search_module, "_FEW", few)
    role = Role.RADIOLOGIST if user == "radiologist" else Role.REFERRING_PHYSICIAN
    caller = Caller("session", user, role, user)
    pairs = [("_lastUpdated", news), ("_sort", "-issued"), ("_total", "accurate")]
    assert found_by(connection, caller, *pairs) == [(f"report-{n}", len(numbers)) for n in numbers]
    everything = {"radiologist": "321", "alpha": "21", "beta": "32"}[user]
    expected = [(f"report-{n}", len(everything)) for n in everything]
    assert found_by(connection, caller, *pairs[1:]) == expected


def test_a_page_that_is_no_longer_kept_is_gone(ask):
    answer = ask("DiagnosticReport", _page="AAAA")
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (410, "expired")


def test_total_comes_only_when_asked_for(ask):
    assert "total" not in ask("DiagnosticReport").json()
    counted = ask("DiagnosticReport", _total="accurate", _count="0").json()
    assert counted["total"] == 3
    assert "entry" not in counted


def test_an_unknown_parameter_is_named_or_refused_as_the_client_prefers(ask):
    lenient = ask("DiagnosticReport", _text="nodule", status="final")
    assert len(ids(lenient)) == 3
    outcome = lenient.json()["entry"][-1]
    assert outcome["search"]["mode"] == "outcome"
    assert "_text" in outcome["resource"]["issue"][0]["diagnostics"]
    assert "nodule" not in lenient.text
    strict = ask("DiagnosticReport", headers={"Prefer": "handling=strict"}, _text="nodule")
    assert (strict.status_code, strict.json()["resourceType"]) == (400, "OperationOutcome")


@pytest.mark.parametrize(
    "parameters",
    [
        {"_include": "DiagnosticReport:imaging-study"},
        {"_include": "Patient:link"},
        {"_revinclude": "ImagingStudy:basedon"},
        {"_sort": "patient"},
        {"_count": "many"},
        {"_count": "-1"},
        {"_total": "perhaps"},
        {"date": "yesterday"},
        {"date": "ap2024"},
        {"status:missing": "true"},
        {"patient:Group": "x"},
    ],
)
def test_what_cannot_be_done_is_refused_with_an_outcome(ask, parameters):
    answer = ask("DiagnosticReport", **parameters)
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


@pytest.mark.parametrize(
    "name", ["_id", "code", "identifier", "status:not", "date", "patient", "patient.name"]
)
def test_as_many_values_as_are_offered_are_searched_for(portal, clients, name):
    one = {"date": "1990-01-{:02d}"}.get(name, "s|c{:d}" if name in ("code", "identifier") else "c{:d}")
    some = [one.format(number % 28 + 1) for number in range(999)]
    last = {"_id": "report-2", "code": "24627-2", "identifier": "R2", "status:not": "x", "date": "2024-02-01",
            "patient": "patient-2", "patient.name": "baker"}[name]  # fmt: skip
    posted = portal.fhir("DiagnosticReport/_search")
    answer = clients["radiologist"].post(posted, data={name: ",".join([*some, last])})
    assert "report-2" in ids(answer)
    more = clients["radiologist"].post(posted, data={name: ",".join([*some, last]), "category": "CT"})
    assert (more.status_code, more.json()["issue"][0]["code"]) == (400, "too-costly")


def test_a_name_of_a_thousand_words_is_searched_for_and_longer_ones_refused(portal, clients):
    posted = portal.fhir("Patient/_search")
    assert ids(clients["radiologist"].post(posted, data={"name": "b " * 1000})) == ["patient-2"]
    # U+FDFA stands for four words.
    for name in ("b " * 1001, "\ufdfa" * 400):
        assert clients["radiologist"].post(posted, data={"name": name}).status_code == 400


def test_a_reference_may_be_written_with_this_portals_own_address_and_no_other(ask, portal):
    assert ids(ask("DiagnosticReport", patient=portal.fhir("Patient/patient-2"))) == ["report-2"]
    for elsewhere in ("https://elsewhere.example/fhir/Patient/patient-2", "/fhir/Patient/patient-2"):
        assert ids(ask("DiagnosticReport", patient=elsewhere)) == []


def test_includes_come_once_each_beside_the_matches(ask):
    answer = ask(
        "DiagnosticReport", _include=["DiagnosticReport:patient", "DiagnosticReport:results-interpreter"]
    )
    assert sorted(ids(answer, "include")) == ["patient-1", "patient-2", "patient-3", "reader"]


def test_studies_are_found_by_their_ids(ask):
    assert ids(ask("ImagingStudy", _id="study-3,study-1", _sort="_id")) == ["study-1", "study-3"]


def test_a_version_seen_before_costs_nothing(ask):
    answer = ask("DiagnosticReport/report-1")
    assert answer.headers["ETag"] == 'W/"2"'
    again = ask("DiagnosticReport/report-1", headers={"If-None-Match": 'W/"2"'})
    assert (again.status_code, again.content) == (304, b"")
    assert ask("DiagnosticReport/report-1", headers={"If-None-Match": 'W/"1"'}).status_code == 200


def test_a_history_is_told_newest_first(ask, portal, clients):
    answer = ask("DiagnosticReport/report-1/_history")
    versions = [entry["resource"]["meta"]["versionId"] for entry in answer.json()["entry"]]
    assert versions == ["2", "1"]
    assert answer.json()["type"] == "history"
    assert ask("DiagnosticReport/report-1/_history/1").json()["conclusion"] == "misfiled"
    for absent in ("3", "0", "x", "1" * 20):
        assert ask(f"DiagnosticReport/report-1/_history/{absent}").status_code == 404
    first = ask("DiagnosticReport/report-1/_history", _count="1")
    second = clients["radiologist"].get(first.links["next"]["url"])
    assert [entry["resource"]["meta"]["versionId"] for entry in second.json()["entry"]] == ["1"]
    assert len(ask("DiagnosticReport/report-1/_history", _since="2024-01-02").json()["entry"]) == 1


@pytest.mark.parametrize("accept", ["application/fhir+json", "application/json"])
def test_a_binary_is_json_for_those_who_ask_for_fhir(ask, accept):
    assert ask("Binary/binary-1", headers={"Accept": accept}).json()["contentType"] == "text/plain"


def test_a_binary_is_its_own_bytes_for_everyone_else(ask):
    answer = ask("Binary/binary-1", headers={"Accept": "text/plain"})
    assert (answer.headers["Content-Type"], answer.content) == ("text/plain", b"the text of a document")


def test_an_unknown_address_is_answered_with_an_outcome(ask, portal):
    for path in ("Nothing", "Nothing/1", "Communication", "Communication/message-2", "a/b/c/d/e"):
        answer = ask(path)
        assert (answer.status_code, answer.json()["resourceType"]) == (404, "OperationOutcome")
    changed = portal.visitor().delete(portal.fhir("Patient/patient-1"))
    assert (changed.status_code, changed.json()["resourceType"]) == (405, "OperationOutcome")


def test_the_capability_statement_lists_what_is_offered(portal):
    statement = portal.visitor().get(portal.fhir("metadata")).json()
    reports = next(r for r in statement["rest"][0]["resource"] if r["type"] == "DiagnosticReport")
    assert {"patient", "category", "date", "issued", "patient.name"} <= {
        p["name"] for p in reports["searchParam"]
    }
    assert "DiagnosticReport:imaging-study" not in reports["searchInclude"]


def test_plain_http_is_not_spoken(portal):
    with pytest.raises(requests.ConnectionError):
        portal.visitor().get(portal.url.replace("https", "http"))
