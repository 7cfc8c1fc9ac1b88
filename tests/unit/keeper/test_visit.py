"""The doorkeeper's own limits belong to what a policy can allow, though it never reads one."""

from datetime import timedelta

from client.patience import TRIES, Patience
from client.policy.rules import BY_FIELD
from client.visit import LONGEST, UNSAID


def test_the_doorkeepers_limits_are_the_longest_that_a_policy_can_allow():
    assert BY_FIELD["end_after"].high == LONGEST
    assert BY_FIELD["end_after_idle"].high == UNSAID


def test_a_page_that_people_could_use_never_closes_the_door():
    patience = Patience()
    for _ in range(50):
        patience.failed(timedelta(seconds=1), was_seen=True)
    assert not patience.exhausted
    patience.failed(timedelta(seconds=1), was_seen=False)
    assert patience.exhausted


def test_pauses_grow_and_a_sign_in_starts_them_anew():
    patience = Patience()
    pauses = []
    for _ in range(TRIES - 1):
        pauses.append(patience.pause)
        patience.could_not_start()
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1]
    patience.restore()
    assert patience.pause == pauses[0]
