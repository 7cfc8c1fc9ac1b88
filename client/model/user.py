"""Who signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Role(Enum):
    """What the portal says this user is; what they may see is the portal's decision alone."""

    RADIOLOGIST = "radiologist"
    REFERRING_PHYSICIAN = "referring-physician"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class LastSignIn:
    """The user's previous sign-in, shown so that they notice one that was not theirs."""

    at: datetime
    workstation: str
    failures_since: int


@dataclass(frozen=True, slots=True)
class User:
    """The signed-in user as the portal describes them."""

    name: str
    display: str
    role: Role
    last_sign_in: LastSignIn | None
