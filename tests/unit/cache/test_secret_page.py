"""What the system is asked to do for the key's page and for the process that holds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from client.system.memory import SecretPage

_ROOT = Path(__file__).parents[3]
_HARDENED = """
import ctypes, resource, sys
from client.system.memory import harden_process

assert harden_process(dumpable=sys.argv[1] == "open") == ()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
print("dumpable", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))  # PR_GET_DUMPABLE
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_page_is_locked_and_left_out_of_dumps_and_forks():
    page = SecretPage()
    address = f"{page._address:x}-"
    lines = iter(Path("/proc/self/smaps").read_text().splitlines())

    assert any(line.startswith(address) for line in lines)
    flags = next(line for line in lines if line.startswith("VmFlags:")).split()
    assert {"lo", "dd", "dc"} <= set(flags)  # locked, not dumped, not copied on fork
    page.wipe()


def test_random_bytes_fill_what_was_asked_for_and_no_more():
    page = SecretPage()
    page.fill_random(32)
    with page.view(64) as view:
        first, rest = bytes(view[:32]), bytes(view[32:])
    page.wipe()

    assert len(set(first)) > 8
    assert rest == bytes(32)


@pytest.mark.parametrize(("manner", "dumpable"), [("closed", 0), ("open", 1)])
def test_hardened_process_leaves_no_core_and_is_read_by_no_other(manner, dumpable):
    command = [sys.executable, "-W", "error", "-c", _HARDENED, manner]
    ran = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=60)

    assert ran.stdout == f"dumpable {dumpable}\n", ran.stderr
