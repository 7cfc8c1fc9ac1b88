"""How long nobody has touched the workstation: real X server, real bus, and fakes of the other systems."""

import ctypes
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from client.reasons import EndReason
from client.system import macos, windows
from client.system.activity import WorkstationIdle, first_of
from client.system.desktop import Doubted, gnome_idle, kde_idle
from client.system.x11 import x11_idle


def seconds(count):
    return timedelta(seconds=count)


@pytest.fixture
def display():
    """A real X server of the test's own."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here (Debian packages xvfb, xdotool)")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "320x200x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        name = ":" + number.readline().strip()
    yield name
    server.kill()
    server.wait()


def test_x11_counts_until_the_pointer_moves(display):
    # A process of its own: Xlib ends the whole program when its server goes.
    program = (
        "import subprocess, sys; from client.system.x11 import x11_idle; idle = x11_idle(sys.argv[1])\n"
        "if idle is None: sys.exit(77)\n"
        "first = idle()\n"
        "while (later := idle()) == first: pass\n"
        "subprocess.run(['xdotool', 'mousemove', '7', '7'], check=True)\n"
        "while idle() >= later: pass\n"  # ends only if the movement is seen
    )
    done = subprocess.run(
        [sys.executable, "-c", program, display],
        env={**os.environ, "DISPLAY": display},
        cwd=Path(__file__).parents[3],
        timeout=60,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip("no libXss here (Debian package libxss1)")
    assert done.returncode == 0


def test_without_a_display_there_is_no_x11_source(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert x11_idle() is None
    assert x11_idle(":9999") is None


class Desktop:
    """A stand-in for a desktop's idle service."""

    def __init__(self, bus, name, member, answers):
        self.connection = open_dbus_connection(bus.address)
        Proxy(message_bus, self.connection).RequestName(name)
        self.thread = Thread(target=self._serve, args=(member, iter(answers)), daemon=True)
        self.thread.start()

    def _serve(self, member, answers):
        for value in answers:
            message = self.connection.receive()
            while message.header.message_type is not MessageType.method_call:
                message = self.connection.receive()
            assert message.header.fields[HeaderFields.member] == member
            if value is None:
                answer = new_error(message, "org.freedesktop.DBus.Error.Failed")
            else:
                answer = new_method_return(message, *value)
            self.connection.send(answer)

    def stop(self):
        self.thread.join()
        self.connection.close()


def test_gnome_is_believed_once_its_counter_has_been_seen_to_count(session_bus, monkeypatch):
    now = [0]
    monkeypatch.setattr(Doubted.__init__, "__defaults__", (lambda: seconds(now[0]),))
    answers = [("t", (5,)), ("t", (0,)), ("t", (0,)), ("t", (61_000,)), None, ("t", (2**64 - 1,))]
    desktop = Desktop(session_bus, "org.gnome.Mutter.IdleMonitor", "GetIdletime", answers)
    idle = gnome_idle(session_bus.address)
    assert idle() is None
    now[0] = 20
    assert idle() is None  # stuck, as on desktops that only have the name
    now[0] = 81
    assert idle() == seconds(61)
    assert idle() is None
    assert idle() is None
    idle.close()
    desktop.stop()


def test_desktop_that_does_not_answer_is_no_source(session_bus):
    assert gnome_idle(session_bus.address) is None
    assert kde_idle(session_bus.address) is None
    assert gnome_idle("unix:path=/nonexistent/bus") is None
    assert first_of([lambda: None, lambda: None]) is None


def test_kde_is_asked_and_at_first_doubted(session_bus):
    desktop = Desktop(
        session_bus, "org.freedesktop.ScreenSaver", "GetSessionIdleTime", [("u", (3,)), ("u", (4,))]
    )
    idle = kde_idle(session_bus.address)
    assert idle() is None
    idle.close()
    desktop.stop()


@pytest.mark.parametrize("value", [20, 20_000])
def test_counter_is_believed_once_seen_to_count_in_its_own_unit(value):
    now = [0]
    idle = Doubted(lambda: seconds(now[0]))
    assert idle(0) is None
    now[0] = 20
    assert idle(value) == seconds(20)


def test_counter_stuck_at_zero_is_never_believed():
    now = [0]
    idle = Doubted(lambda: seconds(now[0]))
    for moment in range(0, 1000, 10):
        now[0] = moment
        assert idle(0) is None


class FakeClock:
    """A machine that can sleep."""

    def __init__(self):
        self.running = timedelta(hours=1)
        self.slept = timedelta(hours=2)

    def elapsed(self):
        return self.running + self.slept


def test_suspended_time_counts_as_idle():
    clock = FakeClock()
    touched = clock.running
    idle = WorkstationIdle(lambda: clock.running - touched, clock, lambda: clock.running)
    idle()
    clock.running += seconds(30)
    assert idle() == seconds(30)
    clock.slept += timedelta(hours=8)
    clock.running += seconds(1)
    assert idle() == seconds(31) + timedelta(hours=8)


