"""How one `safelight --end-session` reaches the running doorkeepers of the same user.

Owns: the address (a Unix socket in the user's private runtime folder, a named pipe on Windows) and the words.
Must never: carry anything but those two words, or answer another user.
Imported only after the first session process was started: it costs 30 ms.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from threading import Thread, Timer

_END = b"end-session"
_GONE, _NONE = b"gone", b"none"
_LONGEST = 16  # bytes of a message
_ASK_WITHIN = 1.0  # seconds a caller has to say what it wants
ANSWER_WITHIN = 10.0  # seconds in which a session must be gone, grace and kill included
_SUFFIX = ".door"
_PIPES = "\\\\.\\pipe\\"
_PIPE_PREFIX = "safelight-door-"


class Outcome(Enum):
    """What `--end-session` achieved."""

    ENDED = "ended"  # every session is gone, its process too
    NONE_RAN = "none"
    NOT_CERTAIN = "not-certain"  # a doorkeeper did not confirm in time


class ControlServer:
    """Takes requests for one doorkeeper; `asked` gets a function to call: True is gone, False none runs."""

    def __init__(self, folder: Path, asked: Callable[[Callable[[bool], None]], None]) -> None:
        """Listen; OSError where the folder does not allow it."""
        self._asked = asked
        self._closing = False
        self._address = _address(folder, os.getpid())
        # A caller takes a socket that does not listen for a dead doorkeeper's: it gets its name when it does.
        self._unnamed = self._address if sys.platform == "win32" else f"{self._address}.new"
        self._listener = Listener(self._unnamed, backlog=8)
        if sys.platform != "win32":
            Path(self._unnamed).chmod(0o600)
            Path(self._unnamed).replace(self._address)
        self._thread = Thread(target=self._serve, name="requests from outside", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and remove the address."""
        self._closing = True
        try:
            Client(self._address).close()  # wakes the thread, on every system
        except OSError:
            pass  # removed by somebody else: the thread sleeps on and ends with the process
        else:
            self._thread.join(timeout=_ASK_WITHIN * 2)
            if sys.platform != "win32":
                Path(self._address).replace(self._unnamed)  # the name that the listener removes
            self._listener.close()

    def _serve(self) -> None:
        while not self._closing:
            try:
                caller = self._listener.accept()
            except OSError:
                return
            if self._closing or not _same_user(caller):
                caller.close()
                continue
            if _wish(caller) == _END:
                self._asked(lambda gone, caller=caller: _answer(caller, gone))  # type: ignore[misc]
            else:
                caller.close()


def end_sessions(folder: Path) -> Outcome:
    """End the session of every doorkeeper of this user and wait until their processes are gone."""
    answers = [answer for answer in map(_ask, _addresses(folder)) if answer is not None]
    if any(answer not in (_GONE, _NONE) for answer in answers):
        return Outcome.NOT_CERTAIN
    return Outcome.ENDED if _GONE in answers else Outcome.NONE_RAN


def _ask(address: str) -> bytes | None:
    """Return the doorkeeper's answer, b"" for none in time, None if nobody is there."""
    try:
        door = Client(address)
    except ConnectionRefusedError:
        Path(address).unlink(missing_ok=True)  # its doorkeeper was killed and could not remove it
        return None
    except OSError:
        return None  # another user's, or gone just now
    with door:
        try:
            door.send_bytes(_END)
            return door.recv_bytes(_LONGEST) if door.poll(ANSWER_WITHIN) else b""
        except (OSError, EOFError):
            return b""


def _wish(caller: Connection) -> bytes:
    """Return what a caller says in time, b"" if it says nothing, or not all of it."""
    try:
        if sys.platform == "win32":  # a pipe there brings whole messages only
            return caller.recv_bytes(_LONGEST) if caller.poll(_ASK_WITHIN) else b""
        with socket.socket(fileno=os.dup(caller.fileno())) as line:
            hurry = Timer(_ASK_WITHIN, _shut, (line,))
            hurry.start()
            try:
                return caller.recv_bytes(_LONGEST)
            finally:
                hurry.cancel()
                hurry.join()
    except (OSError, EOFError):
        return b""


def _shut(line: socket.socket) -> None:
    with suppress(OSError):  # it has gone by itself
        line.shutdown(socket.SHUT_RD)


def _answer(caller: Connection, gone: bool) -> None:
    try:
        caller.send_bytes(_GONE if gone else _NONE)
    except OSError:
        return  # the caller did not wait; the session is gone all the same
    finally:
        caller.close()


def _same_user(caller: Connection) -> bool:
    # Windows: a pipe made with the default rights can be written by its owner and administrators only.
    # Elsewhere the folder (0700) and the socket (0600) already keep others out; Linux also says who it is.
    if sys.platform != "linux":
        return True
    with socket.socket(fileno=os.dup(caller.fileno())) as peer:
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return bool(user in (os.geteuid(), 0))


def _address(folder: Path, pid: int) -> str:
    if sys.platform == "win32":
        return f"{_PIPES}{_PIPE_PREFIX}{pid}"
    return str(folder / f"{pid}{_SUFFIX}")


def _addresses(folder: Path) -> list[str]:
    if sys.platform == "win32":
        return [_PIPES + name for name in os.listdir(_PIPES) if name.startswith(_PIPE_PREFIX)]  # noqa: PTH208
    return sorted(str(path) for path in folder.glob(f"*{_SUFFIX}"))
