"""Ending a session from another terminal."""

import os
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from client.control import ControlServer, Outcome, end_sessions


def test_it_answers_when_the_process_is_gone(door):
    first = door.next_session()
    first.sign_in()
    door.next_session()
    assert end_sessions(door.folder) is Outcome.ENDED
    assert not Path(f"/proc/{first.pid}").exists()


def test_next_page_says_that_it_was_asked_from_outside(door):
    first = door.next_session()
    first.sign_in()
    waiting = door.next_session()
    assert end_sessions(door.folder) is Outcome.ENDED
    assert waiting.told() == "show asked-from-outside"


def test_hung_session_is_gone_when_it_answers(door):
    first = door.next_session()
    first.sign_in()
    door.next_session()
    first.order("ignore")
    assert first.told() == "ignoring -"
    assert end_sessions(door.folder) is Outcome.ENDED
    assert not Path(f"/proc/{first.pid}").exists()


def test_nobody_signed_in_is_said(door):
    first = door.next_session()
    assert first.told() == "show -"
    first.say("painted")
    wait_for_socket(door)
    assert end_sessions(door.folder) is Outcome.NONE_RAN


def test_no_doorkeeper_is_no_session(tmp_path):
    assert end_sessions(tmp_path) is Outcome.NONE_RAN


def test_address_of_a_killed_doorkeeper_is_cleared_away(door):
    first = door.next_session()
    first.sign_in()
    wait_for_socket(door)
    door.process.kill()
    door.process.wait()
    assert end_sessions(door.folder) is Outcome.NONE_RAN
    assert not list(door.folder.glob("*.door"))


def test_socket_is_private_and_gone_after_the_program(door):
    first = door.next_session()
    assert first.told() == "show -"
    wait_for_socket(door)
    (address,) = door.folder.glob("*.door")
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    first.say("ended window-closed")
    assert door.exit_code() == 0
    assert not address.exists()


def test_caller_that_says_nothing_or_something_else_is_hung_up_on(door):
    from multiprocessing.connection import Client

    door.next_session().sign_in()
    door.next_session()
    (address,) = door.folder.glob("*.door")
    with Client(str(address)) as caller, suppress(OSError):  # it may hang up in the middle
        caller.send_bytes(b"x" * 100_000)
    with Client(str(address)) as caller:
        caller.send_bytes(b"open")
    assert end_sessions(door.folder) is Outcome.ENDED


def test_caller_that_stops_in_the_middle_of_its_message_does_not_keep_others_out(door):
    door.next_session().sign_in()
    door.next_session()
    (address,) = door.folder.glob("*.door")
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(address))
        caller.sendall(b"\0")
        assert end_sessions(door.folder) is Outcome.ENDED


def test_server_stops_its_thread(tmp_path):
    import threading

    before = threading.active_count()
    server = ControlServer(tmp_path, lambda reply: reply(False))
    assert end_sessions(tmp_path) is Outcome.NONE_RAN
    server.close()
    assert threading.active_count() == before
    assert not list(tmp_path.iterdir())


def test_command_says_that_nobody_is_signed_in(tmp_path):
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "client", "--end-session"],
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "Nobody is signed in.\n", "")


def wait_for_socket(door):
    # The doorkeeper starts its first process before it listens: a start of a second shows that it listens.
    import time

    until = time.monotonic() + 30
    while not list(door.folder.glob("*.door")):
        assert time.monotonic() < until, "the doorkeeper does not listen"
        time.sleep(0.01)
