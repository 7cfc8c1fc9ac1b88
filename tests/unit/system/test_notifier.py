"""The desktop's notification, on a real bus, with a stand-in for the desktop's service."""

from queue import Queue
from threading import Thread

import pytest
from jeepney import HeaderFields, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from client.system.notifier import Notifier

WITHIN = 20


class Desktop:
    """Takes notifications and hands out numbers as the specification says."""

    def __init__(self, bus):
        self.asked = Queue()
        self.connection = open_dbus_connection(bus.address)
        Proxy(message_bus, self.connection).RequestName("org.freedesktop.Notifications")
        self.thread = Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                message = self.connection.receive()
            except (OSError, ValueError):
                return
            if message.header.message_type is not MessageType.method_call:
                continue
            member = message.header.fields[HeaderFields.member]
            self.asked.put((member, message.body))
            if member == "Notify":
                answer = new_method_return(message, "u", (message.body[1] or 7,))
            else:
                answer = new_method_return(message)
            self.connection.send(answer)

    def next(self):
        return self.asked.get(timeout=WITHIN)


@pytest.fixture
def desktop(session_bus):
    made = Desktop(session_bus)
    yield made
    made.connection.sock.shutdown(2)
    made.thread.join()
    made.connection.close()


@pytest.fixture
def notifier(session_bus):
    made = Notifier(session_bus.address)
    yield made
    made.close()
    made.wait()


def test_there_is_one_replaced_and_not_stacked_and_it_goes_at_the_end(desktop, notifier):
    notifier.show("3 new reports", lasting=False)
    member, body = desktop.next()
    assert (member, body[1], body[3:5]) == ("Notify", 0, ("3 new reports", ""))
    notifier.show("1 critical report, 3 new reports", lasting=True)
    _, body = desktop.next()
    assert body[1] == 7
    assert body[3] == "1 critical report, 3 new reports"
    notifier.close()
    assert desktop.next() == ("CloseNotification", (7,))
    notifier.show("1 new report", lasting=False)
    notifier.wait()
    assert desktop.asked.empty()


def test_a_critical_one_stays_until_it_is_seen(desktop, notifier):
    notifier.show("1 critical report", lasting=True)
    _, body = desktop.next()
    assert body[7] == 0
    assert body[6]["urgency"] == ("y", 2)
    notifier.show("", lasting=False)
    assert desktop.next()[0] == "CloseNotification"
    notifier.show("1 new report", lasting=False)
    _, body = desktop.next()
    assert body[1] == 0
    assert body[7] > 0
    assert body[6]["urgency"] == ("y", 1)


def test_without_a_service_it_is_silent(session_bus, notifier):
    notifier.show("1 new report", lasting=False)
    notifier.close()
    notifier.wait()


def test_a_desktop_that_comes_back_hears_of_the_next(session_bus, notifier):
    session_bus.stop()
    notifier.show("1 new report", lasting=False)
    session_bus.start()
    desktop = Desktop(session_bus)
    try:
        while desktop.asked.empty():
            notifier.show("2 new reports", lasting=False)
            notifier._thread.join(0.05)
        assert desktop.next()[1][3] == "2 new reports"
    finally:
        desktop.connection.sock.shutdown(2)
        desktop.thread.join()
        desktop.connection.close()
