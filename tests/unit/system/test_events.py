"""Lock, suspend and user switch as real messages on real buses."""

import subprocess
import threading
import time
from queue import Queue

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from client.reasons import EndReason
from client.system import events
from client.system.bus import MANAGER, ask, connect
from client.system.events import Watcher

from .conftest import SESSION_PATH, Logind

PATIENCE = 30


class Heard:
    """A watcher and what it has notified."""

    def __init__(self, system_bus, session_bus):
        self.queue = Queue()
        self.watcher = Watcher(self.queue.put, system_bus, session_bus)

    def next(self):
        return self.queue.get(timeout=PATIENCE)


@pytest.fixture
def listen():
    """Start watchers that are stopped at the end."""
    started = []

    def start(system, session="unix:path=/nonexistent/bus", wait_for=None):
        heard = Heard(system.address if system else "unix:path=/nonexistent/system", session)
        started.append(heard.watcher)
        for bus in wait_for or [system.address]:
            assert heard.watcher.listening[bus].wait(PATIENCE)
        return heard

    yield start
    for watcher in started:
        watcher.stop()


def test_going_to_sleep_is_told_and_waking_is_not(system_bus, logind, listen):
    heard = listen(system_bus)
    logind.sleeps(False)
    logind.sleeps(True)
    assert heard.next() is EndReason.SUSPENDED
    assert heard.queue.empty()


def test_lock_of_our_session_is_told_and_of_another_is_not(system_bus, logind, listen):
    heard = listen(system_bus)
    logind.locks_session(path="/org/freedesktop/login1/session/_32")
    logind.sleeps(True)
    assert heard.next() is EndReason.SUSPENDED
    logind.locks_session()
    assert heard.next() is EndReason.SCREEN_LOCKED


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"LockedHint": True}, EndReason.SCREEN_LOCKED), ({"Active": False}, EndReason.USER_SWITCHED)],
)
def test_change_of_the_session_is_told(system_bus, logind, listen, changed, reason):
    heard = listen(system_bus)
    logind.changes(LockedHint=False, Active=True)
    logind.changes(**changed)
    assert heard.next() is reason
    assert heard.queue.empty()


def test_state_that_was_so_from_the_start_is_no_event(system_bus, logind, listen):
    logind.state["LockedHint"] = ("b", True)
    heard = listen(system_bus)
    logind.changes(LockedHint=True)
    logind.sleeps(True)
    assert heard.next() is EndReason.SUSPENDED
    assert heard.queue.empty()


def test_session_started_by_a_service_manager_is_found_by_its_screen(system_bus, listen):
    service = Logind(system_bus, knows_session=None)
    try:
        heard = listen(system_bus)
        service.locks_session(path="/org/freedesktop/login1/session/_32")
        service.changes(Active=False)
        assert heard.next() is EndReason.USER_SWITCHED
    finally:
        service.stop()


def test_without_a_known_session_every_lock_counts(system_bus, listen):
    service = Logind(system_bus, knows_session=False)
    try:
        heard = listen(system_bus)
        service.locks_session(path=SESSION_PATH)
        assert heard.next() is EndReason.SCREEN_LOCKED
    finally:
        service.stop()


def test_signal_of_somebody_else_than_logind_is_not_heard(system_bus, logind, listen):
    heard = listen(system_bus)
    subprocess.run(
        [
            "dbus-send",
            f"--bus={system_bus.address}",
            "--type=signal",
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager.PrepareForSleep",
            "boolean:true",
        ],
        check=True,
    )
    logind.changes(Active=False)
    assert heard.next() is EndReason.USER_SWITCHED


def of_another_user(bus, *, odd):
    """Write to everybody on the bus, past all subscriptions; this much any user of the machine may do."""
    with open_dbus_connection(bus.address) as connection:
        for name in Proxy(message_bus, connection).ListNames()[0]:
            if not name.startswith(":") or name == connection.unique_name:
                continue
            if odd:
                changed = ("org.freedesktop.login1.Session", {"LockedHint": "true"})
                where = DBusAddress(SESSION_PATH, interface="org.freedesktop.DBus.Properties")
                said = new_signal(where, "PropertiesChanged", "sa{ss}", changed)
            else:
                where = DBusAddress("/org/freedesktop/login1", interface="org.freedesktop.login1.Manager")
                said = new_signal(where, "PrepareForSleep", "b", (True,))
            said.header.fields[HeaderFields.destination] = name
            connection.send(said)
        Proxy(message_bus, connection).GetId()  # answered after all of these were passed on


@pytest.mark.parametrize("odd", [True, False])
def test_what_another_user_sends_to_us_alone_is_not_heard(system_bus, logind, listen, odd):
    heard = listen(system_bus)
    of_another_user(system_bus, odd=odd)
    logind.changes(Active=False)
    assert heard.next() is EndReason.USER_SWITCHED
    assert heard.queue.empty()


