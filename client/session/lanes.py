"""Background work of one session, in pools: a large download starves neither a click nor the worklist.

Owns: the threads. Must never: touch a widget, or bring a result to a session that is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from typing import TypeVar

from client.errors import SafelightError, SessionEnded, SessionRefused, Unexpected

T = TypeVar("T")
Post = Callable[[Callable[[], None]], None]
"""Brings a callable to the main thread; given by the ui."""


class Lane(Enum):
    """Which pool a job goes to."""

    CLICK = "click"  # the user is waiting
    SYNC = "sync"  # the worklist: one load and the look for changes
    AHEAD = "ahead"  # prefetch


def foreseen(fault: BaseException) -> SafelightError:
    """Return a fault as a sentence for the user; one nobody foresaw goes to the log first."""
    if isinstance(fault, SafelightError):
        return fault
    threading.excepthook(threading.ExceptHookArgs((type(fault), fault, fault.__traceback__, None)))
    return Unexpected(fault)


class Lanes:
    """Runs plain callables off the main thread and brings their results back to it."""

    def __init__(
        self, post: Post, report: Callable[[SafelightError], None], refused: Callable[[], None] | None = None
    ) -> None:
        self._post = post
        self._report = report  # what nobody else hears of
        self._refused = refused  # the portal ended the session: whichever job hears of it
        self._closed = threading.Event()
        self._pools = {
            Lane.CLICK: ThreadPoolExecutor(4, "click"),  # one that does not come holds up no other
            Lane.SYNC: ThreadPoolExecutor(2, "sync"),
            Lane.AHEAD: ThreadPoolExecutor(2, "ahead"),
        }

    @property
    def closed(self) -> bool:
        """Whether the session is over: long jobs look here between two steps."""
        return self._closed.is_set()

    def wait(self, seconds: float) -> bool:
        """Pause a background job; True as soon as the session is over."""
        return self._closed.wait(seconds)

    def run(
        self,
        work: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[SafelightError], None] | None = None,
        lane: Lane = Lane.CLICK,
    ) -> None:
        """Run `work` in a lane; `done(result)` or `failed(error)` follows on the main thread."""
        if self.closed:
            return

        def finish(future: Future[T]) -> None:
            if future.cancelled() or self.closed:
                return
            fault = future.exception()
            if fault is None:
                if done is not None:
                    self._deliver(lambda: done(future.result()))
            elif isinstance(fault, SessionRefused) and self._refused is not None:
                self._refused()
            elif not isinstance(fault, SessionEnded):
                error = foreseen(fault)
                self._deliver(lambda: (failed or self._report)(error))

        self._pools[lane].submit(work).add_done_callback(finish)

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the main thread, unless the session is over by then."""
        self._deliver(call)

    def _deliver(self, call: Callable[[], None]) -> None:
        self._post(lambda: None if self.closed else call())

    def close(self) -> None:
        """Take no more work and deliver nothing more; jobs under way are left to end with the process."""
        self._closed.set()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
