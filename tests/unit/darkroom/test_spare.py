"""The darkroom of systems that cannot fork: a fresh process for each document. Run here, where it can."""

import os
from datetime import timedelta

import pytest

from client.darkroom import desk as module
from client.darkroom.composing import compose_in
from client.darkroom.darkroom import Darkroom
from client.darkroom.refusal import Refusal
from client.darkroom.spare import Spares
from client.darkroom.task import Task
from client.documents.composition import compose
from client.errors import DevelopError
from tests.unit.darkroom.processes import Deed, family, gone
from tests.unit.darkroom.samples import pdf
from tests.unit.darkroom.test_composing import BODY, FAILED, FETCHED


@pytest.fixture
def spares():
    """A darkroom as macOS and Windows have it."""
    others = set(family(os.getpid()))  # what other files of tests keep for theirs
    darkroom = Darkroom(Spares)
    yield darkroom
    darkroom.close()
    assert gone([pid for pid in family(os.getpid()) if pid not in others])


def test_reports_and_pages_are_developed(spares):
    assert compose_in(spares, BODY, FETCHED, FAILED) == compose(BODY, FETCHED, FAILED)
    with spares.open(Task.PDF, {}, pdf("One")) as desk:
        page = desk.ask({"what": "page", "page": 0, "scale": 1})
        assert len(page.blobs[0]) == 300 * 200 * 4


def test_each_document_has_a_process_of_its_own(spares):
    with (
        spares.open(Deed.MISBEHAVE, {"deed": "pid"}) as one,
        spares.open(Deed.MISBEHAVE, {"deed": "pid"}) as two,
    ):
        pids = [one.first.said["found"], two.first.said["found"]]
        assert pids[0] != pids[1]
    assert gone(pids)


@pytest.mark.parametrize(("deed", "refusal"), [("crash", Refusal.GONE), ("loop", Refusal.OVERDUE)])
def test_a_document_that_does_harm_costs_a_placeholder(spares, deed, refusal, monkeypatch):
    with spares.open(Deed.MISBEHAVE, {"deed": "pid"}) as desk:
        monkeypatch.setattr(module, "ANSWER_WITHIN", timedelta(seconds=0.3))
        with pytest.raises(DevelopError) as told:
            desk.ask({"deed": deed})
        assert str(told.value) == refusal.sentence
    monkeypatch.undo()
    assert spares.develop(Deed.MISBEHAVE, {"deed": "nothing"}).said == {"found": "nothing"}


def test_closing_ends_all_of_them(spares):
    others = set(family(os.getpid()))
    desk = spares.open(Deed.MISBEHAVE, {"deed": "pid"})
    everyone = [pid for pid in family(os.getpid()) if pid not in others]
    assert len(everyone) >= 2
    spares.close()
    assert gone(everyone)
    desk.close()
