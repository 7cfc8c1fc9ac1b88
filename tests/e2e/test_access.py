"""Every screen by the keyboard alone and by ear: each control has a name, and Tab reaches it."""

from __future__ import annotations

import pytest

from tests.driver.program import wait_for

SCREENS = ("sign-in", "worklist", "report", "curtain")


def _go_to(screen, program):
    if screen == "sign-in":
        return program.shown("sign-in")
    pid = program.sign_in("radiologist")
    program.loaded(pid)
    if screen == "report":
        key = program.ask("open", pid=pid, row=0)
        wait_for("the report", lambda: program.ask("see", pid=pid)["opened"] == key)
    if screen == "curtain":
        program.ask("cover", pid=pid)
    return pid


@pytest.mark.parametrize("screen", SCREENS)
def test_every_control_has_a_name_and_tab_reaches_it(screen, start):
    program = start()
    controls = program.ask("controls", pid=_go_to(screen, program))
    assert controls, "nothing on this screen takes the keyboard"
    assert [each["type"] for each in controls if not each["name"]] == []
    assert [each["name"] for each in controls if not each["reached"]] == []
