"""The TLS server and the signed-in portal of the portal's own tests."""

from tests.unit.portal.conftest import authority, connect, serve
from tests.unit.portal.test_portal import signed_in

__all__ = ["authority", "connect", "serve", "signed_in"]
