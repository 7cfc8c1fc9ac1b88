"""A fault nobody foresaw is written down by its place alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from client import faults
from client.faults import LARGEST, FaultLog, describe

ROOT = Path(__file__).resolve().parents[2]
NAME = "Canary, Patient"

_PROGRAM = """
import sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from client.faults import FaultLog, install
install(FaultLog(lambda: Path(sys.argv[2])), lambda fault: None)
class Holder:
    def __del__(self):
        raise LookupError("Canary, Patient")
def fail():
    raise ValueError("Canary, Patient")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
Holder()
fail()
"""


def test_no_exception_text_reaches_the_log_or_the_terminal_from_any_thread(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(ROOT), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    log = (tmp_path / "safelight.log").read_text()
    assert log.count("unexpected ValueError") == 2
    assert "unexpected LookupError" in log
    assert NAME not in log + ran.stdout + ran.stderr
    assert (tmp_path / "safelight.log").stat().st_mode & 0o777 == 0o600


def test_the_place_is_named_innermost_last():
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    assert describe(caught.value).startswith("ZeroDivisionError tests.unit.test_faults:")


def test_the_log_stays_small_and_keeps_one_before(tmp_path):
    log = FaultLog(lambda: tmp_path)
    for number in range(3):
        (tmp_path / "safelight.log").write_bytes(b"x" * (LARGEST + 1))
        log.write(f"line {number}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["safelight.log.1"]


@pytest.mark.parametrize("obstacle", ["no folder", "a link"])
def test_a_log_that_cannot_be_written_is_no_further_fault(obstacle, tmp_path):
    if obstacle == "a link":
        (tmp_path / "safelight.log").symlink_to(tmp_path / "elsewhere")
        FaultLog(lambda: tmp_path).write("a line")
        assert not (tmp_path / "elsewhere").exists()
    else:
        FaultLog(lambda: tmp_path / "absent").write("a line")


def test_faults_module_is_cheap_to_import():
    heavy = {"logging", "PySide6", "requests"}
    code = "import sys; import client.faults; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not heavy & set(ran.stdout.split())
    assert faults.__doc__
