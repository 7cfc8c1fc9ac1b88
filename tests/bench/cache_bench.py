"""The cache beside its floors: raw AES-GCM in memory, and SQLCipher doing the same work.

Run it with `python -m tests.bench.cache_bench`. Each figure is the median of several runs, interleaved with
its floors so that a busy machine is busy for all of them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.cache.key import CacheKey
from client.cache.record import RecordId, RecordKind
from client.cache.store import ReportCache
from tests.bench.figure import Figure, table

_LIMIT = 2 * 1024**3
_BATCH = 50  # records read at a time, as `client.session.indexing` does
_END = """
import os, sys, time
from pathlib import Path
from client.cache.key import CacheKey
from client.cache.record import RecordId, RecordKind
from client.cache.store import ReportCache
key = CacheKey.generate()
cache = ReportCache(Path(sys.argv[1]), key, 2 * 1024**3)
data = os.urandom(5_000_000)
for number in range(int(sys.argv[2])):
    cache.put(RecordId(RecordKind.IMAGE, str(number), "1"), data)
if sys.argv[3] == "flushed":
    os.sync()
print("stored", flush=True)
sys.stdin.readline()
key.destroy()
cache.close()
os._exit(0)
"""


class _Raw:
    """The least a cache in memory could do: one AESGCM, a counter for nonces, the id bound, a dict."""

    def __init__(self, _folder: Path) -> None:
        self._aead = AESGCM(os.urandom(32))
        self._kept: dict[str, tuple[bytes, bytes]] = {}

    def write(self, keys: Sequence[str], data: Sequence[bytes]) -> None:
        for number, (key, content) in enumerate(zip(keys, data, strict=True)):
            nonce = number.to_bytes(12, "big")
            self._kept[key] = nonce, self._aead.encrypt(nonce, content, key.encode())

    def read(self, keys: Sequence[str]) -> None:
        for key in keys:
            nonce, sealed = self._kept[key]
            self._aead.decrypt(nonce, sealed, key.encode())

    def close(self) -> None:
        self._kept.clear()


class _SqlCipher:
    """SQLCipher by SQLite3 Multiple Ciphers: write-ahead log, one transaction a batch, no flush."""

    def __init__(self, folder: Path) -> None:
        self._connection = apsw.Connection(str(folder / "sqlcipher.db"))
        for pragma in ("cipher='sqlcipher'", "key='benchmark'", "journal_mode=WAL", "synchronous=OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE record (key TEXT PRIMARY KEY, data BLOB)")

    def write(self, keys: Sequence[str], data: Sequence[bytes]) -> None:
        with self._connection:
            self._connection.executemany("INSERT INTO record VALUES (?, ?)", zip(keys, data, strict=True))

    def read(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._connection.execute("SELECT data FROM record WHERE key = ?", (key,)).fetchall()

    def close(self) -> None:
        self._connection.close()


class _Cache:
    """The cache itself, as a session fills it and its search index reads it: `put_many` and `get_many`."""

    def __init__(self, folder: Path) -> None:
        self._key = CacheKey.generate()
        self._cache = ReportCache(folder, self._key, _LIMIT)

    def write(self, keys: Sequence[str], data: Sequence[bytes]) -> None:
        self._cache.put_many(zip(map(_record, keys), data, strict=True))

    def read(self, keys: Sequence[str]) -> None:
        for begin in range(0, len(keys), _BATCH):
            self._cache.get_many(map(_record, keys[begin : begin + _BATCH]))

    def close(self) -> None:
        self._cache.close()
        self._key.destroy()


class _CacheSingly(_Cache):
    """The same with one `put` and one `get` after the other."""

    def write(self, keys: Sequence[str], data: Sequence[bytes]) -> None:
        for key, content in zip(keys, data, strict=True):
            self._cache.put(_record(key), content)

    def read(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._cache.get(_record(key))


_Store = Callable[[Path], _Raw | _SqlCipher | _Cache]


def _record(key: str) -> RecordId:
    return RecordId(RecordKind.REPORT, key, "1")


def _both(store: _Store, keys: Sequence[str], data: Sequence[bytes]) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        opened = store(Path(folder))
        try:
            begin = time.perf_counter()
            opened.write(keys, data)
            written = time.perf_counter()
            opened.read(keys)
            return 1000 * (written - begin), 1000 * (time.perf_counter() - written)
        finally:
            opened.close()


def _compare(label: str, count: int, length: int, times: int, reach: tuple[str, str]) -> list[Figure]:
    keys = [f"report-{number:08d}" for number in range(count)]
    data = [os.urandom(length) for _ in range(count)]
    runs: dict[_Store, list[tuple[float, float]]] = {_Cache: [], _CacheSingly: [], _Raw: [], _SqlCipher: []}
    for _ in range(times):
        for store, taken in runs.items():
            taken.append(_both(store, keys, data))
    write = {store: statistics.median(w for w, _ in taken) for store, taken in runs.items()}
    read = {store: statistics.median(r for _, r in taken) for store, taken in runs.items()}
    return [
        Figure(f"write {label}", write[_Cache], "ms", write[_Raw], "raw AESGCM", "≤ 3 ×"),
        Figure(
            f"write {label}", write[_Cache], "ms", write[_SqlCipher], "SQLCipher", f"≤ 1/{reach[0]} of it"
        ),
        Figure(f"write {label}, one at a time", write[_CacheSingly], "ms", write[_Raw], "raw AESGCM", ""),
        Figure(f"read {label}", read[_Cache], "ms", read[_Raw], "raw AESGCM", "≤ 3 ×"),
        Figure(f"read {label}", read[_Cache], "ms", read[_SqlCipher], "SQLCipher", f"≤ 1/{reach[1]} of it"),
        Figure(f"read {label}, one at a time", read[_CacheSingly], "ms", read[_Raw], "raw AESGCM", ""),
    ]


def _part() -> Figure:
    key = CacheKey.generate()
    with tempfile.TemporaryDirectory() as folder:
        cache = ReportCache(Path(folder), key, _LIMIT)
        record = _record("large")
        cache.put(record, bytes(200_000_000))
        taken = []
        for start in range(0, 190_000_000, 1_900_000):
            begin = time.perf_counter()
            cache.read(record, start, 4096)
            taken.append(1000 * (time.perf_counter() - begin))
        cache.close()
        key.destroy()
    return Figure("read 4 kB out of 200 MB", statistics.median(taken), "ms", None, "", "")


def _end(records: int, state: str) -> float:
    """Return the milliseconds from "end" to the process being gone, its cache holding 5 MB records."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _END, folder, str(records), state]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            if child.stdout.readline() != "stored\n":
                raise RuntimeError("the process whose end was to be measured did not get as far")
            begin = time.perf_counter()
            child.stdin.write("end\n")
            child.stdin.flush()
            child.wait()
            return 1000 * (time.perf_counter() - begin)


def measure() -> list[Figure]:
    """Measure the cache: writing, reading, a part of a large record, and the end with 1 GB in it."""
    figures = _compare("10,000 × 3 kB", 10_000, 3_000, 5, ("5", "3"))
    figures += _compare("100 × 5 MB", 100, 5_000_000, 3, ("15", "10"))
    figures.append(_part())
    empty = statistics.median(_end(0, "as written") for _ in range(5))
    for state in ("as written", "flushed"):
        full = statistics.median(_end(200, state) for _ in range(3))
        figures.append(Figure(f"process gone, cache of 1 GB {state}", full, "ms", empty, "empty", "≤ 250 ms"))
    return figures


if __name__ == "__main__":
    print(table(measure()))
