"""Sign-in, tokens and paging against a TLS server that behaves as real portals do."""

import base64
import json
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings

from client.clock import SystemClock
from client.errors import Busy, LockedOut, PortalFault, SessionRefused, SignInRefused, Withdrawn
from client.model.report import Attachment
from client.policy.table import Policy
from client.portal import paging
from client.portal.description import describe, read_description
from client.portal.exchange import Stop
from client.portal.failures import LedElsewhere
from client.portal.fhir.bundle import _READING
from client.portal.fhir.parse import parse_object
from client.portal.paging import OPENING
from client.portal.portal import Portal
from client.portal.signin import read_sign_in
from tests.unit.portal.conftest import answer
from tests.unit.portal.test_fhir import PATIENT, REPORT, anything, deformed

DESCRIPTION = {
    "version": 1,
    "name": "Test portal",
    "fhir": "/fhir",
    "images": "/dicom-web",
    "sign_in": {
        "method": "password",
        "url": "/portal/sign-in",
        "refresh": "/portal/refresh",
        "sign_out": "/portal/sign-out",
    },
    "audit": "/portal/audit",
    "marks": "/portal/marks",
    "notice": "",
}
SIGNED_IN = {
    "access_token": "access-0",
    "token_type": "Bearer",
    "expires_in": 300,
    "refresh_token": "refresh-0",
    "session": "s1",
    "session_expires_in": 3600,
    "user": {"name": "reader", "display": "Dr Reader", "role": "radiologist", "practitioner": None},
    "last_sign_in": {"at": "2026-11-21T10:00:00Z", "workstation": "ws", "failures_since": 2},
    "marks_key": base64.b64encode(bytes(32)).decode(),
}


def bundle(*keys, following="", **more):
    entries = [{"resource": {**REPORT, "id": key}, "search": {"mode": "match"}} for key in keys]
    entries.append({"resource": PATIENT, "search": {"mode": "include"}})
    links = [{"relation": "next", "url": following}] if following else []
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries, **more}


class Script:
    """A portal: sign-in and tokens as they should be, and for the rest what a test says."""

    def __init__(self, **answers):
        self.answers = answers
        self.valid = "access-0"
        self.refreshed = 0
        self.lock = threading.Lock()

    def __call__(self, asked):
        path = urlsplit(asked.path).path
        name = path.strip("/").replace("/", "_").replace("-", "_").replace(".", "")
        if name in self.answers:
            said = self.answers[name]
            return said(asked) if callable(said) else said
        if path == "/.well-known/safelight-portal.json":
            return answer(body=DESCRIPTION)
        if path == "/portal/sign-in":
            return answer(body=SIGNED_IN)
        if path == "/portal/refresh":
            with self.lock:
                expected = f"refresh-{self.refreshed}"
                if asked.json["refresh_token"] != expected:
                    return answer(400, {"error": "invalid_request"})
                self.refreshed += 1
                self.valid = f"access-{self.refreshed}"
                return answer(
                    body={
                        "access_token": self.valid,
                        "refresh_token": f"refresh-{self.refreshed}",
                        "expires_in": 300,
                    }
                )
        if asked.headers.get("authorization") != f"Bearer {self.valid}":
            return answer(401)
        if path == "/portal/marks":
            return answer(body={"marks": {"a": "b"}})
        return answer(404)


@pytest.fixture
def signed_in(serve, connect):
    def make(script, clock=None):
        server, connection = serve(script), connect(clock=clock)
        description = describe(connection, server.url, Policy())
        return Portal.sign_in(
            connection, description, "reader", bytearray(b'pass"\\w\xc3\xb6rd'), "ws1"
        ), server

    return make


def keys(pages):
    return [fetched.report.key for page in pages for fetched in page.reports]


def searches(server):
    return [asked for asked in server.asked if asked.path.startswith("/fhir/DiagnosticReport")]


# Sign-in


