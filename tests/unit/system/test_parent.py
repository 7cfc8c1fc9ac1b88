"""A process that asked for it ends with its parent, even when it is stopped or hung."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHILD = (
    "import sys, time\n"
    "from client.system.parent import end_with_parent\n"
    "assert end_with_parent()\n"
    "print('guarded', flush=True)\n"
    "while True: time.sleep(60)\n"
)
PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdout=subprocess.PIPE, text=True)\n"
    "child.stdout.readline()\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel does this on Linux only")
@pytest.mark.parametrize("stopped", [False, True])
def test_it_ends_with_its_killed_parent(stopped):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    pid = int(parent.stdout.readline())
    gone = os.pidfd_open(pid)
    try:
        if stopped:
            os.kill(pid, signal.SIGSTOP)
        parent.kill()
        parent.wait()
        ready, _, _ = select.select([gone], [], [], 30)
        assert ready, "it outlives its parent"
    finally:
        os.close(gone)
        parent.stdout.close()
