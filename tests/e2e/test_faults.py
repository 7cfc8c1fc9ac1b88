"""Every fault of the portal while the worklist loads, while it is refreshed, and while a report is fetched.

What is here stays readable, the screen says what happened, one click brings the rest, and no report is
lost or there twice.
"""

from contextlib import closing

import pytest

from tests.driver.program import wait_for
from tests.unit.portal.conftest import Authority, TlsServer, answer

LIST = "/fhir/DiagnosticReport"
STOP = "Stop loading the worklist"

# What the portal does until it is well again, and a word of what the screen says.
REFUSALS = {
    "cut": "broke off",
    "wrong-length": "broke off",
    "403": "no longer offers this",
    "404": "no longer offers this",
    "410": "no longer offers this",
    "500": "has a fault of its own",
    "429": "is busy",
    "503": "is busy",
    "malformed-json": "",
    "html": "",
}
# What the portal does once, and nobody needs to hear of.
HICCUPS = {"401": {}, "expired-token": {}, "410": {}, "429": {"seconds": 1}, "503": {"seconds": 1}}
# What keeps everybody waiting until the test ends it.
WAITS = {
    "silence": {},
    "latency": {"seconds": 600},
    "429": {"seconds": 25},
}


@pytest.fixture(scope="module")
def everything(shared):
    """The keys of all reports, from a run without faults."""
    there = [pid for pid, seen in shared.sessions().items() if seen["visible"] and "rows" in seen]
    pid = there[0] if there else shared.sign_in("radiologist")
    shared.whole(pid)
    keys = shared.ask("keys", pid=pid)
    assert len(keys) == len(set(keys)) > 200
    return sorted(keys)


def failed(program, pid):
    """Wait until loading has failed; return what the screen says."""
    return wait_for("what went wrong", lambda: program.ask("see", pid=pid)["failure"])


def in_plain_words(sentence):
    """A sentence for a colleague, with nothing of a URL's query in it."""
    assert sentence[0].isalnum()
    assert sentence.endswith(".")
    for bad in ("!", "?", "=", "Error", "Errno", "http", "{"):
        assert bad not in sentence
    return True


def readable(program, pid):
    """Open the first report of the list: it shows words, and the window answers."""
    key = program.ask("open", pid=pid, row=0)
    seen = wait_for("the report", lambda: _opened(program, pid, key))
    return "not here" not in seen["text"] and "cannot be shown" not in seen["text"]


def _opened(program, pid, key):
    seen = program.ask("see", pid=pid)
    return seen if seen["opened"] == key and (seen["text"] or seen["pages"]) else None


def whole_again(program, pid, everything):
    """Everything is here, once."""
    program.whole(pid)
    return sorted(program.ask("keys", pid=pid)) == everything


@pytest.mark.parametrize("after", [0, 1], ids=["first page", "second page"])
@pytest.mark.parametrize("fault", REFUSALS)
def test_a_fault_while_the_worklist_loads_is_told_and_one_click_brings_the_rest(
    program, faults, everything, fault, after
):
    faults.fault(LIST, fault, times=None, after=after, seconds=300)
    pid = program.sign_in("radiologist")
    said = failed(program, pid)
    assert in_plain_words(said)
    assert REFUSALS[fault] in said
    seen = program.ask("see", pid=pid)
    assert 0 < seen["rows"] < len(everything) if after else seen["rows"] == 0
    if after:
        assert readable(program, pid)
    faults.clear_faults()
    program.ask("click", pid=pid, word="Retry" if after else "Try again")
    assert whole_again(program, pid, everything)


@pytest.mark.parametrize("fault", HICCUPS)
def test_a_hiccup_while_the_worklist_loads_is_not_even_noticed(program, faults, everything, fault):
    faults.fault(LIST, fault, after=1, **HICCUPS[fault])
    pid = program.sign_in("radiologist")
    assert whole_again(program, pid, everything)
    counted(program, pid, everything)


def counted(program, pid, everything):
    """Wait until the footer says that everything is here."""
    all_of_all = f"{len(everything)} of {len(everything)}"
    wait_for("the count", lambda: program.ask("see", pid=pid)["count"].startswith(all_of_all))


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_fault_while_refreshing_leaves_everything_readable(shared, reader, faults, everything, fault):
    faults.fault(LIST, fault, times=None, seconds=300)
    assert REFUSALS[fault] in refresh_fails_but_all_stays(shared, reader, everything)
    faults.clear_faults()
    shared.ask("click", pid=reader, word="Retry")
    assert whole_again(shared, reader, everything)


def test_a_portal_that_goes_away_leaves_everything_readable(shared, reader, portal, switch, everything):
    switch.lead_to(None)
    assert "No connection to" in refresh_fails_but_all_stays(shared, reader, everything)
    switch.lead_to(portal.url)
    shared.ask("click", pid=reader, word="Retry")
    assert whole_again(shared, reader, everything)


