"""What the command line may still say beside the organisation's policy."""

import os

import pytest

from client.errors import PolicyError
from client.policy.options import Options, apply
from client.policy.sources import Places, load

ELSEWHERE = Options(portal="https://elsewhere.example")


def load_from(folder, text):
    machine = folder / "policy.toml"
    machine.write_text(text)
    machine.chmod(0o644)
    return load(Places(machine, None, owner=os.getuid()))


def test_without_a_portal_of_the_organisation_the_command_line_names_it(tmp_path):
    assert apply(ELSEWHERE, load_from(tmp_path, 'theme = "dark"')).portal == "https://elsewhere.example"


@pytest.mark.parametrize("rule", ["portal", "sign_in_url", "fhir_base", "image_base"])
def test_any_part_of_a_portal_that_the_organisation_names_keeps_other_portals_out(tmp_path, rule):
    loaded = load_from(tmp_path, f'{rule} = "https://reports.example.org/here"')
    for options in (ELSEWHERE, Options(ca_file="/tmp/ca.pem"), Options("https://x.example", "/tmp/ca.pem")):
        with pytest.raises(PolicyError, match="has set the portal"):
            apply(options, loaded)
    assert apply(Options(), loaded) == loaded.policy


def test_naming_the_organisations_own_portal_again_is_no_contradiction(tmp_path):
    loaded = load_from(tmp_path, 'portal = "https://reports.example.org"')
    assert apply(Options(portal="https://reports.example.org"), loaded) == loaded.policy
