"""Work whose document has taken its parser over: it does what it is told, in a process that is locked in."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from client.darkroom.message import Message
from client.darkroom.refusal import Refusal, Refused
from client.darkroom.task import Begun

READS = ()


def prepare():
    """Nothing."""


def begin(request):
    """Do it; say how far it came."""
    found = _DEEDS[request.said["deed"]](*request.said.get("given", ()))
    return Begun(Message({"found": found}, request.blobs), lambda request: begin(request).answer)


def _crash():
    ctypes.string_at(0)


def _loop():
    while True:
        pass


def _sleep():
    with contextlib.suppress(OSError):
        time.sleep(1000)
    _loop()


def _eat(megabytes):
    return len(bytearray(megabytes << 20))


def _tried(call):
    """Return what the system said to a call that must not work."""
    try:
        call()
    except OSError as error:
        return type(error).__name__
    return "done"


def _map_code():
    import mmap

    mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)


def _call(number, *arguments):
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    if call(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")


def _fork():
    if os.fork() == 0:
        os._exit(0)


def _shout(words):
    raise ValueError(words)


def _refuse():
    raise Refused(Refusal.LOCKED)


def _answer_garbage(data):
    os.write(0, data.encode("latin-1") * 100)
    os._exit(0)


_DEEDS = {
    "nothing": lambda: "nothing",
    "crash": _crash,
    "abort": os.abort,
    "exit": lambda: os._exit(0),
    "loop": _loop,
    "sleep": _sleep,
    "eat": _eat,
    "pid": os.getpid,
    "open to read": lambda: _tried(lambda: os.open("/etc/passwd", os.O_RDONLY)),
    "open to write": lambda: _tried(lambda: os.open("/tmp/leak", os.O_WRONLY | os.O_CREAT)),
    "open": lambda path, flags: _tried(lambda: os.open(path, flags)),
    "make a folder": lambda: _tried(Path("/tmp/leak").mkdir),
    "nameless file": lambda: _tried(lambda: os.memfd_create("leak")),
    "internet socket": lambda: _tried(lambda: socket.socket(socket.AF_INET)),
    "local socket": lambda: _tried(lambda: socket.socket(socket.AF_UNIX)),
    "pair of sockets": lambda: _tried(socket.socketpair),
    "fork": lambda: _tried(_fork),
    "run a program": lambda: _tried(lambda: os.execv(sys.executable, ["x"])),  # noqa: S606
    "start a program": lambda: _tried(lambda: subprocess.run(["/bin/true"])),
    "kill its parent": lambda: _tried(lambda: os.kill(os.getppid() or 1, signal.SIGKILL)),
    "outlive its parent": lambda: _tried(lambda: _call(157, 1, 0, 0, 0, 0)),
    "trace": lambda: _tried(lambda: _call(101, 16, 1, 0, 0)),
    "read others' memory": lambda: _tried(lambda: _call(310, 1, 0, 0, 0, 0, 0)),
    "memory to run": lambda: _tried(_map_code),
    "descriptors": lambda: [each for each in range(3, 200) if _tried(partial(os.fstat, each)) == "done"],
    "call as another processor": lambda: _tried(lambda: _call(0x40000000 | 39)),
    "shout": _shout,
    "refuse": _refuse,
    "answer garbage": _answer_garbage,
}
