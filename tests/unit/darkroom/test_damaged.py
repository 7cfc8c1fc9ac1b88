"""Damaged documents of every kind: each is shown or says why, and none harms the session.

A few hundred of each; `python -m tests.fuzz` develops 10,000 of each.
"""

import pytest

from client.darkroom.refusal import Refusal
from tests.unit.darkroom.mutation import KINDS, develop_damaged
from tests.unit.darkroom.processes import descriptors

COUNT = 200


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_shown_or_says_why(darkroom, kind):
    develop, samples = KINDS[kind]
    develop(darkroom, samples[0])
    before = len(descriptors())
    became = develop_damaged(darkroom, kind, COUNT, seed=kind)
    assert sum(became.values()) == COUNT
    assert Refusal.OVERDUE.sentence not in became
    assert Refusal.NO_ROOM.sentence not in became
    assert len(descriptors()) <= before  # what an earlier test let go of may be closed meanwhile
    develop(darkroom, samples[0])
