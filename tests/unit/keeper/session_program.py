"""A stand-in for the session process: speaks the protocol and does what the test orders.

Argument: the test's Unix socket. It tells the test what it is told, and obeys: `say LINE`, `print TEXT`,
`ignore` (does not obey `end` any more: a hung event loop), `where` (says where it hears), `exit CODE`.
"""

import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from threading import Thread

from client import wire
from client.wire import Line, Word

reading, writing = wire.take_over_standard_streams()
test = socket.socket(socket.AF_UNIX)
test.connect(sys.argv[1])
hung = False


def tell(text: str) -> None:
    test.sendall(f"{text}\n".encode())


def hear() -> None:
    for line in wire.listen(reading):
        tell(f"{line.word.value} {line.reason.value if line.reason else '-'}")
        if line.word is Word.END and not hung and line.reason is not None:
            wire.say(writing, Line(Word.ENDED, line.reason))
            os._exit(0)
    if not hung:
        os._exit(0)


tell(f"pid {os.getpid()}")
Thread(target=hear, daemon=True).start()
for order in test.makefile("r"):
    match order.split(maxsplit=1):
        case ["say", line]:
            os.write(writing, line.encode())
        case ["print", text]:
            print(text)  # noqa: T201
        case ["ignore"]:
            hung = True
            tell("ignoring -")
        case ["where"]:
            tell(f"/proc/{os.getpid()}/fd/{reading}")
        case ["exit", code]:
            os._exit(int(code))
os._exit(0)
