"""What `/fhir` answers: plain functions from a request to an answer, run in worker threads.

Must never: answer anything but the CapabilityStatement without a live access token, or tell "not there"
from "not yours".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import parse_qsl, urlencode

import orjson

from server_stub.fhir.bundles import Version, write_history, write_searchset
from server_stub.fhir.moments import read_range
from server_stub.fhir.outcome import FhirError, Issue, not_there, write_outcome
from server_stub.fhir.parameters import SERVED
from server_stub.fhir.places import Places
from server_stub.fhir.query import MAX_COUNT, Handling, Query, read_query
from server_stub.fhir.search import Totals, run_search
from server_stub.fhir.visibility import visible_clause, visible_versions
from server_stub.store.database import Database
from server_stub.store.sessions import Caller, Sessions

FHIR_JSON = "application/fhir+json"
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}", re.ASCII)
_MAX_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as FHIR needs it."""

    base: str  # absolute URL of the FHIR base, no slash at its end
    query: str  # the URL's query, undecoded
    form: str  # the body of a POST _search, undecoded
    authorization: str
    accept: str
    if_none_match: str
    handling: Handling


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    media_type: str = FHIR_JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class FhirService:
    """Read, search, versioned read and history over the database."""

    def __init__(self, database: Database, sessions: Sessions) -> None:
        self._database = database
        self._sessions = sessions
        self._totals = Totals()
        self._places = Places()

    def answer(self, asked: Asked, work: Callable[[Asked, Caller], Answer]) -> Answer:
        """Do `work` for the caller of the request; every FhirError becomes an OperationOutcome."""
        try:
            scheme, _, token = asked.authorization.partition(" ")
            caller = self._sessions.caller(token.strip()) if scheme.lower() == "bearer" else None
            if caller is None:
                challenge = 'Bearer error="invalid_token"' if asked.authorization else "Bearer"
                message = "Sign in first; this access token is missing, expired or revoked."
                raise FhirError(401, Issue.LOGIN, message, {"WWW-Authenticate": challenge})
            return work(asked, caller)
        except FhirError as error:
            return Answer(error.status, write_outcome(error.issue, str(error)), headers=error.headers)

    def read(self, asked: Asked, caller: Caller, kind: str, name: str) -> Answer:
        """`GET /Type/id`."""
        key, current, subject = self._find(caller, kind, name)
        return self._show(
            asked, kind, self._version(key, current, visible_versions(caller, current, subject))
        )

    def read_version(self, asked: Asked, caller: Caller, kind: str, name: str, version: str) -> Answer:
        """`GET /Type/id/_history/n`."""
        key, current, subject = self._find(caller, kind, name)
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
        return self._show(asked, kind, self._version(key, number, visible_versions(caller, current, subject)))

    def history(self, asked: Asked, caller: Caller, kind: str, name: str) -> Answer:
        """`GET /Type/id/_history`, newest first, with `_count` and `_since`."""
        key, current, subject = self._find(caller, kind, name)
        pairs = _pairs(asked.query)
        count, since, below = MAX_COUNT, None, 2**62
        for parameter, value in pairs:
            if parameter == "_page":
                count, since, below = self._open_history(caller, value)
            elif parameter == "_count" and value.isascii() and value.isdigit() and int(value[:9]) > 0:
                count = min(int(value[:9]), MAX_COUNT)
            elif parameter == "_since" and (moment := read_range(value)) is not None:
                since = moment[0]
            elif parameter != "_format":
                raise FhirError(400, Issue.NOT_SUPPORTED, "A history takes _count and _since, nothing else.")
        seen, seen_values = visible_versions(caller, current, subject)
        where = f"key=? AND updated>=? AND {seen}"
        values = (key, -(2**62) if since is None else since, *seen_values)
        reader = self._database.reader()
        total = reader.execute(f"SELECT count(*) FROM version WHERE {where}", values).fetchone()[0]  # noqa: S608
        rows = reader.execute(
            f"SELECT version, updated, body FROM version WHERE {where} AND version<?"  # noqa: S608
            " ORDER BY version DESC LIMIT ?",
            (*values, below, count + 1),
        ).fetchall()
        versions = [Version(*row) for row in rows[:count]]
        links = {"self": _url(asked.base, f"{kind}/{name}/_history", pairs)}
        if len(rows) > count:
            place = self._places.seal(caller.user, [count, since, versions[-1].version])
            links["next"] = _url(asked.base, f"{kind}/{name}/_history", [("_page", place)])
        body = write_history(asked.base, f"{kind}/{name}", versions, total, links)
        return Answer(200, body, headers=_link_header(links))

    def search(self, asked: Asked, caller: Caller, kind: str) -> Answer:
        """`GET /Type?…`, `POST /Type/_search`, and the following pages."""
        if kind not in SERVED:
            raise not_there()
        pairs = [*_pairs(asked.query), *_pairs(asked.form)]
        after: list[str | int] | None = None
        if len(pairs) == 1 and pairs[0][0] == "_page":
            query, after = self._open_search(asked, caller, kind, pairs[0][1])
        else:
            query = read_query(kind, pairs, asked.handling, asked.base)
        page = run_search(self._database.reader(), self._totals, caller, query, after)
        links = {"self": _url(asked.base, kind, query.pairs)}
        if page.following is not None:
            place = self._places.seal(caller.user, [kind, query.pairs, page.following])
            links["next"] = _url(asked.base, kind, [("_page", place)])
        outcome = None
        if query.ignored or page.cut:
            outcome = write_outcome(Issue.NOT_SUPPORTED, _explain(query, page.cut), "warning")
        body = write_searchset(asked.base, page.matches, page.included, outcome, page.total, links)
        return Answer(200, body, headers=_link_header(links))

    def _open_search(
        self, asked: Asked, caller: Caller, kind: str, text: str
    ) -> tuple[Query, list[str | int]]:
        place = self._places.open(caller.user, text)
        if not (isinstance(place, list) and len(place) == 3 and place[0] == kind):
            raise FhirError(410, Issue.EXPIRED, "This page belongs to another search; search again.")
        pairs = [(name, value) for name, value in place[1]]
        return read_query(kind, pairs, Handling.STRICT, asked.base), place[2]

    def _open_history(self, caller: Caller, text: str) -> tuple[int, int | None, int]:
        place = self._places.open(caller.user, text)
        if not (isinstance(place, list) and len(place) == 3 and isinstance(place[0], int)):
            raise FhirError(410, Issue.EXPIRED, "This page belongs to another history; ask again.")
        return place[0], place[1], place[2]

    def _find(self, caller: Caller, kind: str, name: str) -> tuple[int, int, str]:
        if kind not in SERVED or _ID.fullmatch(name) is None:
            raise not_there()
        seen, values = visible_clause(caller, "r")
        sql = f"SELECT r.key, r.version, r.subject FROM resource r WHERE r.type=? AND r.id=? AND {seen}"  # noqa: S608
        row: tuple[int, int, str] | None = (
            self._database.reader().execute(sql, (kind, name, *values)).fetchone()
        )
        if row is None:
            raise not_there()
        return row

    def _version(self, key: int, number: int, rule: tuple[str, tuple[str | int, ...]]) -> Version:
        seen, values = rule
        sql = f"SELECT version, updated, body FROM version WHERE key=? AND version=? AND {seen}"  # noqa: S608
        row = self._database.reader().execute(sql, (key, number, *values)).fetchone()
        if row is None:
            raise not_there()
        return Version(*row)

    def _show(self, asked: Asked, kind: str, version: Version) -> Answer:
        tag = f'W/"{version.version}"'
        headers = {"ETag": tag, "Last-Modified": _http_date(version.updated)}
        tags = {part.strip() for part in asked.if_none_match.split(",")}
        if tag in tags or f'"{version.version}"' in tags or "*" in tags:
            return Answer(304, b"", headers=headers)
        if kind == "Binary" and not _wants_json(asked.accept):
            media_type, content = _open_binary(version.body)
            return Answer(200, content, media_type, {**headers, "X-Content-Type-Options": "nosniff"})
        return Answer(200, version.body, headers=headers)


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError:
        raise FhirError(400, Issue.INVALID, f"At most {_MAX_FIELDS} parameters are read, in UTF-8.") from None


