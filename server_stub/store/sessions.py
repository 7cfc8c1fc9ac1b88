"""Sessions and their tokens: opaque random strings of 256 bits, stored as SHA-256 only.

Owns: issue, rotation, revocation, absolute lifetime.
Must never: accept a refresh token twice; the second use ends the whole family (RFC 9700, 4.14.2).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from server_stub.store.database import Database
from server_stub.store.users import Role, User


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long an access token, and a session as a whole, may last."""

    access: timedelta = timedelta(minutes=5)
    session: timedelta = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens, in clear for the one answer that carries them."""

    access: str
    refresh: str
    session: str
    access_seconds: int
    session_seconds: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking: the user of a live session."""

    session: str
    user: str  # folded name
    role: Role
    practitioner: str | None


class Sessions:
    """The sessions in the database."""

    def __init__(self, database: Database, lifetimes: Lifetimes, now: Callable[[], float]) -> None:
        self._database = database
        self._lifetimes = lifetimes
        self._now = now

    def start(self, user: User, workstation: str) -> Tokens:
        """Start a session; sessions that ended more than a day ago are forgotten on the way."""
        now = self._now()
        session = secrets.token_urlsafe(16)
        ends = now + self._lifetimes.session.total_seconds()
        with self._database.write() as connection:
            stale = now - 86400
            connection.execute(
                "DELETE FROM token WHERE session IN (SELECT id FROM session WHERE ends<?)", (stale,)
            )
            connection.execute("DELETE FROM session WHERE ends<?", (stale,))
            connection.execute(
                "INSERT INTO session(id, user, workstation, started, ends) VALUES (?,?,?,?,?)",
                (session, user.folded, workstation, now, ends),
            )
            tokens, rows = self._make(session, now, ends)
            connection.executemany(_ADD_TOKEN, rows)
        return tokens

    def refresh(self, token: str) -> Tokens | None:
        """Exchange a refresh token for a new pair; None when the session is over, now or by this very use."""
        now = self._now()
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT t.session, t.used, s.ends, s.ended, u.disabled FROM token t"
                " JOIN session s ON s.id=t.session JOIN user u ON u.folded=s.user"
                " WHERE t.hash=? AND t.refresh=1",
                (_hash(token),),
            ).fetchone()
            if row is None:
                return None
            session, used, ends, ended, disabled = row
            if used or ended or disabled or ends <= now:
                connection.execute("UPDATE session SET ended=1 WHERE id=?", (session,))
                return None
            connection.execute("UPDATE token SET used=1 WHERE hash=?", (_hash(token),))
            # Access tokens that expired long ago carry no information any more.
            connection.execute(
                "DELETE FROM token WHERE session=? AND refresh=0 AND expires<?", (session, now)
            )
            tokens, rows = self._make(session, now, ends)
            connection.executemany(_ADD_TOKEN, rows)
        return tokens

    def end(self, token: str) -> None:
        """End the session that this refresh or access token belongs to; an unknown one ends nothing."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE session SET ended=1 WHERE id=(SELECT session FROM token WHERE hash=?)",
                (_hash(token),),
            )

    def caller(self, access_token: str) -> Caller | None:
        """Return who this access token speaks for, or None."""
        now = self._now()
        row = (
            self._database.reader()
            .execute(
                "SELECT s.id, u.folded, u.role, u.practitioner FROM token t JOIN session s ON s.id=t.session"
                " JOIN user u ON u.folded=s.user WHERE t.hash=? AND t.refresh=0 AND t.expires>? AND s.ended=0"
                " AND s.ends>? AND u.disabled=0",
                (_hash(access_token), now, now),
            )
            .fetchone()
        )
        return None if row is None else Caller(row[0], row[1], Role(row[2]), row[3])

    def expire(self, access_token: str) -> None:
        """Let an access token expire at once (the expired-token fault)."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE token SET expires=0 WHERE hash=? AND refresh=0", (_hash(access_token),)
            )

    def _make(
        self, session: str, now: float, ends: float
    ) -> tuple[Tokens, list[tuple[bytes, str, int, float]]]:
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        expires = min(now + self._lifetimes.access.total_seconds(), ends)
        rows = [(_hash(access), session, 0, expires), (_hash(refresh), session, 1, ends)]
        return Tokens(access, refresh, session, int(expires - now), int(ends - now)), rows


_ADD_TOKEN = "INSERT INTO token(hash, session, refresh, expires) VALUES (?,?,?,?)"  # noqa: S105


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
