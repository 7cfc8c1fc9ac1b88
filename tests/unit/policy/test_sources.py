"""Which rules are in force: what each source may say, and what is refused in words that help."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.errors import PolicyError
from client.policy.rules import BY_FIELD, RULES, Kind, UserMay, read_value, tighter
from client.policy.sources import Places, Source, load
from client.policy.table import Activity, Policy, Theme
from client.policy.template import annotated


class Desk:
    """A computer with a policy and preferences."""

    def __init__(self, folder):
        self.folder = folder
        self.machine = folder / "etc" / "policy.toml"
        self.machine.parent.mkdir(mode=0o755)
        self.preferences = folder / "preferences.toml"

    def organisation(self, text, name=None):
        path = self.machine if name is None else self.machine.with_suffix(".d") / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o644)
        return path

    def load(self):
        return load(Places(self.machine, self.preferences, owner=os.getuid()))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_without_any_source_the_defaults_hold(desk):
    loaded = desk.load()
    assert loaded.policy == Policy()
    assert loaded.refused == ()
    assert {origin.source for origin in loaded.origin.values()} == {Source.BUILT_IN}


def test_every_field_has_exactly_one_rule():
    assert [rule.field for rule in RULES] == list(Policy._fields)


def test_organisation_decides_and_later_files_win(desk):
    desk.organisation('end_after_idle = "5 min"\ntheme = "dark"')
    desk.organisation('end_after_idle = "4 min"', "10-site.toml")
    last = desk.organisation('end_after_idle = "3 min"', "20-room.toml")
    loaded = desk.load()
    assert loaded.policy.end_after_idle == timedelta(minutes=3)
    assert loaded.policy.theme is Theme.DARK
    assert loaded.origin["end_after_idle"].source is Source.ORGANISATION
    assert loaded.origin["end_after_idle"].place == str(last)


def test_user_may_tighten_and_choose(desk):
    desk.preferences.write_text(
        'end_after_idle = "3 min"\ncurtain_after = "20 s"\nactivity = "program"\n'
        'theme = "light"\nprefetch = 0\n'
    )
    loaded = desk.load()
    assert loaded.policy.end_after_idle == timedelta(minutes=3)
    assert loaded.policy.curtain_after == timedelta(seconds=20)
    assert loaded.policy.activity is Activity.PROGRAM
    assert loaded.policy.theme is Theme.LIGHT
    assert loaded.policy.prefetch == 0
    assert loaded.refused == ()


@pytest.mark.parametrize(
    "preference",
    [
        'end_after_idle = "11 min"',
        'end_after = "11 h"',
        "end_on_lock = false",
        'cache_limit = "4 GB"',
        'portal = "https://elsewhere.example"',
        'ca_file = "/tmp/other.pem"',
        'notice = "welcome"',
        'end_after_idle = "1 s"',
        "end_after_idle = 60",
        "colour = 3",
    ],
)
def test_user_can_weaken_nothing_and_is_told(desk, preference):
    desk.preferences.write_text(preference)
    loaded = desk.load()
    assert loaded.policy == Policy()
    (sentence,) = loaded.refused
    assert preference.split(" ", 1)[0] in sentence


def test_user_cannot_widen_what_the_organisation_narrowed(desk):
    desk.organisation('activity = "program"\nend_after_idle = "5 min"')
    desk.preferences.write_text('activity = "workstation"\nend_after_idle = "8 min"')
    loaded = desk.load()
    assert loaded.policy.activity is Activity.PROGRAM
    assert loaded.policy.end_after_idle == timedelta(minutes=5)
    assert len(loaded.refused) == 2


@pytest.mark.parametrize("what", ["nonsense", "folder", "pipe", "large"])
def test_preferences_that_cannot_be_read_change_nothing(desk, what):
    match what:
        case "nonsense":
            desk.preferences.write_text("this is = not = toml")
        case "folder":
            desk.preferences.mkdir()
        case "pipe":
            os.mkfifo(desk.preferences)
        case "large":
            desk.preferences.write_text('theme = "dark"\n# ' + "x" * 300_000)
    loaded = desk.load()
    assert loaded.policy == Policy()
    assert "cannot be read" in loaded.refused[0]


def test_very_short_session_of_a_user_keeps_curtain_and_warning_before_its_end(desk):
    desk.preferences.write_text('end_after_idle = "3 s"')
    policy = desk.load().policy
    assert policy.end_after_idle == timedelta(seconds=3)
    assert timedelta() < policy.curtain_after <= policy.end_after_idle - policy.warn_before_end


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('end_after_idle = "16 min"', ["end_after_idle", "2 min", "15 min"]),
        ('end_after_idle = "1 min"', ["end_after_idle", "2 min", "15 min"]),
        ('end_after = "13 h"', ["end_after", "12 h"]),
        ('curtain_after = "5 s"', ["curtain_after", "15 s", "15 min"]),
        ('curtain_after = "570 s"', ["curtain_after", "9 min"]),
        ('end_after_idle = "2 min"\nwarn_before_end = "2 min"', ["warn_before_end", "105 s"]),
        ('cache_limit = "1 MB"', ["cache_limit", "64 MB", "64 GB"]),
        ("prefetch = 501", ["prefetch", "0", "500"]),
        ("prefetch = true", ["prefetch", "0", "500"]),
        ("end_on_lock = 1", ["end_on_lock", "true or false"]),
        ('activity = "none"', ["activity", "program", "workstation"]),
        ('portal = "http://reports.example.org"', ["portal", "https"]),
        ('portal = "https://me:word@reports.example.org"', ["portal", "https"]),
        ('ca_file = "ca.pem"', ["ca_file", "path"]),
        ('ca_file = "/nowhere/ca.pem"', ["ca_file", "not there"]),
        ("end_after_idel = 3", ["end_after_idel", "does not exist"]),
        ("end_after_idle", ["not TOML"]),
    ],
)
def test_mistake_of_the_organisation_means_no_sign_in_and_says_where(desk, text, names):
    path = desk.organisation(text)
    with pytest.raises(PolicyError) as refusal:
        desk.load()
    for name in [str(path), *names]:
        assert name in str(refusal.value)


def test_default_curtain_gives_way_to_a_short_session(desk):
    desk.organisation('end_after_idle = "2 min"')
    policy = desk.load().policy
    assert policy.curtain_after == timedelta(minutes=1)


@pytest.mark.parametrize("mode", [0o666, 0o664, 0o646])
def test_policy_that_others_can_write_is_refused(desk, mode):
    desk.organisation('theme = "dark"').chmod(mode)
    with pytest.raises(PolicyError, match="can be changed by users"):
        desk.load()


def test_policy_in_a_folder_that_others_can_write_is_refused(desk):
    desk.organisation('theme = "dark"')
    desk.machine.parent.chmod(0o777)
    with pytest.raises(PolicyError, match="folder can be changed"):
        desk.load()


def test_certificates_that_others_can_write_are_refused(desk):
    certificates = desk.machine.with_name("ca.pem")
    certificates.write_text("")
    certificates.chmod(0o666)
    desk.organisation(f'ca_file = "{certificates}"')
    with pytest.raises(PolicyError, match="can be changed by users"):
        desk.load()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_policy_of_another_user_is_refused(desk):
    os.chown(desk.organisation('theme = "dark"'), 1234, 1234)
    with pytest.raises(PolicyError, match="does not belong to root"):
        desk.load()


@pytest.mark.parametrize("what", ["folder", "link to nowhere", "pipe", "large"])
def test_something_else_in_the_place_of_the_policy_is_refused(desk, what):
    match what:
        case "folder":
            desk.machine.mkdir()
        case "link to nowhere":
            desk.machine.symlink_to(desk.folder / "nothing")
        case "pipe":
            os.mkfifo(desk.machine, 0o644)
        case "large":
            desk.organisation("# " + "x" * 300_000)
    with pytest.raises(PolicyError):
        desk.load()


def test_no_environment_variable_changes_a_rule(desk, monkeypatch):
    for rule in RULES:
        monkeypatch.setenv(f"SAFELIGHT_{rule.field.upper()}", "false")
    assert desk.load().policy == Policy()


def test_installed_template_is_generated_from_the_rules():
    kept = Path(__file__).parents[3] / "resources" / "policy" / "policy.toml"
    assert kept.read_text(encoding="utf-8") == annotated(), "python -m client.policy.template > " + kept.name


def test_template_with_its_marks_taken_off_says_what_holds_anyway(desk):
    text = re.sub(r"(?m)^#(?=\w+ = )", "", annotated())
    without_examples = [
        line
        for line in text.splitlines()
        if not ((rule := BY_FIELD.get(line.split(" = ")[0])) and rule.kind in (Kind.ADDRESS, Kind.FILE))
    ]
    desk.organisation("\n".join(without_examples))
    assert desk.load().policy == Policy()


@given(
    st.sampled_from(RULES), st.booleans() | st.integers() | st.text() | st.floats() | st.none() | st.binary()
)
def test_any_raw_value_is_read_within_bounds_or_refused_without_repeating_it(rule, raw):
    try:
        value = read_value(rule, raw)
    except ValueError as refusal:
        said = str(refusal)
    else:
        said = ""
        if rule.low is not None and not isinstance(value, str):
            assert rule.low <= value <= rule.high
    assert not (isinstance(raw, str) and len(raw) > 12 and raw in said)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["end_after_idle", "curtain_after", "warn_before_end", "end_after"]),
        st.integers(1, 60_000).map(lambda seconds: f'"{seconds} s"'),
    )
)
def test_whatever_a_user_prefers_nothing_gets_weaker(desk, preferences):
    desk.preferences.write_text("\n".join(f"{field} = {value}" for field, value in preferences.items()))
    policy = desk.load().policy
    for rule in RULES:
        if rule.user is UserMay.TIGHTEN:
            assert tighter(rule, getattr(policy, rule.field), getattr(Policy(), rule.field))
    assert timedelta() < policy.curtain_after <= policy.end_after_idle - policy.warn_before_end


@pytest.mark.parametrize("field", ["print", "export_pdf", "copy", "notifications"])
def test_what_lets_words_out_may_only_be_switched_off_by_a_user(field):
    rule = BY_FIELD[field]
    assert tighter(rule, False, True)
    assert not tighter(rule, True, False)
    assert (Policy().print, Policy().export_pdf, Policy().copy, Policy().notifications) == (
        True,
        False,
        True,
        True,
    )
