"""The JSON that the portal's own routes take and give; their OpenAPI description is made from it.

Must never: accept a field it does not know, or text without a bound.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

MAX_EVENTS = 500
MAX_MARKS = 5000  # in one request

Name = Annotated[str, StringConstraints(max_length=256)]
Secret = Annotated[str, StringConstraints(max_length=1024)]
Token = Annotated[str, StringConstraints(max_length=256)]
Workstation = Annotated[str, StringConstraints(max_length=128)]
Opaque = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{1,64}={0,2}$", max_length=64)]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]{0,39}$")]
Plain = Annotated[str, StringConstraints(pattern=r"^[ -~]{0,200}$", strict=True)]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53, strict=True)]
Decimal = Annotated[float, Field(ge=-(2.0**53), le=2.0**53, strict=True, allow_inf_nan=False)]
Truth = Annotated[bool, Field(strict=True)]
# pydantic describes keys by `patternProperties`, which alone would let every other key pass.
_NO_OTHER_KEYS: JsonDict = {"additionalProperties": False}
Event = Annotated[
    dict[Word, Plain | Truth | Whole | Decimal | None],
    Field(min_length=1, max_length=32, json_schema_extra=_NO_OTHER_KEYS),
]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SignInRequest(_Shape):
    """A user name and a password, and which workstation they were typed on."""

    user: Name
    password: Secret
    workstation: Workstation = ""


class UserShape(_Shape):
    """Who signed in."""

    name: str
    display: str
    role: str
    practitioner: str | None


class LastSignInShape(_Shape):
    """The user's previous sign-in."""

    at: str
    workstation: str
    failures_since: int


class TokensShape(_Shape):
    """Tokens, and how many seconds they last."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int
    refresh_token: str
    session: str
    session_expires_in: int


class SignInAnswer(TokensShape):
    """A session that has begun."""

    user: UserShape
    last_sign_in: LastSignInShape | None
    marks_key: str


class TokenRequest(_Shape):
    """A refresh token, to be exchanged or revoked."""

    refresh_token: Token


class MarksShape(_Shape):
    """Reading marks: opaque report key → opaque version; the portal cannot tell which report it is."""

    marks: Annotated[dict[Opaque, Opaque], Field(max_length=MAX_MARKS, json_schema_extra=_NO_OTHER_KEYS)]


class AllMarksShape(_Shape):
    """All of a user's reading marks."""

    marks: dict[str, str]


class EventsShape(_Shape):
    """Events of a client's audit trail: flat, without prose, without patient data."""

    events: Annotated[list[Event], Field(max_length=MAX_EVENTS)]


class AcceptedShape(_Shape):
    """How many events are now kept."""

    accepted: int


class Problem(_Shape):
    """Why a request was not answered: a word for programs, a sentence for people."""

    error: str
    message: str


class LockedProblem(Problem):
    """Too many tries: when the next one is listened to, in seconds."""

    retry_after: int


class SignInShape(_Shape):
    """How to sign in."""

    method: str
    url: str
    refresh: str
    sign_out: str


class DescriptionShape(_Shape):
    """Where everything is: `/.well-known/safelight-portal.json`."""

    version: int
    name: str
    fhir: str
    images: str
    sign_in: SignInShape
    audit: str
    marks: str
    searches: str
    openapi: str
    notice: str
