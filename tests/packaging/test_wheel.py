"""The distribution: what a packager gets from `pip wheel`, and whether it runs from there."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from the files that git would hand to a packager."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(source)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_both_programs_and_their_resources_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name.startswith("safelight-")
    for needed in (
        "client/__main__.py",
        "client/app.py",
        "server_stub/__main__.py",
        "resources/fonts/IBMPlexSans-Regular.ttf",
        "resources/style/safelight.qss",
        "resources/policy/policy.toml",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "docs/")) or "__pycache__" in name]


def test_installed_elsewhere_both_commands_run(wheel, tmp_path):
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", str(site), str(wheel)], check=True)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "HOME": str(tmp_path)}
    for command, said in (("safelight", "Safelight "), ("safelight-portal", "usage")):
        option = "--version" if command == "safelight" else "--help"
        ran = subprocess.run(
            [sys.executable, str(site / "bin" / command), option],
            env=environment,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=True,
        )
        assert said in ran.stdout


def test_every_dependency_is_pinned_with_hashes_and_no_address():
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    pinned = [line for line in lock.splitlines() if line and line[0] not in " #"]
    assert len(pinned) > 50
    assert all("==" in line and line.rstrip().endswith("\\") for line in pinned)
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_the_lock_covers_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    lock = (ROOT / "requirements.lock").read_text()
    for requirement in wanted:
        name = requirement.partition(";")[0].strip()
        assert f"\n{name}==" in "\n" + lock, f"{name} is not in the lock; run ./dev lock"
