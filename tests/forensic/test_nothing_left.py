"""After every way a session ends nothing of a patient is left: not on disk, not in what goes on running."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.driver.program import ROOT, Home, Portal, Program, running, wait_for
from tests.forensic import memory
from tests.forensic.canary import planted, search, search_files
from tests.unit.darkroom.processes import alive, family

pytestmark = pytest.mark.alone


def _read_everything(program: Program, pid: int) -> None:
    """Do what a reader does with the canary reports, so that their words get everywhere they can get."""
    program.loaded(pid)
    program.ask("filter", pid=pid, words="canary")
    program.ask("filter", pid=pid, words="")
    for kind in ("text", "html", "pdf", "narrative"):
        key = f"canary-{kind}"
        program.ask("open_key", pid=pid, key=key)
        wait_for("the report", lambda key=key: program.ask("see", pid=pid)["opened"] == key)


def _cache_files(pid: int) -> list[Path]:
    """Return the nameless files that a process has open."""
    links = [Path(f"/proc/{pid}/fd") / name for name in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208
    return [link for link in links if link.is_file() and str(link.readlink()).endswith("(deleted)")]


def _end_from_outside(_program: Program, _pid: int, home: Home) -> None:
    command = [sys.executable, "-m", "client", "--end-session"]
    subprocess.run(command, cwd=ROOT, env=home.environment, check=True, stdout=subprocess.DEVNULL, timeout=30)


WAYS = {
    "signing out": lambda program, pid, home: program.tell("sign_out", pid),
    "closing the window": lambda program, pid, home: program.tell("close", pid),
    "a crash": lambda program, pid, home: program.tell("crash", pid),
    "kill -9": lambda program, pid, home: os.kill(pid, signal.SIGKILL),
    "--end-session": _end_from_outside,
    "idle": lambda program, pid, home: None,
    "a hung window": lambda program, pid, home: program.tell("hang", pid),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_left_after(way, start, home, canaries):
    if way in ("idle", "a hung window"):
        home.prefer(curtain_after="8 s", warn_before_end="2 s", end_after_idle="20 s", activity="program")
    program = start()
    pid = program.sign_in("radiologist")
    _read_everything(program, pid)
    forms = canaries.forms()

    # While it runs: only ciphertext in the nameless file, and no other file of ours has a word.
    cache = _cache_files(pid)
    assert cache, "the cache file was not found, so nothing was looked at"
    for file in cache:
        content = file.read_bytes()
        assert not search(content, forms)
        assert len(content) == 0 or len(set(content)) > 200, "the cache file does not look like ciphertext"
    assert search_files([home.path], forms) == {}

    program.ask("active", pid=pid)  # searching takes its time; the session must not end meanwhile
    can_read_memory = not memory.why_unreadable(pid)
    if can_read_memory:
        key = memory.key_forms(memory.locked_page(pid)[:32])
        assert memory.find(pid, key), "the key was not found where it is in use: the search is blind"
        assert memory.find(pid, forms), "no canary where a report is on screen: the search is blind"
        waiting = [child for child in program.descendants() if child != pid]
        assert waiting, "no waiting process"
    darkroom = family(pid)
    assert len(darkroom) >= 2, "no first process of the darkroom with one that waits for a report"
    if can_read_memory:
        assert memory.find(darkroom[0], forms) == {}, "the first process never reads a document"

    WAYS[way](program, pid, home)
    program.gone(pid, 40)
    wait_for("the end of the darkroom", lambda: not any(map(alive, darkroom)))
    after = program.shown("sign-in")

    left = [path for path in (home.path / ".cache").rglob("*") if path.is_file()]
    assert left == [], "the cache folder is not empty"
    assert search_files([home.path], forms) == {}
    if can_read_memory:
        for other in (program.keeper.pid, after, *program.descendants()):
            assert memory.find(other, forms | key) == {}, (
                "something of the session is in a process that goes on"
            )
    else:
        print("memory not searched:", memory.why_unreadable(pid))


def test_nothing_is_left_of_sessions_killed_at_twenty_random_moments(start, home, canaries):
    program = start()
    forms = canaries.forms()
    chance = random.Random(20261122)
    for _ in range(20):
        pid = program.shown("sign-in")
        program.ask("sign_in", pid=pid, user="radiologist", password=Portal.PASSWORD)
        end = time.monotonic() + chance.uniform(0.05, 1.2)
        while time.monotonic() < end:
            program.tell("open_any", pid)
        os.kill(pid, signal.SIGKILL)
        program.gone(pid)
        assert search_files([home.path], forms) == {}
        assert [path for path in (home.path / ".cache").rglob("*") if path.is_file()] == []
    after = program.shown("sign-in")
    if not memory.why_unreadable(after):
        assert memory.find(program.keeper.pid, forms) == {}
        assert memory.find(after, forms) == {}


@pytest.fixture
def disk(tmp_path: Path):
    """A file system of its own, on a file whose raw bytes can be searched."""
    image, place = tmp_path / "disk.img", tmp_path / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    mkfs = shutil.which("mkfs.ext4", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if mkfs is None or os.geteuid() != 0:
        pytest.skip("a file system of its own needs root and mkfs.ext4")
    subprocess.run([mkfs, "-q", str(image)], check=True)
    mounted = subprocess.run(["mount", "-o", "loop", str(image), str(place)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this machine does not mount a file system from a file")
    try:
        yield image, place
    finally:
        subprocess.run(["umount", str(place)], check=False)


def test_the_raw_bytes_of_the_disk_hold_no_word_of_a_patient(disk, portal, canaries):
    image, place = disk
    home = Home(place / "home")
    forms = canaries.forms()
    with running(home, "--portal", portal.url, "--ca-file", portal.ca) as program:
        pid = program.sign_in("radiologist")
        _read_everything(program, pid)
        subprocess.run(["sync", "-f", str(place)], check=True)
        assert search(image.read_bytes(), forms) == {}
        os.kill(pid, signal.SIGKILL)
        program.gone(pid)
    subprocess.run(["sync", "-f", str(place)], check=True)
    assert search(image.read_bytes(), forms) == {}

    # The search is not blind: a planted leak, deleted like a temporary file, is found in the raw bytes.
    leak = place / "home" / "tmp" / "leak"
    leak.write_text(canaries.words["text"])
    subprocess.run(["sync", "-f", str(place)], check=True)
    leak.unlink()
    subprocess.run(["sync", "-f", str(place)], check=True)
    assert search(image.read_bytes(), forms)


@pytest.mark.parametrize("form", ["plain", "UTF-16", "base64", "hex", "zlib", "gzip", "PDF"])
def test_a_planted_leak_is_found(form, tmp_path, canaries):
    (tmp_path / "leak").write_bytes(planted(canaries.words["pdf"])[form])
    assert search_files([tmp_path], canaries.forms())


def test_a_leak_in_a_file_name_is_found(tmp_path, canaries):
    (tmp_path / canaries.words["family"]).touch()
    assert search_files([tmp_path], canaries.forms())


def test_the_program_writes_to_no_file_outside_its_own_folders(portal, home, canaries, tmp_path):
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not here")
    log = tmp_path / "trace"
    with running(home, "--portal", portal.url, "--ca-file", portal.ca) as program:
        tracer = subprocess.Popen(
            [
                strace,
                "-f",
                "-qq",
                "-y",
                "-e",
                "trace=openat,open,creat,rename,renameat2,mkdir,link,symlink,memfd_create",
                "-o",
                str(log),
                "-p",
                str(program.keeper.pid),
            ],
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for("the tracer", log.exists)
            # The first session was there before the tracer; the second is seen from its first instruction.
            pid = program.sign_in("radiologist")
            program.tell("sign_out", pid)
            program.gone(pid)
            pid = program.sign_in("radiologist")
            _read_everything(program, pid)
            program.tell("sign_out", pid)
            program.gone(pid)
        finally:
            tracer.terminate()
            tracer.wait()
    written = [
        line
        for line in log.read_text(errors="replace").splitlines()
        if " = -1 " not in line and not ("open" in line and "O_RDONLY" in line and "O_CREAT" not in line)
    ]
    assert any("O_TMPFILE" in line for line in written), "the cache file was not seen: the trace is blind"
    compiled = str(ROOT / "client")  # Python keeps what it compiled beside the source of a checkout
    allowed = (str(home.path), compiled, "/dev/null", "/dev/tty", "/proc/", "/tmp/sl")
    beyond = [line for line in written if not any(f'"{place}' in line for place in allowed)]
    assert [
        line
        for line in beyond
        # "???": a process that was ended in the middle of a call
        if "resumed" not in line and "+++" not in line and "---" not in line and "???" not in line
    ] == []
