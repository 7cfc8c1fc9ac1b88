"""How a session process is started: its command, its environment, its streams."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from client import child
from client.child import Child

ROOT = Path(__file__).parents[3]


def answer(started):
    with os.fdopen(started.reading) as its_output:
        text = its_output.read()
    started.wait()
    started.hang_up()
    return text


def test_environment_is_hardened_and_the_rest_left_alone(monkeypatch):
    for name in ("SSLKEYLOGFILE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PYTHONPATH", "PYTHONINSPECT"):
        monkeypatch.setenv(name, "/tmp/x")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    program = "import os, json; print(json.dumps(dict(os.environ)))"
    import json

    found = json.loads(answer(Child([sys.executable, "-c", program])))
    assert found["LD_BIND_NOW"] == "1"
    assert found["QT_QPA_PLATFORM"] == "offscreen"
    assert not {name for name in found if name.startswith(("PYTHON", "SSL"))}
    assert "REQUESTS_CA_BUNDLE" not in found


def test_command_is_isolated_and_takes_only_the_options():
    words = child.command(["--portal=https://reports.example.org/a=b"])
    assert words[:3] == [sys.executable, "-I", "-S"]
    assert words[-2:] == ["--portal", "https://reports.example.org/a=b"]


def test_frozen_program_starts_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child.command(["--portal", "x"]) == [sys.executable, "--session-process", "--portal", "x"]


def test_child_finds_the_package_of_its_parent_from_any_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "client.py").write_text("raise SystemExit('the wrong one')")
    words = child.command([])
    start = words[4].split(";")[:2]
    program = ";".join([*start, " import client, PySide6; print(client.__file__, PySide6.__file__)"])
    client, qt = answer(Child([*words[:4], program, words[5]])).split()
    assert Path(client).parent == ROOT / "client"
    assert Path(qt) == Path(importlib.util.find_spec("PySide6").origin)


def test_no_other_descriptor_reaches_the_child():
    ends = os.pipe()
    ours = {os.readlink(f"/proc/self/fd/{number}") for number in ends}  # noqa: PTH115
    program = (
        "import os\n"
        "for n in range(300):\n"
        "    if os.path.lexists(f'/proc/self/fd/{n}'): print(os.readlink(f'/proc/self/fd/{n}'))\n"
    )
    found = answer(Child([sys.executable, "-c", program])).split()
    assert len({name for name in found if "pipe:" in name}) >= 2
    assert not ours.intersection(found)
    for number in ends:
        os.close(number)


def test_closed_standard_streams_of_the_parent_do_no_harm():
    program = (
        "import os, sys; os.close(0); os.close(1)\n"
        "from client.child import Child\n"
        "child = Child([sys.executable, '-c', 'print(input())'])\n"
        "os.write(child.writing, b'heard\\n')\n"
        "text = os.read(child.reading, 100)\n"
        "sys.exit(0 if text == b'heard\\n' and child.wait() == 0 else 1)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_starting_imports_nothing_that_costs_time():
    program = (
        "import sys; before = set(sys.modules)\n"
        "import client.__main__, client.child\n"
        "print(*sorted(name for name in set(sys.modules) - before))\n"
    )
    found = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    costly = {
        "argparse",
        "subprocess",
        "dataclasses",
        "typing",
        "pathlib",
        "threading",
        "PySide6",
        "inspect",
        "re",
    }
    assert not costly.intersection(found)
