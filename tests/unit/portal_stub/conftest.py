"""A real portal over real TLS: its own process, its own state folder, a few invented patients."""

import base64
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from server_stub.store.database import Database
from server_stub.store.folder import StateFolder
from server_stub.store.users import Role, Users

PASSWORD = "a password of the tests"
ROOT = Path(__file__).parents[3]


class BoundedSession(requests.Session):
    """A client that gives up some day: a test that fails must not hang."""

    def request(self, *arguments, **named):
        """Ask, with a limit."""
        return super().request(*arguments, **{"timeout": 20, **named})


class Portal:
    """A running portal and the means to talk to it."""

    def __init__(self, url, authority, state):
        self.url = url
        self.authority = authority
        self.state = state
        self._sessions = []

    def visitor(self):
        """A client that has not signed in."""
        session = BoundedSession()
        session.trust_env = False
        session.verify = self.authority
        self._sessions.append(session)
        return session

    def sign_in(self, user, password=PASSWORD):
        """The answer to a sign-in."""
        asked = {"user": user, "password": password, "workstation": "reading room 3"}
        return self.visitor().post(f"{self.url}/portal/sign-in", json=asked)

    def signed_in(self, user):
        """A client with a live access token."""
        session = self.visitor()
        session.headers["Authorization"] = f"Bearer {self.sign_in(user).json()['access_token']}"
        return session

    def fhir(self, path):
        """The absolute URL of a FHIR path."""
        return f"{self.url}/fhir/{path}"

    def close(self):
        """Close every client made here."""
        while self._sessions:
            self._sessions.pop().close()


@contextmanager
def running(state, *options, faults=False):
    """Start `serve` and wait for its one line."""
    environment = {**os.environ, "SAFELIGHT_PORTAL_FAULTS": "yes-this-is-a-test"} if faults else None
    lasting = ["--access-minutes", "60"]  # a busy machine takes longer over these tests than a token lasts
    command = [sys.executable, "-m", "server_stub", "serve", *lasting, "--state", str(state), *options]
    if faults:
        command.append("--faults")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        try:
            word, url, mark, authority = process.stdout.readline().split()
            assert (word, mark) == ("ready", "CA")
            portal = Portal(url, authority, state)
            yield portal
            portal.close()
        finally:
            process.terminate()
            portal_log = process.communicate(timeout=20)[1]
    portal.log = portal_log


def add_user(state, name, role, practitioner=None):
    """Add a user straight to the database, also while the portal runs."""
    database = Database(StateFolder.open(Path(state)).database)
    Users(database).add(name, role, practitioner, f"Dr. {name}", PASSWORD)
    database.close()


def reference(kind, own):
    """A literal reference."""
    return {"reference": f"{kind}/{own}"}


def make_report(number, patient, request, version="1", **more):
    """A report as FHIR has it."""
    return {
        "resourceType": "DiagnosticReport",
        "id": f"report-{number}",
        "meta": {"versionId": version, "lastUpdated": f"2024-0{number}-0{version}T10:00:00Z"},
        "identifier": [{"system": "urn:reports", "value": f"R{number}"}],
        "basedOn": [reference("ServiceRequest", request)],
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "CT"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "24627-2"}], "text": "CT chest"},
        "subject": reference("Patient", patient),
        "effectiveDateTime": f"2024-0{number}-01T09:00:00Z",
        "issued": f"2024-0{number}-01T10:00:00Z",
        "resultsInterpreter": [reference("Practitioner", "reader")],
        "conclusion": "Normal.",
        **more,
    }


