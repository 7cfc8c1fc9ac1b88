"""The keys of an image, and the words for them; one place, so that tool tips and keys cannot part.

Must never: take a letter from a line that is typed into: an image takes keys only while it has the focus.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


class Deed(Enum):
    """What can be done with an image; the value is how a person calls it."""

    NEXT = "Next image"
    BACK = "Previous image"
    FURTHER = "Ten images further"
    FURTHER_BACK = "Ten images back"
    FIRST = "First image"
    LAST = "Last image"
    NEXT_STACK = "Next series"
    BACK_STACK = "Previous series"
    LARGER = "Larger"
    SMALLER = "Smaller"
    FIT = "Fit to the window"
    ONE_TO_ONE = "One image pixel on one of the screen"
    LEFT = "Move left"
    RIGHT = "Move right"
    UP = "Move up"
    DOWN = "Move down"
    TURN_RIGHT = "Turn right"
    TURN_LEFT = "Turn left"
    ACROSS = "Mirror left and right"
    UPSIDE_DOWN = "Mirror top and bottom"
    INVERT = "Invert"
    RESET = "As it was"
    BRIGHTER = "Brighter"
    DARKER = "Darker"
    HARDER = "More contrast"
    SOFTER = "Less contrast"
    TOOL_WINDOW = "Window"
    TOOL_MOVE = "Move"
    TOOL_LENGTH = "Measure a length"
    FORGET_LENGTHS = "Remove the lengths of this image"
    PLAY = "Play or stop"
    FASTER = "Faster"
    SLOWER = "Slower"
    BESIDE = "Two images side by side"
    LINK = "Scroll and window together"
    LEAVE = "Back to the report"


ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
MEASURING = frozenset({*ARROWS, Qt.Key.Key_Return, Qt.Key.Key_Enter})
DIRECTIONS = {Deed.LEFT: (-1, 0), Deed.RIGHT: (1, 0), Deed.UP: (0, -1), Deed.DOWN: (0, 1)}
WINDOWING = {  # of the width, added to the centre; times the width
    Deed.BRIGHTER: (-0.05, 1.0),
    Deed.DARKER: (0.05, 1.0),
    Deed.HARDER: (0.0, 1 / 1.1),
    Deed.SOFTER: (0.0, 1.1),
}

_PLAIN = {
    Qt.Key.Key_Down: Deed.NEXT,
    Qt.Key.Key_Up: Deed.BACK,
    Qt.Key.Key_PageDown: Deed.FURTHER,
    Qt.Key.Key_PageUp: Deed.FURTHER_BACK,
    Qt.Key.Key_Home: Deed.FIRST,
    Qt.Key.Key_End: Deed.LAST,
    Qt.Key.Key_Right: Deed.NEXT_STACK,
    Qt.Key.Key_Left: Deed.BACK_STACK,
    Qt.Key.Key_F: Deed.FIT,
    Qt.Key.Key_O: Deed.ONE_TO_ONE,
    Qt.Key.Key_R: Deed.TURN_RIGHT,
    Qt.Key.Key_H: Deed.ACROSS,
    Qt.Key.Key_V: Deed.UPSIDE_DOWN,
    Qt.Key.Key_I: Deed.INVERT,
    Qt.Key.Key_Backspace: Deed.RESET,
    Qt.Key.Key_W: Deed.TOOL_WINDOW,
    Qt.Key.Key_P: Deed.TOOL_MOVE,
    Qt.Key.Key_M: Deed.TOOL_LENGTH,
    Qt.Key.Key_Delete: Deed.FORGET_LENGTHS,
    Qt.Key.Key_Space: Deed.PLAY,
    Qt.Key.Key_S: Deed.BESIDE,
    Qt.Key.Key_L: Deed.LINK,
    Qt.Key.Key_Escape: Deed.LEAVE,
}
_SHIFT = {
    Qt.Key.Key_R: Deed.TURN_LEFT,
    Qt.Key.Key_Left: Deed.LEFT,
    Qt.Key.Key_Right: Deed.RIGHT,
    Qt.Key.Key_Up: Deed.UP,
    Qt.Key.Key_Down: Deed.DOWN,
}
_CTRL = {
    Qt.Key.Key_Up: Deed.BRIGHTER,
    Qt.Key.Key_Down: Deed.DARKER,
    Qt.Key.Key_Right: Deed.SOFTER,
    Qt.Key.Key_Left: Deed.HARDER,
    Qt.Key.Key_0: Deed.FIT,
    Qt.Key.Key_1: Deed.ONE_TO_ONE,
}
# By what is written on the key: where it is, and with which other key, differs from keyboard to keyboard.
_WRITTEN = {"+": Deed.LARGER, "=": Deed.LARGER, "-": Deed.SMALLER, ",": Deed.SLOWER, ".": Deed.FASTER}

_SAID = {
    Deed.LARGER: "+",
    Deed.SMALLER: "−",
    Deed.FIT: "F",
    Deed.ONE_TO_ONE: "O",
    Deed.TURN_RIGHT: "R",
    Deed.TURN_LEFT: "Shift+R",
    Deed.ACROSS: "H",
    Deed.UPSIDE_DOWN: "V",
    Deed.INVERT: "I",
    Deed.RESET: "Backspace",
    Deed.TOOL_WINDOW: "W",
    Deed.TOOL_MOVE: "P",
    Deed.TOOL_LENGTH: "M",
    Deed.PLAY: "Space",
    Deed.BESIDE: "S",
    Deed.LINK: "L",
    Deed.LEAVE: "Esc",
}


def deed(event: QKeyEvent) -> Deed | None:
    """Return what a key stands for, None for nothing."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    if held == Qt.KeyboardModifier.NoModifier and key in _PLAIN:
        return _PLAIN[key]
    if held == Qt.KeyboardModifier.ShiftModifier and key in _SHIFT:
        return _SHIFT[key]
    if held == Qt.KeyboardModifier.ControlModifier:
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            return Deed.LARGER
        return Deed.SMALLER if key == Qt.Key.Key_Minus else _CTRL.get(key)
    if held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return _WRITTEN.get(event.text())
    return None


def digit(event: QKeyEvent) -> int | None:
    """Return which preset a digit stands for, from 0; None for any other key."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    words = event.text()
    if held == Qt.KeyboardModifier.NoModifier and len(words) == 1 and words in "123456789":
        return int(words) - 1
    return None


def said(deed: Deed) -> str:
    """Return a deed with its key, as it stands in a tool tip."""
    key = _SAID.get(deed)
    return f"{deed.value} ({key})" if key else deed.value
