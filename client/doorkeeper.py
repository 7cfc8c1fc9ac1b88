"""The parent: starts session processes, enforces their deadlines, shows the next sign-in page.

Owns: which process is in front, which waits hidden, and when one that overstays is killed.
Must never: hold patient data, a secret or a token; import Qt; block on a session process or trust its answer:
the longest session there can be is a limit of its own.

One thread per process reads its words and one takes requests from outside; all put events into one queue,
which the main thread works off. (A selector would do on Linux, but Windows cannot select on pipes.) Deadlines
are looked at after every event and at least once a second, on the clock that counts suspended time: waking
from a suspend past a deadline is noticed within that second, whatever the timers of the system think.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Thread

from client import wire
from client.child import Child
from client.clock import Clock, SystemClock
from client.patience import Patience
from client.reasons import EndReason
from client.visit import Reply, Stage, Visit
from client.wire import Line, Word

LOOK = timedelta(seconds=1)  # how often deadlines are looked at when nothing happens
GIVE_UP_AFTER = timedelta(seconds=6)  # when stopping: a process the kernel itself cannot end

CLOSED, CANNOT_START = 0, 1  # exit codes


@dataclass(frozen=True, slots=True)
class Said:
    """A process said something; None is its end of file."""

    visit: Visit
    line: Line | None


@dataclass(frozen=True, slots=True)
class EndAsked:
    """`safelight --end-session`: `reply` is called with True when the session is gone, False if none runs."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Stop:
    """SIGTERM, SIGINT, SIGHUP: end the session and leave."""


Event = Said | EndAsked | Stop


