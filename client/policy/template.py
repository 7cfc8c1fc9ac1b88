"""The annotated policy file, generated from the rules: `python -m client.policy.template > policy.toml`.

Owns: the words around the rules. Must never: know a rule itself.
"""

from __future__ import annotations

import sys
import textwrap

from client.policy.rules import RULES, Kind, Rule, allowed, spell

_HEAD = """\
# Safelight: the organisation's rules for this computer.
#
# Copy to /etc/safelight/policy.toml (root owns it, nobody else may write it), or put parts of it into
# /etc/safelight/policy.d/*.toml: read in the order of their names, the later one wins.
# Take the mark off the line of a rule to set it; what is not set has the value shown here.
# Users can never weaken a rule; a mistake in this file means that nobody can sign in until it is corrected.
"""


def annotated() -> str:
    """Return the whole file, every rule commented out at its default."""
    return "\n".join([_HEAD, *map(_entry, RULES)])


def _entry(rule: Rule) -> str:
    words = f"{rule.meaning} Allowed: {allowed(rule)}; {rule.user.value}."
    comment = textwrap.wrap(words, width=106, initial_indent="# ", subsequent_indent="# ")
    return "\n".join([*comment, f"#{rule.field} = {_written(rule)}", ""])


def _written(rule: Rule) -> str:
    value = spell(rule, rule.default) or rule.example
    return value if rule.kind in (Kind.SWITCH, Kind.COUNT) else f'"{value}"'


if __name__ == "__main__":
    sys.stdout.write(annotated())
