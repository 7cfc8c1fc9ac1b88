"""The darkroom's processes, seen from outside: who is there, who is gone."""

import os
import time
from enum import Enum
from pathlib import Path


class Deed(Enum):
    """A task of tests only."""

    MISBEHAVE = "tests.unit.darkroom.misbehaving"
    MISBEHAVE_READING = "tests.unit.darkroom.misbehaving_reader"


def family(pid):
    """Return the processes below `pid`."""
    below = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = [int(word) for word in (task / "children").read_text().split()]
        except OSError:
            continue
        below += children + [each for child in children for each in family(child)]
    return below


def keeper_of(pid):
    """Return the darkroom's first process below `pid`."""
    found = [each for each in family(pid) if b"client.darkroom.keeper" in _command(each)]
    keepers = [each for each in found if _parent(each) not in found]
    (keeper,) = keepers
    return keeper


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def comes(look, seconds=20):
    """Look until the answer is true; say whether that came."""
    end = time.monotonic() + seconds
    while not look():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def gone(pids):
    """Wait until none of these processes is left, and say whether that came."""
    return comes(lambda: not any(map(alive, pids)))


def alive(pid):
    """Return whether a process still runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def descriptors():
    """Return what this process has open."""
    return sorted(os.listdir("/proc/self/fd"))  # noqa: PTH208
