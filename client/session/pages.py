"""A document of pages that lies open in the darkroom: how large they are, what they look like, what they say.

Owns: the questions that wait for an answer; what is in sight comes before what is small or only searched.
Must never: import Qt, believe an answer before it was held against what was asked, or call back once closed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from client.darkroom.darkroom import Darkroom
from client.darkroom.desk import Desk, Developed
from client.darkroom.message import Blob, Said
from client.darkroom.task import Task
from client.documents.document import DocumentKind
from client.errors import DevelopError, SafelightError
from client.session.lanes import Lanes

TASKS = {DocumentKind.PDF: Task.PDF, DocumentKind.SCAN: Task.SCAN}
_LONGEST = 20  # times its width: a strip cannot be read, and a picture of it could be of any size
_LARGEST = 100_000.0  # points or pixels of a side
_POINTS = 72.0  # an inch
_MOST_WORDS = 20_000
_STRIP = (
    "A page of this document is far too long and narrow to be drawn safely, so Safelight does not show it. "
    "Open the report at the portal, or ask who wrote it."
)
_GARBLED = "This document cannot be shown. Open the report at the portal, or ask who wrote it."


class Size(NamedTuple):
    """A page's size in points (1/72 inch); of a scan without a resolution, in pixels of its own."""

    width: float
    height: float


class Box(NamedTuple):
    """A place on a page, in points from its top left corner."""

    x: float
    y: float
    width: float
    height: float


class Word(NamedTuple):
    """A word of a page's text and where it stands."""

    start: int
    length: int
    box: Box


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture: 32 bits a pixel, blue first, lines without padding."""

    page: int
    width: int
    height: int
    pixels: Blob = field(repr=False)


class Wanted(NamedTuple):
    """A page's picture that is to be made, at `scale` pixels a point."""

    page: int
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    said: Said
    done: Callable[[Developed], None]
    failed: Callable[[str], None]


