"""Whom we trust does not depend on the environment."""

import os
import ssl

import pytest

from client.child import MISLEADING_VARIABLES
from client.errors import NotTrusted, PolicyError
from client.portal.connection import Connection
from client.portal.trust import make_context
from tests.unit.portal.conftest import Authority, answer


@pytest.fixture
def stranger(tmp_path):
    return Authority(tmp_path, "stranger")


@pytest.mark.parametrize("name", [*sorted(MISLEADING_VARIABLES), "PYTHONHTTPSVERIFY", "SSL_NO_VERIFY"])
def test_no_environment_variable_adds_trust(monkeypatch, serve, stranger, authority, name):
    value = {"PYTHONHTTPSVERIFY": "0", "SSL_NO_VERIFY": "1", "SSL_CERT_DIR": str(stranger.folder)}.get(
        name, str(stranger.file)
    )
    server = serve(answer(body=b"{}"), certificate=stranger.issue())
    for when in ("before", "after"):
        if when == "before":
            monkeypatch.setenv(name, value)
        connection = Connection(make_context(authority.file))
        monkeypatch.setenv(name, value)
        with pytest.raises(NotTrusted):
            connection.fetch("GET", server.url)
        connection.close()
    assert server.asked == []


@pytest.mark.parametrize("name", sorted(MISLEADING_VARIABLES))
def test_no_environment_variable_takes_trust_away(monkeypatch, serve, stranger, connect, name):
    monkeypatch.setenv(name, str(stranger.file))
    server = serve(answer(body=b"{}"))
    assert connect().fetch("GET", server.url).body == b"{}"


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch, serve, connect):
    proxy = serve(answer(500))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    server = serve(answer(body=b"{}"))
    assert connect().fetch("GET", server.url).body == b"{}"
    assert proxy.connections == 0


def test_no_tls_secret_is_written(monkeypatch, tmp_path, serve, connect):
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    connect().fetch("GET", serve(answer(body=b"{}")).url)
    assert not log.exists()
    assert "SSLKEYLOGFILE" not in os.environ


def test_a_netrc_file_gives_no_password_away(monkeypatch, tmp_path, serve, connect):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(answer(body=b"{}"))
    connect().fetch("GET", server.url)
    assert "authorization" not in server.asked[0].headers


def test_the_system_s_authorities_count_beside_the_organisation_s(authority):
    context = make_context(authority.file)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    names = [dict(part[0] for part in each["subject"]) for each in context.get_ca_certs()]
    assert {"commonName": "Test authority ca"} in names


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_an_unreadable_ca_file_means_no_sign_in(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PolicyError, match="nobody can sign in"):
        make_context(file)
