"""Two images side by side that scroll and are windowed together.

Owns: which picture of one stack goes with one of the other: the nearest along the normal where both know
where they lie, as many further otherwise. Must never: link planes that are not parallel by their depth.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from client.session.stored import Geometry, Window
from client.ui.images.reading_off import unit
from client.ui.images.reel import Reel

_PARALLEL = 0.98  # cosine of the angle between two normals: some 11 degrees


class Link(QObject):
    """Holds two reels together while `on`."""

    def __init__(self, first: Reel, second: Reel) -> None:
        super().__init__(first)
        self.on = True
        self._reels = (first, second)
        for own, other in ((first, second), (second, first)):
            own.stepped.connect(lambda by, own=own, other=other: self._follow(own, other, by))
            own.shown.connect(lambda own=own, other=other: self._settle(own, other))
            own.pane.windowed.connect(lambda window, own=own, other=other: self._window(own, other, window))
        self._leading: Reel | None = None  # whose depth the other goes to
        self._tries = 0

    def _both(self) -> bool:
        return self.on and all(reel.pane.isVisible() and reel.stack is not None for reel in self._reels)

    def _window(self, own: Reel, other: Reel, window: Window) -> None:
        """Give the other the same window, where values of the two mean the same."""
        one, two = own.pane.stored, other.pane.stored
        if not self._both() or one is None or two is None or not two.grey:
            return
        if (one.facts.modality, unit(one)) == (two.facts.modality, unit(two)):
            other.pane.set_window(window)

    def _follow(self, own: Reel, other: Reel, by: int) -> None:
        """Go as many pictures further in the other; its depth is looked at when both are in sight."""
        if not self._both():
            return
        self._leading, self._tries = own, 3
        other.go(other.at + by)

    def _settle(self, own: Reel, other: Reel) -> None:
        leading = self._leading
        if leading is None or not self._both():
            return
        follower = other if leading is own else own
        depth = comparable_depth(leading, follower)
        if depth is None or follower.seen != follower.at or leading.seen != leading.at:
            return
        nearest = follower.nearest(depth)
        if nearest is None or nearest == follower.at or self._tries == 0:
            self._leading = None  # as near as is known
            return
        self._tries -= 1  # each picture that is seen makes the next guess better
        follower.go(nearest)


def comparable_depth(leading: Reel, follower: Reel) -> float | None:
    """Return the depth to go to, None where the two do not lie in one space in parallel planes."""
    one, other = leading.pane.stored, follower.pane.stored
    if one is None or other is None or leading.depth is None or follower.depth is None:
        return None
    if one.facts.space != other.facts.space:
        return None
    return leading.depth if parallel(one.geometry, other.geometry) else None


def parallel(one: Geometry, other: Geometry) -> bool:
    """Return whether two planes face the same way, near enough for depths to be compared."""
    if one.normal is None or other.normal is None:
        return False
    return sum(a * b for a, b in zip(one.normal, other.normal, strict=True)) > _PARALLEL