class Doorkeeper:
    """Keeps one process in front and, once somebody is signed in, the next one waiting."""

    def __init__(self, start: Callable[[], Child], clock: Clock | None = None) -> None:
        self._start = start
        self._clock = clock or SystemClock()
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._visits: list[Visit] = []  # every process not yet known to be gone
        self._front: Visit | None = None
        self._waiting: Visit | None = None
        self._next_reason: EndReason | None = None
        self._patience = Patience()
        self._start_at: timedelta | None = None  # a start put off by the back-off
        self._stop_by: timedelta | None = None
        self._exit_code = CLOSED

    def put(self, event: Event) -> None:
        """Hand in an event; from any thread and from signal handlers."""
        self._events.put(event)

    def show_first(self, first: Child) -> None:
        """Show the process that was started before this module was imported."""
        self._front = self._admit(first)
        self._show(self._front, None)

    def run(self) -> int:
        """Keep the door until the user closes it; return the exit code. Only in the main thread."""
        # A process dies with the thread that started it (PR_SET_PDEATHSIG): all are started from here.
        for number in _stop_signals():
            signal.signal(number, lambda *_: self.put(Stop()))
        while True:
            with suppress(Empty):  # then it is time to look at the deadlines
                self._handle(self._events.get(timeout=self._pause().total_seconds()))
            now = self._clock.elapsed()
            self._keep_time(now)
            if self._stop_by is not None and (not self._visits or now >= self._stop_by):
                return self._exit_code

    # What comes in

    def _handle(self, event: Event) -> None:
        match event:
            case Said(visit, None):
                visit.silent = True
                if visit.stage is not Stage.LEAVING and not visit.child.gone():
                    visit.child.kill()  # it can no longer say that its screen is blank
                self._over(visit)
            case Said(visit, Line() as line):
                self._hear(visit, line)
            case EndAsked(reply):
                self._end_asked(reply)
            case Stop():
                self._stop(CLOSED)

    def _hear(self, visit: Visit, line: Line) -> None:
        match line:
            case Line(Word.PAINTED):
                visit.painted = True
            case Line(Word.SIGNED_IN) if visit.stage is Stage.SHOWN:
                now = self._clock.elapsed()
                visit.sign_in(now)
                self._patience.restore()
                if self._waiting is None and self._stop_by is None:
                    self._start_at = now
            case Line(Word.DEADLINE, at=timedelta() as at):
                visit.set_deadline(at)
            case Line(Word.ENDED, reason=reason):
                visit.said = reason
                self._over(visit)
            case _:
                pass  # `ready` asks nothing of us, and our own words from its side mean nothing

    def _end_asked(self, reply: Reply) -> None:
        front = self._front
        if front is not None and front.stage is Stage.SIGNED_IN:
            front.asked.append(reply)
            self._tell_to_end(front)
            return
        for visit in self._visits:
            if visit.stage is Stage.LEAVING:  # it is ending already: answer when it is gone
                visit.asked.append(reply)
                return
        reply(False)

    # What goes on

    def _over(self, visit: Visit) -> None:
        """The process has ended its session, or itself: whatever it was, what comes next is shown now."""
        if visit.stage is Stage.LEAVING:
            return
        now = self._clock.elapsed()
        was = visit.leave(now)
        if visit is self._waiting:
            self._waiting = None
            self._count_failure(visit, now)
        if visit is not self._front:
            return
        self._front = None
        if self._stop_by is not None:
            return
        if was is Stage.SHOWN and visit.said is EndReason.WINDOW_CLOSED:
            self._stop(CLOSED)
            return
        if was is Stage.SIGNED_IN or visit.said is not None:
            self._patience.restore()
            self._next_reason = visit.said or (EndReason.OVERSTAYED if visit.killed else EndReason.CRASHED)
        else:
            self._count_failure(visit, now)
            # A page that was seen has crashed; one that never was still owes the reason it was to show.
            self._next_reason = EndReason.CRASHED if visit.painted else visit.shown_for
        self._bring_next(now)

    def _bring_next(self, now: timedelta) -> None:
        if self._patience.exhausted:
            _tell(
                "The sign-in page cannot be shown: it stopped several times while starting. Nothing of a "
                "session is left on this computer. Start Safelight again; if it comes back, ask IT support."
            )
            self._stop(CANNOT_START)
        elif self._waiting is not None:
            self._front, self._waiting = self._waiting, None
            self._show(self._front, self._next_reason)
        else:
            self._start_at = now + self._patience.pause
            self._start_due(now)

    def _start_due(self, now: timedelta) -> None:
        """Start the next process if its moment has come: for the front if that is empty, else to wait."""
        if self._start_at is None or now < self._start_at or self._stop_by is not None:
            return
        self._start_at = None
        try:
            visit = self._admit(self._start())
        except OSError:
            self._patience.could_not_start()
            if self._front is None:
                self._bring_next(now)
            elif not self._patience.exhausted:
                self._start_at = now + self._patience.pause
            return
        if self._front is None:
            self._front = visit
            self._show(visit, self._next_reason)
        else:
            self._waiting = visit

    def _count_failure(self, visit: Visit, now: timedelta) -> None:
        self._patience.failed(now - visit.started, was_seen=visit.painted)
        if self._front is not None and self._front is not visit and not self._patience.exhausted:
            # Somebody works in front: try again, but never disturb them.
            self._start_at = now + self._patience.pause

    def _keep_time(self, now: timedelta) -> None:
        for visit in list(self._visits):
            if visit.has_departed(now):
                self._depart(visit)
            elif visit.gone_since is None and visit.has_overstayed(now):
                if visit.stage is Stage.LEAVING and not visit.killed:
                    _tell("The last session's process did not go away by itself and was ended.")
                visit.killed = True
                visit.child.kill()
        self._start_due(now)

    def _depart(self, visit: Visit) -> None:
        """Nothing of the process is left: it has been waited for."""
        self._over(visit)
        self._visits.remove(visit)
        visit.child.hang_up()
        for reply in visit.asked:
            reply(True)

    def _stop(self, exit_code: int) -> None:
        if self._stop_by is not None:
            return
        self._exit_code = exit_code
        self._stop_by = self._clock.elapsed() + GIVE_UP_AFTER
        for visit in self._visits:
            if visit.stage is Stage.SIGNED_IN:
                self._tell_to_end(visit)
            elif visit.stage is not Stage.LEAVING:
                visit.child.kill()  # nobody is signed in there: nothing to end first

    def _tell_to_end(self, visit: Visit) -> None:
        self._say(visit, Line(Word.END, EndReason.ASKED_FROM_OUTSIDE))
        visit.told_to_end(self._clock.elapsed())

    def _show(self, visit: Visit, reason: EndReason | None) -> None:
        visit.stage, visit.shown_for = Stage.SHOWN, reason
        # Said without waiting for `ready`: the pipe keeps it, and the page saves one way there and back.
        self._say(visit, Line(Word.SHOW, reason))

    def _say(self, visit: Visit, line: Line) -> None:
        try:
            wire.say(visit.child.writing, line)
        except OSError:
            return  # gone: its end of file decides what follows; or it does not read: its time decides

    def _admit(self, child: Child) -> Visit:
        if sys.platform != "win32":
            os.set_blocking(child.writing, False)  # a process may let its pipe fill up
        visit = Visit(child, self._clock.elapsed())
        self._visits.append(visit)
        Thread(target=self._listen, args=(visit,), name=f"words of {child.pid}", daemon=True).start()
        return visit

    def _listen(self, visit: Visit) -> None:
        for line in wire.listen(visit.child.reading):
            self.put(Said(visit, line))
        self.put(Said(visit, None))

    def _pause(self) -> timedelta:
        now = self._clock.elapsed()
        moments = [now + LOOK]
        moments += [look for visit in self._visits if (look := visit.next_look(now)) is not None]
        if self._start_at is not None:
            moments.append(self._start_at)
        return max(min(moments) - now, timedelta())


def _stop_signals() -> list[signal.Signals]:
    names = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # the last two: not on every system
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
