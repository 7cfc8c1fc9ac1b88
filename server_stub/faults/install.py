"""Serving with faults: the portal behind a front listener, wrapped in the middleware that spoils answers."""

from __future__ import annotations

import logging
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from socket import socket

from starlette.types import ASGIApp

from server_stub.faults.front import Front
from server_stub.faults.middleware import CONTROL, Faulty
from server_stub.serving import bind, make_context, make_server, run
from server_stub.store.certificates import make_stranger

_log = logging.getLogger("server_stub.faults")


async def serve_with_faults(
    app: ASGIApp,
    context: ssl.SSLContext,
    listener: socket,
    host: str,
    expire: Callable[[str], None],
    ready: Callable[[], None],
) -> None:
    """Serve until told to stop; `expire` lets an access token expire."""
    _log.warning("FAULTS ARE ON: whoever reaches %s can make this portal misbehave", CONTROL)
    port = listener.getsockname()[1]
    inner = bind("127.0.0.1", 0)
    front = Front(lambda: bind(host, port), inner.getsockname()[1], _make_stranger_context(host))
    context.sni_callback = front.choose_face
    await front.listen(listener)
    try:
        await run(make_server(Faulty(app, front, expire), context, ready), inner)
    finally:
        await front.close()
        inner.close()


def _make_stranger_context(host: str) -> ssl.SSLContext:
    # ssl reads certificates from files only; this one is gone before anything is served.
    with tempfile.TemporaryDirectory(prefix="safelight-portal-") as folder:
        file = Path(folder) / "stranger.pem"
        file.touch(mode=0o600)
        file.write_bytes(make_stranger(host))
        return make_context(file)
