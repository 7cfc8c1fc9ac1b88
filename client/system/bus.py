"""D-Bus: a call with an answer, and nothing that can hang.

Owns: opening a bus, asking one question within a time, and what counts as "no answer".
Must never: raise anything but `NoBus`, or take for an answer what only claims to be one.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, HeaderFields, MatchRule, Message, new_method_call
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
        return tuple(unwrap_msg(_answer(connection, message)))
    except (OSError, ValueError, RuntimeError, DBusErrorResponse) as problem:
        raise NoBus from problem


def ask_property(connection: DBusConnection, address: DBusAddress, name: str) -> Any:
    """Return the value of a property; NoBus if there is none."""
    properties = DBusAddress(
        address.object_path, bus_name=address.bus_name, interface="org.freedesktop.DBus.Properties"
    )
    try:
        (_, value), *_ = ask(connection, properties, "Get", "ss", address.interface, name)
    except (ValueError, TypeError) as problem:
        raise NoBus from problem
    return value


def _answer(connection: DBusConnection, message: Message) -> Message:
    # Not jeepney's own way: it takes a signal that names our question for the answer, and any user can send
    # one. An answer is safe to believe: the bus passes on none but that of whoever was asked.
    answers: deque[Message] = deque()
    until = time.monotonic() + ANSWER_WITHIN
    returned, failed = MatchRule(type="method_return"), MatchRule(type="error")
    with connection.filter(returned, queue=answers), connection.filter(failed, queue=answers):
        serial = next(connection.outgoing_serial)
        connection.send(message, serial=serial)
        while True:
            answer = connection.recv_until_filtered(answers, timeout=until - time.monotonic())
            if answer.header.fields.get(HeaderFields.reply_serial) == serial:
                return answer
