"""The portal goes away in the middle of a session, and comes back."""

import re

from tests.driver.program import wait_for


def complete(program, pid):
    return wait_for("the whole list", lambda: program.ask("see", pid=pid)["complete"])


def see(program, pid, name):
    return program.ask("see", pid=pid)[name]


def test_what_is_here_stays_readable_until_a_time_that_is_said_and_read_marks_wait(program, portal, switch):
    portal.add_user("away")
    pid = program.sign_in("away")
    complete(program, pid)
    remote = program.ask("remote", pid=pid)
    read = next(key for key in program.ask("unread", pid=pid) if key not in remote)
    switch.lead_to(None)
    program.tell("refresh", pid)
    failure = wait_for("the failure", lambda: see(program, pid, "failure"))
    rows = see(program, pid, "rows")
    assert re.fullmatch(
        rf"No connection to 127\.0\.0\.1\. The {rows:,} reports already here stay readable until "
        r"\d\d:\d\d at the latest\.",
        failure,
    )
    program.ask("open_key", pid=pid, key=read)
    wait_for("the report", lambda: see(program, pid, "text"))
    wait_for("the word that a mark waits", lambda: "1 read mark waits" in see(program, pid, "said"))
    switch.lead_to(portal.url)
    program.tell("refresh", pid)
    wait_for("the word to go", lambda: "read mark" not in see(program, pid, "said"))
    assert see(program, pid, "failure") == ""
    program.tell("sign_out", pid)
    program.gone(pid)
    again = program.sign_in("away")
    complete(program, again)
    assert read not in program.ask("unread", pid=again)
