"""How long the darkroom's processes live: no longer than the session, nor than they are needed."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from client.darkroom.composing import compose_in
from client.darkroom.refusal import Refusal
from client.errors import DevelopError
from client.model.report import Attachment, ReportBody
from tests.unit.darkroom.processes import Deed, alive, comes, descriptors, family, gone, keeper_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux's")

HTML = Attachment("text/html", "", "", b"<html><h1>Findings</h1><p>None.</p></html>", None, None)
REPORT = ReportBody("", "", (HTML,), ())


def _pid(desk):
    return desk.first.said["found"]


def _keeper(own):
    own.develop(Deed.MISBEHAVE, {"deed": "nothing"})
    return keeper_of(os.getpid())


def test_closing_a_document_ends_its_process_even_a_busy_one(own):
    desk = own.open(Deed.MISBEHAVE, {"deed": "pid"})

    def ask():
        with pytest.raises(DevelopError):
            desk.ask({"deed": "loop"})

    asking = threading.Thread(target=ask)
    asking.start()
    desk.close()
    asking.join(20)
    assert not asking.is_alive()
    assert gone([_pid(desk)])
    assert own.develop(Deed.MISBEHAVE, {"deed": "nothing"}).said == {"found": "nothing"}


def test_closing_the_darkroom_ends_all_of_it_at_once(own):
    desks = [own.open(Deed.MISBEHAVE, {"deed": "pid"}) for _ in range(3)]
    everyone = [_keeper(own), *map(_pid, desks)]
    own.close()
    own.close()
    assert gone(everyone)
    with pytest.raises(DevelopError, match="closed"):
        own.develop(Deed.MISBEHAVE, {"deed": "nothing"})
    for desk in desks:
        with pytest.raises(DevelopError):
            desk.ask({"deed": "nothing"})
        desk.close()


def test_a_first_process_that_ends_is_replaced_and_its_documents_are_told(own):
    before = _keeper(own)
    desk = own.open(Deed.MISBEHAVE, {"deed": "pid"})
    os.kill(before, signal.SIGKILL)
    assert gone([before, _pid(desk)])
    with pytest.raises(DevelopError) as told:
        desk.ask({"deed": "nothing"})
    assert str(told.value) == Refusal.GONE.sentence
    assert _keeper(own) != before
    assert len(compose_in(own, REPORT, {})) == 1


def test_a_first_process_that_hangs_is_replaced(own, monkeypatch):
    stopped = _keeper(own)
    for name in ("darkroom._START_WITHIN", "darkroom.DEVELOP_WITHIN", "desk._END_WITHIN"):
        monkeypatch.setattr(f"client.darkroom.{name}", timedelta(seconds=0.2))
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(DevelopError) as told:
        own.develop(Deed.MISBEHAVE, {"deed": "nothing"})
    assert str(told.value) == Refusal.OVERDUE.sentence
    monkeypatch.undo()
    assert _keeper(own) != stopped


ROOT = Path(__file__).parents[3]
SESSION = """
import os, sys, time
from client.darkroom.darkroom import Darkroom
from tests.unit.darkroom.processes import Deed, keeper_of
darkroom = Darkroom()
desk = darkroom.open(Deed.MISBEHAVE, {"deed": "pid"})
print(keeper_of(os.getpid()), desk.first.said["found"], flush=True)
if sys.argv[1] == "busy":
    desk.ask({"deed": "loop"})
time.sleep(600)
"""


@pytest.mark.parametrize("doing", ["nothing", "busy"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_nothing_of_it_outlives_the_session(doing, how):
    session = subprocess.Popen(
        [sys.executable, "-c", SESSION, doing],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
    )
    with session:
        everyone = [int(word) for word in session.stdout.readline().split()]
        assert all(map(alive, everyone))
        session.send_signal(how)
    assert gone(everyone)


def test_two_hundred_documents_leave_no_descriptor_and_no_process(own):
    keeper = _keeper(own)
    compose_in(own, REPORT, {})
    ours, its = descriptors(), len(os.listdir(f"/proc/{keeper}/fd"))  # noqa: PTH208
    for number in range(200):
        if number % 4 == 0:
            with pytest.raises(DevelopError):
                own.develop(Deed.MISBEHAVE, {"deed": "exit"})
        else:
            compose_in(own, REPORT, {})
    assert len(descriptors()) <= len(ours)
    assert comes(lambda: len(os.listdir(f"/proc/{keeper}/fd")) == its)  # noqa: PTH208
    assert comes(lambda: len(family(keeper)) == 1), "only the one that waits for the next report"


def test_many_threads_share_it(darkroom):
    found = []

    def work():
        for _ in range(10):
            (document,) = compose_in(darkroom, REPORT, {})
            found.append(document.plain)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 60
    assert len(set(found)) == 1
