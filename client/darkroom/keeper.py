"""The darkroom's first process: imports what parsers need, and forks a process for every document.

Owns: the processes it forked. It gives them a way to the session, ends the one it is told to, and all of them
when the session is gone.
Must never: read a byte of a document, write anywhere, or outlive the session.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import selectors
import signal
import socket
import sys
import warnings
from pathlib import Path

from client.darkroom.developing import develop, prepare
from client.darkroom.order import ORDER, Order
from client.darkroom.task import Task
from client.darkroom.work import compose
from client.system import memory, parent

_DESCRIPTORS = 32  # this process needs no more at any time
_LULL = 0.2  # seconds without an order, after which the heavy parsers are imported


class Keeper:
    """Waits for orders; one thread, so that a fork copies nothing half done."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pids: dict[int, int] = {}  # by the session's number
        self._ended, self._bell = socket.socketpair()
        self._ended.setblocking(False)
        self._bell.setblocking(False)
        self._preparing = [task.value for task in Task]

    def run(self) -> None:
        """Serve until the session is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell.fileno())
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            lull: float | None = _LULL
            while True:
                ready = {key.fileobj for key, _ in selector.select(lull if self._preparing else None)}
                if self._ended in ready:
                    self._reap()
                if self._control in ready:
                    if not self._obey():
                        break
                    lull = _LULL
                if not ready:
                    with contextlib.suppress(Exception):  # one that is not to be had fails where it is needed
                        prepare(self._preparing.pop(0))
                    lull = 0
        for pid in self._pids.values():
            os.kill(pid, signal.SIGKILL)

    def _obey(self) -> bool:
        try:
            words, descriptors, _, _ = socket.recv_fds(self._control, ORDER.size, 1)
        except OSError:
            return False
        if len(words) < ORDER.size:
            return False
        order, number, name = ORDER.unpack(words)
        if order == Order.END:
            if (pid := self._pids.get(number)) is not None:
                os.kill(pid, signal.SIGKILL)  # not another's: its number is kept until it is reaped
        elif descriptors:
            self._fork(number, descriptors[0], name.rstrip(b"\0").decode())
        return True

    def _fork(self, number: int, link: int, module: str) -> None:
        gc.freeze()  # what is here by now is never looked through again, and so stays shared
        ours = os.getpid()
        try:
            pid = os.fork()
        except OSError:  # no more processes: the session reads end of file
            os.close(link)
            return
        if pid == 0:
            try:
                _become(link, module, ours)
            finally:
                os._exit(1)
        os.close(link)
        self._pids[number] = pid

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ended.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                self._pids = {number: other for number, other in self._pids.items() if other != pid}


def _become(link: int, module: str, keeper: int) -> None:
    """Be the process that reads one document."""
    parent.end_with_parent()
    if os.getppid() != keeper:
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(link, 0, inheritable=False)
    os.closerange(3, _DESCRIPTORS)
    gc.enable()
    with socket.socket(fileno=0) as own:
        develop(own, prepare(module))
    os._exit(0)


def _close_what_was_inherited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORS, _DESCRIPTORS))
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) > 2:
            with contextlib.suppress(OSError):  # the one that lists them is closed already
                os.close(int(name))


def main() -> int:
    """Be the first process; standard input is the socket to the session."""
    parent.end_with_parent()
    _close_what_was_inherited()
    with contextlib.suppress(OSError):  # where memory is short, a document goes before the session does
        Path("/proc/self/oom_score_adj").write_text("800")
    memory.harden_process(dumpable=False)
    logging.disable(logging.CRITICAL)  # parsers quote what they read
    warnings.simplefilter("ignore")
    sys.dont_write_bytecode = True
    gc.disable()
    compose.prepare_texts()
    Keeper(socket.socket(fileno=os.dup(0))).run()
    os._exit(0)
