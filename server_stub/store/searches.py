"""Searches that a user saved under a name.

What is searched for may be a patient's name: it stays in the portal's database, for this user alone.
Must never: show one user another's, or write a search or its name to a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server_stub.store.database import Database

MOST = 100  # per user


class SavedSearches:
    """Named searches in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, user: str) -> dict[str, str]:
        """Return a user's searches by name, in the order in which they were first saved."""
        rows = self._database.reader().execute(
            "SELECT name, query FROM saved_search WHERE user=? ORDER BY made, name", (user,)
        )
        return dict(rows.fetchall())

    def change(self, user: str, saved: Mapping[str, str], removed: Iterable[str], now: float) -> bool:
        """Remove some and save some, all or nothing; False where these would be more than a user may have."""
        gone = set(removed)
        with self._database.write() as connection:
            found = connection.execute("SELECT name FROM saved_search WHERE user=?", (user,))
            if len(({name for (name,) in found} - gone) | saved.keys()) > MOST:
                return False
            connection.executemany(
                "DELETE FROM saved_search WHERE user=? AND name=?", [(user, name) for name in gone]
            )
            connection.executemany(
                "INSERT INTO saved_search(user, name, query, made) VALUES (?,?,?,?)"
                " ON CONFLICT(user, name) DO UPDATE SET query=excluded.query",
                [(user, name, query, now) for name, query in saved.items()],
            )
        return True
