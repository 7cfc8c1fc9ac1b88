"""One request and its answer, bounded in time, silence and size, and cancellable from another thread.

Owns: the socket while a request is under way. Must never: wait without a limit, or outlive `Stop.set()`.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

_CONNECTIONS = 8  # kept open per portal; more may exist for a moment


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an answer may be."""

    total: timedelta  # from the first byte sent to the last received
    silence: timedelta  # between two bytes
    size: int  # bytes of the body, decompressed


SMALL = Limits(timedelta(seconds=20), timedelta(seconds=10), 1024**2)
PAGE = Limits(timedelta(seconds=90), timedelta(seconds=45), 16 * 1024**2)  # JSON takes up to 30 times that
DOCUMENT = Limits(timedelta(minutes=10), timedelta(seconds=45), 256 * 1024**2)
BRIEF = Limits(timedelta(seconds=1), timedelta(seconds=1), 64 * 1024)
CONNECT = timedelta(seconds=8)


class Stop:
    """A wish to stop, honoured at once by every exchange given it; its parent's wish counts too."""

    def __init__(self, parent: Stop | None = None) -> None:
        self._parent = parent
        self._lock = threading.Lock()
        self._exchanges: set[Exchange] = set()
        self._set = threading.Event()

    def set(self) -> None:
        """Stop every exchange under way, and every later one before it starts."""
        with self._lock:
            self._set.set()
            exchanges = tuple(self._exchanges)
        for exchange in exchanges:
            exchange.cut()

    @property
    def is_set(self) -> bool:
        """Whether someone wants to stop."""
        return self._set.is_set() or (self._parent is not None and self._parent.is_set)

    def wait(self, time: timedelta) -> bool:
        """Wait for someone who wants to stop, at most `time`; return whether someone does."""
        return self._set.wait(time.total_seconds())

    def watch(self, exchange: Exchange) -> None:
        """Let `set()` reach this exchange from now on."""
        with self._lock:
            self._exchanges.add(exchange)
        if self._parent is not None:
            self._parent.watch(exchange)
        if self.is_set:
            exchange.cut()

    def forget(self, exchange: Exchange) -> None:
        """Let go of an exchange that is over."""
        with self._lock:
            self._exchanges.discard(exchange)
        if self._parent is not None:
            self._parent.forget(exchange)


class Exchange:
    """The clock and the socket of one request under way, in one thread."""

    def __init__(self, limits: Limits) -> None:
        self._end = time.monotonic() + limits.total.total_seconds()
        self._silence = limits.silence.total_seconds()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._cut = False
        self.answered = False  # whether a first byte came back

    @property
    def patience(self) -> float:
        """Seconds to wait for the next byte; raises TimeoutError when the whole time is up."""
        left = self._end - time.monotonic()
        if left <= 0 or self._cut:
            raise TimeoutError
        return min(left, self._silence)

    def hold(self, sock: socket.socket) -> None:
        """Know the socket that `cut` has to shut."""
        with self._lock:
            self._socket = sock
            cut = self._cut
        if cut:
            self.cut()

    def release(self) -> None:
        """Let go of the socket: another request may use it next."""
        with self._lock:
            self._socket = None

    def cut(self) -> None:
        """Wake the thread that waits for this answer, with an error."""
        with self._lock:
            self._cut = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Not SSLSocket.shutdown: that one changes state under the feet of the reading thread.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


_current = threading.local()


@contextlib.contextmanager
def under(exchange: Exchange) -> Iterator[None]:
    """Bind what this thread sends and receives to `exchange`."""
    _current.exchange = exchange
    try:
        yield
    finally:
        _current.exchange = None
        exchange.release()


class _PatientReader(io.RawIOBase):
    """Reads a socket; before each wait it asks the exchange how long."""

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        super().__init__()
        self._socket = sock
        self._exchange = exchange
        # http.client closes the file, not the socket: this keeps the descriptor until both are done with it.
        self._descriptor = sock.makefile("rb", 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(self._exchange.patience)
        count = self._socket.recv_into(buffer)
        self._exchange.answered = self._exchange.answered or count > 0
        return count

    def close(self) -> None:
        if not self.closed:
            self._descriptor.close()
        super().close()


class _PatientSocket:
    """The one method of a socket that http.client's answers use."""

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._socket = sock
        self._exchange = exchange

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_PatientReader(self._socket, self._exchange), 65536)


class _Answer(http.client.HTTPResponse):
    """An answer whose headers and body keep the limits of the exchange that asked for it."""

    def __init__(self, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(_PatientSocket(sock, _current.exchange), *args, **named)  # type: ignore[arg-type]


class _Connection(HTTPSConnection):
    response_class = _Answer
    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        # TLS takes the socket over; a duplicate still reaches it, should someone stop during the handshake.
        self._handle = handle = sock.dup()
        _current.exchange.hold(handle)
        return sock

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            _current.exchange.release()
            if self._handle is not None:
                self._handle.close()
                self._handle = None
        if isinstance(self.sock, ssl.SSLSocket):
            # Otherwise an answer without a length, cut by whoever sits in between, would pass for whole.
            self.sock.suppress_ragged_eofs = False  # type: ignore[attr-defined]

    def request(self, *args: Any, **named: Any) -> None:
        exchange: Exchange = _current.exchange
        if self.sock is None:
            self.connect()
        exchange.hold(self.sock)
        self.sock.settimeout(exchange.patience)
        super().request(*args, **named)


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class PortalAdapter(HTTPAdapter):
    """requests' way to the portal: our TLS context, our connections, no retries, nothing plain."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=4, pool_maxsize=_CONNECTIONS)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make the pools; called by requests."""
        self.poolmanager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._context, **pool_kwargs
        )
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        """Leave trust to the context alone: requests would add its own list of authorities here."""
        conn.cert_reqs = "CERT_REQUIRED"

    def close(self) -> None:
        """Close every idle connection now; urllib3 alone would leave that to garbage collection."""
        for key in self.poolmanager.pools.keys():  # noqa: SIM118 - not a dict
            pool = self.poolmanager.pools.get(key)
            if pool is not None:
                pool.close()
        super().close()
