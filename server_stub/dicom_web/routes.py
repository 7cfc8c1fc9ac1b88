"""The `/dicom-web` routes: from HTTP to `DicomWebService` and back."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from server_stub.dicom_web.answer import Answer, Asked
from server_stub.dicom_web.service import DicomWebService, refuse
from server_stub.hosts import read_host


def make_dicom_web(service: DicomWebService) -> Starlette:
    """Return the application that is mounted at `/dicom-web`."""

    async def run(request: Request) -> Response:
        return _respond(await run_in_threadpool(service.answer, _read(request)))

    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
        message = "There is nothing here that you may see."
        if error.status_code == 405:
            message = "Images can be searched and read here, and nothing else."
        return _respond(refuse(error.status_code, message, dict(error.headers or {})))

    return Starlette(
        routes=[Route("/{path:path}", run, methods=["GET"])],
        exception_handlers={HTTPException: refused},
    )


def _read(request: Request) -> Asked:
    # A browser's <img> cannot say what it accepts: the query parameter comes before the header (8.3.3.1).
    accept = parse_qs(request.url.query).get("accept", [""])[0]
    return Asked(
        base=f"https://{read_host(request.headers.get('host', ''))}/dicom-web",
        path=request.path_params["path"],
        query=request.url.query,
        accept=accept or request.headers.get("accept", ""),
        authorization=request.headers.get("authorization", ""),
    )


def _respond(answer: Answer) -> Response:
    headers = {"Cache-Control": "no-store", **answer.headers}
    response: Response
    if isinstance(answer.body, bytes):
        response = Response(answer.body, answer.status, headers)
    else:
        response = StreamingResponse(iter(answer.body), answer.status, headers)
    if answer.status != 204:
        response.headers["Content-Type"] = answer.content_type
    return response
