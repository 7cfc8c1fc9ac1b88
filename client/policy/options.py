"""What the command line may say: which portal, where the organisation has not said it.

Owns: `Options`. Must never: weaken a rule; where the organisation names a portal, or any part of one, neither
the portal nor whom we trust can be said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from client.errors import PolicyError
from client.policy.rules import BY_FIELD, ValueRefused, read_value
from client.policy.sources import LoadedPolicy, Source
from client.policy.table import Policy

_WHOM = ("portal", "ca_file", "sign_in_url", "fhir_base", "image_base")
"""The rules that say where passwords and tokens go, and whom we trust with them."""


class Options(NamedTuple):
    """The options of a session process."""

    portal: str = ""
    ca_file: str = ""

    @classmethod
    def read(cls, words: Sequence[str]) -> Options:
        """Read `--portal URL` and `--ca-file FILE`, whose form the doorkeeper has checked."""
        given = dict(zip(words[::2], words[1::2], strict=False))
        return cls(given.get("--portal", ""), given.get("--ca-file", ""))


def apply(options: Options, loaded: LoadedPolicy) -> Policy:
    """Return the policy with the options in it; PolicyError where they are not allowed or not usable."""
    policy = loaded.policy
    if not options.portal and not options.ca_file:
        return policy
    fixed = [field for field in _WHOM if loaded.origin[field].source is Source.ORGANISATION]
    same = options.portal == policy.portal and not options.ca_file
    if fixed and not same:
        place = loaded.origin[fixed[0]].place
        raise PolicyError(
            f"Your organisation has set the portal in {place}. "
            "Start Safelight without --portal and --ca-file."
        )
    portal = _read("portal", options.portal) if options.portal else policy.portal
    ca_file = Path(_read("ca_file", options.ca_file)) if options.ca_file else policy.ca_file
    return policy._replace(portal=portal, ca_file=ca_file)


def _read(field: str, raw: str) -> str:
    try:
        return str(read_value(BY_FIELD[field], raw))
    except ValueRefused as refusal:
        option = "--" + field.replace("_", "-")
        raise PolicyError(f"What follows {option} must be {refusal}.") from None
