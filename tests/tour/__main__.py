"""`./dev demo`: open the program on a portal with demonstration data, or tour it off screen with pictures."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.driver.program import ROOT, Portal
from tests.tour.portal import USERS, start_portal


def open_by_hand(reports: int) -> int:
    """Open the program for whoever sits here; the portal ends with it."""
    with tempfile.TemporaryDirectory(prefix="safelight-demo-") as folder:
        portal = start_portal(Path(folder), reports)
        try:
            print(f"\n  portal    {portal.url}")
            for name, role, _ in USERS:
                print(f"  sign in   {name:<12} password: {Portal.PASSWORD}   ({role})")
            print("\nClose the sign-in window to end the demonstration.\n", flush=True)
            words = ["-m", "client", "--portal", portal.url, "--ca-file", portal.ca]
            return subprocess.run([sys.executable, *words], cwd=ROOT).returncode
        finally:
            portal.close()


def main() -> int:
    """Run what `./dev demo` asks for."""
    parser = argparse.ArgumentParser(prog="./dev demo")
    parser.add_argument("what", choices=("open", "tour"))
    parser.add_argument("--tour", action="store_true", help="the guided tour, even where there is a display")
    parser.add_argument("--reports", type=int, default=520, help="how many demonstration reports")
    parser.add_argument(
        "--pictures", type=Path, default=ROOT / "tour", help="where the tour leaves its pictures"
    )
    asked = parser.parse_args()
    if asked.what == "open" and not asked.tour:
        return open_by_hand(asked.reports)
    os.environ["SAFELIGHT_TEST_PLATFORM"] = "offscreen"
    from tests.tour.guide import tour

    return tour(asked.reports, asked.pictures)


if __name__ == "__main__":
    sys.exit(main())
