"""The real program on the real portal."""

from tests.driver.fixtures import authority, faults, home, portal, program, reader, shared, start, switch

__all__ = ["authority", "faults", "home", "portal", "program", "reader", "shared", "start", "switch"]
