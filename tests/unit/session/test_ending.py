"""The end of a session: every step, in order, once, whatever the steps do."""

from __future__ import annotations

import threading

import pytest

from client.reasons import EndReason
from client.session import ending
from client.session.ending import Ending, Steps

ORDER = ["blank", "stop", "destroy_key", "close_cache", "announce", "record", "revoke", "leave"]


class Told:
    """Steps that say when they happen, and misbehave where they are told to."""

    def __init__(self, failing: tuple[str, ...] = (), hanging: str = "") -> None:
        self.happened: list[str] = []
        self.released = threading.Event()
        self._failing = failing
        self._hanging = hanging
        self.ending = Ending(Steps(**{name: self._step(name) for name in ORDER}))

    def _step(self, name):
        def step(*_reason):
            self.happened.append(name)
            if name in self._failing:
                raise SystemError(name)
            if name == self._hanging:
                self.released.wait()

        return step


def test_every_step_happens_once_and_in_order():
    told = Told()
    told.ending.begin(EndReason.SIGNED_OUT)
    told.ending.begin(EndReason.IDLE)
    assert told.happened == ORDER


@pytest.mark.parametrize("failing", ORDER[:-1])
def test_a_step_that_fails_keeps_no_other_from_happening(failing):
    told = Told(failing=(failing,))
    told.ending.begin(EndReason.SIGNED_OUT)
    assert told.happened == ORDER


def test_all_steps_failing_still_leaves():
    told = Told(failing=tuple(ORDER[:-1]))
    told.ending.begin(EndReason.SIGNED_OUT)
    assert told.happened[-1] == "leave"


def test_a_portal_that_does_not_answer_the_revocation_holds_nothing_up(monkeypatch):
    monkeypatch.setattr(ending, "REVOKE_WITHIN", ending.REVOKE_WITHIN / 20)
    told = Told(hanging="revoke")
    told.ending.begin(EndReason.SIGNED_OUT)
    assert told.happened == ORDER
    told.released.set()


def test_many_threads_ending_at_once_end_it_once():
    told = Told()
    together = threading.Barrier(8)

    def end():
        together.wait()
        told.ending.begin(EndReason.SUSPENDED)

    threads = [threading.Thread(target=end) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.happened == ORDER
