"""A listener in front of the portal that passes bytes on, so that faults can happen below TLS.

Owns: the public socket of a portal with `--faults`: not listening, not answering, dropping connections.
Must never: look into the bytes; TLS ends at the portal behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from socket import socket

from server_stub.faults.plan import Fault, FaultName

_CHUNK = 65_536


class Front:
    """Passes connections on to the portal, unless a fault is armed."""

    def __init__(self, rebind: Callable[[], socket], inner: int, stranger: ssl.SSLContext) -> None:
        """`rebind` gives the public socket, `inner` is the portal's own port, `stranger` its other face."""
        self._rebind = rebind
        self._inner = inner
        self._stranger = stranger
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._silent: int | None = 0  # connections yet to be met with silence; None = all
        self._changed: int | None = 0
        self._reopening: asyncio.Task[None] | None = None

    async def listen(self, listener: socket) -> None:
        """Start to accept connections."""
        self._server = await asyncio.start_server(self._pass_on, sock=listener)

    async def close(self) -> None:
        """Stop, and drop what is open."""
        if self._reopening is not None:
            self._reopening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reopening
        if self._server is not None:
            self._server.close()
        self._drop(list(self._open))

    def arm(self, fault: Fault, grace: float) -> None:
        """Let a connection fault happen from now on; `times` counts new connections.

        Open connections are dropped after `grace` seconds, in which an answer under way can still go out.
        """
        match fault.name:
            case FaultName.SILENT_CONNECTION:
                self._silent = fault.times
            case FaultName.CHANGED_CERTIFICATE:
                self._changed = fault.times
            case FaultName.REFUSE:
                if self._server is not None:
                    self._server.close()
                self._reopening = asyncio.create_task(self._reopen(fault.seconds))
            case _:
                raise ValueError("This fault does not happen to connections.")
        asyncio.get_running_loop().call_later(grace, self._drop, list(self._open))

    def disarm(self) -> None:
        """Let no connection fault happen any more; who does not listen comes back in time."""
        self._silent = self._changed = 0

    def choose_face(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """Present the other certificate while that fault is armed (an SSLContext.sni_callback)."""
        self._changed, due = _count_down(self._changed)
        if due:
            connection.context = self._stranger

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.listen(self._rebind())

    @staticmethod
    def _drop(connections: list[asyncio.StreamWriter]) -> None:
        for writer in connections:
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            self._silent, due = _count_down(self._silent)
            if due:
                while await reader.read(_CHUNK):
                    pass
                return
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._inner)
            try:
                await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
            finally:
                inner_writer.transport.abort()
        except ConnectionError:
            return  # either side went away: so does the other
        finally:
            self._open.discard(writer)
            writer.transport.abort()


def _count_down(left: int | None) -> tuple[int | None, bool]:
    if left is None:
        return None, True
    return max(0, left - 1), left > 0


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof() and not writer.is_closing():
        writer.write_eof()