def test_activity_after_waking_counts_from_then():
    clock = FakeClock()
    touched = clock.running
    idle = WorkstationIdle(lambda: clock.running - touched, clock, lambda: clock.running)
    idle()
    clock.slept += timedelta(hours=8)
    clock.running += seconds(5)
    touched = clock.running - seconds(2)
    assert idle() == seconds(2)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500), st.booleans()), max_size=30))
def test_idle_time_is_exact_when_asked_often(steps):
    clock = FakeClock()
    touched, truly = clock.running, clock.elapsed()
    idle = WorkstationIdle(lambda: clock.running - touched, clock, lambda: clock.running)
    idle()
    for awake, asleep, touch in steps:
        clock.slept += seconds(asleep)
        clock.running += seconds(awake + 1)
        if touch:
            touched, truly = clock.running, clock.elapsed()
        assert idle() == clock.elapsed() - truly


def test_no_source_means_nobody_knows():
    assert WorkstationIdle(None)() is None


@pytest.mark.parametrize(("last", "tick", "expected"), [(1000, 4000, 3), (2**32 - 1000, 2000, 3)])
def test_windows_counts_ticks_round_their_end(last, tick, expected):
    def fill(info):
        ctypes.cast(info, ctypes.POINTER(ctypes.c_uint32))[1] = last
        return 1

    user = SimpleNamespace(GetLastInputInfo=fill)
    kernel = SimpleNamespace(GetTickCount=lambda: tick)
    assert windows.input_idle(user, kernel)() == seconds(expected)
    assert windows.input_idle(SimpleNamespace(GetLastInputInfo=lambda _: 0), kernel)() is None


@pytest.mark.parametrize(
    ("message", "parameter", "reason"),
    [
        (0x02B1, 7, EndReason.SCREEN_LOCKED),
        (0x02B1, 8, None),
        (0x02B1, 2, EndReason.USER_SWITCHED),
        (0x02B1, 4, EndReason.USER_SWITCHED),
        (0x0218, 4, EndReason.SUSPENDED),
        (0x0218, 18, None),
        (0x0010, 7, None),
    ],
)
def test_windows_messages_have_their_meaning(message, parameter, reason):
    assert windows.meaning(message, parameter) is reason


def test_windows_is_asked_to_tell_of_the_session():
    asked = []
    terminal = SimpleNamespace(WTSRegisterSessionNotification=lambda *how: asked.append(how) or 1)
    assert windows.listen_to_session(42, terminal)
    assert asked == [(42, 0)]


def test_macos_answers_in_seconds():
    class Ask:
        def __call__(self, state, kind):
            assert (state, kind) == (0, 0xFFFFFFFF)
            return 61.5

    assert macos.event_idle(SimpleNamespace(CGEventSourceSecondsSinceLastEventType=Ask()))() == seconds(61.5)


class Call:
    """A foreign function: its types can be declared, and it does what it is told."""

    def __init__(self, does):
        self._does = does

    def __call__(self, *given):
        return self._does(*given)


class FakeMac:
    """A window server whose dictionary says what `state` says; counts what was not released."""

    def __init__(self):
        self.state = {"kCGSSessionOnConsoleKey": True}
        self.held = 0
        self.CGSessionCopyCurrentDictionary = Call(self._copy)
        self.CFStringCreateWithCString = Call(lambda _allocator, text, _encoding: text.decode())
        self.CFDictionaryGetValue = Call(
            lambda _session, name: (self.state[name],) if name in self.state else None
        )
        self.CFBooleanGetValue = Call(lambda value: value[0])
        self.CFRelease = Call(self._release)

    def _value(self, _session, name):
        return (self.state[name],) if name in self.state else None

    def _copy(self):
        if self.state is None:
            return None
        self.held += 1
        return 1

    def _release(self, _session):
        self.held -= 1


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"kCGSSessionOnConsoleKey": True}, None),
        ({"kCGSSessionOnConsoleKey": True, "CGSSessionScreenIsLocked": True}, EndReason.SCREEN_LOCKED),
        ({"kCGSSessionOnConsoleKey": False}, EndReason.USER_SWITCHED),
        ({}, None),
        (None, None),
    ],
)
def test_macos_says_why_a_session_has_to_end(state, reason):
    mac = FakeMac()
    look = macos.LoginSession(lambda: seconds(0), lambda: seconds(0), mac, mac)
    mac.state = state
    assert look() is reason
    assert mac.held == 0


def test_macos_that_has_slept_is_found_out_once():
    mac, slept = FakeMac(), [seconds(100)]
    look = macos.LoginSession(lambda: seconds(5000) + slept[0], lambda: seconds(5000), mac, mac)
    assert look() is None
    slept[0] += seconds(60)
    assert look() is EndReason.SUSPENDED
    assert look() is None
