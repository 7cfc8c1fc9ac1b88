"""How an image is looked at: its window, whether it is inverted, how it is turned, enlarged and moved.

Owns: what keys and drags do to these. Must never: import a widget, or change what is stored.
"""

from __future__ import annotations

from dataclasses import replace

from client.session.stored import Stored, Window
from client.ui.images.keys import DIRECTIONS, WINDOWING, Deed
from client.ui.images.placing import Placing, Point, Turn, centred, fitted, tall
from client.ui.images.presets import Preset, first_window

_STEP = 1.25  # of enlargement
_KEY_PIXELS = 40  # screen pixels an arrow key moves the image
_DRAG = 1 / 300  # of the width of the window in force, for a pixel of the mouse
_NARROWEST = 1e-6
_TURNS = {
    Deed.TURN_RIGHT: Turn.right,
    Deed.TURN_LEFT: Turn.left,
    Deed.ACROSS: Turn.across,
    Deed.UPSIDE_DOWN: Turn.upside_down,
}


class Look:
    """The look at one frame after the other of a stack."""

    def __init__(self) -> None:
        self.stored: Stored | None = None
        self.presets: tuple[Preset, ...] = ()
        self.invert = False
        self.turn = Turn()
        self.room = (1.0, 1.0)  # width and height in device pixels
        self._chosen: Window | None = None  # None: what the image is shown with by itself
        self._placed: Placing | None = None  # None: fitted to the room

    def take(self, stored: Stored | None, presets: tuple[Preset, ...]) -> None:
        """Look at another frame, in the same way where it has the same size."""
        before, self.stored, self.presets = self.stored, stored, presets
        if before is None or stored is None or (before.rows, before.columns) != (stored.rows, stored.columns):
            self._placed = None

    def reset(self) -> None:
        """Look at the image as it is shown by itself."""
        self._chosen, self._placed, self.turn, self.invert = None, None, Turn(), False

    @property
    def window(self) -> Window:
        """The window in force."""
        return self._chosen or first_window(self.presets)

    def choose(self, window: Window | None) -> None:
        """Look with this window; None for the image's own."""
        self._chosen = window

    @property
    def windowed(self) -> bool:
        """Whether there are greys to window, not colours."""
        return self.stored is not None and self.stored.grey

    @property
    def placing(self) -> Placing | None:
        """Where the image stands in device pixels; None without an image."""
        stored = self.stored
        if stored is None or self._placed is not None:
            return self._placed
        return fitted(self.turn, stored.columns, stored.rows, tall(stored.geometry), *self.room)

    def do(self, deed: Deed, scale: float) -> bool:
        """Do what a key stands for; `scale`: device pixels of a screen pixel. False for no such."""
        if deed in _TURNS:
            self.turn, self._placed = _TURNS[deed](self.turn), None
        elif deed in (Deed.LARGER, Deed.SMALLER):
            self.enlarge(1 if deed is Deed.LARGER else -1)
        elif deed is Deed.FIT:
            self._placed = None
        elif deed is Deed.ONE_TO_ONE:
            self._placed = self._one_to_one()
        elif deed in DIRECTIONS:
            x, y = DIRECTIONS[deed]
            self.move(x * _KEY_PIXELS * scale, y * _KEY_PIXELS * scale)
        elif deed is Deed.INVERT:
            self.invert = not self.invert
        elif deed is Deed.RESET:
            self.reset()
        else:
            return False
        return True

    def enlarge(self, steps: float, around: Point | None = None) -> None:
        """Enlarge by steps; what is at `around`, in device pixels, stays there, else the middle."""
        if (placing := self.placing) is not None:
            width, height = self.room
            self._placed = placing.enlarged(_STEP**steps, around or Point(width / 2, height / 2))

    def move(self, x: float, y: float) -> None:
        """Move the image by device pixels."""
        if (placing := self.placing) is not None:
            self._placed = placing.moved(x, y)

    def dragged(self, x: float, y: float) -> Window:
        """Return the window after a drag in screen pixels: to the right wider, downwards darker."""
        window = self.window
        step = window.width * _DRAG
        # Not below a quarter at once: a jump of the mouse must not end in a threshold.
        width = max(window.width + x * step, window.width / 4, _NARROWEST)
        return replace(window, centre=window.centre + y * step, width=width)

    def stepped(self, deed: Deed) -> Window:
        """Return the window after a key."""
        window = self.window
        shift, factor = WINDOWING[deed]
        return replace(window, centre=window.centre + shift * window.width, width=window.width * factor)

    def _one_to_one(self) -> Placing | None:
        stored = self.stored
        if stored is None:
            return None
        return centred(self.turn, stored.columns, stored.rows, tall(stored.geometry), *self.room, 1.0)
