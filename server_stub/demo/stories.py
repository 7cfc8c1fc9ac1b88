"""Every story that can happen to a patient of the demonstration data."""

from __future__ import annotations

from server_stub.demo import (
    abdomen,
    abroad,
    bones,
    breast,
    chest,
    children,
    fluoroscopy,
    neck,
    neuro,
    nuclear,
    pelvis,
    vascular,
)

_PLACES = (abdomen, bones, breast, chest, children, fluoroscopy, neck, neuro, nuclear, pelvis, vascular)

STORIES = tuple(story for place in _PLACES for story in place.STORIES) + abroad.STORIES
"""All of them."""

SINGLES = tuple(story for place in _PLACES for story in place.SINGLES) + abroad.STORIES
"""Those that are one exam and over."""

FILLERS = bones.FILLERS + children.FILLERS
"""Those that fit anybody at any time, whatever else has been told about them."""
