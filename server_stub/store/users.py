"""The portal's users: names, roles, and passwords hashed with argon2id.

Owns: adding, listing, disabling, and checking a password with growing delay and lockout.
Must never: answer differently, or in a different time, for an unknown name and a wrong password.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass
from enum import Enum

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from server_stub.store.database import Database

MIN_PASSWORD = 8  # OWASP ASVS 5.0, 6.2.1
MAX_PASSWORD = 1024
MAX_NAME = 256
_FREE_TRIES = 3  # failures before the first delay
_LOCKOUT_AFTER = 10
_LOCKOUT = 15 * 60.0  # seconds, doubled with every further ten failures
_LONGEST_LOCKOUT = 24 * 3600.0
_FORGET_AFTER = 24 * 3600.0  # failures older than this no longer count

_HASHER = PasswordHasher()
# What an unknown name is checked against, so that it costs exactly what a known one costs.
_NOBODY = _HASHER.hash(secrets.token_hex(16))
_HASHING = threading.Semaphore(2)  # 64 MiB each: a burst of sign-ins must not exhaust the machine


class Role(Enum):
    """What a user may see is decided by this alone (server_stub.fhir.access)."""

    RADIOLOGIST = "radiologist"
    REFERRING_PHYSICIAN = "referring-physician"
    ADMINISTRATOR = "administrator"


class UserError(Exception):
    """A user cannot be added or changed; the message says why."""


@dataclass(frozen=True, slots=True)
class User:
    """One user as stored, without password or key."""

    folded: str
    name: str
    display: str
    role: Role
    practitioner: str | None  # the id of their FHIR Practitioner
    disabled: bool


@dataclass(frozen=True, slots=True)
class Welcome:
    """A password that was right: the user, their marks key, and their previous sign-in."""

    user: User
    marks_key: bytes
    last_at: float | None  # seconds since the epoch
    last_workstation: str
    failures: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A name or password that was wrong."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many tries."""

    seconds: int


_COLUMNS = "folded, name, display, role, practitioner, disabled"


