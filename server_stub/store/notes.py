"""What a client leaves with the portal: a user's reading marks, and the events of its audit trail.

Both are opaque to the portal. Must never: hold patient data (the shapes accepted leave no room for prose), or
believe an event which session it is of.
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
        """Store audit events; one that is delivered a second time is stored once.

        `user` and `session` are who delivered it, which the portal knows. `claimed` is the session that the
        event says it is of, which anybody can write: `unverified` unless it is the delivering one. A client's
        trail may wait on its disk for a later sign-in, so such events are kept, not refused; if the claimed
        session delivers the very same event too, that counts.
        """
        rows = [_row(caller, event, now) for event in events]
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO audit_event(user, session, received, claimed, unverified, digest, event)"
                " VALUES (?,?,?,?,?,?,?) ON CONFLICT(digest) DO UPDATE SET user=excluded.user,"
                " session=excluded.session, received=excluded.received, unverified=0"
                " WHERE unverified AND NOT excluded.unverified",
                rows,
            )


def _row(
    caller: Caller, event: Mapping[str, Scalar], now: float
) -> tuple[str, str, float, str, bool, bytes, str]:
    text = json.dumps(dict(event), sort_keys=True, separators=(",", ":"))
    claimed = str(event.get("session", ""))
    # A link of a client's chain has a mac that no other link has: whoever delivers it, it is the same event.
    # All of it is compared, so that a forgery under a known mac stands beside the event, never instead of it.
    whose = "" if isinstance(event.get("mac"), str) else caller.user
    digest = hashlib.sha256(f"{whose}\n{text}".encode()).digest()
    return caller.user, caller.session, now, claimed, claimed != caller.session, digest, text
