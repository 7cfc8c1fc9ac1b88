"""Serving the application over TLS: the socket, uvicorn, and the one line that says it is ready.

Must never: listen without TLS, or accept anything below TLS 1.2.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

_KEEP_ALIVE = 120  # seconds; a client between two pages must not have to connect again
_GRACE = 2  # seconds for answers under way when told to stop


class _Server(uvicorn.Server):
    """uvicorn, without its habit of sending itself the signal again: the temporary folder must go first."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; idle connections are dropped at once, since waiting for their TLS farewell takes seconds."""
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            transport = getattr(connection, "transport", None)
            if transport is not None and (cycle is None or cycle.response_complete):
                transport.abort()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._ready()


def make_context(certificate: Path) -> ssl.SSLContext:
    """Return the server's TLS settings (NIST SP 800-52r2: TLS 1.2 at least)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate)
    return context


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio switches Nagle's algorithm off only for sockets that say they are TCP: with it
    # on, every short answer waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def make_server(app: ASGIApp, context: ssl.SSLContext, ready: Callable[[], None]) -> uvicorn.Server:
    """Return a server that calls `ready` once it listens."""
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        ssl_context_factory=lambda _config, _default: context,
    )
    return _Server(config, ready)


async def run(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until told to stop (SIGINT, SIGTERM)."""
    loop = asyncio.get_running_loop()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(setattr, server, "should_exit", True)

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        # `_serve`, not `serve`: the latter raises the signal again after the end.
        await server._serve([listener])
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
