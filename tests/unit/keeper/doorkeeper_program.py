"""The real doorkeeper and control socket on the stand-in session program.

Arguments: the test's Unix socket, the folder of the control socket.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from client.child import Child
from client.control import ControlServer
from client.doorkeeper import Doorkeeper, EndAsked

program = str(Path(__file__).with_name("session_program.py"))


def start() -> Child:
    return Child([sys.executable, program, sys.argv[1]])


first = start()
doorkeeper = Doorkeeper(start)
doorkeeper.show_first(first)
control = ControlServer(Path(sys.argv[2]), lambda reply: doorkeeper.put(EndAsked(reply)))
exit_code = doorkeeper.run()
control.close()
sys.exit(exit_code)
