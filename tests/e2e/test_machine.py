"""What happens to the workstation ends the session: lock, suspend, another user; on real buses."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.driver.program import wait_for
from tests.unit.system.conftest import Bus, Logind

ENDS = {
    "the screen is locked": (lambda logind: logind.locks_session(), "screen was locked"),
    "the lock is only hinted at": (lambda logind: logind.changes(LockedHint=True), "screen was locked"),
    "the computer goes to sleep": (lambda logind: logind.sleeps(True), "to sleep"),
    "another user is in front": (lambda logind: logind.changes(Active=False), "switched"),
}


@pytest.fixture(scope="module")
def buses():
    """A system bus and a session bus."""
    if shutil.which("dbus-daemon") is None or shutil.which("dbus-send") is None:
        pytest.skip("no dbus-daemon here (Debian package dbus)")
    folder = Path(tempfile.mkdtemp(prefix="bus"))  # short: a socket's address has 108 bytes
    both = [Bus(folder, name) for name in ("system", "session")]
    yield both
    for bus in both:
        bus.stop()
    shutil.rmtree(folder)


@pytest.fixture
def logind(buses):
    """A stand-in for logind that knows every session as ours."""
    service = Logind(buses[0])
    yield service
    service.stop()


@pytest.fixture
def signed_in(start, home, buses, logind):
    """The program and its session's process id, with suspend delayed."""
    system, session = buses
    home.more |= {"DBUS_SYSTEM_BUS_ADDRESS": system.address, "DBUS_SESSION_BUS_ADDRESS": session.address}
    program = start()
    pid = program.sign_in("radiologist")
    _, program.lock = logind.locks.get(timeout=30)
    wait_for("somebody who listens", lambda: program.ask("listening", pid=pid))
    yield program, pid
    os.close(program.lock)


def held(lock):
    """Whether anybody still has the other end of the delay lock."""
    os.set_blocking(lock, False)
    try:
        return os.read(lock, 1) != b""
    except BlockingIOError:
        return True


def ended(program, pid, words):
    """The session is over, the next sign-in page says why, and nothing delays a suspend any more."""
    program.gone(pid)
    assert words in program.ask("see", pid=program.shown("sign-in"))["reason"]
    return not held(program.lock)


@pytest.mark.parametrize("way", ENDS)
def test_the_session_ends_when(signed_in, logind, way):
    happen, words = ENDS[way]
    program, pid = signed_in
    assert held(program.lock)
    happen(logind)
    assert ended(program, pid, words)


def test_the_session_ends_when_the_desktop_s_screen_saver_locks(signed_in, buses):
    program, pid = signed_in
    signal = ["/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged", "boolean:true"]
    subprocess.run(
        ["dbus-send", f"--bus={buses[1].address}", "--type=signal", *signal], check=True, timeout=30
    )
    assert ended(program, pid, "screen was locked")


def test_suspend_ends_a_session_whose_window_hangs(signed_in, logind):
    program, pid = signed_in
    program.ask("hang", pid=pid)
    logind.sleeps(True)
    assert ended(program, pid, "to sleep")


def test_what_happens_to_others_ends_nothing(signed_in, logind):
    program, pid = signed_in
    logind.locks_session(path="/org/freedesktop/login1/session/_32")
    logind.sleeps(False)
    logind.changes(LockedHint=False, Active=True)
    logind.changes(Unheard=True)
    assert program.ask("see", pid=pid)["screen"] == "reading"
    assert held(program.lock)
    logind.changes(Active=False)  # the messages before it have been heard by now
    assert ended(program, pid, "switched")
