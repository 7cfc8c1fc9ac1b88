"""build.spec: the one-folder program is made, holds the client only, and starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.driver.program import ROOT, Home, wait_for
from tests.unit.darkroom import samples

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


def test_its_darkroom_reads_every_kind(folder, monkeypatch):
    from client.darkroom.composing import compose_in
    from client.darkroom.darkroom import Darkroom
    from client.darkroom.task import Task
    from client.model.report import Attachment, ReportBody

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "safelight"))
    darkroom = Darkroom()
    darkroom.start()
    try:
        rtf = Attachment("text/rtf", "", "", rb"{\rtf1 FINDINGS: clear.\par}", None, None)
        structured = Attachment(
            "application/dicom", "", "", (samples.DICOM / "reportsi.dcm").read_bytes(), None, None
        )
        documents = compose_in(darkroom, ReportBody("<div>Words.</div>", "", (rtf, structured), ()), {})
        assert {each.kind.value for each in documents} == {"text"}
        assert len(documents) == 3
        with darkroom.open(Task.PDF, {}, samples.pdf("One")) as desk:
            assert desk.ask({"what": "page", "page": 0, "scale": 1}).said["width"] > 100
        with darkroom.open(Task.SCAN, {}, samples.tiff(samples.page())) as desk:
            assert desk.ask({"page": 0, "scale": 1}).said["width"] > 1
        with darkroom.open(Task.IMAGE, {}, (samples.DICOM / "JPEG2000.dcm").read_bytes()) as desk:
            assert desk.first.said["rows"] > 1
            assert desk.ask({"page": 0}).blobs
    finally:
        darkroom.close()


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
