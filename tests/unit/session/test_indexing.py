"""Indexing behind the worklist: waits for a lull, loses nothing, asks for each text once its turn comes."""

import threading
from datetime import timedelta

import pytest

from client.session.indexing import Indexing
from client.session.lanes import Lanes
from client.session.query import Words
from client.session.search import SearchIndex
from tests.unit.session.test_search import report


def found(index, word):
    return [index.keys()[row] for row in sorted(index.rows(Words((word,), word)))]


ENOUGH = 20  # seconds, for what takes milliseconds


class StandingClock:
    """A clock that a test moves."""

    def __init__(self):
        self.at = timedelta(hours=1)

    def elapsed(self):
        return self.at


class Desk:
    """An index fed by a real lane, from texts that a test gives."""

    def __init__(self):
        self.clock = StandingClock()
        self.index = SearchIndex()
        self.asked = []
        self.told = threading.Event()
        self.failures = []
        self.lanes = Lanes(lambda call: call(), self.failures.append)
        self.indexing = Indexing(self.index, self._texts, self.lanes, self.clock, self.told.set)

    def _texts(self, reports):
        self.asked += [one.key for one in reports]
        return [f"word{one.key}" for one in reports]

    def wait(self):
        assert self.told.wait(ENOUGH)
        self.told.clear()


@pytest.fixture
def desk():
    made = Desk()
    yield made
    made.lanes.close()
    for pool in made.lanes._pools.values():
        pool.shutdown(wait=True)
    made.index.close()
    assert made.failures == []


def test_every_report_is_found_once_the_worklist_is_here(desk):
    batches = [[report(f"r{page}x{number}") for number in range(130)] for page in range(3)]
    for batch in batches:
        desk.indexing.add(batch)
    desk.indexing.hurry()
    desk.wait()
    assert desk.asked == [each.key for batch in batches for each in batch]
    assert len(desk.index) == 390
    assert found(desk.index, "wordr2x129") == ["r2x129"]


def test_nothing_is_read_while_pages_come_in(desk):
    desk.indexing.add([report("a")])
    assert not desk.told.wait(0.3)
    assert desk.asked == []
    desk.clock.at += timedelta(seconds=2)  # no page for a while: the portal lets us wait
    desk.wait()
    assert desk.asked == ["a"]


def test_what_comes_after_the_end_is_indexed_too(desk):
    for key in ("a", "b"):
        desk.indexing.add([report(key)])
        desk.indexing.hurry()
        desk.wait()
    assert found(desk.index, "word") == ["a", "b"]


def test_a_session_that_ends_indexes_no_more(desk):
    desk.indexing.add([report("a")])
    desk.lanes.close()
    desk.indexing.hurry()
    for pool in desk.lanes._pools.values():
        pool.shutdown(wait=True)
    assert desk.asked == []
