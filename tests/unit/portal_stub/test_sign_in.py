"""Sign-in, tokens and their families, marks and audit events, over real TLS."""

import hashlib
import json
import os
import sqlite3
import threading
from contextlib import closing

import pytest

from server_stub.store import users as users_module
from server_stub.store.database import Database
from server_stub.store.folder import StateFolder
from server_stub.store.sessions import Lifetimes, Sessions
from server_stub.store.users import Locked, Refused, Role, UserError, Users, Welcome, delay_after


@pytest.fixture
def store(tmp_path):
    database = Database(StateFolder.open(tmp_path / "state").database)
    yield database
    database.close()


@pytest.fixture
def own_users(store, password):
    users = Users(store)
    users.add("Müller", Role.RADIOLOGIST, None, "Dr. Müller", password)
    return users


def refresh(portal, token):
    return portal.visitor().post(f"{portal.url}/portal/refresh", json={"refresh_token": token})


def works(portal, token):
    headers = {"Authorization": f"Bearer {token}"}
    return portal.visitor().get(portal.fhir("Patient"), headers=headers).status_code == 200


def test_a_sign_in_gives_everything_a_session_needs(portal, new_user):
    name = new_user(Role.REFERRING_PHYSICIAN, "alpha")
    answer = portal.sign_in(name.upper())
    session = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert session["user"] == {
        "name": name,
        "display": f"Dr. {name}",
        "role": "referring-physician",
        "practitioner": "Practitioner/alpha",
    }
    assert session["last_sign_in"] is None
    assert session["token_type"] == "Bearer"
    assert 0 < session["expires_in"] <= 3600 < session["session_expires_in"] <= 36000
    assert works(portal, session["access_token"])


def test_the_last_sign_in_and_the_failures_since_are_told(portal, new_user):
    name = new_user()
    portal.sign_in(name)
    portal.sign_in(name, "wrong")
    last = portal.sign_in(name).json()["last_sign_in"]
    assert (last["workstation"], last["failures_since"]) == ("reading room 3", 1)
    assert portal.sign_in(name).json()["last_sign_in"]["failures_since"] == 0