def test_signing_in_tells_who_it_is_and_overwrites_the_password(serve, connect):
    server, connection = serve(Script()), connect()
    password = bytearray('pass"\\w\u00f6rd\n'.encode())
    portal = Portal.sign_in(connection, describe(connection, server.url, Policy()), "reader", password, "ws1")
    assert password == bytes(len(password))
    assert server.asked[-1].json == {"user": "reader", "password": 'pass"\\w\u00f6rd\n', "workstation": "ws1"}
    assert portal.user.display == "Dr Reader"
    assert portal.user.last_sign_in.failures_since == 2
    assert portal.marks_key == bytes(32)
    assert "access-0" not in repr(vars(portal))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (answer(401, {"error": "wrong-name-or-password"}), SignInRefused),
        (answer(429, {"error": "locked"}, Retry_After="120"), LockedOut),
        (answer(503, Retry_After="5"), Busy),
        (answer(500), PortalFault),
        (answer(200, b"<html>"), PortalFault),
        (answer(200, {**SIGNED_IN, "access_token": "a\nb"}), PortalFault),
        (answer(200, {**SIGNED_IN, "token_type": "mac"}), PortalFault),
        (answer(200, {**SIGNED_IN, "user": {"name": "x", "role": "king"}}), PortalFault),
    ],
)
def test_a_failed_sign_in_says_how(signed_in, said, expected):
    with pytest.raises(expected) as caught:
        signed_in(Script(portal_sign_in=said))
    assert type(caught.value) is expected
    if expected is LockedOut:
        assert caught.value.retry_after == timedelta(seconds=120)
        assert "2 minutes" in str(caught.value)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=100)
@given(deformed(SIGNED_IN), deformed(DESCRIPTION))
def test_any_answer_to_sign_in_or_description_is_read_or_refused(said, described):
    for read in (
        lambda: read_sign_in(json.dumps(said).encode()),
        lambda: read_description(json.dumps(described).encode(), "https://portal.example", Policy()),
    ):
        try:
            read()
        except PortalFault as fault:
            sentence = str(fault)
        else:
            continue
        assert sentence.endswith(".")


@given(anything)
def test_a_description_never_leaves_https_nor_splits_the_sign_in(value):
    for part in ("fhir", "images", "audit", "marks"):
        try:
            read = read_description(
                json.dumps({**DESCRIPTION, part: value}).encode(), "https://portal.example", Policy()
            )
        except PortalFault:
            continue
        assert all(url == "" or url.startswith("https://") for url in (read.fhir, read.images, read.audit))


@pytest.mark.parametrize("url", ["http://portal.example/x", "https://other.example/x", "file:///x"])
def test_tokens_are_refreshed_at_the_portal_itself_only(url):
    said = {**DESCRIPTION, "sign_in": {**DESCRIPTION["sign_in"], "refresh": url}}
    with pytest.raises(PortalFault):
        read_description(json.dumps(said).encode(), "https://portal.example", Policy())


def test_a_policy_describes_a_portal_without_asking(connect):
    policy = Policy(fhir_base="https://h.example/r4/", sign_in_url="https://h.example/portal/sign-in")
    read = describe(connect(), "https://h.example", policy)
    assert (read.fhir, read.refresh) == ("https://h.example/r4", "https://h.example/portal/refresh")


@pytest.mark.parametrize("to", ["elsewhere", "itself"])
def test_a_portal_that_sends_us_on_gets_no_password(serve, connect, to):
    other = serve(Script())
    home = serve(
        lambda asked: answer(
            302, Location=f"{other.url}{asked.path}" if to == "elsewhere" else asked.path + "?again"
        )
    )
    with pytest.raises(PortalFault, match="password"):
        describe(connect(), home.url, Policy())
    assert other.asked == []
    assert len(home.asked) == 1


@pytest.mark.parametrize("part", ["fhir", "sign_in"])
def test_only_the_policy_may_name_a_sign_in_or_reports_that_are_not_on_the_portal(part):
    said = {**DESCRIPTION, "fhir": "https://other.example/fhir"}
    policy = Policy(fhir_base="https://other.example/fhir")
    if part == "sign_in":
        parts = {name: f"https://other.example/{name}" for name in ("url", "refresh", "sign_out")}
        at = "https://other.example/at"
        said = {**DESCRIPTION, "sign_in": {"method": "password", **parts}, "audit": at, "marks": at}
        policy = Policy(sign_in_url="https://other.example/url")
    body = json.dumps(said).encode()
    for named in (Policy(), Policy(image_base="https://other.example/")):
        with pytest.raises(PortalFault, match="another address"):
            read_description(body, "https://portal.example", named)
    assert "other.example" in repr(read_description(body, "https://portal.example", policy))


