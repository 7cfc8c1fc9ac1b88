"""The doorkeeper with real processes: what follows each end, and what happens to those that overstay."""

import os
import signal
from contextlib import suppress

import pytest


def test_first_page_is_shown_without_a_reason(door):
    assert door.next_session().told() == "show -"


def test_next_page_waits_hidden_once_somebody_is_signed_in(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.say("ended idle")
    assert waiting.told() == "show idle"


@pytest.mark.parametrize(
    "reason", ["signed-out", "window-closed", "absolute-limit", "screen-locked", "suspended"]
)
def test_end_of_a_session_brings_the_next_page_saying_why(door, reason):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.say(f"ended {reason}")
    first.order("exit 0")
    assert waiting.told() == f"show {reason}"
    first.wait_until_gone()


def test_a_session_after_the_next_one_waits_too(door):
    session = door.next_session()
    session.sign_in()
    for _ in range(3):
        waiting = door.next_session()
        session.say("ended signed-out")
        assert waiting.told() == "show signed-out"
        waiting.say("signed-in")
        session = waiting


@pytest.mark.parametrize("how", ["exit 1", "kill"])
def test_session_gone_without_a_word_is_reported_as_crashed(door, how):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    if how == "kill":
        os.kill(first.pid, signal.SIGKILL)
    else:
        first.order(how)
    assert waiting.told() == "show crashed"


def test_process_that_ended_its_session_but_stays_is_killed(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.order("ignore")
    assert first.told() == "ignoring -"
    first.say("ended signed-out")
    assert waiting.told() == "show signed-out"
    first.wait_until_gone()


def test_hung_session_is_killed_after_its_deadline(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.order("ignore")
    first.say(f"deadline {door.clock() + 0.2}")
    assert waiting.told() == "show overstayed"
    first.wait_until_gone()


def test_stopped_process_is_killed_after_its_deadline(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.say(f"deadline {door.clock() + 0.5}")
    first.order("ignore")
    assert first.told() == "ignoring -"  # so the deadline was said too
    os.kill(first.pid, signal.SIGSTOP)
    assert waiting.told() == "show overstayed"


def test_deadline_passed_long_ago_kills_at_once_as_after_a_suspend(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.order("ignore")
    first.say(f"deadline {door.clock() - 3600}")
    assert waiting.told() == "show overstayed"


def test_no_session_is_longer_than_any_policy_allows_whatever_it_says(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.say(f"deadline {door.clock() + 20 * 3600}")
    first.order("ignore")
    assert first.told() == "ignoring -"
    door.move_clock(hours=11.9)
    waiting.say(f"deadline {door.clock()}")  # over by then: once it is gone, deadlines were looked at
    waiting.wait_until_gone()
    waiting = door.next_session()
    assert first.is_there()
    door.move_clock(hours=12.1)
    assert waiting.told() == "show overstayed"


def test_session_that_never_says_a_deadline_has_one(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    os.kill(first.pid, signal.SIGSTOP)
    door.move_clock(hours=0.3)
    assert waiting.told() == "show overstayed"
    first.wait_until_gone()


def test_session_that_lets_its_pipe_fill_up_holds_nothing_up(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.order("where")
    where = first.told()
    first.stop()
    pipe = os.open(where, os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while True:
            os.write(pipe, b"\n" * 4096)
    with suppress(BlockingIOError):
        while True:
            os.write(pipe, b"\n")
    os.close(pipe)
    door.process.send_signal(signal.SIGTERM)
    assert door.exit_code() == 0
    first.wait_until_gone()
    waiting.wait_until_gone()


def test_a_later_deadline_replaces_the_earlier_one(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.say(f"deadline {door.clock() + 1}")
    first.say(f"deadline {door.clock() + 3600}")
    second_sign = door.clock() + 4
    waiting.say(f"deadline {second_sign}")  # the waiting one is killed later than the first deadline would be
    waiting.wait_until_gone()
    first.say("ended signed-out")
    first.order("exit 0")
    assert door.next_session().told() == "show signed-out"


def test_closing_the_sign_in_page_ends_the_program(door):
    first = door.next_session()
    assert first.told() == "show -"
    first.say("ended window-closed")
    first.order("exit 0")
    assert door.exit_code() == 0


def test_closing_the_page_after_a_session_ends_the_program_too(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.say("ended window-closed")
    assert waiting.told() == "show window-closed"
    waiting.say("ended window-closed")
    assert door.exit_code() == 0
    first.wait_until_gone()
    waiting.wait_until_gone()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_ends_the_session_first_and_then_the_program(door, number):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    door.process.send_signal(number)
    assert first.told() == "end asked-from-outside"
    assert door.exit_code() == 0
    first.wait_until_gone()
    waiting.wait_until_gone()


def test_signal_ends_a_hung_session_too(door):
    first = door.next_session()
    first.sign_in()
    door.next_session()  # so the sign-in was heard
    first.order("ignore")
    assert first.told() == "ignoring -"
    door.process.send_signal(signal.SIGTERM)
    assert door.exit_code() == 0
    first.wait_until_gone()


def test_processes_end_when_the_doorkeeper_is_killed(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    door.process.kill()
    first.wait_until_gone()
    waiting.wait_until_gone()


def test_page_that_never_appears_is_tried_five_times_and_then_explained(door):
    for _ in range(5):
        door.next_session().order("exit 1")
    assert door.exit_code() == 1
    explanation = door.process.stderr.read()
    assert "sign-in page cannot be shown" in explanation
    assert "Traceback" not in explanation


def test_reason_is_not_lost_when_the_next_page_fails_to_start(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    os.kill(waiting.pid, signal.SIGSTOP)  # cannot even read what it is told
    first.say("ended idle")
    os.kill(waiting.pid, signal.SIGKILL)
    assert door.next_session().told() == "show idle"


def test_waiting_processes_that_fail_leave_the_session_alone(door):
    first = door.next_session()
    first.sign_in()
    for _ in range(5):
        door.next_session().order("exit 1")
    first.say(f"deadline {door.clock() + 3600}")
    first.say("ended idle")
    assert door.next_session().told() == "show idle"


def test_garbage_and_prints_of_a_session_do_no_harm(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    first.order("print something of a library")
    for line in ["nonsense", "deadline soon", "ended because", "show idle", "x" * 5000, "signed-in"]:
        first.say(line)
    first.say("ended idle")
    assert waiting.told() == "show idle"
