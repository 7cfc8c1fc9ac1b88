"""The portal's SQLite database: its tables, and connections to it.

Owns: the schema, one reading connection per thread, one writer at a time (also across processes).
Must never: be told anything in an SQL text that is not a bound value.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS user(
    folded TEXT PRIMARY KEY, name TEXT NOT NULL, display TEXT NOT NULL, role TEXT NOT NULL, practitioner TEXT,
    password TEXT NOT NULL, marks_key BLOB NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,
    last_at REAL, last_workstation TEXT, failures INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS attempt(
    who BLOB PRIMARY KEY, failures INTEGER NOT NULL, last REAL NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS session(
    id TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES user(folded), workstation TEXT NOT NULL,
    started REAL NOT NULL, ends REAL NOT NULL, ended INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS token(
    hash BLOB PRIMARY KEY, session TEXT NOT NULL REFERENCES session(id), refresh INTEGER NOT NULL,
    expires REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS token_session ON token(session);
CREATE TABLE IF NOT EXISTS mark(
    user TEXT NOT NULL REFERENCES user(folded), key TEXT NOT NULL, version TEXT NOT NULL,
    changed REAL NOT NULL, PRIMARY KEY(user, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS saved_search(
    user TEXT NOT NULL REFERENCES user(folded), name TEXT NOT NULL, query TEXT NOT NULL,
    made REAL NOT NULL, PRIMARY KEY(user, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit_event(
    number INTEGER PRIMARY KEY, user TEXT NOT NULL, session TEXT NOT NULL, received REAL NOT NULL,
    claimed TEXT NOT NULL, unverified INTEGER NOT NULL, digest BLOB NOT NULL UNIQUE, event TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS resource(
    key INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    updated INTEGER NOT NULL DEFAULT 0, date INTEGER NOT NULL DEFAULT 0, issued INTEGER NOT NULL DEFAULT 0,
    subject TEXT NOT NULL DEFAULT '', source BLOB NOT NULL, UNIQUE(type, id));
CREATE INDEX IF NOT EXISTS resource_date ON resource(type, date, key);
CREATE INDEX IF NOT EXISTS resource_issued ON resource(type, issued, key);
CREATE INDEX IF NOT EXISTS resource_updated ON resource(type, updated, key);
CREATE TABLE IF NOT EXISTS version(
    key INTEGER NOT NULL REFERENCES resource(key), version INTEGER NOT NULL, updated INTEGER NOT NULL,
    subject TEXT NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL, UNIQUE(key, version));

CREATE TABLE IF NOT EXISTS token_value(
    key INTEGER NOT NULL, param TEXT NOT NULL, code TEXT NOT NULL, system TEXT NOT NULL,
    PRIMARY KEY(key, param, code, system)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS token_value_code ON token_value(param, code, key);
CREATE TABLE IF NOT EXISTS reference_value(
    key INTEGER NOT NULL, param TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY(key, param, type, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reference_value_target ON reference_value(type, id, param, key);
CREATE TABLE IF NOT EXISTS date_value(
    key INTEGER NOT NULL, param TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
    PRIMARY KEY(key, param, low, high)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS text_value(
    key INTEGER NOT NULL, param TEXT NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL,
    PRIMARY KEY(key, param, folded, exact)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS text_value_folded ON text_value(param, folded, key);
CREATE TABLE IF NOT EXISTS image(
    key INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, study TEXT NOT NULL, series TEXT NOT NULL,
    modality TEXT NOT NULL, number INTEGER NOT NULL, syntax TEXT NOT NULL, digest BLOB NOT NULL,
    header BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS image_study ON image(study, series, number, uid);
CREATE TABLE IF NOT EXISTS planned_study(
    study TEXT PRIMARY KEY, accession TEXT NOT NULL, recipe TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS visible(
    practitioner TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY(practitioner, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS visible_key ON visible(key);
"""


class Database:
    """One database file, used by many threads."""

    def __init__(self, path: Path) -> None:
        """Open or make the database; raises sqlite3.Error when the file is not one."""
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        path.touch(mode=0o600, exist_ok=True)
        self._writer = self._connect()
        self._writer.execute("PRAGMA journal_mode=WAL")
        self._writer.executescript(_SCHEMA)

    def reader(self) -> sqlite3.Connection:
        """Return this thread's connection, for reading only."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only=ON")
            self._local.connection = connection
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give the one writing connection inside a transaction: all of it is kept, or none."""
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def settle(self) -> None:
        """Let SQLite learn how its indexes are filled, and move the write-ahead log into the file."""
        with self._lock:
            self._writer.execute("PRAGMA analysis_limit=1000")
            self._writer.execute("ANALYZE")
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection; no thread may use the database afterwards."""
        while self._opened:
            self._opened.pop().close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
        self._opened.append(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA mmap_size=1073741824")
        connection.execute("PRAGMA temp_store=MEMORY")
        return connection
