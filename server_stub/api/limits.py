"""What every answer carries, and how much a request may bring."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server_stub.api.problems import respond

MAX_BODY = 2 * 1024 * 1024  # bytes


class Limits:
    """ASGI middleware: no answer is ever stored on the way, and no request is larger than it need be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on unless it declares, or turns out, to be too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        # A chunked body declares nothing; no client of this portal needs one.
        chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
        if chunked or not declared.isdigit() or int(declared) > MAX_BODY:
            await respond(413, "too-large", "The request is larger than the portal reads.")(
                scope, receive, send
            )
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                if not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self._app(scope, receive, guarded)
