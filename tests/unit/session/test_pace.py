"""How often the portal is looked at for changes."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from client.session.sync import POLL_EVERY, pause_after


@given(st.integers(0, 10_000))
def test_failures_slow_the_looking_down_but_not_without_end(failures):
    pause = pause_after(failures)
    assert POLL_EVERY * 0.8 <= pause <= timedelta(minutes=10)
    assert failures == 0 or pause > POLL_EVERY * 1.2


def test_no_two_workstations_beat_in_step():
    assert len({pause_after(0) for _ in range(50)}) > 40
