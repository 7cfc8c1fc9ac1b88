"""A parser that was taken over by its document: it is refused everything, and costs one placeholder."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from client.darkroom import desk as module
from client.darkroom import landlock, sandbox, seccomp
from client.darkroom.refusal import Refusal
from client.darkroom.sandbox import Strength
from client.errors import DevelopError
from tests.unit.darkroom.processes import Deed, gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the locks of Linux")
filtered = pytest.mark.skipif(not seccomp.offered(), reason="this kernel filters no system calls")


def _works(darkroom):
    return darkroom.develop(Deed.MISBEHAVE, {"deed": "nothing"}, b"x").blobs == (b"x",)


@filtered
@pytest.mark.parametrize(
    "deed",
    [
        "open to read",
        "open to write",
        "make a folder",
        "nameless file",
        "internet socket",
        "local socket",
        "pair of sockets",
        "fork",
        "run a program",
        "start a program",
        "kill its parent",
        "memory to run",
    ],
)
def test_it_is_refused(deed, do, darkroom):
    assert do(deed) == "PermissionError"
    assert _works(darkroom)


@filtered
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="its numbers")
@pytest.mark.parametrize("deed", ["outlive its parent", "trace", "read others' memory"])
def test_it_is_refused_what_has_no_name_in_python(deed, do):
    assert do(deed) == "PermissionError"


@pytest.mark.parametrize("deed", ["crash", "abort", "exit"])
def test_its_end_costs_one_placeholder(deed, do, darkroom):
    with pytest.raises(DevelopError) as told:
        do(deed)
    assert str(told.value) == Refusal.GONE.sentence
    assert _works(darkroom)


@filtered
def test_a_call_in_another_processors_manner_ends_it(do, darkroom):
    with pytest.raises(DevelopError, match="stopped in the middle"):
        do("call as another processor")
    assert _works(darkroom)


@pytest.mark.parametrize("deed", ["loop", "sleep"])
def test_it_is_ended_when_its_time_is_over(deed, darkroom, monkeypatch):
    desk = darkroom.open(Deed.MISBEHAVE, {"deed": "pid"})
    monkeypatch.setattr(module, "ANSWER_WITHIN", timedelta(seconds=0.3))
    with pytest.raises(DevelopError) as told:
        desk.ask({"deed": deed})
    assert str(told.value) == Refusal.OVERDUE.sentence
    with pytest.raises(DevelopError, match="closed"):
        desk.ask({"deed": "nothing"})
    assert gone([desk.first.said["found"]])
    assert _works(darkroom)


def test_memory_ends_before_the_machine_has_none(do, darkroom):
    assert do("eat", 200) == 200 << 20
    with pytest.raises(DevelopError, match="too large"):
        do("eat", (sandbox.MEMORY >> 20) + 64)
    assert _works(darkroom)


def test_it_has_no_descriptor_but_its_own_socket(do):
    assert do("descriptors") == []


def test_what_it_says_of_a_fault_holds_nothing_of_the_document(do):
    with pytest.raises(DevelopError) as told:
        do("shout", "DOE, Jane has it")
    assert "DOE" not in str(told.value)
    assert told.value.__cause__ is None
    assert "ValueError" in str(told.value)


def test_a_reason_becomes_its_sentence(do):
    with pytest.raises(DevelopError) as told:
        do("refuse")
    assert str(told.value) == Refusal.LOCKED.sentence


@pytest.mark.parametrize("data", ["\xff", "\0", "\x01\0\0\0"])
def test_an_answer_that_is_none_is_a_placeholder(data, do, darkroom):
    with pytest.raises(DevelopError, match="stopped in the middle"):
        do("answer garbage", data)
    assert _works(darkroom)


def test_its_strength_is_what_the_kernel_says_of_it(darkroom):
    with darkroom.open(Deed.MISBEHAVE, {"deed": "pid"}) as desk:
        pid = desk.first.said["found"]
        with open(f"/proc/{pid}/status") as file:  # noqa: PTH123
            status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    assert (status["Seccomp"] == "2") == seccomp.offered()
    assert status["NoNewPrivs"] == "1"
    if seccomp.offered() and landlock.version():
        assert sandbox.strength() is Strength.CALLS_AND_FILES


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no landlock")
def test_landlock_alone_refuses_files_and_connections():
    said = subprocess.run(
        [sys.executable, "-c", _LANDLOCK_ALONE],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
    )
    assert said.stdout.split() == [
        "True",
        "EACCES",
        "EACCES",
        *(["EACCES"] if landlock.version() >= 4 else []),
    ]


ROOT = Path(__file__).parents[3]
_LANDLOCK_ALONE = """
import errno, socket
from client.darkroom import landlock, seccomp
assert seccomp.give_up_privileges()
known = landlock.version()
print(landlock.lock_in())
for mode in ("rb", "wb"):
    try:
        open("/etc/passwd" if mode == "rb" else "/tmp/safelight-leak", mode)
    except OSError as error:
        print(errno.errorcode[error.errno])
if known >= 4:
    try:
        socket.create_connection(("127.0.0.1", 9))
    except OSError as error:
        print(errno.errorcode[error.errno])
"""


@pytest.mark.parametrize(
    ("known", "length", "rights"),
    [(1, 8, 13), (2, 8, 14), (3, 8, 15), (4, 16, 15), (5, 16, 16), (6, 24, 16), (9, 24, 16)],
)
def test_every_version_of_landlock_is_asked_for_what_it_knows(known, length, rights):
    asked = landlock.rules(known)
    assert len(asked) == length
    assert int.from_bytes(asked[:8], sys.byteorder) == 2**rights - 1


LETTERS = next(Path("/usr/share/fonts").rglob("*.ttf"), None)


@filtered
@pytest.mark.skipif(not landlock.version() or LETTERS is None, reason="no landlock, or no letters to read")
@pytest.mark.parametrize(
    ("path", "flags", "said"),
    [
        (str(LETTERS), os.O_RDONLY, "done"),
        (str(LETTERS), os.O_RDWR, "PermissionError"),
        (str(LETTERS), os.O_RDONLY | os.O_TRUNC, "PermissionError"),
        ("/usr/share/fonts/leak", os.O_WRONLY | os.O_CREAT, "PermissionError"),
        ("/usr/share/fonts/../../../etc/passwd", os.O_RDONLY, "PermissionError"),
        ("/etc/passwd", os.O_RDONLY, "PermissionError"),
        ("/proc/self/environ", os.O_RDONLY, "PermissionError"),
        ("/tmp", os.O_RDWR | os.O_TMPFILE, "PermissionError"),
    ],
)
def test_where_letters_may_be_read_nothing_else_may(darkroom, path, flags, said):
    asked = {"deed": "open", "given": [path, flags]}
    assert darkroom.develop(Deed.MISBEHAVE_READING, asked).said["found"] == said


@filtered
@pytest.mark.parametrize("deed", ["internet socket", "fork", "kill its parent", "memory to run"])
def test_letters_are_all_that_is_allowed_beyond(darkroom, deed):
    assert darkroom.develop(Deed.MISBEHAVE_READING, {"deed": deed}).said["found"] == "PermissionError"
