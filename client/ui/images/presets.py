"""The windows that can be chosen by one key: those the image brings, then those of its modality.

Owns: names and numbers of the usual windows. Must never: put one of ours before the image's own.
"""

from __future__ import annotations

from typing import NamedTuple

from client.session.stored import Stored, Window
from client.ui.images.grey import Grey
from client.ui.images.reading_off import unit

MOST = 9  # as many as there are digits
_COLOURS = Window(128, 256)
_OF_FILE = 4  # at most, where an image brings many


class Preset(NamedTuple):
    """A window with a name."""

    title: str
    window: Window


# Hounsfield units mean the same on every scanner (PS3.3 C.8.2.1), so for them there are usual windows. Values
# of other modalities mean nothing from one image to the next.
_USUAL = {
    "HU": (
        ("Soft tissue", 40, 400),
        ("Lung", -600, 1500),
        ("Bone", 500, 2000),
        ("Brain", 40, 80),
        ("Liver", 60, 160),
        ("Vessels", 200, 600),
    ),
}


def presets(stored: Stored, grey: Grey) -> tuple[Preset, ...]:
    """Return what can be chosen for an image, the first being what it is shown with."""
    named = [
        Preset(each.said or (f"Window {at} of the image" if at > 1 else "Window of the image"), each.window)
        for at, each in enumerate(stored.windows[:_OF_FILE], 1)
    ]
    usual = [Preset(title, Window(c, w)) for title, c, w in _USUAL.get(unit(stored), ())]
    fitted = Preset("Fitted to the values", grey.own_window())
    return (*(*named, *usual)[: MOST - 1], fitted)


def first_window(named: tuple[Preset, ...]) -> Window:
    """Return what an image is shown with by itself; colours have no window, and get one that does nothing."""
    return named[0].window if named else _COLOURS
