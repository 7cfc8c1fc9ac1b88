"""The darkroom's first process, seen from the session: started, given orders, ended.

Owns: its process id and the socket to it. Must never: hand it an environment, a descriptor or a file of the
session's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading

from client.child import DARKROOM_PROCESS
from client.darkroom.order import ORDER, Order

_START = f"import sys; sys.path += sys.argv[1].split({os.pathsep!r}); from %s import main; sys.exit(main())"
# Nothing of the session's is needed. One thread: a fork copies no other.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
# How a frozen program finds its own libraries, and Windows its own.
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class FirstProcess:
    """One first process; started by making this, from a thread that outlasts it."""

    def __init__(self) -> None:
        self._control, its = socket.socketpair()
        self._control.setblocking(False)  # hundreds of orders can wait; one that does not take them hangs
        self._orders = threading.Lock()
        self._waiting = threading.Lock()
        self.gone = False
        try:
            self.pid = os.posix_spawn(
                sys.executable,
                command("client.darkroom.keeper"),
                environment(),
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, its.fileno(), 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_DUP2, 1, 2),
                ],
                setpgroup=0,
            )
        except OSError:
            self._control.close()
            raise
        finally:
            its.close()

    def develop(self, number: int, module: str) -> socket.socket:
        """Return the way to a new process that does this work; OSError where there is none to be had."""
        ours, its = socket.socketpair()
        with its:
            try:
                self._order(Order.DEVELOP, number, module, [its.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def end(self, number: int) -> None:
        """End one of its processes, whatever it is doing."""
        try:
            self._order(Order.END, number, "", [])
        except OSError:
            self.kill()  # it does not listen: its processes end with it

    def _order(self, order: Order, number: int, module: str, descriptors: list[int]) -> None:
        words = ORDER.pack(order, number, module.encode())
        with self._orders:
            sent = socket.send_fds(self._control, [words], descriptors)
            if sent != len(words):
                raise OSError("The darkroom's first process takes no orders.")

    def kill(self) -> None:
        """End it and with it all of its processes; at once."""
        with self._waiting:
            if not self.gone:
                os.kill(self.pid, signal.SIGKILL)  # not another's: nobody has reaped it
                with contextlib.suppress(OSError):
                    self._control.shutdown(socket.SHUT_RDWR)  # and no order is put in its way any more

    def wait(self) -> None:
        """Block until it is gone."""
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with self._waiting:
            os.waitpid(self.pid, 0)
            self.gone = True
        self._control.close()


def command(module: str) -> list[str]:
    """Return the command line of a process of the darkroom: `module` has its `main`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, DARKROOM_PROCESS, module]
    packages = os.pathsep.join(place for place in sys.path if place)
    return [sys.executable, "-I", "-S", "-c", _START % module, packages]


def environment() -> dict[str, str]:
    """Return all that such a process hears of its surroundings."""
    return _ENVIRONMENT | {name: os.environ[name] for name in _KEPT if name in os.environ}
