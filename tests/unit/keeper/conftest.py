"""A door under test: a real doorkeeper process, real session processes that obey the test."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PATIENCE = 30  # seconds until a test that waits for something is given up; nothing is measured with it


@dataclass
class SessionUnderTest:
    """One session process, as the test steers it."""

    connection: socket.socket
    lines: object = field(init=False)
    pid: int = field(init=False)
    gone: int = field(init=False)  # a pidfd: readable when the process has ended

    def __post_init__(self):
        self.connection.settimeout(PATIENCE)
        self.lines = self.connection.makefile("r")
        self.pid = int(self.lines.readline().split()[1])
        self.gone = os.pidfd_open(self.pid)

    def told(self):
        """What it was told next, '' if it ended instead."""
        try:
            return self.lines.readline().strip()
        except ConnectionResetError:
            return ""

    def order(self, text):
        self.connection.sendall(f"{text}\n".encode())

    def say(self, line):
        self.order(f"say {line}\n")

    def sign_in(self):
        assert self.told() == "show -"
        self.say("painted")
        self.say("signed-in")

    def wait_until_gone(self):
        ready, _, _ = select.select([self.gone], [], [], PATIENCE)
        assert ready, "the session process is still there"

    def stop(self):
        """Stop it, and wait until none of its threads can read any more."""
        os.kill(self.pid, signal.SIGSTOP)
        until = time.monotonic() + PATIENCE
        states = ""
        while set(states) != {"T"}:
            assert time.monotonic() < until, "the process does not stop"
            tasks = Path(f"/proc/{self.pid}/task").iterdir()
            states = [(task / "stat").read_text().rpartition(")")[2].split()[0] for task in tasks]

    def is_there(self):
        return not select.select([self.gone], [], [], 0)[0]

    def close(self):
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.gone, signal.SIGKILL)
        self.connection.close()
        self.lines.close()
        os.close(self.gone)


class Door:
    """A running doorkeeper."""

    def __init__(self, folder):
        self.folder = folder
        self.meeting = socket.socket(socket.AF_UNIX)
        self.meeting.settimeout(PATIENCE)
        self.meeting.bind(str(folder / "test"))
        self.meeting.listen(16)
        self.sessions = []
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("doorkeeper_program.py")),
                str(folder / "test"),
                str(folder),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def next_session(self):
        """The session process started next."""
        connection, _ = self.meeting.accept()
        session = SessionUnderTest(connection)
        self.sessions.append(session)
        return session

    def move_clock(self, hours):
        """Move the doorkeeper's clock on from now."""
        beside = self.folder / "later.new"
        beside.write_text(str(hours * 3600))
        beside.replace(self.folder / "later")

    def clock(self):
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def exit_code(self):
        return self.process.wait(timeout=PATIENCE)

    def close(self):
        for session in self.sessions:
            session.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        self.meeting.close()


@pytest.fixture
def door():
    """A running doorkeeper whose first session process is about to report."""
    folder = Path(tempfile.mkdtemp(prefix="door"))  # short: a socket's address has 108 bytes
    started = Door(folder)
    yield started
    started.close()
    shutil.rmtree(folder)
