"""Faults that happen to a request, and the route by which a test orders them (`/portal/faults`).

POST one fault as JSON, DELETE to clear all. Must never: wrap a portal started without `--faults`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server_stub.api.problems import respond
from server_stub.faults.front import Front
from server_stub.faults.plan import CONNECTION_FAULTS, Fault, FaultName, FaultPlan, read_fault
from server_stub.fhir.outcome import Issue, write_outcome

CONTROL = "/portal/faults"
_GRACE = 0.05  # seconds for the answer to whoever ordered a connection fault
_log = logging.getLogger("server_stub.faults")
_PAGE = b"<!DOCTYPE html><html><title>Guest network</title><p>Please accept the terms of use.</html>"


class Faulty:
    """ASGI middleware around the whole portal."""

    def __init__(self, app: ASGIApp, front: Front, expire: Callable[[str], None]) -> None:
        """`front` is where connection faults happen; `expire` lets an access token expire."""
        self._app = app
        self._front = front
        self._expire = expire
        self._plan = FaultPlan()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the fault that is due, if any."""
        if scope["path"] == CONTROL:
            await (await self._control(Request(scope, receive)))(scope, receive, send)
            return
        target = scope["path"]
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        fault = self._plan.take(scope["method"], target)
        if fault is None:
            await self._app(scope, receive, send)
            return
        _log.warning("fault: %s", fault.name.value)
        await self._happen(fault, scope, receive, send)

    async def _control(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._plan.clear()
            self._front.disarm()
            return Response(status_code=204)
        if request.method != "POST":
            return respond(405, "not-offered", "POST a fault, or DELETE them all.", {"Allow": "POST, DELETE"})
        try:
            fault = read_fault(orjson.loads(await request.body()))
        except ValueError as error:
            return respond(422, "not-understood", str(error))
        _log.warning("fault ordered: %s", fault.name.value)
        if fault.name in CONNECTION_FAULTS and not fault.match:
            self._front.arm(fault, _GRACE)
        else:
            self._plan.add(fault)
        return Response(status_code=204)

    async def _happen(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.name:
            case FaultName.LATENCY:
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case FaultName.SILENCE:
                await _wait_for_end(receive)
            case FaultName.CUT | FaultName.WRONG_LENGTH | FaultName.MALFORMED_JSON:
                start, body = await self._answer(scope, receive)
                await _spoil(fault, start, body, send)
            case FaultName.HTML:
                await Response(_PAGE, media_type="text/html")(scope, receive, send)
            case FaultName.EXPIRED_TOKEN:
                scheme, _, token = Request(scope).headers.get("authorization", "").partition(" ")
                if scheme.lower() == "bearer":
                    await run_in_threadpool(self._expire, token.strip())
                await self._app(scope, receive, send)
            case FaultName.REFUSE | FaultName.SILENT_CONNECTION | FaultName.CHANGED_CERTIFICATE:
                self._front.arm(fault, 0.0)
                await _wait_for_end(receive)
            case _:
                await _refuse(fault, scope["path"])(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await self._app(scope, receive, keep)
        return start, body


async def _wait_for_end(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _spoil(fault: Fault, start: Message, body: bytes, send: Send) -> None:
    sent, length = body, len(body)
    if fault.name is FaultName.CUT:
        sent = body[: len(body) // 2]
    elif fault.name is FaultName.WRONG_LENGTH:
        length = max(0, length + fault.by)
        sent = body[:length]
    else:
        # Half of it, and then what is no JSON, at its full length: only a parser can notice.
        sent = body[: len(body) // 2] + b"}" * (len(body) - len(body) // 2)
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    headers.append((b"content-length", str(length).encode()))
    await send({**start, "headers": headers})
    # Promising more and returning makes the server close the connection: a cut, as a client sees it.
    await send({"type": "http.response.body", "body": sent, "more_body": len(sent) < length})


def _refuse(fault: Fault, path: str) -> Response:
    status = int(fault.name.value)
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if status in (429, 503):
        headers["Retry-After"] = str(max(0, round(fault.seconds)))
    message = "This answer was ordered by a test."
    if path.startswith("/fhir"):
        media_type = "application/fhir+json"
        return Response(write_outcome(Issue.EXCEPTION, message), status, headers, media_type)
    return JSONResponse({"error": "ordered-by-a-test", "message": message}, status, headers)
