"""/etc/safelight/policy.toml is read, checked and obeyed by the real program.

Each program here has an /etc of its own: the machine's, with a policy laid over it that only it can see.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.driver.program import running, wait_for

_OVER_ETC = 'mount -t overlay overlay -o "lowerdir=/etc,upperdir=$0/upper,workdir=$0/work" /etc && exec "$@"'


@pytest.fixture
def within(tmp_path):
    """Return a function: the policy's text → the command under which a program sees it in /etc."""
    overlay = tmp_path / "etc"
    (overlay / "upper" / "safelight").mkdir(parents=True)
    (overlay / "work").mkdir()
    command = ["unshare", "--mount", "sh", "-c", _OVER_ETC, str(overlay)]
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("an /etc of its own needs root and unshare")
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let a process have an /etc of its own")

    def write(text: str, mode: int = 0o644):
        policy = overlay / "upper" / "safelight" / "policy.toml"
        policy.write_text(text)
        policy.chmod(mode)
        return command

    return write


def test_the_organisations_portal_and_times_are_obeyed_without_any_option(within, portal, home, tmp_path):
    policy = f"""
        portal = "{portal.url}"
        portal_name = "St Mary's Imaging"
        ca_file = "/etc/safelight/ca.pem"
        notice = "For authorised staff."
    """
    command = within(policy)
    shutil.copy(portal.ca, tmp_path / "etc" / "upper" / "safelight" / "ca.pem")
    with running(home, within=command) as program:
        pid = program.sign_in("radiologist")
        assert program.loaded(pid)["rows"] > 0


def test_a_user_cannot_name_another_portal_than_the_organisation(within, portal, home):
    command = within('portal = "https://reports.example.org"\n')
    with running(home, "--portal", portal.url, "--ca-file", portal.ca, within=command) as program:
        pid = program.shown("sign-in")
        said = wait_for("the refusal", lambda: program.ask("see", pid=pid)["problem"])
    assert "/etc/safelight/policy.toml" in said


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ('end_after_idle = "3 h"\n', 0o644, "end_after_idle"),
        ("no_such_rule = 1\n", 0o644, "no_such_rule"),
        ("this is not TOML", 0o644, "not TOML"),
        ('end_after_idle = "5 min"\n', 0o666, "/etc/safelight/policy.toml"),
    ],
)
def test_with_a_policy_that_cannot_be_used_nobody_signs_in_and_the_page_says_why(
    text, mode, words, within, portal, home
):
    with running(home, within=within(text, mode)) as program:
        pid = program.shown("sign-in")
        said = wait_for("the reason", lambda: program.ask("see", pid=pid)["problem"])
        assert words in said
        program.ask("sign_in", pid=pid, user="radiologist", password=portal.PASSWORD)
        assert program.ask("see", pid=pid)["screen"] == "sign-in"
