"""The portal's own routes, over the stores: sign-in, refresh, sign-out, marks, audit report, description.

Must never: tell an unknown user name from a wrong password, or say anything about a token that is not valid.
"""

# No `from __future__ import annotations` here: FastAPI must see the local `signed_in` in the annotations.
import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from server_stub.api.problems import ProblemError
from server_stub.api.searches import make_search_routes
from server_stub.api.shapes import (
    AcceptedShape,
    AllMarksShape,
    DescriptionShape,
    EventsShape,
    LastSignInShape,
    LockedProblem,
    MarksShape,
    Problem,
    SignInAnswer,
    SignInRequest,
    SignInShape,
    TokenRequest,
    TokensShape,
    UserShape,
)
from server_stub.hosts import read_host
from server_stub.store.notes import Notes
from server_stub.store.searches import SavedSearches
from server_stub.store.sessions import Caller, Sessions, Tokens
from server_stub.store.users import Locked, Refused, Users, Welcome

_log = logging.getLogger("server_stub")
_bearer = HTTPBearer(auto_error=False, description="The access token of a session.")

_PROBLEM: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes work on."""

    name: str
    notice: str
    users: Users
    sessions: Sessions
    notes: Notes
    searches: SavedSearches
    now: Callable[[], float]


def make_routes(stores: Stores) -> APIRouter:
    """Return all routes of the portal itself."""
    router = APIRouter(responses={422: {"model": Problem}, 400: {"model": Problem}, 413: {"model": Problem}})

    def signed_in(bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Caller:
        caller = None if bearer is None else stores.sessions.caller(bearer.credentials)
        if caller is None:
            raise ProblemError(401, "sign-in-first", "This access token is missing, expired or revoked.")
        return caller

    @router.get("/.well-known/safelight-portal.json")
    def describe(request: Request) -> DescriptionShape:
        """Say where everything is."""
        root = f"https://{read_host(request.headers.get('host', ''))}"
        own = f"{root}/portal"
        method = SignInShape(
            method="password", url=f"{own}/sign-in", refresh=f"{own}/refresh", sign_out=f"{own}/sign-out"
        )
        return DescriptionShape(
            version=1,
            name=stores.name,
            fhir=f"{root}/fhir",
            images=f"{root}/dicom-web",
            sign_in=method,
            audit=f"{own}/audit",
            marks=f"{own}/marks",
            searches=f"{own}/searches",
            openapi=f"{root}/openapi.json",
            notice=stores.notice,
        )

    @router.post("/portal/sign-in", responses={**_PROBLEM, 429: {"model": LockedProblem}})
    def sign_in(asked: SignInRequest) -> SignInAnswer:
        """Begin a session with user name and password."""
        workstation = "".join(c if c.isprintable() else "?" for c in asked.workstation)
        result = stores.users.check(asked.user, asked.password, workstation, stores.now())
        match result:
            case Locked():
                _log.info("sign-in: locked")
                message = "Too many tries with this user name; wait, then try again."
                raise ProblemError(429, "locked", message, result.seconds)
            case Refused():
                _log.info("sign-in: refused")
                raise ProblemError(401, "wrong-name-or-password", "The user name or the password is wrong.")
            case Welcome():
                _log.info("sign-in: welcome")
                return _greet(result, stores.sessions.start(result.user, workstation))

    @router.post("/portal/refresh", responses=_PROBLEM)
    def refresh(asked: TokenRequest) -> TokensShape:
        """Exchange a refresh token for new tokens; using one twice ends the session."""
        tokens = stores.sessions.refresh(asked.refresh_token)
        if tokens is None:
            _log.info("refresh: session ended")
            raise ProblemError(401, "session-ended", "This session is over; sign in again.")
        return TokensShape(**_spell(tokens))

    @router.post("/portal/sign-out", status_code=204)
    def sign_out(asked: TokenRequest) -> Response:
        """End the session, all of its tokens with it."""
        stores.sessions.end(asked.refresh_token)
        _log.info("sign-out")
        return Response(status_code=204)

    @router.get("/portal/marks", responses=_PROBLEM)
    def read_marks(caller: Annotated[Caller, Depends(signed_in)]) -> AllMarksShape:
        """Give the user's reading marks."""
        return AllMarksShape(marks=stores.notes.marks(caller.user))

    @router.put("/portal/marks", status_code=204, responses=_PROBLEM)
    def merge_marks(asked: MarksShape, caller: Annotated[Caller, Depends(signed_in)]) -> Response:
        """Add to the user's reading marks."""
        stores.notes.merge_marks(caller.user, asked.marks, stores.now())
        return Response(status_code=204)

    @router.post("/portal/audit", status_code=202, responses=_PROBLEM)
    def report(asked: EventsShape, caller: Annotated[Caller, Depends(signed_in)]) -> AcceptedShape:
        """Take events of the client's audit trail; one delivered twice is kept once."""
        stores.notes.add_events(caller, asked.events, stores.now())
        return AcceptedShape(accepted=len(asked.events))

    router.include_router(make_search_routes(stores.searches, signed_in, stores.now))
    return router


def _greet(welcome: Welcome, tokens: Tokens) -> SignInAnswer:
    user = welcome.user
    last = None
    if welcome.last_at is not None:
        at = datetime.fromtimestamp(welcome.last_at, UTC).isoformat(timespec="seconds")
        last = LastSignInShape(at=at, workstation=welcome.last_workstation, failures_since=welcome.failures)
    practitioner = f"Practitioner/{user.practitioner}" if user.practitioner else None
    shape = UserShape(name=user.name, display=user.display, role=user.role.value, practitioner=practitioner)
    key = base64.b64encode(welcome.marks_key).decode()
    return SignInAnswer(**_spell(tokens), user=shape, last_sign_in=last, marks_key=key)


def _spell(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access,
        "expires_in": tokens.access_seconds,
        "refresh_token": tokens.refresh,
        "session": tokens.session,
        "session_expires_in": tokens.session_seconds,
    }