def fold(name: str) -> str:
    """Return the form in which user names are compared (NFKC, without regard to case)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


class Users:
    """The users in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, role: Role, practitioner: str | None, display: str, password: str) -> None:
        """Add a user or raise UserError."""
        name = unicodedata.normalize("NFKC", name).strip()
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise UserError("A user name has 1 to 256 printable characters.")
        if len(display) > MAX_NAME or not display.isprintable():
            raise UserError("A display name has at most 256 printable characters.")
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise UserError(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.")
        if role is Role.REFERRING_PHYSICIAN and not practitioner:
            raise UserError("A referring physician needs --practitioner: without it they would see nothing.")
        row = (
            fold(name),
            name,
            display or name,
            role.value,
            practitioner,
            _hash(password),
            secrets.token_bytes(32),
        )
        try:
            with self._database.write() as connection:
                connection.execute(
                    "INSERT INTO user(folded, name, display, role, practitioner, password, marks_key)"
                    " VALUES (?,?,?,?,?,?,?)",
                    row,
                )
        except sqlite3.IntegrityError:
            raise UserError(f"There is already a user {name}.") from None

    def all(self) -> list[User]:
        """Return every user, by name."""
        rows = self._database.reader().execute(f"SELECT {_COLUMNS} FROM user ORDER BY folded")  # noqa: S608
        return [_user(row) for row in rows]

    def disable(self, name: str) -> None:
        """Refuse this user from now on, also in a session in progress; raises UserError if unknown."""
        with self._database.write() as connection:
            found = connection.execute("UPDATE user SET disabled=1 WHERE folded=?", (fold(name),)).rowcount
            connection.execute("UPDATE session SET ended=1 WHERE user=?", (fold(name),))
        if not found:
            raise UserError(f"There is no user {name}.")

    def check(self, name: str, password: str, workstation: str, now: float) -> Welcome | Refused | Locked:
        """Check a sign-in; `now` in seconds since the epoch.

        Failures are counted by what was typed, whether such a user exists or not, and every answer
        takes one argon2id verification: neither answer nor time tells the two apart. A try is counted as a
        failure before its password is looked at, so that tries side by side are no more than one by one.
        """
        folded = fold(name)
        who = hashlib.sha256(folded.encode("utf-8", "surrogatepass")).digest()
        counted = self._count_try(who, now)
        if isinstance(counted, Locked):
            return counted
        row = (
            self._database.reader()
            .execute(
                f"SELECT {_COLUMNS}, password, marks_key, last_at, last_workstation, failures"  # noqa: S608
                " FROM user WHERE folded=?",
                (folded,),
            )
            .fetchone()
        )
        right = _verify(_NOBODY if row is None else row[6], password)
        if row is None or not right or row[5]:
            with self._database.write() as connection:
                connection.execute("UPDATE user SET failures=failures+1 WHERE folded=?", (folded,))
            return Refused()
        with self._database.write() as connection:
            _forgive(connection, who, counted)
            # Failures that came while this password was checked are told at the next sign-in.
            connection.execute(
                "UPDATE user SET last_at=?, last_workstation=?, failures=max(failures-?, 0) WHERE folded=?",
                (now, workstation, row[10], folded),
            )
        return Welcome(_user(row[:6]), row[7], row[8], row[9] or "", row[10])

    def _count_try(self, who: bytes, now: float) -> int | Locked:
        """Count a failure; returns how many there are with this one, or that no try is listened to now."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM attempt WHERE last < ?", (now - _FORGET_AFTER,))
            row = connection.execute("SELECT failures, until FROM attempt WHERE who=?", (who,)).fetchone()
            if row is not None and row[1] > now:
                return Locked(max(1, int(row[1] - now + 0.999)))
            failures: int = 1 if row is None else row[0] + 1
            connection.execute(
                "INSERT INTO attempt(who, failures, last, until) VALUES (?,?,?,?) ON CONFLICT(who) DO UPDATE"
                " SET failures=excluded.failures, last=excluded.last, until=excluded.until",
                (who, failures, now, now + delay_after(failures)),
            )
        return failures


def _forgive(connection: sqlite3.Connection, who: bytes, counted: int) -> None:
    # A success forgives itself and what was before it, not the tries that others began while it was checked.
    row = connection.execute("SELECT failures, last FROM attempt WHERE who=?", (who,)).fetchone()
    left = 0 if row is None else row[0] - counted
    if left <= 0:
        connection.execute("DELETE FROM attempt WHERE who=?", (who,))
    else:
        until = row[1] + delay_after(left)
        connection.execute("UPDATE attempt SET failures=?, until=? WHERE who=?", (left, until, who))


def delay_after(failures: int) -> float:
    """Return how many seconds must pass after this many failures in a row."""
    if failures < _FREE_TRIES:
        return 0.0
    if failures < _LOCKOUT_AFTER:
        return float(min(2 ** (failures - _FREE_TRIES), 30))
    if failures % _LOCKOUT_AFTER:
        return 30.0
    return min(_LOCKOUT * 2.0 ** (failures // _LOCKOUT_AFTER - 1), _LONGEST_LOCKOUT)


def _user(row: tuple[str, str, str, str, str | None, int]) -> User:
    return User(row[0], row[1], row[2], Role(row[3]), row[4], bool(row[5]))


def _hash(password: str) -> str:
    return _HASHER.hash(_bytes(password))


def _verify(stored: str, password: str) -> bool:
    with _HASHING:
        try:
            return _HASHER.verify(stored, _bytes(password))
        except VerificationError:
            return False


def _bytes(password: str) -> bytes:
    # NFKC, so that a letter composed on one keyboard equals the same letter typed on another (NIST 800-63B).
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
