"""The trail: opaque words only, chained, and kept until the portal has it."""

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.audit.chain import START, first_broken, link, read_line
from client.audit.chain_key import load_chain_key
from client.audit.event import Act, Event, pseudonym
from client.audit.queue import AuditQueue

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROOT = Path(__file__).parents[3]


def event(number=0):
    return Event(Act.REPORT_OPENED, NOW, session="s1", subject=pseudonym(KEY, "report", str(number)))


@pytest.mark.parametrize("word", ["CANARY, Anna", "a" * 65, "ü", "a/b", "a\nb"])
def test_an_event_takes_no_free_text(word):
    for name in ("session", "subject", "detail"):
        with pytest.raises(ValueError, match="opaque") as caught:
            Event(Act.SIGNED_IN, NOW, **{name: word})
        assert word not in str(caught.value)


def test_a_pseudonym_needs_the_key_and_keeps_parts_apart():
    assert pseudonym(KEY, "a", "b") == pseudonym(KEY, "a", "b")
    assert len({pseudonym(KEY, "a", "b"), pseudonym(KEY, "ab"), pseudonym(bytes(32), "a", "b")}) == 3
    Event(Act.REPORT_OPENED, NOW, subject=pseudonym(KEY, "Müller\ud800"))


@pytest.mark.parametrize(
    ("session", "noted"), [("s-1.2_3", "s-1.2_3"), ("SMITH, Ann", pseudonym(KEY, "session", "SMITH, Ann"))]
)
def test_whatever_a_portal_calls_its_session_the_trail_notes_a_word(tmp_path, session, noted):
    program = (
        "import json, sys; from pathlib import Path; from client.session import trail\n"
        "from client.audit.chain_key import ChainKey; from client.audit.event import Act\n"
        "from client.clock import SystemClock\n"
        "trail.load_chain_key = lambda: ChainKey(bytes(32), True)\n"
        "made = trail.Trail(Path(sys.argv[1]), SystemClock(), sys.argv[2], bytes(range(32)))\n"
        "made.record(Act.SIGNED_IN); sent = []\n"
        "while not sent: made.deliver(sent.extend)\n"
        "print(json.dumps(sent))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path), session]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60).stdout
    (event,) = json.loads(said)
    assert (event["act"], event["session"]) == ("signed-in", noted)


@given(st.binary(max_size=300))
def test_any_line_is_a_link_or_none(line):
    read_line(line)


def test_a_link_survives_its_line():
    made = link(KEY, 1, START, event().as_words())
    assert read_line(made.line()) == made


@pytest.fixture
def queue(tmp_path):
    return AuditQueue(tmp_path, KEY)


def test_events_come_back_in_order_chained_and_the_file_is_private(queue, tmp_path):
    for number in range(5):
        queue.append(event(number))
    links = AuditQueue(tmp_path, KEY).waiting()
    assert [each.number for each in links] == [1, 2, 3, 4, 5]
    assert first_broken(KEY, links, START) is None
    assert stat.S_IMODE((tmp_path / "audit.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("change", ["drop", "swap", "forge"])
def test_a_changed_trail_is_seen(queue, change):
    for number in range(5):
        queue.append(event(number))
    links = list(queue.waiting())
    if change == "drop":
        del links[2]
    elif change == "swap":
        links[1], links[2] = links[2], links[1]
    else:
        forged = read_line(links[2].line().replace(b"report-opened", b"report-copied"))
        links[2] = forged
    assert first_broken(KEY, links, START) in (1, 2)


def test_two_sessions_write_one_chain(tmp_path):
    one, two = AuditQueue(tmp_path, KEY), AuditQueue(tmp_path, KEY)
    for number in range(6):
        (one, two)[number % 2].append(event(number))
    links = one.waiting()
    assert len(links) == 6
    assert first_broken(KEY, links, START) is None


def test_a_torn_last_line_is_cut_off_and_told(queue, tmp_path):
    queue.append(event(1))
    with (tmp_path / "audit.jsonl").open("ab") as file:
        file.write(b'{"n":2,"key":"')
    later = AuditQueue(tmp_path, KEY)
    later.append(event(3))
    links = later.waiting()
    assert [each.event["act"] for each in links] == ["report-opened", "trail-torn", "report-opened"]
    assert first_broken(KEY, links, START) is None


def test_what_the_portal_took_is_not_sent_again_and_the_rest_waits(queue, tmp_path):
    for number in range(250):
        queue.append(event(number))
    taken = []

    def one_batch_only(batch):
        if taken:
            raise ConnectionError
        taken.extend(batch)

    with pytest.raises(ConnectionError):
        queue.deliver(one_batch_only)
    assert AuditQueue(tmp_path, KEY).deliver(taken.extend) == 150
    assert [each["n"] for each in taken] == list(range(1, 251))
    assert queue.deliver(taken.extend) == 0


def test_a_delivered_trail_is_shortened_and_the_chain_goes_on(queue, tmp_path):
    for number in range(250):
        queue.append(event(number))
    last = queue.waiting()[-1]
    queue.deliver(list)
    assert (tmp_path / "audit.jsonl").stat().st_size < 1000
    later = AuditQueue(tmp_path, KEY)
    later.append(event())
    assert first_broken(KEY, later.waiting(), last.mac) is None
    assert later.waiting()[0].number == 251


def test_every_event_acknowledged_before_a_kill_is_there(tmp_path):
    program = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from client.audit.event import Act, Event; from client.audit.queue import AuditQueue\n"
        "queue = AuditQueue(Path(sys.argv[1]), bytes(range(32)))\n"
        "while True:\n"
        "    queue.append(Event(Act.SIGNED_IN, datetime.now(UTC))); print('x', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        acknowledged = sum(1 for _ in zip(range(20), process.stdout, strict=False))
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += len(process.stdout.read().splitlines())
    links = AuditQueue(tmp_path, KEY).waiting()
    assert len(links) >= acknowledged
    assert first_broken(KEY, links, START) is None


def test_without_a_keyring_there_is_a_key_for_the_session_and_a_word_about_it(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    one, two = load_chain_key(), load_chain_key()
    assert not one.kept
    assert len(one.key) == 32
    assert one.key != two.key
    assert repr(one.key) not in repr(one)
