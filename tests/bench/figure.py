"""One measured figure beside its floor, and its row in the table that `./dev bench` prints."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` and `floor` in `unit`; `reach` is what it should come to, in words ("≤ 3 ×"), "" for no aim."""

    what: str
    value: float
    unit: str
    floor: float | None
    floor_name: str
    reach: str

    @property
    def ratio(self) -> float | None:
        """How many times the floor the value is; None without a floor."""
        return self.value / self.floor if self.floor else None

    def row(self) -> str:
        """Return the figure as one line; its columns are those of the table's heading."""
        floor = "–" if self.floor is None else f"{self.floor:.1f} {self.unit}"
        times = "–" if self.ratio is None else f"{self.ratio:.2f} ×"
        here = f"{self.value:.1f} {self.unit}"
        return (
            f"{self.what:<58} {here:>14} {floor:>14} {times:>7}  {self.reach:<28} {self.floor_name}".rstrip()
        )


def median_seconds(
    work: Callable[[], object], times: int, before: Callable[[], object] | None = None
) -> float:
    """Return the median time of `times` runs of `work`, each after an unmeasured `before`."""
    taken = []
    for _ in range(times):
        if before is not None:
            before()
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def table(figures: Iterable[Figure]) -> str:
    """Return the figures under a heading, for a part of the benchmark that is run by itself."""
    heading = f"{'what':<58} {'here':>14} {'floor':>14} {'ratio':>7}  {'reach':<28} floor is"
    return "\n".join([heading, *(figure.row() for figure in figures)])
