"""Every way a session ends: its process is gone, the next sign-in page is there and says why."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

import pytest

from tests.driver.program import ROOT, wait_for

ENDS = {
    "signing out": (lambda program, pid: program.tell("sign_out", pid), "Signed out."),
    "closing the window": (lambda program, pid: program.tell("close", pid), "window was closed"),
    "a crash": (lambda program, pid: program.tell("crash", pid), "stopped unexpectedly"),
    "kill -9": (lambda _program, pid: os.kill(pid, signal.SIGKILL), "stopped unexpectedly"),
}


@pytest.mark.parametrize("way", ENDS)
def test_after_an_end_the_process_is_gone_and_the_next_sign_in_page_says_why(start, way):
    end, sentence = ENDS[way]
    program = start()
    pid = program.sign_in("radiologist")
    program.loaded(pid)
    program.ask("open", pid=pid, row=0)
    end(program, pid)
    program.gone(pid)
    after = program.shown("sign-in")
    assert after != pid
    assert sentence in program.ask("see", pid=after)["reason"]


def test_end_session_from_another_terminal_ends_it_and_waits_until_it_is_gone(start, home):
    program = start()
    pid = program.sign_in("radiologist")
    command = [sys.executable, "-m", "client", "--end-session"]
    ended = subprocess.run(
        command, cwd=ROOT, env=home.environment, capture_output=True, text=True, timeout=30
    )
    assert ended.returncode == 0, ended.stderr
    assert not os.path.exists(f"/proc/{pid}")  # noqa: PTH110
    assert "command on this computer" in program.ask("see", pid=program.shown("sign-in"))["reason"]


def test_end_session_with_nobody_signed_in_says_so(start, home):
    start().shown("sign-in")
    command = [sys.executable, "-m", "client", "--end-session"]
    ended = subprocess.run(
        command, cwd=ROOT, env=home.environment, capture_output=True, text=True, timeout=30
    )
    assert ended.returncode == 3


def test_without_activity_curtain_warning_and_end_follow(start, home):
    home.prefer(curtain_after="1 s", warn_before_end="2 s", end_after_idle="4 s", activity="program")
    program = start()
    pid = program.sign_in("radiologist")
    program.shown("curtain")
    wait_for("the warning", lambda: program.ask("see", pid=pid)["warning"])
    program.gone(pid)
    assert "4 seconds without activity" in program.ask("see", pid=program.shown("sign-in"))["reason"]


def test_the_longest_time_of_a_session_ends_it_in_spite_of_activity(start, home):
    home.prefer(end_after="4 s", activity="program")
    program = start()
    pid = program.sign_in("radiologist")

    def worked_on() -> bool:
        program.tell("active", pid)
        return not os.path.exists(f"/proc/{pid}")  # noqa: PTH110

    wait_for("the end", worked_on, 20)
    assert "longest a session may last" in program.ask("see", pid=program.shown("sign-in"))["reason"]


def test_a_hung_session_is_ended_by_the_doorkeeper_at_its_deadline(start, home):
    home.prefer(curtain_after="1 s", warn_before_end="1 s", end_after_idle="4 s", activity="program")
    program = start()
    pid = program.sign_in("radiologist")
    _hang(program, pid)
    program.gone(pid)
    assert "did not answer" in program.ask("see", pid=program.shown("sign-in"))["reason"]


def test_a_hung_session_still_ends_at_once_when_asked_from_outside(start, home):
    program = start()
    pid = program.sign_in("radiologist")
    blocker = threading.Thread(target=_hang, args=(program, pid))
    blocker.start()
    command = [sys.executable, "-m", "client", "--end-session"]
    ended = subprocess.run(
        command, cwd=ROOT, env=home.environment, capture_output=True, text=True, timeout=30
    )
    blocker.join()
    assert ended.returncode == 0
    program.gone(pid)


def _hang(program, pid):
    with contextlib.suppress(OSError, ValueError, AssertionError):
        program.ask("block", pid=pid, seconds=60)


def test_when_the_doorkeeper_is_gone_every_session_process_ends(start):
    program = start()
    pid = program.sign_in("radiologist")
    children = program.descendants()
    assert pid in children
    os.kill(program.keeper.pid, signal.SIGKILL)
    program.keeper.wait()
    for child in children:
        program.gone(child)


def test_a_token_the_portal_refuses_ends_the_session_and_says_so(start, faults):
    program = start()
    pid = program.sign_in("radiologist")
    program.loaded(pid)
    faults.fault("/fhir", "401", times=1000)
    faults.fault("/portal/refresh", "401", times=1000)
    program.tell("refresh", pid)
    program.gone(pid)
    assert "portal no longer accepted" in program.ask("see", pid=program.shown("sign-in"))["reason"]
