"""Saved searches at the portal: each user's own, bounded, and never repeated in an error or the log."""

import pytest


@pytest.fixture
def url(portal):
    return f"{portal.url}/portal/searches"


def test_searches_are_saved_replaced_and_removed_and_belong_to_one_user(portal, url, new_user):
    mine, other = portal.signed_in(new_user()), portal.signed_in(new_user())
    first = {"save": [{"name": "Ward 4", "query": "ref:haddad"}, {"name": "Ängste", "query": "ct"}]}
    assert mine.put(url, json=first).status_code == 204
    then = {"save": [{"name": "Ward 4", "query": "ref:alves"}], "remove": ["Ängste"]}
    assert mine.put(url, json=then).status_code == 204
    assert mine.get(url).json() == {"searches": [{"name": "Ward 4", "query": "ref:alves"}]}
    assert other.get(url).json() == {"searches": []}


def test_nobody_without_a_session_reads_or_writes_them(portal, url):
    assert portal.visitor().get(url).status_code == 401
    assert portal.visitor().put(url, json={"save": []}).status_code == 401


def test_too_many_are_refused_and_nothing_changes(portal, url, new_user):
    mine = portal.signed_in(new_user())
    full = {"save": [{"name": f"n{number}", "query": "x"} for number in range(100)]}
    assert mine.put(url, json=full).status_code == 204
    one_more = {"save": [{"name": "one more", "query": "x"}], "remove": ["not there"]}
    assert mine.put(url, json=one_more).status_code == 409
    instead = {"save": [{"name": "one more", "query": "x"}], "remove": ["n0"]}
    assert mine.put(url, json=instead).status_code == 204
    assert len(mine.get(url).json()["searches"]) == 100


@pytest.mark.parametrize(
    "body",
    [
        {"save": [{"name": "", "query": "okafor"}]},
        {"save": [{"name": "n" * 61, "query": "okafor"}]},
        {"save": [{"name": "n", "query": "okafor" * 40}]},
        {"save": [{"name": "n", "query": "okafor", "more": 1}]},
        {"save": {"n": "okafor"}},
    ],
)
def test_what_does_not_fit_is_refused_without_repeating_it(portal, url, new_user, body):
    answer = portal.signed_in(new_user()).put(url, json=body)
    assert answer.status_code == 422
    assert "okafor" not in answer.text
