"""The real doorkeeper and control socket on the stand-in session program.

Arguments: the test's Unix socket, the folder of the control socket. A file `later` in it moves the clock on
by so many seconds.
"""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from client.child import Child
from client.clock import SystemClock
from client.control import ControlServer
from client.doorkeeper import Doorkeeper, EndAsked

program = str(Path(__file__).with_name("session_program.py"))


class MovedClock(SystemClock):
    """The machine's clock, moved on by the test."""

    def elapsed(self) -> timedelta:
        try:
            later = float((Path(sys.argv[2]) / "later").read_text())
        except FileNotFoundError:
            later = 0
        return super().elapsed() + timedelta(seconds=later)


def start() -> Child:
    return Child([sys.executable, program, sys.argv[1]])


first = start()
doorkeeper = Doorkeeper(start, MovedClock())
doorkeeper.show_first(first)
control = ControlServer(Path(sys.argv[2]), lambda reply: doorkeeper.put(EndAsked(reply)))
exit_code = doorkeeper.run()
control.close()
sys.exit(exit_code)