def make_records():
    """Three patients, two referring physicians; each kind of thing that somebody must not see."""
    plain = base64.b64encode(b"the text of a document").decode()
    records = [
        {"resourceType": "Practitioner", "id": own, "name": [{"family": own.title()}]}
        for own in ("reader", "alpha", "beta")
    ]
    for number, name in enumerate(("Ångström", "Baker", "Çelik"), 1):
        records.append(
            {
                "resourceType": "Patient",
                "id": f"patient-{number}",
                "identifier": [{"system": "urn:mrn", "value": f"M{number}"}],
                "name": [{"family": name, "given": ["Test"]}],
                "birthDate": f"19{number}0-01-01",
            }
        )
    for number, requester in ((1, "alpha"), (2, "beta"), (3, "beta")):
        subject = reference("Patient", f"patient-{number}")
        records += [
            {
                "resourceType": "ServiceRequest",
                "id": f"request-{number}",
                "status": "completed",
                "intent": "order",
                "subject": subject,
                "requester": reference("Practitioner", requester),
            },
            {
                "resourceType": "ImagingStudy",
                "id": f"study-{number}",
                "status": "available",
                "subject": subject,
                "started": f"2024-0{number}-01",
            },
            # A group of results, and its member, to which only the group leads.
            *(
                {
                    "resourceType": "Observation",
                    "id": f"{name}-{number}",
                    "status": "final",
                    "subject": subject,
                }
                | ({"hasMember": [reference("Observation", f"member-{number}")]} if name == "result" else {})
                for name in ("result", "member")
            ),
            {"resourceType": "Binary", "id": f"binary-{number}", "contentType": "text/plain", "data": plain},
            {
                "resourceType": "DocumentReference",
                "id": f"document-{number}",
                "status": "current",
                "subject": subject,
                "context": {"related": [reference("DiagnosticReport", f"report-{number}")]},
                "content": [{"attachment": {"contentType": "text/plain", "url": f"Binary/binary-{number}"}}],
            },
            make_report(
                number,
                f"patient-{number}",
                f"request-{number}",
                version="2" if number == 1 else "1",
                imagingStudy=[reference("ImagingStudy", f"study-{number}")],
                result=[reference("Observation", f"result-{number}")],
                presentedForm=[{"contentType": "text/plain", "url": f"Binary/binary-{number}"}],
            ),
        ]
    # Both of these were somebody else's once, and nothing in them says whose.
    for kind, own, content in (
        ("Binary", "binary-1", {"contentType": "text/plain", "data": base64.b64encode(b"stray").decode()}),
        ("Patient", "patient-1", {"name": [{"family": "Stray"}]}),
    ):
        current = next(r for r in records if (r["resourceType"], r["id"]) == (kind, own))
        current["meta"] = {"versionId": "2"}
        records.append({"resourceType": kind, "id": own, "meta": {"versionId": "1"}, **content})
    # Report 1 was first filed under patient 3 by mistake: whoever sees report 1 must not learn that.
    records.append(make_report(1, "patient-3", "request-1", version="1", conclusion="misfiled"))
    # Alpha received report 2, ordered by beta; the erroneous message about report 3 counts for nothing.
    for number, status in ((2, "completed"), (3, "entered-in-error")):
        records.append(
            {
                "resourceType": "Communication",
                "id": f"message-{number}",
                "status": status,
                "about": [reference("DiagnosticReport", f"report-{number}")],
                "recipient": [reference("Practitioner", "alpha")],
            }
        )
    return records


USERS = (
    ("radiologist", Role.RADIOLOGIST, None),
    ("alpha", Role.REFERRING_PHYSICIAN, "alpha"),
    ("beta", Role.REFERRING_PHYSICIAN, "beta"),
    ("stranger", Role.REFERRING_PHYSICIAN, "nobody-of-that-id"),
    ("admin", Role.ADMINISTRATOR, None),
)


@pytest.fixture(scope="session")
def data_file(tmp_path_factory):
    """The records as NDJSON."""
    file = tmp_path_factory.mktemp("portal-data") / "records.ndjson"
    file.write_text("\n".join(json.dumps(record) for record in make_records()), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def portal(tmp_path_factory, data_file):
    """One portal for all tests of a worker that change nothing another test looks at."""
    state = tmp_path_factory.mktemp("portal-state")
    for user in USERS:
        add_user(state, *user)
    with running(state, "--data", str(data_file)) as started:
        yield started


@pytest.fixture(scope="session")
def clients(portal):
    """A signed-in client for each user."""
    return {name: portal.signed_in(name) for name, _, _ in USERS}


@pytest.fixture
def new_user(portal):
    """Add a user of this test's own; gives their name."""
    added = []

    def add(role=Role.RADIOLOGIST, practitioner=None):
        name = f"user-{os.urandom(6).hex()}"
        add_user(portal.state, name, role, practitioner)
        added.append(name)
        return name

    return add


@pytest.fixture(scope="session")
def faulty(tmp_path_factory, data_file):
    """A portal that can be told to misbehave."""
    state = tmp_path_factory.mktemp("faulty-state")
    add_user(state, "radiologist", Role.RADIOLOGIST)
    with running(state, "--data", str(data_file), faults=True) as started:
        yield started


@pytest.fixture(scope="session")
def run_portal():
    """`running`, for tests that start a portal of their own."""
    return running


@pytest.fixture(scope="session", name="add_user")
def add_user_fixture():
    """`add_user`, for tests that start a portal of their own."""
    return add_user


@pytest.fixture(scope="session")
def password():
    """The password of every user of these tests."""
    return PASSWORD
