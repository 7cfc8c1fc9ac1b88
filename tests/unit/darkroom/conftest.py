"""A real darkroom with real processes."""

import pytest

from client.darkroom.darkroom import Darkroom
from tests.unit.darkroom.processes import Deed


@pytest.fixture(scope="module")
def darkroom():
    """One darkroom for a file of tests, as one session has."""
    darkroom = Darkroom()
    darkroom.start()
    yield darkroom
    darkroom.close()


@pytest.fixture
def own():
    """A darkroom that a test may do anything to."""
    darkroom = Darkroom()
    yield darkroom
    darkroom.close()


@pytest.fixture
def do(darkroom):
    """Have a taken-over parser do something; return how far it came."""
    return lambda deed, *given: darkroom.develop(Deed.MISBEHAVE, {"deed": deed, "given": given}).said["found"]
