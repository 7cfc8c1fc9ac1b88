"""Damaged documents by the thousand: `.venv/bin/python -m tests.fuzz [count] [kind …]`, else 10,000 of each.

Prints, for each kind, what became of them. Ends with 1 where one hung, or the session lost a descriptor.
Bounded: 40 minutes a kind at most.
"""

from __future__ import annotations

import sys
import time

from client.darkroom.darkroom import Darkroom
from client.darkroom.refusal import Refusal
from tests.unit.darkroom.mutation import KINDS, develop_damaged
from tests.unit.darkroom.processes import descriptors

_LONGEST = 40 * 60  # seconds a kind
_ROUND = 100


def main(arguments: list[str]) -> int:
    """Run; return the exit code."""
    count = int(arguments[0]) if arguments else 10_000
    kinds = arguments[1:] or list(KINDS)
    harmed = False
    darkroom = Darkroom()
    for kind in kinds:
        develop_damaged(darkroom, kind, 2, "first")
        before, end = len(descriptors()), time.monotonic() + _LONGEST
        became: dict[str, int] = {}
        for number in range(0, count, _ROUND):
            for said, times in develop_damaged(darkroom, kind, min(_ROUND, count - number), number).items():
                became[said] = became.get(said, 0) + times
            if time.monotonic() > end:
                break
        print(f"{kind}: {sum(became.values())}")
        for said, times in sorted(became.items(), key=lambda each: -each[1]):
            print(f"  {times:6} {said}")
        harmed |= Refusal.OVERDUE.sentence in became or len(descriptors()) != before
    darkroom.close()
    return int(harmed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