@pytest.mark.parametrize("key", [None, "", "eA==", "not base64", *(bytes(n) for n in (16, 31, 33))])
def test_a_key_of_another_length_is_replaced_by_a_secret_one_and_no_marks_are_kept(signed_in, key):
    said = base64.b64encode(key).decode() if isinstance(key, bytes) else key
    sign_in = answer(body={**SIGNED_IN, "marks_key": said})
    keys = set()
    for _ in range(2):
        portal, server = signed_in(Script(portal_sign_in=sign_in))
        assert portal.marks() == {}
        portal.put_marks({"a": "b"})
        assert not [asked for asked in server.asked if asked.path == "/portal/marks"]
        assert len(portal.marks_key) == 32
        keys.add(portal.marks_key)
    assert len(keys) == 2


# Tokens


class MovedClock(SystemClock):
    """A clock that a test moves on."""

    moved = timedelta()

    def elapsed(self):
        return super().elapsed() + self.moved


def test_a_token_is_renewed_ahead_of_its_end(signed_in):
    script, clock = Script(), MovedClock()
    portal, _ = signed_in(script, clock)
    for minutes, renewed in ((1, 0), (4.5, 1), (6, 1), (9, 2)):
        clock.moved = timedelta(minutes=minutes)
        portal.marks()
        assert script.refreshed == renewed


def test_a_token_in_its_last_seconds_still_serves_while_renewing_fails(signed_in):
    clock = MovedClock()
    portal, _ = signed_in(Script(portal_refresh=answer(500)), clock)
    clock.moved = timedelta(minutes=4.5)
    assert portal.marks() == {"a": "b"}
    clock.moved = timedelta(minutes=5)
    with pytest.raises(PortalFault):
        portal.marks()


