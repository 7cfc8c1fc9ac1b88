"""Every fault, seen on the wire; and a switch that is never on by accident."""

import contextlib
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from server_stub.faults.consent import FaultsRefusedError, require_consent
from server_stub.faults.plan import Fault, FaultName, FaultPlan, read_fault

ROOT = Path(__file__).parents[3]


@pytest.fixture
def order(faulty):
    """Order a fault; all are cleared afterwards."""

    def post(fault, **more):
        answer = faulty.visitor().post(f"{faulty.url}/portal/faults", json={"fault": fault, **more})
        assert answer.status_code == 204

    yield post
    faulty.visitor().delete(f"{faulty.url}/portal/faults")


@pytest.fixture(scope="module")
def client(faulty):
    return faulty.signed_in("radiologist")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_a_status_is_answered_as_often_as_ordered(faulty, client, order, status):
    order(str(status), match="/fhir/Patient", times=2, seconds=7)
    answers = [client.get(faulty.fhir("Patient")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json()["resourceType"] == "OperationOutcome"
    assert answers[0].headers.get("Retry-After") == ("7" if status in (429, 503) else None)


def test_a_page_can_be_gone_after_some_went_well(faulty, client, order):
    order("410", match="/fhir/DiagnosticReport?_page=", after=1)
    answer = client.get(faulty.fhir("DiagnosticReport"), params={"_count": "1"})
    second = client.get(answer.links["next"]["url"])
    assert second.status_code == 200
    assert client.get(second.links["next"]["url"]).status_code == 410
    assert client.get(second.links["next"]["url"]).status_code == 200


def test_a_fault_can_be_for_one_method_and_for_the_sign_in(faulty, order):
    order("500", match="/portal/sign-in", method="POST")
    answer = faulty.sign_in("radiologist")
    assert (answer.status_code, answer.json()["error"]) == (500, "ordered-by-a-test")


def test_a_body_is_cut_in_the_middle(faulty, client, order):
    order("cut", match="/fhir/Patient")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.get(faulty.fhir("Patient"))
    assert client.get(faulty.fhir("Patient")).status_code == 200


def test_a_length_can_be_too_long_and_too_short(faulty, client, order):
    whole = client.get(faulty.fhir("Binary/binary-1")).content
    order("wrong-length", match="/fhir/Binary", by=5)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.get(faulty.fhir("Binary/binary-1"))
    order("wrong-length", match="/fhir/Binary", by=-5)
    assert client.get(faulty.fhir("Binary/binary-1")).content == whole[:-5]


def test_json_can_be_malformed_at_full_length(faulty, client, order):
    order("malformed-json", match="/fhir/Patient")
    answer = client.get(faulty.fhir("Patient"))
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_web_page_can_come_instead(faulty, client, order):
    order("html", match="/fhir/Patient")
    answer = client.get(faulty.fhir("Patient"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_a_token_can_expire_and_be_refreshed(faulty, order):
    session = faulty.sign_in("radiologist").json()
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    order("expired-token", match="/fhir/Patient")
    answers = [faulty.visitor().get(faulty.fhir("Patient"), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 401]
    body = {"refresh_token": session["refresh_token"]}
    token = faulty.visitor().post(f"{faulty.url}/portal/refresh", json=body).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert faulty.visitor().get(faulty.fhir("Patient"), headers=headers).status_code == 200


def test_silence_lasts_until_the_client_gives_up(faulty, client, order):
    order("silence", match="/fhir/Patient")
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.get(faulty.fhir("Patient"), timeout=(5, 0.3))
    assert client.get(faulty.fhir("Patient")).status_code == 200


def test_an_answer_can_be_late(faulty, client, order):
    order("latency", match="/fhir/Patient", seconds=30)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.get(faulty.fhir("Patient"), timeout=(5, 0.3))
    order("latency", match="/fhir/Binary", seconds=0.01)
    assert client.get(faulty.fhir("Binary/binary-1")).status_code == 200


def test_nobody_listens_for_a_while_and_then_again(faulty, order):
    address = ("127.0.0.1", urlsplit(faulty.url).port)
    order("refuse", seconds=2)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)
    answer = None
    while answer is None:
        with contextlib.suppress(requests.ConnectionError):
            answer = faulty.visitor().get(faulty.fhir("metadata"))
    assert answer.status_code == 200


def test_a_connection_can_be_accepted_and_never_answered(faulty, order):
    address = ("127.0.0.1", urlsplit(faulty.url).port)
    order("silent-connection", match="/fhir/Nothing")
    with pytest.raises(requests.ConnectionError):  # this request arms it, and its connection is dropped
        faulty.visitor().get(faulty.fhir("Nothing"))
    with socket.create_connection(address, timeout=0.5) as connection:
        context = ssl.create_default_context(cafile=faulty.authority)
        with pytest.raises(TimeoutError):
            context.wrap_socket(connection, server_hostname="127.0.0.1")


def test_the_certificate_can_change(faulty, order):
    order("changed-certificate", match="/fhir/Nothing", times=1)
    with pytest.raises(requests.ConnectionError):
        faulty.visitor().get(faulty.fhir("Nothing"))
    with pytest.raises(requests.exceptions.SSLError, match="certificate verify failed"):
        faulty.visitor().get(faulty.fhir("metadata"))
    assert faulty.visitor().get(faulty.fhir("metadata")).status_code == 200


@pytest.mark.parametrize(
    "wrong", [[], {}, {"fault": "fire"}, {"fault": "cut", "times": 0}, {"fault": "cut", "seconds": -1},
              {"fault": "cut", "match": 3}, {"fault": "cut", "extra": 1},
              {"fault": "latency", "seconds": 1e9},
              {"fault": "silent-connection", "times": None}],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused_with_the_reason(wrong):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        read_fault(wrong)


def test_the_first_matching_fault_happens_and_is_used_up():
    plan = FaultPlan()
    plan.add(Fault(FaultName.CUT, match="/a", times=1))
    plan.add(Fault(FaultName.HTML, match="/", times=None))
    taken = [plan.take("GET", target).name for target in ("/a/b", "/a/b", "/c")]
    assert taken == [FaultName.CUT, FaultName.HTML, FaultName.HTML]
    plan.clear()
    assert plan.take("GET", "/a") is None


def test_a_portal_without_faults_has_no_such_route(portal):
    answer = portal.visitor().post(f"{portal.url}/portal/faults", json={"fault": "cut"})
    assert answer.status_code == 404


def test_faults_need_loopback_and_the_word_in_the_environment(monkeypatch):
    monkeypatch.setenv("SAFELIGHT_PORTAL_FAULTS", "yes")
    with pytest.raises(FaultsRefusedError, match="environment"):
        require_consent("127.0.0.1")
    monkeypatch.setenv("SAFELIGHT_PORTAL_FAULTS", "yes-this-is-a-test")
    for host in ("192.0.2.1", "::", "portal.example"):
        with pytest.raises(FaultsRefusedError, match="loopback"):
            require_consent(host)
    for host in ("127.0.0.1", "::1", "localhost"):
        require_consent(host)


def test_without_consent_nothing_starts(tmp_path):
    command = [sys.executable, "-m", "server_stub", "serve", "--faults", "--state", str(tmp_path / "state")]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={"PATH": "/usr/bin"}, timeout=60
    )
    assert ended.returncode == 1
    assert "ready" not in ended.stdout
    assert "nothing was started" in ended.stderr
