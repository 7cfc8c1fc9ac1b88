"""The worklist of a large portal: whole, in order, live while it loads, and as the user left it."""

import json
import socket
import subprocess
import sys

import pytest
import requests

from tests.driver.program import ROOT, Home, Portal, running, wait_for

LIST = "/fhir/DiagnosticReport"
ELSEWHERE = {"LAB", "CH", "EC", "LP29708-2", "SP", "LP7839-6", "MB"}  # laboratory, ECG, pathology …
BROKEN = [
    {"resourceType": "DiagnosticReport", "id": "broken-without-patient", "status": "final"},
    {
        "resourceType": "DiagnosticReport",
        "id": "broken-by-an-instruction",
        "status": ["final", 7],
        "code": "no concept",
        "subject": {"display": "Broken, Very"},
        "issued": "2026-11-20T10:00:00Z",
        "modifierExtension": [{"url": "https://example.org/negates", "valueBoolean": True}],
    },
]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A portal of 3,000 reports, two of them broken besides, whose faults tests can switch on."""
    folder = tmp_path_factory.mktemp("large")
    data = folder / "broken.ndjson"
    data.write_text("\n".join(map(json.dumps, BROKEN)))
    portal = Portal(folder / "state", "--demo", "3000", "--data", str(data), faults=True)
    try:
        portal.add_user("radiologist")
        portal.add_user("referrer", "referring-physician", "--practitioner", "prac-ref-01")
        yield portal
    finally:
        portal.close()


@pytest.fixture(scope="module")
def program(large, tmp_path_factory):
    """One program for the module."""
    home = Home(tmp_path_factory.mktemp("reader") / "home")
    with running(home, "--portal", large.url, "--ca-file", large.ca) as program:
        yield program


@pytest.fixture
def signed_out(program, large):
    """The program with its sign-in page, on a portal without faults."""
    large.clear_faults()
    sign_out(program)
    yield program
    large.clear_faults()


def sign_out(program):
    for pid, seen in program.sessions().items():
        if seen["visible"] and "rows" in seen:
            program.tell("sign_out", pid)
            program.gone(pid)
    program.shown("sign-in")


class Plain:
    """The portal as a plain loop over requests sees it."""

    def __init__(self, portal, user):
        said = {"user": user, "password": Portal.PASSWORD, "workstation": socket.gethostname()}
        answer = requests.post(portal.url + "/portal/sign-in", json=said, verify=portal.ca, timeout=30)
        self._portal = portal
        self._token = answer.json()["access_token"]

    def get(self, path):
        url = path if path.startswith("https") else self._portal.url + path
        headers = {"Authorization": "Bearer " + self._token}
        answer = requests.get(url, headers=headers, verify=self._portal.ca, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def resources(self, path):
        """Every resource of a search, page by page."""
        while path:
            page = self.get(path)
            yield from (entry["resource"] for entry in page.get("entry", []))
            path = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")

    def reports(self):
        """The radiology reports, newest first."""
        found = self.resources(LIST + "?_sort=-issued&_count=500")
        return [report for report in found if not codes(report) & ELSEWHERE]


def codes(report):
    concepts = report.get("category", [])
    return {coding["code"] for concept in concepts for coding in concept["coding"]}


@pytest.fixture(scope="module")
def plain(large):
    return Plain(large, "radiologist")


@pytest.fixture(scope="module")
def expected(plain):
    """The ids that belong on the worklist, newest first."""
    return [report["id"] for report in plain.reports()]


def test_the_newest_rows_are_there_while_the_rest_loads_and_stop_and_refresh_work(
    signed_out, large, expected
):
    program = signed_out
    large.fault(LIST, "silence", times=None, after=2)
    pid = program.sign_in("radiologist")
    wait_for("two pages", lambda: program.ask("see", pid=pid).get("rows", 0) > 100)
    seen = program.ask("see", pid=pid)
    here = program.ask("keys", pid=pid)
    assert seen["running"]
    assert set(here) == set(expected[: len(here)])
    so_far = f"{len(here)} of "
    wait_for("the count", lambda: program.ask("see", pid=pid)["count"].startswith(so_far))
    program.ask("click", pid=pid, word="Stop")
    wait_for("the stop", lambda: not program.ask("see", pid=pid)["running"])
    assert "Refresh loads the rest" in program.ask("see", pid=pid)["incomplete"]
    large.clear_faults()
    program.ask("refresh", pid=pid)
    seen = program.whole(pid)
    assert sorted(program.ask("keys", pid=pid)) == sorted(expected)
    all_of_all = f"{len(expected):,} of {len(expected):,} · as of "
    wait_for("the count", lambda: program.ask("see", pid=pid)["count"].startswith(all_of_all))
    assert seen["rows"] == len(expected) > 2800


def test_other_departments_stay_out_and_what_cannot_be_read_is_a_row_that_says_why(
    signed_out, plain, expected
):
    program = signed_out
    pid = program.sign_in("radiologist")
    program.whole(pid)
    everything = [report["id"] for report in plain.resources(LIST + "?_count=500")]
    keys = set(program.ask("keys", pid=pid))
    assert len(everything) > len(expected)
    assert keys == set(expected)
    for broken in BROKEN:
        assert program.ask("report", pid=pid, key=broken["id"])["problem"]
        program.ask("open_key", pid=pid, key=broken["id"])
        assert "is not shown" in program.ask("see", pid=pid)["text"]


def test_a_referring_physician_sees_their_reports_and_no_others(signed_out, large, plain):
    program = signed_out
    pid = program.sign_in("referrer")
    program.whole(pid)
    theirs = program.ask("keys", pid=pid)
    assert sorted(theirs) == sorted(report["id"] for report in Plain(large, "referrer").reports())
    asked = {report["id"] for report in plain.reports() if ordered_by(plain, report, "prac-ref-01")}
    assert asked
    assert asked <= set(theirs)


def ordered_by(plain, report, practitioner):
    """Whether a report answers an order of this practitioner; the orders are fetched once."""
    if not hasattr(plain, "requesters"):
        orders = plain.resources("/fhir/ServiceRequest?_count=500")
        plain.requesters = {order["id"]: order["requester"]["reference"] for order in orders}
    its = [basis["reference"].rpartition("/")[2] for basis in report.get("basedOn", [])]
    return any(plain.requesters.get(order) == f"Practitioner/{practitioner}" for order in its)


def test_what_was_read_is_known_on_another_computer_and_a_new_version_is_changed_there(
    signed_out, large, plain, tmp_path
):
    program = signed_out
    pid = program.sign_in("radiologist")
    program.whole(pid)
    read, withdrawn = readable_reports(program, pid)
    for key in (read, withdrawn):
        program.ask("open_key", pid=pid, key=key)
        wait_for("the report", lambda key=key: program.ask("see", pid=pid)["opened"] == key)
        wait_for("its mark", lambda key=key: program.ask("report", pid=pid, key=key)["state"] == "read")
    text = program.ask("see", pid=pid)["text"]

    with running(Home(tmp_path / "other"), "--portal", large.url, "--ca-file", large.ca) as other:
        its = other.sign_in("radiologist")
        other.whole(its)
        assert other.ask("report", pid=its, key=read)["state"] == "read"

        import_version(large, plain, tmp_path, read, status="amended")
        import_version(large, plain, tmp_path, withdrawn, status="entered-in-error")
        other.ask("refresh", pid=its)
        wait_for("the new version", lambda: other.ask("report", pid=its, key=read)["state"] == "changed")
        seen = other.whole(its)
        assert other.ask("report", pid=its, key=read)["status"] == "amended"
        all_of_all = f"{seen['rows']:,} of {seen['rows']:,}"
        wait_for("the count", lambda: other.ask("see", pid=its)["count"].startswith(all_of_all))

        assert other.ask("report", pid=its, key=withdrawn)["status"] == "entered-in-error"
        other.ask("open_key", pid=its, key=withdrawn)
        instead = other.ask("see", pid=its)["text"]
        assert "This report was withdrawn" in instead
        assert not any(line in instead for line in text.splitlines() if len(line) > 20)


def readable_reports(program, pid):
    """Two unread reports that have a text."""
    found = []
    for key in program.ask("unread", pid=pid):
        said = program.ask("report", pid=pid, key=key)
        its_text = [kind for kind in said["kinds"] if kind.startswith("text/plain")]
        if said["status"] == "final" and its_text and not said["problem"]:
            found.append(key)
        if len(found) == 2:
            return found
    raise AssertionError("the portal has no two such reports")


def import_version(portal, plain, folder, key, status):
    """Give the portal, while it serves, the next version of a report."""
    report = plain.get(f"{LIST}/{key}")
    report["meta"] = {"versionId": str(int(report["meta"]["versionId"]) + 1)}
    report["status"] = status
    file = folder / f"{status}.json"
    file.write_text(json.dumps(report))
    command = [sys.executable, "-m", "server_stub", "data", str(file), "--state", str(portal.state)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
