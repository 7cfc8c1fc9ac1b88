"""`./dev bench [part …]`: the benchmark table, each figure next to its floor, measured in the same run."""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path

PARTS = ("start", "cache", "worklist", "search", "open", "image", "difference", "session")


def machine() -> str:
    """Name the machine the figures were taken on."""
    cpu = "unknown processor"
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in information.read_text().splitlines()
            if "model name" in line
        ]
        cpu = f"{len(names)} × {names[0]}" if names else cpu
    return f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {cpu}"


def main(parts: list[str]) -> int:
    """Measure the parts asked for, or all."""
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. Parts: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    print(machine())
    print(f"{'what':<58} {'here':>14} {'floor':>14} {'ratio':>7}  {'reach':<28} floor is")
    for part in parts or PARTS:
        for figure in importlib.import_module(f"tests.bench.{part}_bench").measure():
            print(figure.row(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