def test_a_refused_token_is_renewed_once_for_all_threads(signed_in):
    script = Script()
    portal, _ = signed_in(script)
    script.valid = "nothing yet"
    results = []
    threads = [threading.Thread(target=lambda: results.append(portal.marks())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{"a": "b"}] * 6
    assert script.refreshed == 1


def test_a_refused_session_is_over_and_the_refresh_token_not_tried_again(signed_in):
    portal, server = signed_in(
        Script(portal_refresh=answer(400, {"error": "invalid_request"}), portal_marks=answer(401))
    )
    for _ in range(2):
        with pytest.raises(SessionRefused):
            portal.marks()
    assert [asked.path for asked in server.asked].count("/portal/refresh") == 1


def test_a_portal_in_trouble_does_not_end_the_session(signed_in):
    script = Script(portal_refresh=answer(500))
    portal, _ = signed_in(script)
    script.valid = "nothing yet"
    with pytest.raises(PortalFault):
        portal.marks()
    del script.answers["portal_refresh"]
    assert portal.marks() == {"a": "b"}


def test_signing_out_revokes_and_never_raises(signed_in):
    portal, server = signed_in(Script(portal_sign_out=answer(500)))
    portal.sign_out()
    assert server.asked[-1].json == {"refresh_token": "refresh-0"}
    server.close()
    portal.sign_out()
    with pytest.raises(SessionRefused):
        portal.marks()


# Paging


def test_all_pages_come_in_order_with_links_of_every_kind(signed_in):
    def pages(asked):
        place = parse_qs(urlsplit(asked.path).query).get("place", ["0"])[0]
        following = {
            "0": "https://internal-host:8080/fhir/DiagnosticReport?place=1",  # HAPI's inside name
            "1": "DiagnosticReport?place=2",
            "2": "/fhir/DiagnosticReport?place=3",
            "3": "?place=4",
            "4": "http://127.0.0.1/fhir/DiagnosticReport?place=5",
            "5": "",
        }[place]
        return answer(body=bundle(f"r{place}", following=following, total=6))

    portal, _ = signed_in(Script(fhir_DiagnosticReport=pages, fhir=pages))
    found = list(portal.pages(1))
    assert keys(found) == ["r0", "r1", "r2", "r3", "r4", "r5"]
    assert [page.last for page in found] == [False] * 5 + [True]
    assert found[0].total == 6


def test_the_next_page_is_asked_for_before_this_one_is_read(signed_in):
    asked_for_next = threading.Event()

    def pages(asked):
        if "place" in asked.path:
            asked_for_next.set()
            return answer(body=bundle("r1"))
        return answer(body=bundle("r0"), Link='<DiagnosticReport?place=1>; rel="next"')

    portal, _ = signed_in(Script(fhir_DiagnosticReport=pages))
    walk = portal.pages()
    assert keys([next(walk)]) == ["r0"]
    assert asked_for_next.wait(10)
    assert keys(walk) == ["r1"]


def test_a_strict_portal_is_asked_more_plainly(signed_in):
    def strict(asked):
        known = set(parse_qs(urlsplit(asked.path).query)) <= {"_count"}
        return answer(body=bundle("r1")) if known else answer(400, {"resourceType": "OperationOutcome"})

    portal, _ = signed_in(Script(fhir_DiagnosticReport=strict))
    assert keys(portal.pages()) == ["r1"]


def test_a_search_that_expires_in_the_middle_is_begun_again_without_repeating(signed_in):
    expired = []

    def pages(asked):
        if "place" not in asked.path:
            return answer(body=bundle("r0", following="DiagnosticReport?place=1"))
        if not expired:
            expired.append(True)
            return answer(410)
        return answer(body=bundle("r1"))

    portal, _ = signed_in(Script(fhir_DiagnosticReport=pages))
    assert keys(portal.pages()) == ["r0", "r1"]


def test_a_search_that_always_expires_is_given_up(signed_in):
    def pages(asked):
        return answer(410) if "place" in asked.path else answer(body=bundle("r0", following="?place=1"))

    portal, _ = signed_in(Script(fhir_DiagnosticReport=pages, fhir=answer(410)))
    with pytest.raises(Withdrawn):
        list(portal.pages())


def test_pages_in_a_circle_end_with_a_word_about_it(signed_in):
    said = answer(body=bundle("r0", following="DiagnosticReport?place=1"))
    portal, server = signed_in(Script(fhir_DiagnosticReport=said))
    found = list(portal.pages())
    assert keys(found) == ["r0"]
    assert "circles" in found[-1].incomplete
    assert len(searches(server)) <= 3


def test_a_short_wait_is_waited_and_a_long_one_is_told(signed_in):
    waits = ["1"]

    def pages(asked):
        return answer(429, Retry_After=waits.pop()) if waits else answer(body=bundle("r0"))

    portal, _ = signed_in(Script(fhir_DiagnosticReport=pages))
    assert keys(portal.pages()) == ["r0"]
    waits.append("600")
    with pytest.raises(Busy):
        list(portal.pages())


def test_stopping_ends_the_pages_without_an_error(signed_in):
    stop = Stop()

    def pages(asked):
        return answer(
            body=bundle(f"r{len(server.asked)}", following=f"DiagnosticReport?place={len(server.asked)}")
        )

    portal, server = signed_in(Script(fhir_DiagnosticReport=pages))
    for number, _ in enumerate(portal.pages(stop=stop)):
        if number == 2:
            stop.set()
    assert number == 2


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"resourceType":"OperationOutcome"}', b'{"resourceType":"Bundle","entry":[', b""]
)
def test_an_unusable_page_is_a_fault_not_an_empty_list(signed_in, body):
    portal, _ = signed_in(Script(fhir_DiagnosticReport=answer(body=body)))
    with pytest.raises(PortalFault):
        list(portal.pages())


def test_what_changed_is_asked_for_with_an_overlap(signed_in):
    portal, server = signed_in(Script(fhir_DiagnosticReport=answer(body=bundle("r0"))))
    assert keys(portal.changed_since(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))) == ["r0"]
    query = parse_qs(urlsplit(searches(server)[0].path).query)
    assert query["_lastUpdated"] == ["ge2026-11-22T11:55:00Z"]


def test_beyond_the_most_that_a_session_takes_the_list_ends_and_says_so(signed_in, monkeypatch):
    monkeypatch.setattr(paging, "MOST", 3)

    def pages(asked):
        number = len(searches(server))
        if "_lastUpdated" in asked.path:
            newer = {**REPORT, "id": "r1", "meta": {"versionId": "9"}}
            more = bundle("r9")
            more["entry"].insert(0, {"resource": newer})
            return answer(body=more)
        return answer(body=bundle(f"r{number}", f"s{number}", following=f"DiagnosticReport?p={number}"))

    portal, server = signed_in(Script(fhir_DiagnosticReport=pages))
    found = list(portal.pages())
    assert len(keys(found)) == 3
    assert found[-1].last
    assert "at most 3 reports" in found[-1].incomplete
    assert [page.incomplete for page in found[:-1]] == [""]
    assert len(searches(server)) <= 4
    (changes,) = portal.changed_since(datetime(2026, 11, 22, tzinfo=UTC))
    assert keys([changes]) == ["r1"]  # what is here already stays up to date
    assert "at most 3 reports" in changes.incomplete


