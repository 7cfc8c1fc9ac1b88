"""What could not be taken, said on standard error while the rest goes on.

Must never: name anything but file, place, resource type and reason; no value of a resource.
"""

from __future__ import annotations

import sys
from collections import Counter

_SHOWN = 10  # of one file and reason; the rest is counted


class Complaints:
    """Prints each complaint, a bounded number of times per file and reason."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    @property
    def total(self) -> int:
        """How many things were not taken."""
        return self._counts.total()

    def add(self, source: str, place: str, reason: str) -> None:
        """Say that something of `source` was not taken; `place` is "" for the whole file."""
        self._counts[source, reason] += 1
        if self._counts[source, reason] <= _SHOWN:
            where = f"{source}, {place}" if place else source
            print(f"not taken: {where}: {reason}", file=sys.stderr)  # noqa: T201

    def finish(self) -> None:
        """Say how many were not shown."""
        for (source, reason), count in self._counts.items():
            if count > _SHOWN:
                print(f"not taken: {source}: {count - _SHOWN} more: {reason}", file=sys.stderr)  # noqa: T201
