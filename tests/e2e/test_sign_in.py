"""Every way a sign-in fails: the page says so in plain words, and a later good try works."""

import datetime
import socket
import ssl
import subprocess
import sys
import warnings
from contextlib import closing

import pytest

from tests.driver.program import ROOT, Portal, running, wait_for
from tests.unit.portal.conftest import DAY, NOW, Authority, TlsServer, answer

WRONG = "User name or password is wrong. Check both and try again."


def try_to_sign_in(program, user="radiologist", password=Portal.PASSWORD):
    """Try, and return what the page says when it did not work."""
    pid = program.shown("sign-in")
    program.ask("sign_in", pid=pid, user=user, password=password)
    return wait_for("what the page says", lambda: program.ask("see", pid=pid)["problem"])


def works(program, user="radiologist"):
    """Sign in for real and return what is seen then."""
    pid = program.sign_in(user)
    return program.whole(pid)


def in_plain_words(sentence):
    """A sentence for a colleague: whole, calm, without code, address detail or password."""
    assert sentence[0].isalnum()
    assert sentence.rstrip().endswith(".")
    for bad in ("!", "?", "Error", "Exception", "Errno", "http", "{", Portal.PASSWORD):
        assert bad not in sentence
    return True


@pytest.mark.parametrize("user", ["radiologist", "nobody of that name"])
def test_a_wrong_password_and_an_unknown_name_are_told_in_the_same_words(program, user):
    assert try_to_sign_in(program, user, "not the password at all") == WRONG
    assert works(program)["rows"] > 200


def test_too_many_tries_say_how_long_and_the_button_waits(program, portal):
    portal.add_user("forgetful")
    pid = program.shown("sign-in")
    wait_for(
        "too many tries",
        lambda: "Too many wrong tries" in try_to_sign_in(program, "forgetful", "not the password at all"),
    )
    seen = program.ask("see", pid=pid)
    assert in_plain_words(seen["problem"])
    assert "second" in seen["problem"]
    assert not seen["can sign in"]
    assert "You can try again in 0:" in seen["said"]
    wait_for("the button", lambda: program.ask("see", pid=pid)["can sign in"])
    assert works(program, "forgetful")["rows"] > 200


def test_a_disabled_user_is_told_what_a_wrong_password_is(program, portal):
    portal.add_user("gone-fishing")
    command = [sys.executable, "-m", "server_stub", "users", "disable", "gone-fishing"]
    subprocess.run([*command, "--state", str(portal.state)], cwd=ROOT, check=True, capture_output=True)
    assert try_to_sign_in(program, "gone-fishing") == WRONG
    assert works(program)["rows"] > 200


def test_nobody_listens_and_then_somebody_does(program, portal, switch):
    switch.lead_to(None)
    said = try_to_sign_in(program)
    assert in_plain_words(said)
    assert "No connection to" in said
    switch.lead_to(portal.url)
    assert works(program)["rows"] > 200


def test_a_portal_that_says_nothing_can_be_cancelled_and_tried_again(program, faults):
    pid = program.shown("sign-in")
    faults.fault("/portal/sign-in", "silence", times=None)
    program.ask("sign_in", pid=pid, user="radiologist", password=Portal.PASSWORD)
    assert program.ask("see", pid=pid)["busy"]
    program.ask("cancel", pid=pid)
    seen = program.ask("see", pid=pid)
    assert not seen["busy"]
    assert not seen["problem"]
    faults.clear_faults()
    assert works(program)["rows"] > 200


