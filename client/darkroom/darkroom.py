"""The session's side of the darkroom: hands a document over, waits no longer than it may, takes the answer.

Owns: the helper processes, and for how long each may work on one question.
Must never: parse what a document holds, or hold up the end of a session.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import timedelta

from client.darkroom.desk import Desk, Developed, Helper, Place
from client.darkroom.message import Blob, Said, Until
from client.darkroom.refusal import Refusal
from client.darkroom.task import Task
from client.errors import DarkroomClosed

DEVELOP_WITHIN = timedelta(seconds=12)  # taking a document; a report takes some 5 ms
_START_WITHIN = timedelta(seconds=10)
_AGAIN_AFTER = (0.0, 0.2, 1.0, 5.0)  # seconds before a helper that ended by itself is started again


class Darkroom:
    """Develops documents; callable from any thread but the window's, except `start` and `close`."""

    def __init__(self, helper: Callable[[], Helper] | None = None) -> None:
        self._make = helper or _helper
        self._changed = threading.Condition()
        self._helper: Helper | None = None
        self._started = self._closed = False
        self._number = 0
        self._ready: Place | None = None  # one that waits, locked in, for a report to compose

    def start(self) -> None:
        """Start the first process, if it is not yet; returns at once."""
        with self._changed:
            if self._started or self._closed:
                return
            self._started = True
        # A thread of its own: where the kernel ends a process with its parent, it means the parent's thread.
        threading.Thread(target=self._keep, name="darkroom", daemon=True).start()

    def develop(self, task: Task, said: Said, *blobs: Blob) -> Developed:
        """Have one answer made of `said` and `blobs`; raises DevelopError."""
        with self.open(task, said, *blobs) as desk:
            return desk.first

    def open(self, task: Task, said: Said, *blobs: Blob) -> Desk:
        """Have a document taken by a process that stays for questions; raises DevelopError."""
        until = Until.within(_START_WITHIN + DEVELOP_WITHIN)
        place = self._take_ready() if task is Task.COMPOSE else None
        place = place or self._place(task, Until.within(_START_WITHIN))
        desk = Desk(place)
        try:
            desk.first = desk.put(said, blobs, until)
        except BaseException:
            desk.close()
            raise
        if task is Task.COMPOSE:
            self._make_ready(place.helper)  # not before: it would take the processor from this one
        return desk

    def _take_ready(self) -> Place | None:
        with self._changed:
            ready, self._ready = self._ready, None
            return ready

    def _make_ready(self, helper: Helper) -> None:
        """Have a process wait for the next report, locked in before there is one."""
        with self._changed:
            if self._ready is not None or self._closed:
                return
            self._number += 1
            number = self._number
        try:
            place = Place(helper, number, helper.develop(number, Task.COMPOSE.value))
        except OSError:
            return  # the next one is started when it is needed
        with self._changed:
            if self._ready is None and not self._closed and helper is self._helper:
                self._ready = place
                return
        place.helper.end(number)
        place.link.close()

    def _place(self, task: Task, until: Until) -> Place:
        self.start()
        refused: Helper | None = None
        while True:
            with self._changed:
                while (self._helper is None or self._helper is refused) and not self._closed:
                    try:
                        self._changed.wait(until.left())
                    except TimeoutError:
                        raise DarkroomClosed(Refusal.NO_ROOM.sentence) from None
                helper = self._helper
                if helper is None or self._closed:
                    raise DarkroomClosed(Refusal.CLOSED.sentence)
                self._number += 1
                number = self._number
            try:
                return Place(helper, number, helper.develop(number, task.value))
            except OSError:
                refused = helper  # it is about to be gone, or must be
                helper.kill()

    def _keep(self) -> None:
        """Have a first process until the darkroom is closed."""
        starts = 0
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: self._closed, _AGAIN_AFTER[min(starts, 3)]):
                    return
                starts += 1
                try:
                    helper = self._helper = self._make()
                except OSError:
                    continue
                self._changed.notify_all()
            helper.wait()
            with self._changed:
                self._helper = None
                self._drop_ready()

    def close(self) -> None:
        """End everything; never blocks, idempotent. The kernel does the same when the session ends."""
        with self._changed:
            self._closed = True
            if self._helper is not None:
                self._helper.kill()
            self._drop_ready()
            self._changed.notify_all()

    def _drop_ready(self) -> None:
        if self._ready is not None:
            self._ready.link.close()
            self._ready = None


def _helper() -> Helper:
    if sys.platform == "linux":
        from client.darkroom.first_process import FirstProcess

        return FirstProcess()
    from client.darkroom.spare import Spares

    return Spares()
