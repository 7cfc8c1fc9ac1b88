"""A fault nobody foresaw: said on screen with a code, written down by place, and never with its words."""

from __future__ import annotations

from tests.driver.program import wait_for

WORDS = "CANARY, Patient 1961-02-03"


def test_an_unforeseen_fault_costs_a_sentence_and_leaks_no_word(start, home):
    program = start()
    pid = program.sign_in("radiologist")
    program.loaded(pid)
    program.ask("stumble", pid=pid, words=WORDS)
    said = wait_for("the sentence", lambda: "unexpected" in program.ask("see", pid=pid)["said"])
    assert said
    assert "KeyError" in program.ask("see", pid=pid)["said"]

    def written() -> int:
        return sum(path.read_text().count("unexpected KeyError") for path in home.path.rglob("safelight.log"))

    wait_for("both faults in the log", lambda: written() == 2)
    everything = [path.read_bytes() for path in home.path.rglob("*") if path.is_file()]
    assert not [content for content in everything if b"CANARY" in content]
    program.ask("open", pid=pid, row=0)
    assert "CANARY" not in program.close()
