"""Where nothing can be stored, reports are read all the same, and the user is told."""

from __future__ import annotations

from tests.driver.program import wait_for


def test_with_no_folder_for_the_cache_reports_come_from_the_portal(start, home):
    folder = home.path / ".cache" / "safelight"
    _ = home.environment  # makes the folders above it
    folder.write_text("a file where the folder should be")
    program = start()
    pid = program.sign_in("radiologist")
    assert program.loaded(pid)["rows"] > 0
    assert str(folder) in program.ask("see", pid=pid)["said"]
    key = program.ask("open", pid=pid, row=0)
    wait_for("the report", lambda: program.ask("see", pid=pid)["opened"] == key)
    assert program.ask("see", pid=pid)["text"]
