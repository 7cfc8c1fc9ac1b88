"""One address that tests lead to one server after another: what a user's network does between two tries."""

from __future__ import annotations

import contextlib
import socket
import threading


class Switch:
    """Passes bytes on between an address of its own and a port on loopback; TLS passes through untouched."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._target = 0
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        self._accepting = self._accept(self._listener)

    def lead_to(self, url: str | None) -> None:
        """Drop what is open and lead every new connection to `url`; None: nobody listens any more."""
        self._stop_listening()
        self._drop()
        if url is not None:
            self._target = int(url.rpartition(":")[2])
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._accepting = self._accept(self._listener)

    def close(self) -> None:
        """End everything."""
        self._stop_listening()
        self._drop()

    def _stop_listening(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        self._accepting.join()

    def _drop(self) -> None:
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> threading.Thread:
        def accept() -> None:
            while True:
                try:
                    outside, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=self._connect, args=(outside,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        return thread

    def _connect(self, outside: socket.socket) -> None:
        with outside:
            try:
                inside = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            with inside:
                both = {outside, inside}
                with self._lock:
                    self._open |= both
                back = threading.Thread(target=_pump, args=(inside, outside), daemon=True)
                back.start()
                _pump(outside, inside)
                back.join()
                with self._lock:
                    self._open -= both


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