def test_a_portal_silent_from_the_start_can_be_cancelled_and_tried_again(start, faults):
    faults.fault("/.well-known", "silence", times=None)
    program = start()
    pid = program.shown("sign-in")
    for _ in range(3):  # tries do not pile up behind each other
        program.ask("sign_in", pid=pid, user="radiologist", password=Portal.PASSWORD)
        assert program.ask("see", pid=pid)["busy"]
        program.ask("cancel", pid=pid)
        assert not program.ask("see", pid=pid)["busy"]
    faults.clear_faults()
    assert works(program)["rows"] > 200


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("500", "has a fault of its own"),
        ("503", "is busy"),
        ("404", "no sign-in where it says it has one"),
        ("html", "answer"),
        ("malformed-json", "answer"),
        ("cut", "broke off"),
        ("wrong-length", "broke off"),
    ],
)
def test_a_portal_out_of_order_is_told(program, faults, fault, words):
    faults.fault("/portal/sign-in", fault)
    said = try_to_sign_in(program)
    assert in_plain_words(said)
    assert words in said
    assert works(program)["rows"] > 200


FLAWS = {
    "another authority": (lambda _own, other: other.issue(), "that this computer does not trust"),
    "another host": (lambda own, _: own.issue(host="reports.example.org"), "made for another address"),
    "expired": (lambda own, _: own.issue(start=NOW - 9 * DAY, end=NOW - DAY), "has expired"),
    "not valid yet": (lambda own, _: own.issue(start=NOW + DAY, end=NOW + 9 * DAY), "is not valid yet"),
    "self-signed": (lambda own, _: own.issue(self_signed=True), "signed by itself"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_certificate_that_is_not_right_is_refused_before_anything_is_sent(
    program, portal, switch, authority, tmp_path, flaw
):
    make, words = FLAWS[flaw]
    with closing(TlsServer(make(authority, Authority(tmp_path, "another")), answer(body=b"{}"))) as server:
        switch.lead_to(server.url)
        said = try_to_sign_in(program)
        assert server.asked == []
    assert in_plain_words(said)
    assert words in said
    assert "Nothing was sent to it." in said
    switch.lead_to(portal.url)
    assert works(program)["rows"] > 200


def test_a_server_that_offers_only_old_tls_is_refused(program, portal, switch, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with closing(TlsServer(authority.issue(), answer(body=b"{}"), context=context)) as server:
        switch.lead_to(server.url)
        said = try_to_sign_in(program)
        assert server.asked == []
    assert in_plain_words(said)
    assert "TLS 1.2 or later" in said
    switch.lead_to(portal.url)
    assert works(program)["rows"] > 200


def test_without_the_portal_s_authority_nobody_signs_in_whatever_the_environment_says(portal, home, tmp_path):
    secrets = tmp_path / "tls-secrets"
    home.more |= dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), portal.ca)
    home.more |= {"SSLKEYLOGFILE": str(secrets), "PYTHONHTTPSVERIFY": "0"}
    with running(home, "--portal", portal.url) as program:
        assert "an authority that this computer does not trust" in try_to_sign_in(program)
    with running(home, "--portal", portal.url, "--ca-file", portal.ca) as program:
        assert works(program)["rows"] > 200
    assert not secrets.exists()


def test_no_portal_set_is_said(home):
    with running(home) as program:
        assert try_to_sign_in(program).startswith("No portal is set, so nobody can sign in.")


def test_rules_that_cannot_be_used_leave_no_field_to_type_in(home):
    with running(home, "--portal", "http://127.0.0.1") as program:
        seen = program.ask("see", pid=program.shown("sign-in"))
    assert "must be an https address" in seen["problem"]
    assert not seen["can sign in"]


def test_the_last_sign_in_is_shown_and_so_are_tries_that_failed_since(program, portal):
    portal.add_user("watchful")
    pid = program.sign_in("watchful")
    assert "Last sign-in" not in program.ask("see", pid=pid)["said"]
    program.tell("sign_out", pid)
    program.gone(pid)
    try_to_sign_in(program, "watchful", "not the password at all")
    said = program.ask("see", pid=program.sign_in("watchful"))["said"].translate({0x2068: None, 0x2069: None})
    today = datetime.datetime.now().astimezone().date().isoformat()
    assert said.startswith("Last sign-in ")
    assert today in said or (datetime.date.fromisoformat(today) - DAY).isoformat() in said
    assert said.endswith(f" on {socket.gethostname()} · 1 failed try since")
