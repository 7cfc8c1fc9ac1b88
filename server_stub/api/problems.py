"""Problems of the portal's own routes, as JSON.

Must never: send back what was sent; FastAPI's own validation errors would repeat a password.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

_log = logging.getLogger("server_stub")

_MESSAGES = {
    404: ("not-found", "There is nothing here."),
    405: ("not-offered", "This address does not offer that method."),
}


class ProblemError(Exception):
    """A request that is answered with a Problem."""

    def __init__(self, status: int, error: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.retry_after = retry_after


def respond(status: int, error: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return a Problem as a response."""
    body = {"error": error, "message": message}
    return JSONResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})


def install_problems(app: FastAPI) -> None:
    """Give the application the portal's own way of saying that something went wrong."""

    async def problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ProblemError)  # noqa: S101 - registered for this type
        headers = {"Cache-Control": "no-store"}
        body: dict[str, object] = {"error": error.error, "message": str(error)}
        if error.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if error.retry_after is not None:
            body["retry_after"] = error.retry_after
            headers["Retry-After"] = str(error.retry_after)
        return JSONResponse(body, error.status, headers)

    async def invalid(_request: Request, _error: Exception) -> JSONResponse:
        return respond(
            422, "not-understood", "The request does not have the shape described in /openapi.json."
        )

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
        word, message = _MESSAGES.get(
            error.status_code, ("not-understood", "The request cannot be understood.")
        )
        return respond(error.status_code, word, message, dict(error.headers or {}))

    async def failed(_request: Request, error: Exception) -> JSONResponse:
        # The type alone: an exception's text can hold what was sent.
        _log.error("request failed: %s", type(error).__name__)
        return respond(500, "failed", "The portal could not answer; try again, then tell its administrator.")

    app.add_exception_handler(ProblemError, problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, failed)
