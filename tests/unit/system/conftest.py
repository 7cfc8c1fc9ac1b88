"""Real D-Bus daemons of the test's own, and a stand-in for logind on one of them."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.fds import FileDescriptor
from jeepney.io.blocking import Proxy, open_dbus_connection

SESSION_PATH = "/org/freedesktop/login1/session/_31"


class Bus:
    """A private bus; `address` is stable, so that it can go away and come back."""

    def __init__(self, folder, name):
        self.address = f"unix:path={folder / name}"
        self.daemon = None
        self.start()

    def start(self):
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address={self.address}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
        )
        assert self.daemon.stdout.readline(), "the bus does not start"

    def stop(self):
        self.daemon.kill()
        self.daemon.wait()
        self.daemon.stdout.close()


class Logind:
    """A stand-in for logind: one session, signals when the test says, a delay lock as a pipe's end."""

    def __init__(self, bus, *, knows_session=True, locked=False):
        self.knows_session = knows_session
        self.state = {"LockedHint": ("b", locked), "Active": ("b", True)}
        self.locks = Queue()
        self.handed = []
        self.connection = open_dbus_connection(bus.address, enable_fds=True)
        Proxy(message_bus, self.connection).RequestName("org.freedesktop.login1")
        self.thread = Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                message = self.connection.receive()
            except (OSError, ValueError):
                return
            if message.header.message_type is MessageType.method_call:
                self.connection.send(self._answer(message))
                while self.handed:
                    self.handed.pop().close()  # now only the caller holds it

    def _answer(self, message):
        match message.header.fields.get(HeaderFields.member), message.body:
            case "GetSessionByPID", _ if self.knows_session:
                return new_method_return(message, "o", (SESSION_PATH,))
            case "GetUserByPID", _ if self.knows_session is None:
                return new_method_return(message, "o", ("/org/freedesktop/login1/user/_1",))
            case "Get", (_, "Display") if self.knows_session is None:
                return new_method_return(message, "v", (("(so)", ("1", SESSION_PATH)),))
            case "Get", (_, name) if name in self.state:
                return new_method_return(message, "v", (self.state[name],))
            case "Inhibit", wanted:
                reading, writing = os.pipe()
                self.locks.put((wanted, reading))
                self.handed.append(FileDescriptor(writing))
                return new_method_return(message, "h", (self.handed[-1],))
            case _:
                return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")

    def signal(self, interface, member, signature=None, body=(), path="/org/freedesktop/login1"):
        self.connection.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def sleeps(self, about_to):
        self.signal("org.freedesktop.login1.Manager", "PrepareForSleep", "b", (about_to,))

    def locks_session(self, path=SESSION_PATH):
        self.signal("org.freedesktop.login1.Session", "Lock", path=path)

    def changes(self, **values):
        for name, value in values.items():
            self.state[name] = ("b", value)
        changed = {name: ("b", value) for name, value in values.items()}
        self.signal(
            "org.freedesktop.DBus.Properties",
            "PropertiesChanged",
            "sa{sv}as",
            ("org.freedesktop.login1.Session", changed, []),
            path=SESSION_PATH,
        )

    def stop(self):
        with suppress(OSError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.connection.close()


def _bus(name):
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon here (Debian package dbus)")
    folder = Path(tempfile.mkdtemp(prefix="bus"))  # short: a socket's address has 108 bytes
    bus = Bus(folder, name)
    yield bus
    bus.stop()
    shutil.rmtree(folder)


@pytest.fixture
def system_bus():
    """A bus for logind."""
    yield from _bus("system")


@pytest.fixture
def session_bus():
    """A bus for the desktop."""
    yield from _bus("session")


@pytest.fixture
def logind(system_bus):
    """A stand-in for logind that knows our session."""
    service = Logind(system_bus)
    yield service
    service.stop()
