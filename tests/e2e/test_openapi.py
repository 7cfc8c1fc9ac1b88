"""The portal does what its OpenAPI description says, whatever is sent to it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from server_stub.store.database import Database
from server_stub.store.folder import StateFolder
from server_stub.store.users import Role, Users

ROOT = Path(__file__).parents[2]
OPERATIONS = [
    ("GET", "/.well-known/safelight-portal.json"),
    ("POST", "/portal/sign-in"),
    ("POST", "/portal/refresh"),
    ("POST", "/portal/sign-out"),
    ("GET", "/portal/marks"),
    ("PUT", "/portal/marks"),
    ("POST", "/portal/audit"),
    ("GET", "/portal/searches"),
    ("PUT", "/portal/searches"),
]


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal of its own; gives its URL, the CA's path and an access token."""
    state = tmp_path_factory.mktemp("openapi-state")
    database = Database(StateFolder.open(state).database)
    password = os.urandom(16).hex()
    Users(database).add("reader", Role.RADIOLOGIST, None, "", password)
    database.close()
    command = [sys.executable, "-m", "server_stub", "serve", "--state", str(state)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            _, url, _, authority = process.stdout.readline().split()
            asked = {"user": "reader", "password": password, "workstation": ""}
            answer = requests.post(f"{url}/portal/sign-in", json=asked, verify=authority, timeout=20)
            yield url, authority, answer.json()["access_token"]
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def description(portal):
    url, authority, _ = portal
    return requests.get(f"{url}/openapi.json", verify=authority, timeout=20).json()


def test_every_route_is_described(description):
    described = {(method.upper(), path) for path, item in description["paths"].items() for method in item}
    assert described == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_portal_keeps_to_its_description(portal, description, method, path):
    url, authority, token = portal
    operation = schemathesis.openapi.from_dict(description)[path][method]
    signed_in = path in ("/portal/marks", "/portal/audit")
    headers = {"Authorization": f"Bearer {token}"} if signed_in else {}

    @settings(max_examples=25, deadline=None, database=None, phases=(Phase.explicit, Phase.generate))
    @given(case=operation.as_strategy())
    def check(case):
        case.call_and_validate(base_url=url, headers=headers, verify=authority, timeout=20)

    check()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_is_wrong_is_refused_as_described(portal, description, method, path):
    url, authority, token = portal
    operation = schemathesis.openapi.from_dict(description)[path][method]
    if operation.body.is_empty() if hasattr(operation.body, "is_empty") else not list(operation.body):
        return  # nothing that could be wrong
    headers = {"Authorization": f"Bearer {token}"}
    strategy = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(max_examples=25, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=strategy)
    def check(case):
        case.call_and_validate(base_url=url, headers=headers, verify=authority, timeout=20)

    check()
