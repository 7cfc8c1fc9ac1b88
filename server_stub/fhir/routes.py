"""The `/fhir` routes: from HTTP to `FhirService` and back."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server_stub.fhir.capability import write_capability
from server_stub.fhir.outcome import FhirError, Issue, write_outcome
from server_stub.fhir.query import read_handling
from server_stub.fhir.service import FHIR_JSON, Answer, Asked, FhirService
from server_stub.hosts import read_host
from server_stub.store.sessions import Caller

_MAX_FORM = 65_536  # bytes

Work = Callable[[Asked, Caller], Answer]


def make_fhir(service: FhirService, name: str) -> Starlette:
    """Return the application that is mounted at `/fhir`."""

    async def run(request: Request, work: Work) -> Response:
        try:
            asked = await _read(request)
        except FhirError as error:
            return _respond(
                Answer(error.status, write_outcome(error.issue, str(error)), headers=error.headers)
            )
        return _respond(await run_in_threadpool(service.answer, asked, work))

    async def metadata(request: Request) -> Response:
        return _respond(Answer(200, write_capability(_base(request), name)))

    async def search(request: Request) -> Response:
        kind = request.path_params["kind"]
        return await run(request, lambda asked, caller: service.search(asked, caller, kind))

    async def read(request: Request) -> Response:
        kind, own = request.path_params["kind"], request.path_params["id"]
        return await run(request, lambda asked, caller: service.read(asked, caller, kind, own))

    async def history(request: Request) -> Response:
        kind, own = request.path_params["kind"], request.path_params["id"]
        return await run(request, lambda asked, caller: service.history(asked, caller, kind, own))

    async def version(request: Request) -> Response:
        kind, own = request.path_params["kind"], request.path_params["id"]
        number = request.path_params["version"]
        return await run(
            request, lambda asked, caller: service.read_version(asked, caller, kind, own, number)
        )

    async def refuse(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        if status == 404:
            issue, message = Issue.NOT_FOUND, "There is nothing here that you may read."
        elif status == 405:
            issue, message = Issue.NOT_SUPPORTED, "This portal can be read, searched, and nothing else."
        else:
            issue, message = (
                Issue.EXCEPTION,
                "The portal could not answer; try again, then tell its administrator.",
            )
        return _respond(Answer(status, write_outcome(issue, message), headers=headers))

    return Starlette(
        routes=[
            Route("/metadata", metadata),
            Route("/{kind}", search),
            Route("/{kind}/_search", search, methods=["POST"]),
            Route("/{kind}/{id}", read),
            Route("/{kind}/{id}/_history", history),
            Route("/{kind}/{id}/_history/{version}", version),
        ],
        exception_handlers={HTTPException: refuse, Exception: refuse},
    )


async def _read(request: Request) -> Asked:
    form = ""
    if request.method == "POST":
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise FhirError(
                415, Issue.NOT_SUPPORTED, "A search is posted as application/x-www-form-urlencoded."
            )
        content = b""
        async for chunk in request.stream():
            content += chunk
            if len(content) > _MAX_FORM:
                raise FhirError(413, Issue.TOO_COSTLY, "This search is too long.")
        try:
            form = content.decode()
        except UnicodeDecodeError:
            raise FhirError(400, Issue.INVALID, "A search is posted in UTF-8.") from None
    accept = request.headers.get("accept", "")
    return Asked(
        base=_base(request),
        query=request.url.query,
        form=form,
        authorization=request.headers.get("authorization", ""),
        accept=accept,
        if_none_match=request.headers.get("if-none-match", ""),
        handling=read_handling(request.headers.getlist("prefer")),
    )


def _base(request: Request) -> str:
    return f"https://{read_host(request.headers.get('host', ''))}/fhir"


def _respond(answer: Answer) -> Response:
    headers = {"Cache-Control": "no-store", **answer.headers}
    # Starlette would add a charset to text types; a report's text is sent as what it was stored as.
    response = Response(answer.body, answer.status, headers)
    if answer.status != 304:
        plain = answer.media_type != FHIR_JSON
        response.headers["Content-Type"] = answer.media_type if plain else f"{FHIR_JSON}; charset=utf-8"
    return response