def test_a_page_far_larger_than_any_is_refused(signed_in):
    large = b'{"resourceType":"Bundle"' + b" " * 17 * 1024**2 + b"}"
    portal, _ = signed_in(Script(fhir_DiagnosticReport=answer(body=large)))
    with pytest.raises(PortalFault, match="more than could be safely taken"):
        list(portal.pages())


def test_two_pages_are_never_unpacked_at_once(signed_in, monkeypatch):
    alone = []
    monkeypatch.setattr(
        "client.portal.fhir.bundle.parse_object",
        lambda data: alone.append(not _READING.acquire(blocking=False)) or parse_object(data),
    )
    portal, _ = signed_in(Script(fhir_DiagnosticReport=answer(body=bundle("r1"))))
    list(portal.pages())
    portal.report("r1")
    assert alone == [True, True]


# Single things


def test_one_report_comes_with_its_patient_or_is_withdrawn(signed_in):
    portal, _ = signed_in(Script(fhir_DiagnosticReport=answer(body=bundle("r1"))))
    assert portal.report("r1").report.patient.name == "SMITH, Ann"
    with pytest.raises(Withdrawn):
        portal.report("r2")


def document(url="", data=None, content_type="application/pdf"):
    return Attachment(content_type, "", url, data, None, None)


def test_a_document_comes_raw_wrapped_inline_or_from_elsewhere_without_the_token(signed_in, serve):
    wrapped = {"resourceType": "Binary", "data": base64.b64encode(b"%PDF wrapped").decode()}
    elsewhere = serve(answer(body=b"%PDF elsewhere", content_type="application/pdf"))

    def json_only(asked):
        return answer(body=wrapped) if asked.headers["accept"] == "application/fhir+json" else answer(406)

    portal, _ = signed_in(
        Script(
            fhir_Binary_raw=answer(body=b"%PDF raw", content_type="application/pdf"),
            fhir_Binary_wrapped=answer(body=wrapped, content_type="application/fhir+json"),
            fhir_Binary_json=json_only,
        )
    )
    assert portal.attachment(document("Binary/raw")) == b"%PDF raw"
    assert portal.attachment(document("Binary/wrapped")) == b"%PDF wrapped"
    assert portal.attachment(document("Binary/json")) == b"%PDF wrapped"
    assert portal.attachment(document(data=b"inline")) == b"inline"
    assert portal.attachment(document(elsewhere.url + "/x?signature=1")) == b"%PDF elsewhere"
    assert "authorization" not in elsewhere.asked[0].headers
    for url in ("file:///etc/passwd", "http://h/x", "", "\\\\host\\share", "Binary/gone"):
        with pytest.raises((PortalFault, Withdrawn)):
            portal.attachment(document(url))


def test_what_is_fetched_ahead_comes_from_the_portal_itself_or_not_at_all(signed_in, serve):
    elsewhere = serve(answer(401))
    portal, _ = signed_in(
        Script(
            fhir_Binary_away=answer(302, Location=elsewhere.url + "/x"),
            fhir_Binary_near=answer(307, Location="/fhir/Binary/raw?signature=1"),
            fhir_Binary_raw=answer(body=b"%PDF raw", content_type="application/pdf"),
        )
    )
    for url in (elsewhere.url + "/x", "Binary/away"):
        with pytest.raises(LedElsewhere):
            portal.attachment(document(url), at_home=True)
    assert elsewhere.asked == []
    for url in ("Binary/raw", "Binary/near"):
        assert portal.attachment(document(url), at_home=True) == b"%PDF raw"
    with pytest.raises(Withdrawn):  # and a refusal there is none of the session
        portal.attachment(document(elsewhere.url + "/x"))


def test_a_large_wrapped_document_is_unwrapped_and_a_bomb_is_not(signed_in):
    large = base64.b64encode(bytes(13 * 1024**2)).decode()
    bomb = b'{"resourceType":"Binary","data":"eA==","x":[' + b"{}," * 20_000 + b"0]}"
    portal, _ = signed_in(
        Script(
            fhir_Binary_large=answer(body={"resourceType": "Binary", "data": large}),
            fhir_Binary_bomb=answer(body=bomb),
        )
    )
    assert portal.attachment(document("Binary/large")) == bytes(13 * 1024**2)
    assert portal.attachment(document("Binary/bomb")) == bomb


