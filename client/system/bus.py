"""D-Bus: a call with an answer, and nothing that can hang.

Owns: opening a bus, asking one question within a time, and what counts as "no answer".
Must never: raise anything but `NoBus`.
"""

from __future__ import annotations

from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

ANSWER_WITHIN = 1.0  # seconds
LOGIND = "org.freedesktop.login1"
MANAGER = DBusAddress("/org/freedesktop/login1", LOGIND, "org.freedesktop.login1.Manager")


class NoBus(Exception):
    """There is no such bus or service, or it did not answer in time."""


def connect(bus: str, *, enable_fds: bool = False) -> DBusConnection:
    """Open SYSTEM, SESSION or an address; NoBus where that is not possible."""
    try:
        return open_dbus_connection(bus, enable_fds=enable_fds)
    except (OSError, ValueError, KeyError, RuntimeError, DBusErrorResponse) as problem:
        # jeepney: RuntimeError for an address it does not know, ValueError for a refused authentication.
        raise NoBus from problem


def ask(
    connection: DBusConnection, address: DBusAddress, member: str, signature: str | None = None, *body: Any
) -> tuple[Any, ...]:
    """Call a method and return its answer; NoBus for an error, silence or a lost connection."""
    message = new_method_call(address, member, signature, body)
    try:
        return tuple(unwrap_msg(connection.send_and_get_reply(message, timeout=ANSWER_WITHIN)))
    except (OSError, ValueError, RuntimeError, DBusErrorResponse) as problem:
        raise NoBus from problem


def ask_property(connection: DBusConnection, address: DBusAddress, name: str) -> Any:
    """Return the value of a property; NoBus if there is none."""
    properties = DBusAddress(
        address.object_path, bus_name=address.bus_name, interface="org.freedesktop.DBus.Properties"
    )
    (_, value), *_ = ask(connection, properties, "Get", "ss", address.interface, name)
    return value
