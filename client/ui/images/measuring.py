"""Measuring lengths, by mouse and by keys: what was measured on which picture, and what is being measured.

Owns: the lines, in pixels of the stored images. Must never: move a line when the image is turned or enlarged.
"""

from __future__ import annotations

from collections.abc import Hashable

from client.ui.images.lengths import Length
from client.ui.images.placing import Point


class Measuring:
    """The lengths of the pictures of a stack."""

    def __init__(self) -> None:
        self.begun: Point | None = None  # a length that has no end yet
        self.cross: Point | None = None  # where the arrow keys are; None while the mouse measures
        self.pointed: Point | None = None  # where the mouse is
        self._done: dict[Hashable, tuple[Length, ...]] = {}
        self._picture: Hashable = None

    def take(self, picture: Hashable) -> None:
        """Go to another picture; what was begun on the one before is given up."""
        self._picture = picture
        self.begun = self.cross = None

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self.take(None)
        self.pointed = None

    @property
    def aimed(self) -> Point | None:
        """The place that is read off: the cross of the keys, else the mouse's."""
        return self.cross or self.pointed

    @property
    def lengths(self) -> tuple[Length, ...]:
        """What was measured on the picture."""
        return self._done.get(self._picture, ())

    @property
    def in_hand(self) -> tuple[Length, ...]:
        """The length that has no end yet, up to where it is aimed."""
        return (Length(self.begun, self.aimed),) if self.begun is not None and self.aimed is not None else ()

    def set_end(self, at: Point | None) -> None:
        """Begin a length, or end the one that was begun; one without extent is none."""
        begun = self.begun
        if begun is None:
            self.begun = at
            return
        self.begun = None
        if at is not None and at != begun:
            self._done[self._picture] = (*self.lengths, Length(begun, at))

    def give_up(self) -> bool:
        """Give up what was begun; return whether there was anything."""
        begun, self.begun = self.begun, None
        return begun is not None

    def forget(self) -> None:
        """Remove the lengths of the picture."""
        self._done.pop(self._picture, None)
        self.begun = None