def test_an_unknown_name_a_wrong_password_and_a_disabled_user_look_the_same(portal, new_user):
    known, disabled = new_user(), new_user()
    database = Database(StateFolder.open(portal.state).database)
    Users(database).disable(disabled)
    database.close()
    answers = [portal.sign_in(known, "wrong"), portal.sign_in("nobody-here"), portal.sign_in(disabled)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert answers[0].json()["error"] == "wrong-name-or-password"
    assert len({frozenset(answer.headers) for answer in answers}) == 1


def test_every_refusal_costs_one_verification_whoever_is_named(own_users, monkeypatch):
    verified = []
    real = users_module._verify
    monkeypatch.setattr(users_module, "_verify", lambda *given: verified.append(given[0]) or real(*given))
    for name in ("müller", "nobody"):
        assert own_users.check(name, "wrong", "", 0.0) == Refused()
    assert len(verified) == 2
    # The same parameters: the same memory, the same passes, the same time.
    assert len({stored.rsplit("$", 2)[0] for stored in verified}) == 1


def test_delay_grows_and_becomes_a_lockout_for_known_and_unknown_names_alike(own_users, password):
    outcomes = {}
    for name in ("müller", "nobody"):
        now, story = 0.0, []
        for _ in range(11):
            result = own_users.check(name, "wrong", "", now)
            story.append(result)
            if isinstance(result, Locked):
                now += result.seconds
        outcomes[name] = story
    assert outcomes["müller"] == outcomes["nobody"]
    delays = [result.seconds for result in outcomes["müller"] if isinstance(result, Locked)]
    assert delays == sorted(delays)
    assert delays
    assert isinstance(own_users.check("müller", password, "", 10_000.0), Welcome)
    assert [delay_after(count) for count in (1, 2, 3, 4, 5, 10, 20)] == [0, 0, 1, 2, 4, 900, 1800]


def test_a_locked_name_is_refused_with_the_right_password_too(portal, new_user):
    name = new_user()
    for _ in range(3):
        assert portal.sign_in(name, "wrong").status_code == 401
    for _ in range(40):  # until the delay of a second is caught, however slow the machine
        answer = portal.sign_in(name, "wrong")
        if answer.status_code == 429:
            break
    assert answer.json()["error"] == "locked"
    assert int(answer.headers["Retry-After"]) == answer.json()["retry_after"] >= 1


def test_tries_side_by_side_are_no_more_than_one_by_one(own_users, monkeypatch):
    verified, answers = [], []
    real = users_module._verify
    monkeypatch.setattr(users_module, "_verify", lambda *given: verified.append(given[0]) or real(*given))

    def attempt():
        answers.append(own_users.check("müller", "wrong", "", 0.0))

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(verified) == 3  # the failures before the first delay
    assert (answers.count(Refused()), answers.count(Locked(1))) == (3, 17)


def test_a_success_does_not_clear_the_failures_of_others_meanwhile(own_users, monkeypatch, password):
    real, story = users_module._verify, []

    def verify(stored, given):
        if given == password and not story:  # while the right password is checked, two wrong ones are tried
            story.extend(own_users.check("müller", "wrong", "", 0.0) for _ in range(2))
        return real(stored, given)

    own_users.check("müller", "wrong", "", 0.0)
    monkeypatch.setattr(users_module, "_verify", verify)
    welcome = own_users.check("müller", password, "", 0.0)
    assert (story, welcome.failures) == ([Refused(), Locked(1)], 1)
    # One failure is left over, so two more lead to the delay that three have.
    assert [own_users.check("müller", "wrong", "", 2.0) for _ in range(3)] == [
        Refused(),
        Refused(),
        Locked(1),
    ]
    assert own_users.check("müller", password, "", 4.0).failures == 3


def test_names_are_compared_without_case_and_composition(own_users, password):
    for name in ("MÜLLER", "müller", "  MU\u0308ller "):
        assert isinstance(own_users.check(name, password, "", 0.0), Welcome)


def test_a_user_that_would_make_no_sense_is_not_added(own_users, password):
    with pytest.raises(UserError, match="already"):
        own_users.add("MÜLLER", Role.RADIOLOGIST, None, "", password)
    with pytest.raises(UserError, match="--practitioner"):
        own_users.add("referrer", Role.REFERRING_PHYSICIAN, None, "", password)
    with pytest.raises(UserError, match="8 to"):
        own_users.add("short", Role.RADIOLOGIST, None, "", "1234567")


def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(portal, new_user):
    first = portal.sign_in(new_user()).json()
    second = refresh(portal, first["refresh_token"]).json()
    assert works(portal, second["access_token"])
    stolen = refresh(portal, first["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (401, "session-ended")
    assert not works(portal, second["access_token"])
    assert refresh(portal, second["refresh_token"]).status_code == 401


def test_an_access_token_is_no_refresh_token_nor_the_reverse(portal, new_user):
    session = portal.sign_in(new_user()).json()
    assert refresh(portal, session["access_token"]).status_code == 401
    assert not works(portal, session["refresh_token"])
    assert works(portal, session["access_token"])


def test_signing_out_revokes_every_token_at_once(portal, new_user):
    session = portal.sign_in(new_user()).json()
    for _ in range(2):  # a second time, and with a token nobody knows, is no error
        body = {"refresh_token": session["refresh_token"]}
        assert portal.visitor().post(f"{portal.url}/portal/sign-out", json=body).status_code == 204
    assert not works(portal, session["access_token"])
    assert refresh(portal, session["refresh_token"]).status_code == 401


def test_a_session_ends_at_its_absolute_limit_however_often_it_is_refreshed(own_users, store, password):
    now = 1000.0
    sessions = Sessions(store, Lifetimes(), lambda: now)
    user = own_users.check("müller", password, "", 0.0).user
    tokens = sessions.start(user, "")
    now += 35_900
    tokens = sessions.refresh(tokens.refresh)
    assert tokens.access_seconds == tokens.session_seconds == 100
    now += 101
    assert sessions.caller(tokens.access) is None
    assert sessions.refresh(tokens.refresh) is None


def test_no_token_and_no_password_is_stored_in_clear(portal, new_user, password):
    session = portal.sign_in(new_user()).json()
    with sqlite3.connect(portal.state / "portal.sqlite") as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert session["access_token"] not in dump
    assert session["refresh_token"] not in dump
    assert password not in dump
    assert hashlib.sha256(session["access_token"].encode()).hexdigest().upper() in dump


def test_marks_are_merged_and_belong_to_one_user(portal, new_user):
    mine, other = portal.signed_in(new_user()), portal.signed_in(new_user())
    url = f"{portal.url}/portal/marks"
    assert mine.put(url, json={"marks": {"key-1": "v1", "key_2": "v1"}}).status_code == 204
    assert mine.put(url, json={"marks": {"key-1": "v2"}}).status_code == 204
    assert mine.get(url).json() == {"marks": {"key-1": "v2", "key_2": "v1"}}
    assert other.get(url).json() == {"marks": {}}


@pytest.mark.parametrize("key", ["", "x" * 65, "Ann Baker", "a/b", "ä"])
def test_marks_leave_no_room_for_a_name(portal, clients, key):
    answer = clients["radiologist"].put(f"{portal.url}/portal/marks", json={"marks": {key: "v1"}})
    assert answer.status_code == 422
    assert "Ann" not in answer.text


def test_audit_events_are_kept_once(portal, new_user):
    name = new_user()
    client = portal.signed_in(name)
    events = [{"event": "report.opened", "seq": number, "hash": "ab" * 32} for number in range(3)]
    for _ in range(2):
        answer = client.post(f"{portal.url}/portal/audit", json={"events": events})
        assert (answer.status_code, answer.json()) == (202, {"accepted": 3})
    assert len(kept_events(portal, "user", name)) == 3


def kept_events(portal, column, value):
    sql = "SELECT user, session, claimed, unverified, event FROM audit_event ORDER BY number"
    with closing(sqlite3.connect(portal.state / "portal.sqlite")) as connection:
        rows = [(*row[:4], json.loads(row[4])) for row in connection.execute(sql)]
    place = ("user", "session", "claimed").index(column)
    return [row for row in rows if row[place] == value]


def deliver(portal, session, *events):
    answer = portal.visitor().post(
        f"{portal.url}/portal/audit",
        json={"events": list(events)},
        headers={"Authorization": f"Bearer {session['access_token']}"},
    )
    assert answer.status_code == 202


def test_an_event_of_another_session_is_kept_as_a_claim(portal, new_user):
    victim, forger = new_user(), new_user()
    theirs, own = portal.sign_in(victim).json()["session"], portal.sign_in(forger).json()
    forged = {"act": "report-opened", "session": theirs}
    true = {"act": "report-opened", "session": own["session"]}
    silent = {"act": "sign-in-refused"}
    deliver(portal, own, forged, true, silent)
    assert kept_events(portal, "user", victim) == []
    assert kept_events(portal, "session", own["session"]) == [
        (forger, own["session"], theirs, 1, forged),
        (forger, own["session"], own["session"], 0, true),
        (forger, own["session"], "", 1, silent),
    ]


def test_a_link_of_a_chain_is_kept_once_whoever_delivers_it_and_its_own_session_counts(portal, new_user):
    first, second = new_user(), new_user()
    own, other = portal.sign_in(first).json(), portal.sign_in(second).json()
    event = {"act": "report-opened", "session": own["session"], "n": 7, "mac": os.urandom(32).hex()}
    forged = {**event, "act": "report-copied"}
    deliver(portal, other, event, forged)
    assert [row[3] for row in kept_events(portal, "claimed", own["session"])] == [1, 1]
    for session in (own, other, own):
        deliver(portal, session, event)
    assert kept_events(portal, "claimed", own["session"]) == [
        (first, own["session"], own["session"], 0, event),
        (second, other["session"], own["session"], 1, forged),
    ]


@pytest.mark.parametrize(
    "event", [{}, {"text": "x" * 201}, {"text": "Çelik"}, {"nested": {"a": "b"}}, {"a name": "x"}, "text"]
)
def test_audit_events_leave_no_room_for_prose(portal, clients, event):
    answer = clients["radiologist"].post(f"{portal.url}/portal/audit", json={"events": [event]})
    assert answer.status_code == 422


def test_a_request_that_is_not_understood_is_never_repeated_back(portal):
    answer = portal.visitor().post(
        f"{portal.url}/portal/sign-in", json={"user": ["x"], "password": "top secret", "extra": 1}
    )
    assert answer.status_code == 422
    assert "top secret" not in answer.text


def test_the_description_names_every_address(portal):
    described = portal.visitor().get(f"{portal.url}/.well-known/safelight-portal.json").json()
    assert described["version"] == 1
    assert described["fhir"] == f"{portal.url}/fhir"
    assert described["sign_in"] == {
        "method": "password",
        "url": f"{portal.url}/portal/sign-in",
        "refresh": f"{portal.url}/portal/refresh",
        "sign_out": f"{portal.url}/portal/sign-out",
    }


def test_a_forged_host_is_refused(portal):
    answer = portal.visitor().get(
        f"{portal.url}/.well-known/safelight-portal.json", headers={"Host": 'evil"/><x'}
    )
    assert answer.status_code == 400
