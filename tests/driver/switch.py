"""One address that tests lead to one server after another: what a user's network does between two tries."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any


class Switch:
    """Passes bytes on between an address of its own and a port on loopback; TLS passes through untouched.

    One thread from beginning to end, whatever is open.
    """

    def __init__(self) -> None:
        self.port = 0
        self._target = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="switch", daemon=True)
        self._thread.start()
        self._await(self._listen())
        self.url = f"https://127.0.0.1:{self.port}"

    def lead_to(self, url: str | None) -> None:
        """Drop what is open and lead every new connection to `url`; None: nobody listens any more."""
        self._await(self._lead_to(url))

    def close(self) -> None:
        """End everything."""
        self._await(self._lead_to(None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _await(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _lead_to(self, url: str | None) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        while self._open:  # one that was just accepted may come to be open only now
            for writer in list(self._open):
                writer.transport.abort()
            await asyncio.sleep(0.01)
        if url is not None:
            self._target = int(url.rpartition(":")[2])
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target)
            self._open.add(inner_writer)
            try:
                await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
            finally:
                self._open.discard(inner_writer)
                inner_writer.transport.abort()
        except OSError:
            return  # either side went away: so does the other
        finally:
            self._open.discard(writer)
            writer.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof() and not writer.is_closing():
        with contextlib.suppress(OSError):
            writer.write_eof()
