"""The server's TLS, its one line, its command line, and what it leaves behind."""

import asyncio
import os
import socket
import ssl
import stat
import subprocess
import sys
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from server_stub.serving import bind
from server_stub.store.certificates import ensure_certificate, renew_authority, renew_certificate
from server_stub.store.folder import StateError, StateFolder
from server_stub.store.users import Role

ROOT = Path(__file__).parents[3]


def run(*arguments, text=""):
    command = [sys.executable, "-m", "server_stub", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, timeout=60)


def shake_hands(portal, context, name="127.0.0.1"):
    address = ("127.0.0.1", urlsplit(portal.url).port)
    with (
        socket.create_connection(address, timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        return secured.version()


def test_tls_1_2_and_1_3_are_spoken_and_nothing_older(portal):
    for version, spoken in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        context = ssl.create_default_context(cafile=portal.authority)
        context.minimum_version = context.maximum_version = version
        assert shake_hands(portal, context) == spoken
    old = ssl.create_default_context(cafile=portal.authority)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake_hands(portal, old)


def test_short_answers_do_not_wait_for_an_acknowledgement():
    async def accept():
        seen = asyncio.get_running_loop().create_future()

        def look(_reader, writer):
            accepted = writer.get_extra_info("socket")
            seen.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = bind("127.0.0.1", 0)
        async with await asyncio.start_server(look, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            option = await seen
            writer.close()
            await writer.wait_closed()
        return option

    assert asyncio.run(accept()) != 0


def test_the_certificate_is_for_loopback_only(portal):
    context = ssl.create_default_context(cafile=portal.authority)
    assert shake_hands(portal, context, "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(portal, context, "portal.example")


def test_the_authority_can_vouch_for_nobody_else(tmp_path):
    folder = StateFolder.open(tmp_path / "state")
    ensure_certificate(folder, "127.0.0.1")
    authority = x509.load_pem_x509_certificate(folder.authority.read_bytes())
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = {str(name.value) for name in constraints.value.permitted_subtrees}
    assert constraints.critical
    assert permitted == {"localhost", "127.0.0.1/32", "::1/128"}


def test_a_certificate_is_kept_until_it_no_longer_fits(tmp_path):
    folder = StateFolder.open(tmp_path / "state")
    ensure_certificate(folder, "127.0.0.1")
    first, authority = folder.certificate.read_bytes(), folder.authority.read_bytes()
    ensure_certificate(folder, "127.0.0.1")
    assert folder.certificate.read_bytes() == first
    renew_certificate(folder, "127.0.0.1")
    assert folder.certificate.read_bytes() != first
    assert folder.authority.read_bytes() == authority
    ensure_certificate(folder, "portal.example")
    assert folder.authority.read_bytes() != authority
    renew_authority(folder, "127.0.0.1")
    assert not list(folder.path.glob("*.new"))


def test_nobody_else_can_read_the_state(portal):
    assert stat.S_IMODE(portal.state.stat().st_mode) == 0o700
    files = [file for file in portal.state.iterdir() if file.is_file()]
    assert {"portal.sqlite", "ca.pem", "ca-key.pem", "certificate.pem"} <= {file.name for file in files}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_state_folder_of_another_user_is_refused_and_left_alone(tmp_path, monkeypatch):
    (tmp_path / "state").mkdir(mode=0o755)
    monkeypatch.setattr(os, "geteuid", lambda: (tmp_path / "state").stat().st_uid + 1)
    with pytest.raises(StateError, match="another user"):
        StateFolder.open(tmp_path / "state")
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o755


@pytest.mark.parametrize("name", ["portal.sqlite", "ca.pem", "ca-key.pem", "certificate.pem"])
def test_a_state_file_that_leads_elsewhere_is_refused(tmp_path, name):
    (tmp_path / "state").mkdir()
    (tmp_path / "elsewhere").touch()
    (tmp_path / "state" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StateError, match="not what the portal made"):
        StateFolder.open(tmp_path / "state")


def test_a_portal_without_state_leaves_nothing_and_logs_no_patient(data_file, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = [sys.executable, "-m", "server_stub", "serve", "--data", str(data_file)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline()
        assert Path(line.split()[3]).is_relative_to(tmp_path)
        process.terminate()
        out, log = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "")
    assert list(tmp_path.iterdir()) == []
    for word in ("ngstr", "Baker", "elik", "patient-1", "report-1"):
        assert word not in log


def test_users_are_added_listed_and_disabled(tmp_path, password):
    state = ("--state", tmp_path / "state")
    added = run(
        "users", "add", "Ana", "--role", "referring-physician", "--practitioner", "Practitioner/x",
        "--display", "Dr. Ana", *state, text=f"{password}\n",
    )  # fmt: skip
    assert (added.returncode, added.stdout, added.stderr) == (0, "", "")
    assert run("users", "list", *state).stdout == "Ana\treferring-physician\tx\tactive\tDr. Ana\n"
    assert run("users", "disable", "ANA", *state).returncode == 0
    assert "disabled" in run("users", "list", *state).stdout
    unknown = run("users", "disable", "nobody", *state)
    assert (unknown.returncode, unknown.stderr) == (1, "There is no user nobody.\n")


def test_data_can_arrive_while_the_portal_serves(run_portal, add_user, tmp_path):
    state = tmp_path / "state"
    add_user(state, "reader", Role.RADIOLOGIST)
    with run_portal(state) as portal:
        _see_data_arrive(portal, portal.signed_in("reader"), tmp_path)


def _see_data_arrive(portal, client, tmp_path):
    file = tmp_path / "late.json"
    file.write_text('{"resourceType": "Practitioner", "id": "latecomer", "identifier": [{"value": "late"}]}')
    assert client.get(portal.fhir("Practitioner/latecomer")).status_code == 404
    ended = run("data", file, "--state", portal.state)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert client.get(portal.fhir("Practitioner/latecomer")).status_code == 200


def test_a_taken_port_is_said(portal):
    ended = run("serve", "--port", urlsplit(portal.url).port)
    assert ended.returncode == 1
    assert "cannot be had" in ended.stderr
