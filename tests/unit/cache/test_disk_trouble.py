"""Disks that are full or may not be written: said plainly, and the session goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]
_FULL = """
import os, resource, sys
from pathlib import Path
from client.cache.key import CacheKey
from client.cache.record import RecordId, RecordKind
from client.cache.store import ReportCache
from client.errors import CacheUnavailable

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # the system refuses to write beyond it
key = CacheKey.generate()
cache = ReportCache(Path(sys.argv[1]), key, 64_000_000)
small, next_, large = (RecordId(RecordKind.REPORT, name, "1") for name in ("small", "next", "large"))
cache.put(small, b"text" * 1000)
stored = cache.stored
for refused in (
    lambda: cache.put(large, bytes(1_000_000)),
    lambda: cache.put_many((RecordId(RecordKind.REPORT, str(n), "1"), bytes(9000)) for n in range(50)),
):
    try:
        refused()
    except CacheUnavailable as error:
        assert "disk of this computer is full" in str(error)
    else:
        raise AssertionError("a full disk went unnoticed")
assert cache.stored == stored
assert os.fstat(cache._log.peek(small).segment._descriptor).st_size == stored
assert large not in cache
assert cache.get(small) == b"text" * 1000
cache.put(next_, b"there is still room for this")
assert cache.get(next_) == b"there is still room for this"
cache.close()
key.destroy()
"""
_READ_ONLY = """
import os, sys
from pathlib import Path
from client.cache.key import CacheKey
from client.cache.store import ReportCache
from client.errors import CacheUnavailable

if os.geteuid() == 0:  # nothing is read-only for root
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
key = CacheKey.generate()
for folder in (Path("/proc/1/cache"), Path(sys.argv[1])):
    try:
        ReportCache(folder, key, 1_000_000)
    except CacheUnavailable as error:
        assert "cannot be used" in str(error)
        assert sys.argv[1] not in str(error)
    else:
        raise AssertionError("a folder that may not be written went unnoticed")
key.destroy()
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and modes of POSIX systems")


def _run(script, folder):
    command = [sys.executable, "-W", "error", "-c", script, str(folder)]
    ran = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr


def test_full_disk_is_said_and_what_was_stored_stays(tmp_path):
    _run(_FULL, tmp_path)


def test_read_only_folder_is_said(tmp_path):
    tmp_path.chmod(0o555)
    _run(_READ_ONLY, tmp_path)
