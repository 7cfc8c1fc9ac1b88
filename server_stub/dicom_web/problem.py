"""How DICOMweb says that something went wrong: a status and a sentence.

Must never: repeat a value of the request, or tell "not there" from "not yours".
"""

from __future__ import annotations


class WebError(Exception):
    """A request that is answered with a status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def not_there() -> WebError:
    """Return the one answer for what does not exist and for what this user may not see."""
    return WebError(404, "There is nothing here that you may see.")


def not_acceptable(message: str) -> WebError:
    """Return the answer for a representation that cannot be had."""
    return WebError(406, message)
