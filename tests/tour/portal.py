"""The demonstration portal: its data and its two sign-ins."""

from __future__ import annotations

from pathlib import Path

from tests.driver.program import ROOT, Portal

USERS = (
    ("radiologist", "radiologist", ("--display", "Dr. Anna Rossi")),
    ("referrer", "referring-physician", ("--practitioner", "prac-ref-01")),
)


def start_portal(folder: Path, reports: int) -> Portal:
    """Start a portal with its own certificate authority, the demonstration data and two sign-ins."""
    examples = ROOT.parent / "shared" / "data"
    more = ["--data", str(examples)] if examples.is_dir() else []
    print(f"Starting a portal with {reports} demonstration reports …", flush=True)
    portal = Portal(folder / "portal", "--demo", str(reports), "--name", "Demonstration portal", *more)
    for name, role, options in USERS:
        portal.add_user(name, role, *options)
    return portal
