"""What can be developed, and which file of `client.darkroom.work` does it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, Protocol

from client.darkroom.message import Message


class Task(Enum):
    """A kind of work; the value is the module that does it."""

    COMPOSE = "client.darkroom.work.compose"
    PDF = "client.darkroom.work.pdf"
    SCAN = "client.darkroom.work.scan"
    IMAGE = "client.darkroom.work.image"


Ask = Callable[[Message], Message]


class Begun(NamedTuple):
    """The answer to the first message, and what answers the next ones where the document stays open."""

    answer: Message
    ask: Ask | None = None


class Work(Protocol):
    """What a module of `client.darkroom.work` has to offer."""

    @property
    def READS(self) -> tuple[str, ...]:
        """Folders below which it may open a file to read once it is locked in: letters, nothing else."""
        ...

    def prepare(self) -> None:
        """Import and warm up everything that will be needed: later no file can be opened."""
        ...

    def begin(self, request: Message) -> Begun:
        """Take the document. Raises `Refused`; anything else is a fault of ours or of the document's."""
        ...
