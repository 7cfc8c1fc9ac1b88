"""The client's side of the wire against the real portal, and every fault the portal can have."""

import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from client.errors import (
    Busy,
    NotTrusted,
    PortalError,
    PortalFault,
    SessionRefused,
    SignInRefused,
    Unreachable,
    Withdrawn,
)
from client.model.user import Role
from client.policy.table import Policy
from client.portal.connection import Connection
from client.portal.description import describe
from client.portal.exchange import Stop
from client.portal.fhir.body import read_body
from client.portal.portal import Portal
from client.portal.trust import make_context
from tests.driver.program import wait_for

LIST = "/fhir/DiagnosticReport?"


@pytest.fixture
def connection(faults):
    with closing(Connection(make_context(Path(faults.ca)))) as made:
        yield made


def sign_in(connection, portal, user="radiologist"):
    description = describe(connection, portal.url, Policy())
    return Portal.sign_in(connection, description, user, bytearray(portal.PASSWORD.encode()), "reading room")


@pytest.fixture
def reader(connection, faults):
    reader = sign_in(connection, faults)
    yield reader
    reader.sign_out()


def rows(pages):
    return [fetched for page in pages for fetched in page.reports]


def test_the_whole_list_comes_newest_first_with_patients_and_texts(reader):
    pages = list(reader.pages(50))
    found = rows(pages)
    assert len(found) == pages[-1].total
    assert len(found) > 50
    assert len({fetched.report.key for fetched in found}) == len(found)
    moments = [fetched.report.issued.at for fetched in found if fetched.report.issued]
    assert moments == sorted(moments, reverse=True)
    readable = [fetched for fetched in found if not fetched.report.problem]
    assert all(fetched.report.patient and fetched.report.patient.name for fetched in readable)
    assert any(fetched.report.critical for fetched in readable)
    assert reader.user.role is Role.RADIOLOGIST


def test_every_document_comes_whole(reader):
    for fetched in rows(reader.pages(50)):
        for attachment in read_body(fetched.resource).attachments:
            data = reader.attachment(attachment)
            assert attachment.size in (None, len(data))


def test_a_referring_physician_gets_fewer_reports(connection, faults, reader):
    physician = sign_in(connection, faults, "referrer")
    theirs = {fetched.report.key for fetched in rows(physician.pages())}
    everyone_s = {fetched.report.key for fetched in rows(reader.pages())}
    assert theirs < everyone_s
    with pytest.raises(Withdrawn):
        physician.report(min(everyone_s - theirs))
    physician.sign_out()


def test_marks_and_audit_arrive(reader):
    reader.put_marks({"mark-1": "version-1"})
    assert reader.marks()["mark-1"] == "version-1"
    reader.send_audit([{"act": "signed-in", "at": "2026-11-22T00:00:00.000000Z", "session": reader.session}])


def test_a_wrong_password_is_said_plainly(connection, faults):
    description = describe(connection, faults.url, Policy())
    with pytest.raises(SignInRefused, match="wrong"):
        Portal.sign_in(connection, description, "nobody", "wrong", "ws")


def test_another_authority_s_certificate_is_refused(faults):
    with closing(Connection(make_context())) as connection, pytest.raises(NotTrusted):
        connection.open(faults.url)


def test_another_name_for_the_portal_is_refused(connection, faults):
    with pytest.raises(NotTrusted, match="another address"):
        connection.open(faults.url.replace("127.0.0.1", "127.1"))


def test_a_changed_certificate_is_refused_and_the_right_one_accepted_again(connection, faults):
    connection.open(faults.url)
    faults.fault("", "changed-certificate", times=1)
    with pytest.raises(NotTrusted):
        until_it_fails(connection, faults)
    connection.open(faults.url)


def until_it_fails(connection, portal):
    """The portal arms connection faults a moment after it has said so."""
    for _ in range(2000):
        connection.open(portal.url)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("cut", Unreachable),
        ("wrong-length", PortalError),
        ("403", Withdrawn),
        ("404", Withdrawn),
        ("410", Withdrawn),
        ("500", PortalFault),
        ("malformed-json", PortalFault),
        ("html", PortalFault),
    ],
)
@pytest.mark.parametrize("after", [0, 1])
def test_a_fault_during_the_list_is_told_and_the_next_try_is_whole(reader, faults, fault, expected, after):
    whole = len(rows(reader.pages(50)))
    faults.fault("/fhir", fault, times=None, after=after)
    with pytest.raises(expected) as caught:
        list(reader.pages(50))
    assert "?" not in str(caught.value)
    faults.clear_faults()
    assert len(rows(reader.pages(50))) == whole


def test_a_page_that_expires_once_costs_nothing(reader, faults):
    whole = [fetched.report.key for fetched in rows(reader.pages(50))]
    faults.fault("/fhir", "410", times=1, after=1)
    assert sorted(fetched.report.key for fetched in rows(reader.pages(50))) == sorted(whole)


def test_a_busy_portal_is_waited_for_or_told(reader, faults):
    faults.fault("/fhir", "429", times=1, seconds=1)
    assert rows(reader.pages(50))
    faults.fault("/fhir", "503", times=None, seconds=300)
    with pytest.raises(Busy) as caught:
        list(reader.pages(50))
    assert caught.value.retry_after == timedelta(seconds=300)


@pytest.mark.parametrize("fault", ["401", "expired-token"])
def test_a_token_refused_in_the_middle_is_renewed_unseen(reader, faults, fault):
    whole = len(rows(reader.pages(50)))
    faults.fault("/fhir", fault, times=1, after=1)
    assert len(rows(reader.pages(50))) == whole


def test_a_session_refused_for_good_is_told(reader, faults):
    faults.fault("/fhir", "401", times=None)
    with pytest.raises(SessionRefused):
        list(reader.pages(50))


def test_silence_ends_when_somebody_stops(reader, faults):
    faults.fault("/fhir", "silence", times=None)
    stop = Stop()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    assert list(reader.pages(50, stop)) == []
    timer.join()


def test_a_slow_portal_is_only_slow(reader, faults):
    faults.fault("/fhir", "latency", times=1, seconds=0.3)
    assert rows(reader.pages(50))


def test_a_portal_that_went_away_is_unreachable_and_found_again(connection, reader, faults):
    faults.fault("", "refuse", seconds=1.0)
    with pytest.raises(Unreachable):
        until_it_fails(connection, faults)

    def listens_again():
        try:
            connection.open(faults.url)
        except Unreachable:
            return False
        return True

    wait_for("the portal to come back", listens_again)
    assert rows(reader.pages(50))


def test_sign_out_is_quick_even_from_a_silent_portal(connection, faults):
    reader = sign_in(connection, faults)
    faults.fault("/portal/sign-out", "silence", times=None)
    reader.sign_out(timedelta(seconds=0.3))
    with pytest.raises(SessionRefused):
        reader.marks()


@pytest.mark.parametrize("fault", ["cut", "500", "malformed-json", "html", "503", "404"])
def test_a_fault_during_sign_in_is_told(connection, faults, fault):
    description = describe(connection, faults.url, Policy())
    faults.fault("/portal/sign-in", fault, times=None)
    with pytest.raises(PortalError) as caught:
        Portal.sign_in(connection, description, "radiologist", faults.PASSWORD, "ws")
    assert not isinstance(caught.value, SignInRefused)
    assert faults.PASSWORD not in str(caught.value)