def test_answer_that_another_user_invents_is_not_taken(system_bus, logind):
    with connect(system_bus.address) as asking, connect(system_bus.address) as other:
        forged = new_signal(DBusAddress("/", interface="of.another.User"), "Said", "o", ("/somewhere/else",))
        forged.header.fields[HeaderFields.destination] = asking.unique_name
        forged.header.fields[HeaderFields.reply_serial] = next(asking.outgoing_serial) + 1
        other.send(forged)
        Proxy(message_bus, other).GetId()  # answered after it was passed on
        assert ask(asking, MANAGER, "GetSessionByPID", "u", 1) == (SESSION_PATH,)


def test_odd_message_of_logind_itself_does_not_stop_the_watch(system_bus, logind, listen):
    heard = listen(system_bus)
    changed = ("org.freedesktop.login1.Session", {"Active": "never"})
    for signature, body in [("sa{ss}", changed), ("s", ("x",))]:
        logind.signal(
            "org.freedesktop.DBus.Properties", "PropertiesChanged", signature, body, path=SESSION_PATH
        )
    logind.signal("org.freedesktop.login1.Manager", "PrepareForSleep")
    logind.changes(Active=False)
    assert heard.next() is EndReason.USER_SWITCHED


def test_logind_that_starts_anew_is_heard_and_the_lock_meanwhile_told(system_bus, listen):
    service = Logind(system_bus)
    heard = listen(system_bus)
    service.stop()
    service = Logind(system_bus, locked=True)
    try:
        assert heard.next() is EndReason.SCREEN_LOCKED
        service.sleeps(True)
        assert heard.next() is EndReason.SUSPENDED
    finally:
        service.stop()


def test_fault_nobody_foresaw_is_told_and_the_watch_goes_on(system_bus, logind, monkeypatch):
    monkeypatch.setattr(events, "RETRY_AFTER", 0.05)
    told, heard = Queue(), Queue()
    monkeypatch.setattr(threading, "excepthook", told.put)

    def notify(reason):
        heard.put(reason)
        if reason is EndReason.SUSPENDED:
            raise KeyError

    watcher = Watcher(notify, system_bus.address, "unix:path=/nonexistent/bus")
    listening = watcher.listening[system_bus.address]
    try:
        assert listening.wait(PATIENCE)
        logind.sleeps(True)
        assert told.get(timeout=PATIENCE).exc_type is KeyError
        logind.changes(Active=False)
        assert [heard.get(timeout=PATIENCE) for _ in range(2)] == [
            EndReason.SUSPENDED,
            EndReason.USER_SWITCHED,
        ]
    finally:
        watcher.stop()


@pytest.mark.parametrize("desktop", ["freedesktop", "gnome", "cinnamon", "mate", "xfce"])
def test_screen_saver_of_each_desktop_is_told(session_bus, listen, desktop):
    heard = listen(None, session_bus.address, wait_for=[session_bus.address])
    for active in ("false", "true"):
        subprocess.run(
            [
                "dbus-send",
                f"--bus={session_bus.address}",
                "--type=signal",
                f"/org/{desktop}/ScreenSaver",
                f"org.{desktop}.ScreenSaver.ActiveChanged",
                f"boolean:{active}",
            ],
            check=True,
        )
    assert heard.next() is EndReason.SCREEN_LOCKED
    assert heard.queue.empty()


def test_lock_while_the_bus_was_away_is_told_when_it_is_back(system_bus, listen, monkeypatch):
    monkeypatch.setattr(events, "RETRY_AFTER", 0.05)
    service = Logind(system_bus)
    heard = listen(system_bus)
    listening = heard.watcher.listening[system_bus.address]
    system_bus.stop()
    service.stop()
    until = time.monotonic() + PATIENCE
    while listening.is_set():
        assert time.monotonic() < until, "the loss of the bus is not noticed"
        time.sleep(0.01)
    system_bus.start()
    service = Logind(system_bus)
    service.state["LockedHint"] = ("b", True)
    try:
        assert listening.wait(PATIENCE)
        # It may have come back before the service was there; then the change itself is the event.
        service.changes(LockedHint=True)
        assert heard.next() is EndReason.SCREEN_LOCKED
    finally:
        service.stop()


def test_stopping_ends_the_threads_with_and_without_a_bus(system_bus, logind):
    before = threading.active_count()
    watcher = Watcher(Queue().put, system_bus.address, "unix:path=/nonexistent/bus")
    assert watcher.listening[system_bus.address].wait(PATIENCE)
    watcher.stop()
    assert threading.active_count() == before
