"""The delay lock: held until released, and by nobody after the process."""

import os

from client.system.inhibitor import delay_suspend


def test_suspend_is_delayed_until_released(system_bus, logind):
    lock = delay_suspend(system_bus.address)
    (what, who, _, mode), reading = logind.locks.get(timeout=30)
    assert (what, who, mode) == ("sleep", "Safelight", "delay")
    os.set_blocking(reading, False)
    try:
        try:
            still_held = os.read(reading, 1) != b""
        except BlockingIOError:
            still_held = True
        assert still_held
        lock.release()
        lock.release()
        os.set_blocking(reading, True)
        assert os.read(reading, 1) == b""  # the other end is closed
    finally:
        os.close(reading)


def test_without_logind_there_is_no_lock(system_bus):
    assert delay_suspend(system_bus.address) is None


def test_without_a_bus_there_is_no_lock():
    assert delay_suspend("unix:path=/nonexistent/bus") is None
