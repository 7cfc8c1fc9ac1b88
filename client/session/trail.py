"""This session's part of the audit trail: what is noted, under which names, by a thread of its own.

Owns: the writing thread. Must never: hold up a click or the end of a session for the disk or the keyring, or
put anything of a patient into an event: a report's name there is a pseudonym under the user's own key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

from client.audit.chain_key import NOT_KEPT, load_chain_key
from client.audit.event import Act, Event, is_word, pseudonym
from client.audit.queue import AuditQueue
from client.clock import Clock

WRITTEN_WITHIN = timedelta(milliseconds=300)
"""How long the end of a session waits for the disk."""

UNLOCKED_WITHIN = timedelta(seconds=30)
"""How long a delivery waits for the keyring, which may be asking its user: the next sign-in delivers, too."""


class Trail:
    """Notes acts; written in the order in which they happened."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        session: str,
        key: bytes,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`note` hears, from another thread, of what the user is to know of this trail."""
        self._note = note
        self._folder = folder
        self._clock = clock
        # What some portal calls a session may be any text, and the trail takes none.
        self._session = session if is_word(session) else pseudonym(key, "session", session)
        self._key = key
        self._queue: AuditQueue | None = None
        self._opened = threading.Event()
        self._jobs: SimpleQueue[Callable[[AuditQueue], None]] = SimpleQueue()
        threading.Thread(target=self._write, name="audit", daemon=True).start()

    def record(self, act: Act, *subject: str, detail: str = "") -> None:
        """Note an act, on a report version if `subject` names one; returns at once."""
        named = pseudonym(self._key, *subject) if subject else ""
        event = Event(act, self._clock.now(), self._session, named, detail)
        self._jobs.put(lambda queue: queue.append(event))

    def deliver(self, send: Callable[[Sequence[Mapping[str, object]]], None]) -> None:
        """Give the portal what it does not have yet, of all sessions; blocks, raises what `send` does."""
        self._opened.wait(UNLOCKED_WITHIN.total_seconds())
        if self._queue is not None:
            self._queue.deliver(send)

    def flush(self) -> None:
        """Wait, but not for long, until everything noted so far is on disk."""
        written = threading.Event()
        self._jobs.put(lambda _queue: written.set())
        written.wait(WRITTEN_WITHIN.total_seconds())

    def _write(self) -> None:
        # The keyring may wait for its user, so it is asked here and not where anybody waits.
        key = load_chain_key()
        queue = self._queue = AuditQueue(self._folder, key.key)
        self._opened.set()
        unwritten: list[Callable[[AuditQueue], None]] = []
        if not key.kept:
            self._note(NOT_KEPT)
            note = Event(Act.KEY_NOT_KEPT, self._clock.now(), self._session)
            unwritten.append(lambda queue: queue.append(note))
        while True:
            unwritten.append(self._jobs.get())
            try:
                while unwritten:
                    unwritten[0](queue)
                    unwritten.pop(0)
            except OSError:
                continue  # no room on the disk, or no way to it: tried again with the next act, in order
