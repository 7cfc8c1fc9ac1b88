"""The real program on the real portal."""

from tests.driver.fixtures import faults, home, portal, start

__all__ = ["faults", "home", "portal", "start"]