def _url(base: str, path: str, pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    return f"{base}/{path}?{urlencode(pairs)}" if pairs else f"{base}/{path}"


def _link_header(links: dict[str, str]) -> dict[str, str]:
    # Beside the Bundle's own link: a client can ask for the next page while it still reads this one.
    return {"Link": f'<{links["next"]}>; rel="next"'} if "next" in links else {}


def _explain(query: Query, cut: bool) -> str:
    words = []
    if query.ignored:
        words.append(
            f"{len(query.ignored)} parameters that this portal does not offer were left out of this search."
        )
        plain = sorted(
            {name for name in query.ignored if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.:\-]{0,39}", name)}
        )
        if plain:
            words.append(f"Left out: {', '.join(plain[:20])}.")
    if cut:
        words.append("More resources belong to these results than one page can bring along.")
    return " ".join(words)


def _wants_json(accept: str) -> bool:
    return "application/fhir+json" in accept or "application/json" in accept


def _open_binary(body: bytes) -> tuple[str, bytes]:
    binary = orjson.loads(body)
    media_type = binary.get("contentType")
    if (
        not isinstance(media_type, str)
        or re.fullmatch(r"[!-~]{1,100}(?: ?[!-~]{1,100})*", media_type) is None
    ):
        media_type = "application/octet-stream"
    try:
        return media_type, base64.b64decode("".join(str(binary.get("data", "")).split()), validate=True)
    except binascii.Error:
        raise FhirError(
            500, Issue.EXCEPTION, "This document was stored damaged and cannot be read."
        ) from None


def _http_date(milliseconds: int) -> str:
    return formatdate(milliseconds / 1000, usegmt=True)
