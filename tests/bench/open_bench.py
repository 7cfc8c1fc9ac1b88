"""A cached report, from the click on its row to the page painted, and the same words in a bare QTextBrowser.

The real program with 10,000 reports; `tests.driver.opening` says what is timed. The processor's time is shown
beside the wall's: on a machine with other work, only the former says what the program costs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.figure import Figure, table
from tests.driver.program import Home, Portal, running

_REPORTS = 10_000
_OPENS = 1_000
_FLOOR = "bare QTextBrowser"


def measure() -> list[Figure]:
    """Return the figures of opening a report."""
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as folder:
        portal = Portal(Path(folder) / "portal", "--demo", str(_REPORTS))
        try:
            portal.add_user("radiologist")
            with running(
                Home(Path(folder) / "home"), "--portal", portal.url, "--ca-file", portal.ca
            ) as program:
                pid = program.sign_in("radiologist")
                program.loaded(pid, 180)
                taken = program.ask("opens", pid=pid, times=_OPENS)
        finally:
            portal.close()

    def at(name: str, share: float) -> float:
        ranked = sorted(taken[name])
        return float(1000 * ranked[int(len(ranked) * share)])

    def beside(what: str, clock: str, share: float, reach: str) -> Figure:
        return Figure(what, at("ours" + clock, share), "ms", at("floor" + clock, share), _FLOOR, reach)

    return [
        beside("cached report, click to painted, p50 of 1,000", "", 0.5, "≤ 1.2 ×"),
        beside("cached report, click to painted, p99 of 1,000", "", 0.99, "≤ 16.7 ms, ≤ 1.2 ×"),
        beside("  processor time of it, p50", " cpu", 0.5, ""),
        beside("  processor time of it, p99", " cpu", 0.99, ""),
        Figure("  processor time of what follows the paint, p99", at("after", 0.99), "ms", None, "", ""),
    ]


if __name__ == "__main__":
    sys.stdout.write(table(measure()) + "\n")