def test_a_certificate_that_changes_in_a_session_is_refused(
    shared, reader, portal, switch, everything, tmp_path
):
    stranger = Authority(tmp_path, "stranger").issue()
    with closing(TlsServer(stranger, answer(body=b"{}"))) as server:
        switch.lead_to(server.url)
        said = refresh_fails_but_all_stays(shared, reader, everything)
        assert server.asked == []  # least of all a token
    assert "an authority that this computer does not trust" in said
    switch.lead_to(portal.url)
    shared.ask("click", pid=reader, word="Retry")
    assert whole_again(shared, reader, everything)


def refresh_fails_but_all_stays(program, pid, everything):
    """Refresh in vain; return what the screen says."""
    program.ask("refresh", pid=pid)
    said = failed(program, pid)
    assert in_plain_words(said)
    assert readable(program, pid)
    counted(program, pid, everything)
    return said


@pytest.mark.parametrize("fault", WAITS)
def test_while_the_portal_keeps_everybody_waiting_one_reads_and_stops_at_will(
    shared, reader, faults, everything, fault
):
    faults.fault(LIST, fault, times=None, **WAITS[fault])
    reads_and_stops(shared, reader)
    faults.clear_faults()
    shared.ask("refresh", pid=reader)
    assert whole_again(shared, reader, everything)


def test_while_the_network_swallows_everything_one_reads_and_stops_at_will(
    shared, reader, portal, switch, authority, everything
):
    with closing(TlsServer(authority.issue(), b"", silent_handshake=True)) as server:
        switch.lead_to(server.url)
        reads_and_stops(shared, reader)
    switch.lead_to(portal.url)
    shared.ask("refresh", pid=reader)
    assert whole_again(shared, reader, everything)


def reads_and_stops(program, pid):
    """Refresh, read while nothing comes, stop."""
    program.ask("refresh", pid=pid)
    assert STOP in program.ask("see", pid=pid)["offers"]
    assert readable(program, pid)
    assert program.ask("see", pid=pid)["running"]  # nobody waited for the portal
    program.ask("click", pid=pid, word="Stop")
    wait_for("the stop", lambda: not program.ask("see", pid=pid)["running"])


def test_signing_out_does_not_wait_for_a_silent_portal(shared, reader, faults):
    faults.fault(LIST, "silence", times=None)
    faults.fault("/portal/sign-out", "silence", times=None)
    shared.ask("refresh", pid=reader)
    shared.tell("sign_out", reader)
    shared.gone(reader)
    shared.shown("sign-in")


def test_the_first_page_can_be_read_while_the_second_does_not_come(program, faults, everything):
    faults.fault(LIST, "silence", times=None, after=1)
    pid = program.sign_in("radiologist")
    wait_for("the first page", lambda: program.ask("see", pid=pid).get("rows"))
    assert readable(program, pid)
    seen = program.ask("see", pid=pid)
    assert seen["running"]
    program.ask("click", pid=pid, word="Stop")
    seen = wait_for("the stop", lambda: _stopped(program, pid))
    assert "stopped before the end" in seen["incomplete"]
    faults.clear_faults()
    program.ask("refresh", pid=pid)
    assert whole_again(program, pid, everything)


def _stopped(program, pid):
    seen = program.ask("see", pid=pid)
    return seen if not seen["running"] else None


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_document_that_cannot_be_fetched_is_told_and_one_click_brings_it(shared, reader, faults, fault):
    key = shared.ask("remote", pid=reader)[0]
    faults.fault("/fhir/Binary", fault, times=None, seconds=300)
    shared.ask("open_key", pid=reader, key=key)
    seen = wait_for("the notice", lambda: _opened(shared, reader, key))
    assert seen["missing"] or "check sum differs" in seen["warned"]
    faults.clear_faults()
    shared.ask("open_key", pid=reader, key=key)
    wait_for("the document", lambda: _as_issued(shared, reader))


def _as_issued(program, pid):
    seen = program.ask("see", pid=pid)
    return not seen["warned"] and not seen["missing"] and (seen["text"] or seen["pages"])


@pytest.mark.parametrize("fault", ["silence", "latency"])
def test_while_a_document_does_not_come_another_report_opens(shared, reader, faults, fault):
    keys = shared.ask("remote", pid=reader)
    faults.fault("/fhir/Binary", fault, times=None, seconds=600)
    shared.ask("open_key", pid=reader, key=keys[0])
    assert "Fetching this report" in shared.ask("see", pid=reader)["message"]
    assert readable(shared, reader)


def test_marks_that_cannot_be_sent_are_said(shared, reader, faults):
    faults.fault("/portal/marks", "500", times=None)
    shared.ask("open_key", pid=reader, key=shared.ask("unread", pid=reader)[0])
    said = wait_for("the notice", lambda: _said(shared, reader, "fault of its own"))
    assert in_plain_words(said)


def _said(program, pid, words):
    said = program.ask("see", pid=pid)["said"]
    return said if words in said else ""


def test_a_portal_that_keeps_imaging_studies_to_itself_costs_no_report(program, faults, everything):
    faults.fault("/fhir/ImagingStudy", "403", times=None)
    pid = program.sign_in("radiologist")
    assert whole_again(program, pid, everything)
