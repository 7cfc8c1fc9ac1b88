"""The Host header, from which every absolute URL of an answer is made."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException

_HOST = re.compile(r"(?:[A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)


def read_host(header: str) -> str:
    """Return the header as it stands; raises HTTPException(400) when it is no host and port."""
    if _HOST.fullmatch(header) is None:
        raise HTTPException(400, "The Host header is missing or is no host name.")
    return header
