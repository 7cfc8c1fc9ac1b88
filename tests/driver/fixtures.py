"""Fixtures that start the real parts: one portal for each test process, and programs as tests need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.driver.program import Home, Portal, Program, running


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal with demonstration reports, two sign-ins and faults that tests can switch on."""
    portal = Portal(tmp_path_factory.mktemp("portal") / "state", "--demo", "120", faults=True)
    try:
        portal.add_user("radiologist")
        portal.add_user("referrer", "referring-physician", "--practitioner", "prac-ref-01")
        yield portal
    finally:
        portal.close()


@pytest.fixture
def faults(portal: Portal) -> Iterator[Portal]:
    """The portal, with all faults off again afterwards."""
    yield portal
    portal.clear_faults()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A user's home of its own."""
    return Home(tmp_path / "home")


@pytest.fixture
def start(portal: Portal, home: Home) -> Iterator[Callable[..., Program]]:
    """Start the program on the portal; ended with the test."""
    with ExitStack() as stack:

        def begin(*options: str, url: str = "", ca: str = "") -> Program:
            words = ("--portal", url or portal.url, "--ca-file", ca or portal.ca, *options)
            return stack.enter_context(running(home, *words))

        yield begin
