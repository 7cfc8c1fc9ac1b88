"""The session's key is in memory while it is needed, on one page of our own, and nowhere once destroyed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.forensic.memory import find, key_forms, locked_page, why_unreadable

_ROOT = Path(__file__).parents[2]
_CHILD = """
import os, sys
from pathlib import Path
from client.cache.key import CacheKey
from client.cache.record import RecordId, RecordKind
from client.cache.store import ReportCache
from client.errors import DamagedRecord

def wait(word):
    print(word, flush=True)
    assert sys.stdin.readline().strip() == "go on"

key = CacheKey.generate()
cache = ReportCache(Path(sys.argv[1]), key, 64_000_000)
reports = {RecordId(RecordKind.REPORT, str(n), "1"): os.urandom(3000) for n in range(500)}
large = RecordId(RecordKind.IMAGE, "large", "1")
for record, data in reports.items():
    cache.put(record, data)
cache.put_many(reports.items())
cache.put(large, bytes(3_000_000))
assert all(cache.get(record) == data for record, data in reports.items())
assert cache.get_many(reports) == list(reports.values())
assert cache.read(large, 1_000_000, 10) == bytes(10)
assert cache.get(large) == bytes(3_000_000)
first = next(iter(reports))
place = cache._log.peek(first)
os.pwrite(place.segment._descriptor, b"damage", place.offset)
try:
    cache.get(first)
except DamagedRecord:
    pass
if sys.argv[2] == "keeps a copy":
    copy = bytes(key._view)
if sys.argv[2] in ("in use", "keeps a schedule"):
    aead = key.aead()
wait("in use")
if sys.argv[2] == "in use":
    del aead
key.destroy()
cache.close()
wait("destroyed")
"""


class _Child:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.pid = process.pid

    def await_word(self, word: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == word + "\n"

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go on\n")
        self.process.stdin.flush()


@contextmanager
def _child(folder: Path, manner: str) -> Iterator[_Child]:
    environment = {**os.environ, "LD_BIND_NOW": "1", "PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-c", _CHILD, str(folder), manner]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            if reason := why_unreadable(process.pid):
                pytest.skip(reason)
            yield _Child(process)
        finally:
            process.kill()


def _forms_before_and_after(folder: Path, manner: str) -> tuple[set[str], set[str]]:
    with _child(folder, manner) as child:
        child.await_word("in use")
        forms = key_forms(locked_page(child.pid)[:32])
        before = find(child.pid, forms)
        child.go_on()
        child.await_word("destroyed")
        after = find(child.pid, forms)
        child.go_on()
        assert child.process.wait() == 0
        return set(before), set(after)


def test_key_and_round_keys_are_gone_after_destroy(tmp_path):
    before, after = _forms_before_and_after(tmp_path, "in use")

    assert {"key", "first half", "second half"} <= before  # the scan finds what is there …
    assert (
        "round key 7" in before
    )  # … and the processor's AES keeps its schedule in the form that we look for
    assert after == set()


def test_key_rests_on_its_page_alone_between_operations(tmp_path):
    with _child(tmp_path, "at rest") as child:
        child.await_word("in use")
        found = find(child.pid, key_forms(locked_page(child.pid)[:32]))

    assert dict(found) == {"key": 1, "first half": 1, "second half": 1}


def test_a_kept_copy_of_the_key_would_be_found(tmp_path):
    _, after = _forms_before_and_after(tmp_path, "keeps a copy")

    assert "key" in after


def test_a_kept_key_schedule_would_be_found(tmp_path):
    _, after = _forms_before_and_after(tmp_path, "keeps a schedule")

    assert {f"round key {number}" for number in range(2, 15)} <= after


def test_round_keys_are_those_of_the_standard():
    # FIPS 197, appendix A.3
    forms = key_forms(bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"))

    assert forms["round key 2"].hex() == "9ba354118e6925afa51a8b5f2067fcde"
    assert forms["round key 14"].hex() == "fe4890d1e6188d0b046df344706c631e"
