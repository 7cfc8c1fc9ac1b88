"""Fixtures that start the real parts: one portal for each test process, and programs as tests need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.driver.program import Home, Portal, Program, running
from tests.driver.switch import Switch
from tests.unit.portal.conftest import Authority


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal with demonstration reports, two sign-ins and faults that tests can switch on."""
    portal = Portal(tmp_path_factory.mktemp("portal") / "state", "--demo", "260", faults=True)
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


@pytest.fixture(scope="module")
def switch(portal: Portal) -> Iterator[Switch]:
    """An address that leads to the portal, unless a test leads it elsewhere."""
    switch = Switch()
    switch.lead_to(portal.url)
    yield switch
    switch.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority of the test's own, trusted by the program beside the portal's."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def shared(
    portal: Portal, switch: Switch, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """One program for a whole module; it trusts the portal's authority and the test's own."""
    trusted = authority.folder / "trusted.pem"
    trusted.write_bytes(Path(portal.ca).read_bytes() + authority.file.read_bytes())
    home = Home(tmp_path_factory.mktemp("shared") / "home")
    home.prefer(prefetch=0)  # what a test opens is fetched when it opens it
    with running(home, "--portal", switch.url, "--ca-file", str(trusted)) as program:
        yield program


@pytest.fixture
def program(shared: Program, faults: Portal, switch: Switch) -> Iterator[Program]:
    """The module's program with its sign-in page on screen."""
    for pid, seen in shared.sessions().items():
        if seen["visible"] and seen["screen"] != "sign-in":
            shared.tell("sign_out", pid)
            shared.gone(pid)
            shared.described(shared.shown("sign-in"))  # before this test's faults
        elif seen.get("busy"):
            shared.tell("cancel", pid)
    yield shared
    switch.lead_to(faults.url)


@pytest.fixture
def reader(shared: Program, faults: Portal, switch: Switch) -> Iterator[int]:
    """The id of the module's session with a whole worklist: the one that is there, or a new one."""
    there = [pid for pid, seen in shared.sessions().items() if seen["visible"] and "rows" in seen]
    pid = there[0] if there else shared.sign_in("radiologist")
    shared.ask("refresh", pid=pid)
    shared.whole(pid)
    yield pid
    switch.lead_to(faults.url)
