"""Feeding the search index behind the worklist: rows come first, the words of their reports soon after.

Owns: which reports are still waiting to be found by their words. Must never: hold up a row, or keep the
text of a report (it is read back from the cache when its turn comes).

The index works in a lull: when the portal lets us wait, or when the whole worklist is here. Until then the
pages that come in need the interpreter more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from threading import Lock

from client.clock import Clock
from client.model.report import Report
from client.session.lanes import Lane, Lanes
from client.session.search import SearchIndex
from client.system.interpreter import give_back_memory

_BATCH = 50  # reports: the words typed meanwhile wait for one of them at most
_TOLD_EVERY = 20  # batches
_LULL = timedelta(seconds=1)  # longer than a page takes on a machine that is busy
_LOOK_EVERY = 0.05  # seconds


class Indexing:
    """Adds reports to the index in a background lane of its own accord."""

    def __init__(
        self,
        index: SearchIndex,
        texts: Callable[[Sequence[Report]], Iterable[str]],
        lanes: Lanes,
        clock: Clock,
        told: Callable[[], None],
    ) -> None:
        self._index = index
        self._texts = texts  # in the order of the reports
        self._lanes = lanes
        self._clock = clock
        self._told = told  # more can be found than before; called in the background
        self._waiting: deque[Report] = deque()
        self._latest = clock.elapsed()
        self._hurry = False
        self._working = False
        self._lock = Lock()

    def add(self, reports: Iterable[Report]) -> None:
        """Take reports whose texts are in the cache; they can be found before long."""
        with self._lock:
            self._waiting.extend(reports)
            self._latest = self._clock.elapsed()
            self._hurry = False
            start, self._working = not self._working, True
        if start:
            self._lanes.run(self._work, lane=Lane.AHEAD)

    def hurry(self) -> None:
        """Wait for no lull: nothing more comes for now, or what waits may not stay in the cache for long."""
        self._hurry = True

    def _work(self) -> None:
        done = 0
        while self._lull() and (batch := self._next()):
            self._index.add(zip(batch, self._texts(batch), strict=True))
            done += 1
            if done % _TOLD_EVERY == 0:
                self._told()
        if not self._lanes.closed:
            give_back_memory()
            self._told()

    def _lull(self) -> bool:
        """Wait for a lull; False when the session is over."""
        while not self._hurry and self._clock.elapsed() - self._latest < _LULL:
            if self._lanes.wait(_LOOK_EVERY):
                break
        return not self._lanes.closed

    def _next(self) -> list[Report]:
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            self._working = bool(batch)
        return batch
