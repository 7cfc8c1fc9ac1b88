"""When nobody is there: what holds at which moment, whatever happens and however the clock jumps."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.policy.table import Policy
from client.reasons import EndReason
from client.session.idle import Idle, IdleState, Limits

START = timedelta(hours=5)
USUAL = Limits.of(Policy())


def minutes(count):
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (0, IdleState.ACTIVE),
        (1.99, IdleState.ACTIVE),
        (2, IdleState.CURTAIN),
        (8.99, IdleState.CURTAIN),
        (9, IdleState.WARNING),
        (9.99, IdleState.WARNING),
        (10, IdleState.ENDED),
        (6000, IdleState.ENDED),
    ],
)
def test_states_follow_each_other_as_the_policy_says(after, state):
    idle = Idle(USUAL, START)
    assert idle.state(START + minutes(after)) is state


def test_activity_brings_the_screen_back_and_moves_the_deadline():
    idle = Idle(USUAL, START)
    assert idle.state(START + minutes(9.5)) is IdleState.WARNING
    idle.active(START + minutes(9.6))
    assert idle.state(START + minutes(9.7)) is IdleState.ACTIVE
    assert idle.deadline == START + minutes(19.6)
    assert idle.reason is EndReason.IDLE


def test_overall_limit_ends_a_session_in_use_and_warns_without_covering():
    idle = Idle(USUAL, START)
    moment = START
    while moment < START + timedelta(hours=10) - minutes(1):
        idle.active(moment)
        moment += timedelta(seconds=30)
    idle.active(START + timedelta(hours=10) - timedelta(seconds=45))
    just_before = START + timedelta(hours=10) - timedelta(seconds=30)
    assert idle.state(just_before) is IdleState.WARNING
    assert not idle.covered(just_before)
    assert idle.reason is EndReason.ABSOLUTE_LIMIT
    idle.active(just_before)
    assert idle.state(START + timedelta(hours=10)) is IdleState.ENDED


def test_first_key_after_a_suspend_past_the_deadline_revives_nothing():
    idle = Idle(USUAL, START)
    idle.active(START + minutes(1))
    woken = START + timedelta(hours=8)
    idle.active(woken)
    assert idle.state(woken) is IdleState.ENDED
    assert idle.reason is EndReason.IDLE


def test_late_news_of_activity_does_not_take_back_an_end_that_was_shown():
    idle = Idle(USUAL, START)
    assert idle.state(START + minutes(10)) is IdleState.ENDED
    idle.active(START + minutes(9))
    assert idle.state(START + minutes(10)) is IdleState.ENDED


MOMENTS = st.integers(0, 800 * 60).map(lambda seconds: START + timedelta(seconds=seconds))
LIMITS = st.builds(
    Limits,
    curtain_after=st.integers(1, 900).map(lambda s: timedelta(seconds=s)),
    warn_before_end=st.integers(1, 300).map(lambda s: timedelta(seconds=s)),
    end_after_idle=st.integers(3, 900).map(lambda s: timedelta(seconds=s)),
    end_after=st.integers(60, 12 * 3600).map(lambda s: timedelta(seconds=s)),
)
HAPPENINGS = st.lists(st.tuples(st.sampled_from(["active", "state", "covered", "remaining"]), MOMENTS))


@given(LIMITS, HAPPENINGS, MOMENTS)
def test_the_end_is_for_good(limits, happenings, asked):
    idle = Idle(limits, START)
    ended = False
    for what, moment in happenings:
        getattr(idle, what)(moment)
        if ended:
            assert idle.state(moment) is IdleState.ENDED
        ended = ended or (what == "state" and idle.state(moment) is IdleState.ENDED)
    if ended:
        assert idle.state(asked) is IdleState.ENDED


@given(LIMITS, HAPPENINGS, MOMENTS)
def test_nothing_outlives_the_limits(limits, happenings, now):
    idle = Idle(limits, START)
    last = START
    for what, moment in happenings:
        getattr(idle, what)(moment)
        if what == "active":
            last = max(last, moment)
    assert idle.deadline <= START + limits.end_after
    assert idle.deadline <= last + limits.end_after_idle
    if now >= idle.deadline:
        assert idle.state(now) is IdleState.ENDED
        assert idle.remaining(now) == timedelta()
        assert idle.covered(now)


@given(LIMITS, HAPPENINGS, MOMENTS)
def test_asking_changes_nothing(limits, happenings, now):
    idle, asked = Idle(limits, START), Idle(limits, START)
    for what, moment in happenings:
        getattr(idle, what)(moment)
        getattr(asked, what)(moment)
        asked.state(moment), asked.covered(moment), asked.remaining(moment)
    now = max([now, *(moment for _, moment in happenings)])
    assert asked.state(now) is idle.state(now)
    assert asked.remaining(now) == idle.remaining(now) <= limits.end_after_idle