def test_practitioners_are_asked_for_at_once_and_only_those_of_this_portal(signed_in):
    def people(asked):
        wanted = parse_qs(urlsplit(asked.path).query)["_id"][0].split(",")
        named = [
            {"resourceType": "Practitioner", "id": key, "name": [{"prefix": ["Dr"], "family": key.title()}]}
            for key in [*wanted, "uninvited"]
            if key != "unknown"
        ]
        return answer(body={"resourceType": "Bundle", "entry": [{"resource": each} for each in named]})

    portal, server = signed_in(Script(fhir_Practitioner=people))
    base = portal.description.fhir
    ours = ["Practitioner/huber", f"{base}/Practitioner/huber", "Practitioner/meier/_history/3"]
    others = [
        "https://other.example/fhir/Practitioner/weber",
        "PractitionerRole/weber",
        "Practitioner/weber,huber",
        "#weber",
        "urn:uuid:weber",
        "Practitioner/unknown",
        "",
    ]
    names = portal.practitioner_names([*ours, *others])
    assert names == dict(zip(ours, ["Dr Huber", "Dr Huber", "Dr Meier"], strict=True))
    assert [asked.path for asked in server.asked if "Practitioner" in asked.path] == [
        "/fhir/Practitioner?_id=huber,meier,unknown&_count=50"
    ]
    many = [f"Practitioner/p{number}" for number in range(120)]
    assert set(portal.practitioner_names(many)) == set(many)
    assert len([asked for asked in server.asked if "Practitioner" in asked.path]) == 4


def test_audit_events_arrive_whole_and_in_batches(signed_in):
    portal, server = signed_in(Script(portal_audit=answer(202, {"accepted": 1})))
    portal.send_audit([{"n": number} for number in range(450)])
    sent = [asked.json["events"] for asked in server.asked if asked.path == "/portal/audit"]
    assert [event["n"] for batch in sent for event in batch] == list(range(450))
    assert len(sent) == 3


def test_no_thread_is_left_behind(signed_in):
    portal, _ = signed_in(
        Script(fhir_DiagnosticReport=answer(body=bundle("r0", following="DiagnosticReport?p=1")))
    )
    next(portal.pages())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("safelight-next-page")]


def test_text_in_ids_cannot_change_the_question(signed_in):
    portal, server = signed_in(Script(fhir_DiagnosticReport=answer(body=bundle("r1"))))
    with pytest.raises(Withdrawn):
        portal.report("x&patient=1")
    with pytest.raises(Withdrawn):
        portal.practitioner_names(["Practitioner/1&status=final"])
    assert "/fhir/Practitioner?" in server.asked[-1].path
    for asked in server.asked:
        assert not {"patient", "status"} & set(parse_qs(urlsplit(asked.path).query))


def test_with_an_opening_a_small_page_comes_first_and_then_everything_once(signed_in):
    asked_for_all = threading.Event()

    def pages(asked):
        query = parse_qs(urlsplit(asked.path).query)
        if "place" in query:
            return answer(body=bundle("r4", total=5))
        if query["_count"] == ["200"]:
            asked_for_all.set()
            return answer(body=bundle("r0", "r1", "r2", "r3", following="?place=4", total=5))
        assert query["_count"] == [str(OPENING)]
        return answer(body=bundle("r0", "r1", following="?place=small", total=5))

    portal, server = signed_in(Script(fhir_DiagnosticReport=pages, fhir=pages))
    walk = portal.pages(200, opening=True)
    first = next(walk)
    assert (keys([first]), first.last, first.total) == (["r0", "r1"], False, 5)
    assert asked_for_all.wait(10)  # while the first is being read
    rest = list(walk)
    assert keys(rest) == ["r2", "r3", "r4"]
    assert (rest[-1].last, rest[-1].total) == (True, 5)
    assert not any("place=small" in asked.path for asked in server.asked)


def test_an_opening_that_holds_everything_is_the_whole_list(signed_in):
    portal, server = signed_in(Script(fhir_DiagnosticReport=answer(body=bundle("r0", "r1", total=2))))
    (only,) = portal.pages(200, opening=True)
    assert (keys([only]), only.last, only.total) == (["r0", "r1"], True, 2)
    assert len(searches(server)) == 1
