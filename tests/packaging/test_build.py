"""build.spec: the one-folder program is made, holds the client only, and starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.driver.program import ROOT, Home, wait_for

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The built program's folder."""
    place = tmp_path_factory.mktemp("build")
    build = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    places = ["--distpath", str(place / "dist"), "--workpath", str(place / "work")]
    subprocess.run([*build, *places, "build.spec"], cwd=ROOT, check=True, capture_output=True)
    return place / "dist" / "safelight"


def test_it_holds_the_client_only(folder):
    names = [path.name for path in folder.rglob("*")]
    assert "IBMPlexSans-Regular.ttf" in names
    assert not [name for name in names if name.startswith(("libQt6Qml", "libQt6Quick", "libqgtk3"))]
    assert not (folder / "_internal" / "server_stub").exists()


def test_it_starts_a_session_process_and_ends_it_when_told(folder, tmp_path):
    home = Home(tmp_path / "home")
    program = folder / "safelight"
    doorkeeper = subprocess.Popen(
        [str(program), "--portal", "https://127.0.0.1:9/"],
        env=home.environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        children = Path(f"/proc/{doorkeeper.pid}/task/{doorkeeper.pid}/children")
        child = int(wait_for("a session process", lambda: children.read_text().split())[0])
        wait_for("Qt in it", lambda: "libQt6Widgets" in Path(f"/proc/{child}/maps").read_text())
        doorkeeper.terminate()
        assert doorkeeper.wait(10) == 0
        wait_for("its end", lambda: not Path(f"/proc/{child}").exists())
    finally:
        if doorkeeper.poll() is None:
            doorkeeper.kill()
            doorkeeper.wait()
