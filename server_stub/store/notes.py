"""What a client leaves with the portal: a user's reading marks, and the events of its audit trail.

Both are opaque to the portal. Must never: hold patient data; the shapes accepted leave no room for prose.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from server_stub.store.database import Database
from server_stub.store.sessions import Caller

MAX_MARKS = 250_000  # per user; the longest unchanged ones go first

Scalar = str | int | float | bool | None


class Notes:
    """Marks and audit events in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self, user: str) -> dict[str, str]:
        """Return a user's marks: opaque report key → opaque version."""
        rows = self._database.reader().execute("SELECT key, version FROM mark WHERE user=?", (user,))
        return dict(rows.fetchall())

    def merge_marks(self, user: str, marks: Mapping[str, str], now: float) -> None:
        """Add or replace marks."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO mark(user, key, version, changed) VALUES (?,?,?,?)"
                " ON CONFLICT(user, key) DO UPDATE SET version=excluded.version, changed=excluded.changed",
                [(user, key, version, now) for key, version in marks.items()],
            )
            held = connection.execute("SELECT count(*) FROM mark WHERE user=?", (user,)).fetchone()[0]
            if held > MAX_MARKS:
                connection.execute(
                    "DELETE FROM mark WHERE user=? AND key IN"
                    " (SELECT key FROM mark WHERE user=? ORDER BY changed LIMIT ?)",
                    (user, user, held - MAX_MARKS),
                )

    def add_events(self, caller: Caller, events: Sequence[Mapping[str, Scalar]], now: float) -> None:
        """Store audit events; one that is delivered a second time is stored once."""
        rows = []
        for event in events:
            text = json.dumps(dict(event), sort_keys=True, separators=(",", ":"))
            rows.append((caller.user, caller.session, now, hashlib.sha256(text.encode()).digest(), text))
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO audit(user, session, received, digest, event) VALUES (?,?,?,?,?)", rows
            )
