"""One document that a process of its own holds, seen from the session: asked, waited for, closed.

Owns: how long a question may take, and what becomes of a process that takes longer.
Must never: pass on words of a process that read a document: only what was asked for, or a reason of ours why
it is not there.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, Protocol

from client.darkroom.message import Blob, Garbled, HungUp, Link, Message, Said, Until, receive, send
from client.darkroom.refusal import Refusal
from client.errors import DevelopError

ANSWER_WITHIN = timedelta(seconds=10)  # a question; a page of a PDF takes some 20 ms
_END_WITHIN = timedelta(seconds=1)
_REST = 1 << 16
_CODE = re.compile(r"\w{1,40}(?: in client\.[\w.]{1,60} line \d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Developed:
    """What came back: JSON's values, and bytes-like blobs. Both may be a hostile document's choice."""

    said: Said = field(repr=False)
    blobs: tuple[Blob, ...] = field(repr=False)


class Helper(Protocol):
    """What starts processes that develop (`client.darkroom.first_process`, `client.darkroom.spare`)."""

    def develop(self, number: int, module: str) -> Link:
        """Return the way to a new process; OSError where there is none to be had."""
        ...

    def end(self, number: int) -> None:
        """End that process; at once."""
        ...

    def kill(self) -> None:
        """End the helper and all its processes; at once."""
        ...

    def wait(self) -> None:
        """Block until the helper is gone."""
        ...


class Place(NamedTuple):
    """A process that is to read one document, and the way to it."""

    helper: Helper
    number: int
    link: Link


class Desk:
    """A document that stays open in a process of its own; `first` is what was answered when it was taken."""

    first: Developed

    def __init__(self, place: Place) -> None:
        self._place = place
        self._open = True
        self._asking = threading.Lock()

    def ask(self, said: Said, *blobs: Blob) -> Developed:
        """Ask about the document; raises DevelopError. One question at a time: the others wait their turn."""
        return self.put(said, blobs, Until.within(ANSWER_WITHIN))

    def put(self, said: Said, blobs: tuple[Blob, ...], until: Until) -> Developed:
        """Ask, with an answer by `until`."""
        with self._asking:
            if not self._open:
                raise DevelopError(Refusal.CLOSED.sentence)
            try:
                send(self._place.link, said, blobs, until)
                answer = receive(self._place.link, until)
            except TimeoutError:
                refusal = Refusal.OVERDUE
                self._make_sure()
            except (HungUp, Garbled):
                refusal = Refusal.GONE
            else:
                return _read(answer)
            self._hang_up()
        raise DevelopError(refusal.sentence)

    def _make_sure(self) -> None:
        """End the process; where it is not gone soon, the helper hangs, and is ended with all it has."""
        place = self._place
        place.helper.end(place.number)
        place.link.settimeout(_END_WITHIN.total_seconds())
        try:
            while place.link.recv_into(memoryview(bytearray(_REST))):
                pass  # what it had still to say
        except TimeoutError:
            place.helper.kill()
        except OSError:
            return

    def close(self) -> None:
        """Close the document and end its process, also while somebody waits for an answer; never blocks."""
        with contextlib.suppress(OSError):
            self._place.link.shutdown(socket.SHUT_RDWR)  # whoever waits for an answer waits no more
        with self._asking:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._open:
            self._open = False
            self._place.helper.end(self._place.number)
            self._place.link.close()

    def __enter__(self) -> Desk:
        """Stay open for a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


def _read(answer: Message) -> Developed:
    said = answer.said
    if isinstance(found := said.get("answer"), dict):
        return Developed(found, answer.blobs)
    try:
        refusal = Refusal(said.get("refused"))
    except ValueError:
        refusal = Refusal.UNFORESEEN
    code = said.get("code")
    if isinstance(code, str) and _CODE.fullmatch(code):
        raise DevelopError(f"{refusal.sentence} Tell your administrator this code: {code}.")
    raise DevelopError(refusal.sentence)
