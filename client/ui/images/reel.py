"""Which picture of which stack a pane shows: scrolling, cine, and what is fetched ahead.

Owns: the place in the stack, and the pace of a cine. Must never: show a picture that is not the one asked for
last, or put one under another's caption.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from client.errors import SafelightError
from client.model.report import Report
from client.session.album import Album
from client.session.stacks import Slice, Stack
from client.session.stored import Stored
from client.ui import formats
from client.ui.images.marks import Caption
from client.ui.images.pane import ImagePane

_AHEAD = 6  # pictures in the direction of scrolling
_BEHIND = 2
_PACE = timedelta(milliseconds=100)  # of a cine whose file says nothing
_FASTEST, _SLOWEST = timedelta(milliseconds=16), timedelta(seconds=2)
_DOUBT = "In doubt: the image names another patient or exam"
_FETCHING = "Fetching this image from the portal …"
_MILLISECOND = timedelta(milliseconds=1)


class Reel(QObject):
    """Scrolls one pane through the stacks of an album."""

    shown = Signal()  # another picture is in sight
    stepped = Signal(int)  # the user scrolled, and by how many pictures

    def __init__(self, pane: ImagePane, place: int) -> None:
        super().__init__(pane)
        self.pane = pane
        self._place = place
        self._album: Album | None = None
        self._stack_at = 0
        self._at = 0  # asked for
        self.seen = -1  # in sight
        self._direction = 1
        self._depths: dict[int, float] = {}  # of the stack's pictures that were seen, in mm
        self._pace = _PACE
        self._cine = QTimer(self)
        self._cine.timeout.connect(self._turn_over)
        pane.scrolled.connect(self.step)

    def open(self, album: Album | None, stack: int = 0) -> None:
        """Show the middle picture of a stack; None for nothing at all."""
        self.stop()
        self._album = album
        self.pane.clear()
        if album is not None:
            self.choose_stack(stack)

    def choose_stack(self, stack: int, at: int | None = None) -> None:
        """Go to a stack of the album: to a picture of it, or to its middle."""
        if self._album is None or not 0 <= stack < len(self._album.stacks):
            return
        self.stop()
        self._stack_at, self.seen = stack, -1
        self._depths.clear()
        self.pane.clear()
        self.pane.show_sentence(_FETCHING)
        slices = self._album.stacks[stack].slices
        # Key images begin with the first, as the report names them; a series is best known by its middle.
        first = 0 if self._album.stacks[stack].number == 0 else (len(slices) - 1) // 2
        self.go(first if at is None else at)

    @property
    def stack(self) -> Stack | None:
        """The stack that is scrolled through."""
        return self._album.stacks[self._stack_at] if self._album is not None else None

    @property
    def stack_at(self) -> int:
        """Which stack of the album it is."""
        return self._stack_at

    @property
    def at(self) -> int:
        """Which picture was asked for last, from 0."""
        return self._at

    @property
    def count(self) -> int:
        """How many pictures the stack has."""
        return len(self.stack.slices) if self.stack is not None else 0

    @property
    def playing(self) -> bool:
        """Whether a cine runs."""
        return self._cine.isActive()

    def step(self, by: int) -> None:
        """Scroll as the user wants."""
        before = self._at
        self.go(self._at + by)
        if self._at != before:
            self.stepped.emit(self._at - before)

    def go(self, at: int) -> None:
        """Show a picture; one beyond the ends is the last before them."""
        album, stack = self._album, self.stack
        if album is None or stack is None:
            return
        at = min(max(at, 0), len(stack.slices) - 1)
        if at != self._at:
            self._direction = 1 if at > self._at else -1
        self._at = at
        wanted = stack.slices[at]
        token = (self._stack_at, at)
        album.bring(wanted, self._place, partial(self._show, token), partial(self._fail, token))
        album.look_ahead(
            stack.slices[near]
            for far in (*range(1, _AHEAD + 1), *range(-1, -_BEHIND - 1, -1))
            if 0 <= (near := at + far * self._direction) < len(stack.slices)
        )

    def again(self) -> None:
        """Ask for the same picture again."""
        self.go(self._at)

    # Cine

    def play(self) -> None:
        """Begin to play, at the pace the file gives, or stop."""
        if self.playing or self.count < 2:
            self.stop()
            return
        stored = self.pane.stored
        own = stored.facts.frame_time if stored is not None else None
        self._pace = own or self._pace
        self._start()

    def stop(self) -> None:
        """Stand still."""
        if self.playing:
            self._cine.stop()
            self.shown.emit()

    def hasten(self, factor: float) -> None:
        """Play faster, or slower where `factor` is less than 1."""
        self._pace = min(max(self._pace / factor, _FASTEST), _SLOWEST)
        if self.playing:
            self._start()

    @property
    def per_second(self) -> float:
        """How many pictures a second a cine shows."""
        return timedelta(seconds=1) / self._pace

    def _start(self) -> None:
        self._cine.start(max(1, round(self._pace / _MILLISECOND)))
        self.shown.emit()

    def _turn_over(self) -> None:
        if self.seen == self._at:  # a picture that is still on the way is waited for, not passed over
            self._direction = 1
            self.go((self._at + 1) % self.count)

    # Depth: where a picture lies along the normal of its planes

    @property
    def depth(self) -> float | None:
        """How deep the picture in sight lies, in mm; None where that is not known."""
        return self._depths.get(self.seen)

    def nearest(self, depth: float) -> int | None:
        """Return which picture lies nearest to a depth, judged by those that were seen; None without two."""
        known = sorted(self._depths.items())
        if len(known) < 2:
            return None
        (first, low), (last, high) = known[0], known[-1]
        if low == high:
            return None
        guess = first + (depth - low) / (high - low) * (last - first)
        return min(max(round(guess), 0), self.count - 1)

    # What comes

    def _show(self, token: tuple[int, int], stored: Stored) -> None:
        album, stack = self._album, self.stack
        if album is None or stack is None or token != (self._stack_at, self._at):
            return
        self.seen = self._at
        if (depth := stored.geometry.depth) is not None:
            self._depths[self._at] = depth
        wanted = stack.slices[self._at]
        words = caption(album.report, stack, self._at)
        if album.in_doubt(wanted):  # it stays in sight beside the names, which are the report's
            words = replace(words, whose=(*words.whose, _DOUBT))
        self.pane.show_picture(stored, words, wanted)
        self.shown.emit()

    def _fail(self, token: tuple[int, int], error: SafelightError) -> None:
        if token == (self._stack_at, self._at):
            self.stop()
            self.seen = -1
            self.pane.show_sentence(str(error))
            self.shown.emit()


def caption(report: Report, stack: Stack, at: int) -> Caption:
    """Return what stands in the corners of a picture: the report's patient, the exam, the picture's place."""
    patient = report.patient
    whose = [
        formats.name(patient.name if patient else ""),
        f"ID {formats.identifier(patient.identifier if patient else '')}",
    ]
    if patient is not None and patient.birth_date is not None:
        whose.append(f"born {formats.born(patient.birth_date)}")
    which = [formats.isolate(report.exam) or "Exam not named", formats.when(report.date)]
    return Caption(tuple(whose), (*(words for words in which if words), *_placed(stack, at)))


def _placed(stack: Stack, at: int) -> tuple[str, str]:
    wanted: Slice = stack.slices[at]
    series = f"Series {stack.number}  ·  " if stack.number else ""
    named = f"{series}{formats.isolate(stack.title)}"
    count = len(stack.slices)
    if all(each.image is wanted.image for each in stack.slices) and count > 1:
        return named, f"Frame {at + 1} of {count}"
    own = f"  (no. {wanted.number})" if wanted.number and wanted.number != at + 1 else ""
    frame = f"  frame {wanted.frame + 1}" if wanted.frame else ""
    return named, f"Image {at + 1} of {count}{own}{frame}"
