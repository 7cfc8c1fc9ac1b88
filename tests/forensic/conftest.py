"""Canary patients through the real program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.driver.fixtures import home, start
from tests.driver.program import Portal
from tests.forensic.canary import Canaries

__all__ = ["canaries", "home", "portal", "start"]


@pytest.fixture(scope="session")
def canaries() -> Canaries:
    """Words that occur nowhere but in the canary patients."""
    return Canaries()


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, canaries: Canaries) -> Iterator[Portal]:
    """A portal with canary patients among its reports."""
    folder = tmp_path_factory.mktemp("canaries")
    data = folder / "canaries.json"
    data.write_bytes(canaries.bundle())
    portal = Portal(folder / "state", "--data", str(data), "--demo", "40")
    try:
        portal.add_user("radiologist")
        yield portal
    finally:
        portal.close()
