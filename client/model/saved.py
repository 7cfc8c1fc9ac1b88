"""A search that a user saved under a name.

Must never: show either in a `repr`: both may hold a patient's name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_NAME = 60
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What the search line says, and what the user calls it; at most `LONGEST_…` characters each."""

    name: str = field(repr=False)
    query: str = field(repr=False)
