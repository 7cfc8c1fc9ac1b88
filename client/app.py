"""The session process: policy, hardening, window, and one sign-in to one sign-out.

Owns: how the rooms are joined, and the only ways out of this process.
Must never: import at the top what the sign-in page does not need to be painted.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from client import faults, wire
from client.clock import SystemClock
from client.errors import PolicyError, SafelightError, Unexpected
from client.faults import FaultLog
from client.policy.options import Options, apply
from client.policy.sources import load
from client.policy.table import Policy
from client.reasons import EndReason
from client.system import memory, parent
from client.ui import fonts, theme
from client.ui.bridge import Bridge
from client.ui.shell import Shell
from client.ui.sign_in import SignInPage
from client.wire import Line, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from client.portal.portal import Portal
    from client.session.idle import IdleState
    from client.session.session import Session
    from client.ui.door import Door
    from client.ui.reading import ReadingPage


class Rules(NamedTuple):
    """The policy in force, or why there is none and nobody signs in."""

    policy: Policy
    refusal: PolicyError | None = None
    ignored: tuple[str, ...] = ()  # a sentence for each of the user's preferences that is not in force


def read_rules(given: Options) -> Rules:
    """Read the policy as it is now."""
    try:
        loaded = load()
        return Rules(apply(given, loaded), ignored=loaded.refused)
    except PolicyError as refusal:
        return Rules(Policy(), refusal)


class Program:
    """One session process from its hidden start to its end."""

    def __init__(
        self,
        app: QApplication,
        given: Options,
        log: FaultLog,
        reading: int,
        writing: int,
        notes: Sequence[str] = (),
    ) -> None:
        """Talk to the doorkeeper over `reading` and `writing`; `notes`: what this computer does not allow."""
        self._app = app
        self._notes = notes
        self._log = log
        self._given = given
        self._reading = reading
        self._writing = writing
        self._saying = threading.Lock()
        self._leaving = threading.Lock()
        self._door: Door | None = None
        self._granted: Portal | None = None  # what the portal signed in to, from then on
        self.clock = SystemClock()
        self.bridge = Bridge()
        self.session: Session | None = None
        self._reading_page: ReadingPage | None = None
        self._page = SignInPage()
        self.shell = Shell(self._page, self.end, self._painted)
        self._rules = read_rules(given)
        theme.apply(app, self._rules.policy.theme)
        self._page.set_portal(self._rules.policy.portal_name, self._rules.policy.notice)

    def start(self) -> None:
        """Tell the doorkeeper that the hidden sign-in page exists, and listen to it."""
        threading.Thread(target=self._listen, name="doorkeeper", daemon=True).start()
        self.say(Line(Word.READY))

    def say(self, line: Line) -> None:
        """Tell the doorkeeper; if it is gone, its end of file ends this process in any case."""
        with self._saying:
            try:
                wire.say(self._writing, line)
            except OSError:
                return

    def _listen(self) -> None:
        for line in wire.listen(self._reading):
            if line.word is Word.SHOW:
                self.bridge.post(lambda reason=line.reason: self._show(reason))  # type: ignore[misc]
            elif line.word is Word.END and line.reason is not None:
                self.end(line.reason)
        self.end(EndReason.DOORKEEPER_GONE)

    def _show(self, reason: EndReason | None) -> None:
        before, self._rules = self._rules, read_rules(self._given)  # this process may have waited for hours
        rules = self._rules
        if rules.policy != before.policy:
            theme.apply(self._app, rules.policy.theme)
            self._page.set_portal(rules.policy.portal_name, rules.policy.notice)
        if rules.refusal is not None:
            self._page.refuse(rules.refusal)
        self.shell.show_sign_in(reason, self._ran_out(reason))

    def _ran_out(self, reason: EndReason | None) -> str:
        """Return the time that ran out, in words; "" where the last session ended for another reason."""
        policy = self._rules.policy
        lengths = {EndReason.IDLE: policy.end_after_idle, EndReason.ABSOLUTE_LIMIT: policy.end_after}
        if reason not in lengths:
            return ""
        from client.ui.formats import span  # here: only the page after such an end has to wait for it

        return span(lengths[reason])

    def _painted(self) -> None:
        self.say(Line(Word.PAINTED))
        from client.ui import quiet

        quiet.install(self._log)  # before there is a word of the portal's that Qt could complain of
        gc.enable()  # switched off where this process was started (`client.child`)
        theme.follow(self._app)
        fonts.load_reading_fonts()
        from client.ui.icons import application_icon

        self._app.setWindowIcon(application_icon())
        if self._rules.refusal is None:
            from client.ui.door import Door

            self._door = Door(self._page, self._rules.policy, self.bridge)
            self._door.signed_in.connect(self._begin)
            self._door.prepare(self._make_ready)

    def _make_ready(self) -> None:
        if self.session is None:
            self._make_reading()

    def _make_reading(self) -> ReadingPage:
        from client.ui.reading import ReadingPage

        if self._reading_page is None:
            self._reading_page = ReadingPage()
            self.shell.make_ready(self._reading_page)
        return self._reading_page

    def _begin(self, portal: Portal) -> None:
        def open_session() -> Session:
            from client.session.session import Session, Surroundings
            from client.system.folders import cache_folder, state_folder

            around = Surroundings(
                policy=self._rules.policy,
                clock=self.clock,
                cache_folder=cache_folder,
                state_folder=state_folder(),
                post=self.bridge.post,
                blank=self._blank,
                announce=lambda reason: self.say(Line(Word.ENDED, reason=reason)),
                leave=leave,
            )
            return Session(portal, around)

        # Said before there is a session, so that the doorkeeper's limit holds for its making too.
        self._granted = portal
        self.say(Line(Word.SIGNED_IN))
        self._deadline(self.clock.elapsed() + self._rules.policy.end_after_idle)
        if self._door is not None:
            self._door.settle(open_session, partial(self._read, portal.description.name), self._give_up)

    def _give_up(self, error: SafelightError) -> None:
        """There can be no session here: give back what the portal granted, and say why on the page."""
        granted, self._granted = self._granted, None
        if granted is not None:
            threading.Thread(target=granted.sign_out, daemon=True).start()
        self._deadline(self.clock.elapsed() + self._rules.policy.end_after)
        self.shell.say(str(error))

    def _read(self, portal_name: str, session: Session) -> None:
        from client.ui.machine import Machine
        from client.ui.presence import Presence

        self.session = session
        if self._door is not None:
            self._door.close()
        page = self._make_reading()  # made while the user typed, unless that was very quick
        page.begin(session, portal_name)
        for note in (*self._notes, *self._rules.ignored):
            page.header.add_note(note)
        page.sign_out.connect(lambda: self.end(EndReason.SIGNED_OUT))
        self.shell.show_reading(page)
        if self.shell.curtain is not None:
            page.news.changed.connect(self.shell.curtain.show_news)
        cover = partial(self.bridge.post, self.shell.cover)
        machine = self._machine = Machine(self._rules.policy, self.clock, self.shell, self.end, cover)
        self._presence = Presence(
            self._app,
            session.idle,
            self.clock,
            self._rules.policy.activity,
            lambda: machine.last_active,
            self._deadline,
        )
        self._presence.changed.connect(self._keep_watch)

    def _deadline(self, at: timedelta) -> None:
        self.say(Line(Word.DEADLINE, at=at))

    def _keep_watch(self, state: IdleState, covered: bool, remaining: timedelta) -> None:
        from client.session.idle import IdleState

        session = self.session
        if session is not None and state is IdleState.ENDED:
            self.end(session.idle.reason)
        else:
            self.shell.show_presence(state, covered, remaining)

    def _blank(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self.shell.blank()
        else:
            # If the main thread hangs, the window goes with the process, in a moment.
            self.bridge.post(self.shell.blank)

    def end(self, reason: EndReason) -> None:
        """End this process; from any thread, whatever the main thread is doing."""
        session = self.session
        if session is not None:
            session.end(reason)
            return
        with self._leaving:
            self.say(Line(Word.ENDED, reason=reason))
            if self._granted is not None:
                self._granted.sign_out()  # at most a second
            leave()

    def stumble(self, fault: BaseException) -> None:
        """Say that something unforeseen happened; the log has where."""
        self.bridge.post(lambda: self.shell.say(str(Unexpected(fault))))


def leave() -> None:
    """End the process now: no exit handler, no destructor and no other thread gets a say."""
    os._exit(0)


def _state_folder() -> Path:
    from client.system.folders import (
        state_folder,
    )  # here: a fault is rare, and the first paint does not need it

    return state_folder()


def main(arguments: Sequence[str], attach: Callable[[Program], object] | None = None) -> int:
    """Run a session process; `attach` is called with the program before its event loop starts."""
    from PySide6.QtWidgets import QApplication  # only after `client.ui` (see client.ui.plain_import)

    reading, writing = wire.take_over_standard_streams()
    log = FaultLog(_state_folder)
    programs: list[Program] = []
    faults.install(log, lambda fault: programs[0].stumble(fault) if programs else None)
    parent.end_with_parent()
    notes = memory.harden_process(dumpable=False)
    app = QApplication(["safelight", "-style", "fusion"])
    app.setApplicationName("Safelight")
    app.setQuitOnLastWindowClosed(False)  # only `leave` ends this process
    fonts.load_fonts()
    program = Program(app, Options.read(arguments), log, reading, writing, notes)
    programs.append(program)
    if attach is not None:
        attach(program)
    program.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