class Pages:
    """One document; for the main thread alone, where all of its answers arrive."""

    def __init__(self, darkroom: Darkroom, lanes: Lanes, kind: DocumentKind, data: bytes) -> None:
        self._darkroom, self._lanes = darkroom, lanes
        self._task, self._data = TASKS[kind], data
        self._desk: Desk | None = None
        self._units: list[float] = []  # the darkroom's units of length a point, page by page
        self._waiting: tuple[deque[_Question], deque[_Question], deque[_Question]] = (
            deque(),
            deque(),
            deque(),
        )
        self._busy = self._closed = False

    @property
    def has_words(self) -> bool:
        """Whether pages say their words: a scan is a picture alone."""
        return self._task is Task.PDF

    def open(self, done: Callable[[tuple[Size, ...]], None], failed: Callable[[str], None]) -> None:
        """Open the document; `done` hears of its pages, `failed` why it cannot be shown."""

        def opened(first: Developed) -> None:
            try:
                sizes = self._sizes(first.said)
            except (DevelopError, KeyError, TypeError, ValueError, IndexError) as error:
                self.close()
                failed(str(error) if isinstance(error, DevelopError) else _GARBLED)
                return
            done(sizes)

        self._waiting[0].append(_Question({}, opened, failed))
        self._next()

    def draw(
        self,
        wanted: Sequence[Wanted],
        done: Callable[[Picture], None],
        failed: Callable[[int, str], None],
        *,
        small: bool = False,
    ) -> None:
        """Have these pages drawn, first come first drawn, in place of all that are not drawn yet."""
        waiting = self._waiting[1 if small else 0]
        waiting.clear()
        for page, scale in wanted:
            said = {"what": "page", "page": page, "scale": scale / self._units[page]}

            def drawn(answer: Developed, page: int = page) -> None:
                picture = _picture(page, answer)
                if picture is None:
                    failed(page, _GARBLED)
                else:
                    done(picture)

            waiting.append(_Question(said, drawn, partial(failed, page)))
        self._next()

    def read(self, page: int, done: Callable[[str], None]) -> None:
        """Ask for a page's text; "" where it cannot be had."""

        def answered(answer: Developed) -> None:
            text = answer.said.get("text")
            done(text if isinstance(text, str) else "")

        self._ask({"what": "text", "page": page}, answered, lambda _why: done(""))

    def words(self, page: int, done: Callable[[list[Word]], None]) -> None:
        """Ask where a page's words are."""

        def answered(answer: Developed) -> None:
            done([word for word in map(_word, _list(answer.said.get("words"))[:_MOST_WORDS]) if word])

        self._ask({"what": "words", "page": page}, answered, lambda _why: done([]))

    def boxes(
        self, page: int, spans: Sequence[tuple[int, int]], done: Callable[[list[list[Box]]], None]
    ) -> None:
        """Ask where pieces of a page's text are, each (start, length): the boxes of each."""

        def answered(answer: Developed) -> None:
            found = _list(answer.said.get("boxes"))
            done([[box for box in map(_box, _list(each)) if box] for each in found])

        self._ask({"what": "boxes", "page": page, "spans": list(spans)}, answered, lambda _why: done([]))

    def forget_words(self) -> None:
        """Ask no more of what is only searched."""
        self._waiting[2].clear()

    def close(self) -> None:
        """Close the document; nothing is called back any more."""
        self._closed = True
        for waiting in self._waiting:
            waiting.clear()
        self._put_away()

    def _ask(self, said: Said, done: Callable[[Developed], None], failed: Callable[[str], None]) -> None:
        self._waiting[2].append(_Question(said, done, failed))
        self._next()

    def _next(self) -> None:
        if self._busy or self._closed:
            return
        question = next((waiting.popleft() for waiting in self._waiting if waiting), None)
        if question is None:
            return
        self._busy = True
        self._lanes.run(
            partial(self._answer, question),
            done=partial(self._answered, question),
            failed=partial(self._failed, question),
        )

    def _answer(self, question: _Question) -> Developed:
        # In a lane. A process that was lost with the page before is replaced: that page costs no other.
        try:
            desk = self._desk
            if desk is None:
                desk = self._desk = self._darkroom.open(self._task, {}, self._data)
            return desk.ask(question.said) if question.said else desk.first
        except DevelopError:
            self._put_away()
            raise
        finally:
            if self._closed:  # while it was being opened
                self._put_away()

    def _put_away(self) -> None:
        desk, self._desk = self._desk, None
        if desk is not None:
            desk.close()

    def _answered(self, question: _Question, answer: Developed) -> None:
        self._busy = False
        if self._closed:
            return
        question.done(answer)
        self._next()

    def _failed(self, question: _Question, error: SafelightError) -> None:
        self._busy = False
        if not self._closed:
            question.failed(str(error))
            self._next()

    def _sizes(self, said: Said) -> tuple[Size, ...]:
        sizes = [Size(float(width), float(height)) for width, height in said["sizes"]]
        dots = said.get("resolution") or [(0.0, 0.0)] * len(sizes)
        units = [(_unit(across), _unit(down)) for across, down in dots]  # a fax has two resolutions
        self._units = [across for across, _ in units]
        if not sizes or len(self._units) != len(sizes):
            raise ValueError
        if not all(0 < side < _LARGEST for size in sizes for side in size):
            raise ValueError
        if any(size.height > _LONGEST * size.width for size in sizes):
            raise DevelopError(_STRIP)
        return tuple(
            Size(size.width / across, size.height / down)
            for size, (across, down) in zip(sizes, units, strict=True)
        )


def _unit(dots: object) -> float:
    """Return the pixels a point of so many dots an inch; 1 where nothing is said."""
    return dots / _POINTS if isinstance(dots, int | float) and 1 < dots < _LARGEST else 1.0


def _picture(page: int, answer: Developed) -> Picture | None:
    width, height = answer.said.get("width"), answer.said.get("height")
    if type(width) is not int or type(height) is not int or width < 1 or height < 1 or not answer.blobs:
        return None
    pixels = answer.blobs[0]
    return Picture(page, width, height, pixels) if len(pixels) == 4 * width * height else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _box(value: object) -> Box | None:
    numbers = _numbers(value)
    return Box(*numbers) if len(numbers) == 4 else None


def _word(value: object) -> Word | None:
    numbers = _numbers(value)
    return Word(int(numbers[0]), int(numbers[1]), Box(*numbers[2:])) if len(numbers) == 6 else None


def _numbers(value: object) -> list[float]:
    found: Iterable[object] = _list(value)
    return [float(each) for each in found if isinstance(each, int | float) and abs(each) < _LARGEST]
