"""Group policy and managed preferences, against fakes of the systems: never run on the real ones."""

import plistlib
from datetime import timedelta

import pytest

from client.errors import PolicyError
from client.policy.managed import REGISTRY_KEY, read_property_list, read_registry
from client.policy.sources import Places, Source, load


class FakeRegistry:
    """The part of winreg that is used."""

    HKEY_LOCAL_MACHINE = 1

    def __init__(self, values, problem=None):
        self.values = values
        self.problem = problem

    def OpenKey(self, key, sub_key):
        assert (key, sub_key) == (1, REGISTRY_KEY)
        if self.problem is not None:
            raise self.problem
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def EnumValue(self, key, index):
        try:
            name, value = list(self.values.items())[index]
        except IndexError:
            raise OSError from None
        return name, value, 1


def managed(values):
    return Places(None, None, managed=lambda: ("somewhere", values))


def test_registry_values_are_rules_and_its_numbers_switches():
    raw = read_registry(FakeRegistry({"end_after_idle": "5 min", "end_on_lock": 0, "prefetch": 1}))
    loaded = load(managed(raw))
    assert loaded.policy.end_after_idle == timedelta(minutes=5)
    assert loaded.policy.end_on_lock is False
    assert loaded.policy.prefetch == 1
    assert loaded.origin["prefetch"].source is Source.ORGANISATION


def test_no_registry_key_is_no_policy():
    assert read_registry(FakeRegistry({}, FileNotFoundError())) == {}


def test_closed_registry_key_means_no_sign_in():
    with pytest.raises(PolicyError):
        read_registry(FakeRegistry({}, PermissionError()))


def test_switch_with_another_number_is_refused():
    with pytest.raises(PolicyError, match="end_on_lock must be true or false"):
        load(managed(read_registry(FakeRegistry({"end_on_lock": 2}))))


@pytest.mark.parametrize("form", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_property_list_is_a_policy(form):
    raw = read_property_list(
        plistlib.dumps({"theme": "dark", "PayloadUUID": "x", "end_on_lock": True}, fmt=form)
    )
    assert load(managed(raw)).policy.theme.value == "dark"


@pytest.mark.parametrize("content", [b"", b"<plist>", b"bplist00\x00", plistlib.dumps(["list"])])
def test_something_else_than_a_property_list_means_no_sign_in(content):
    with pytest.raises(PolicyError):
        read_property_list(content)
