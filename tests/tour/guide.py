"""The guided tour: signs in, reads, waits for curtain, warning and automatic end; a picture of every screen.

Each step checks that what it shows really happened; the first that did not ends the tour with exit status 1.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.driver.program import Home, Portal, Program, running, wait_for
from tests.tour.portal import start_portal


class Guide:
    """Walks through the program and keeps the pictures."""

    def __init__(self, program: Program, pictures: Path) -> None:
        self._program = program
        self._pictures = pictures
        self._number = 0

    def picture(self, name: str, said: str, pid: int) -> None:
        """Save what the window shows now."""
        self._number += 1
        path = self._pictures / f"{self._number:02}-{name}.png"
        self._program.ask("picture", pid=pid, path=str(path))
        print(f"  {path.name:<28} {said}", flush=True)

    def check(self, what: str, happened: object) -> None:
        """End the tour if a step did not happen."""
        if not happened:
            raise AssertionError(f"did not happen: {what}")

    def walk(self) -> None:
        """Take every step."""
        program = self._program
        pid = program.shown("sign-in")
        self.picture("sign-in", "the sign-in page", pid)

        program.ask("sign_in", pid=pid, user="radiologist", password="not the password")
        wait_for("the refusal", lambda: program.ask("see", pid=pid)["problem"])
        self.picture("wrong-password", "a wrong password, said plainly", pid)

        program.sign_in("radiologist")
        seen = program.loaded(pid)
        self.check("reports came", seen["rows"] > 400)
        self.picture("worklist", f"the worklist, {seen['rows']} reports", pid)

        keys = program.ask("keys", pid=pid)
        wanted = self._kinds(pid, keys)
        for name, key in wanted.items():
            program.ask("active", pid=pid)
            program.ask("open_key", pid=pid, key=key)
            wait_for(f"report {name}", lambda key=key: program.ask("see", pid=pid)["opened"] == key)
            if name == "pdf":
                wait_for("the page drawn", lambda: program.ask("see", pid=pid)["pages"])
            self.check(f"text of {name}", name in ("pdf", "withdrawn") or program.ask("see", pid=pid)["text"])
            self.picture(f"report-{name}", f"a report: {name}", pid)

        program.ask("active", pid=pid)
        left = program.ask("filter", pid=pid, words="pulmonary embol")
        self.check("the quick filter narrows", 0 < left < seen["rows"])
        self.picture("filter", f"the quick filter: {left} of {seen['rows']}", pid)

        program.shown("curtain", seconds=40)
        self.picture("curtain", "nobody there: the curtain", pid)
        wait_for("the warning", lambda: program.ask("see", pid=pid)["warning"], 40)
        self.picture("warning", "the warning counts down", pid)
        program.gone(pid, 40)
        after = program.shown("sign-in", seconds=10)
        self.check("another process", after != pid)
        reason = program.ask("see", pid=after)["reason"]
        self.check("the reason is said", "without activity" in reason)
        self.picture("signed-out", f"the next sign-in page: {reason}", after)

    def _kinds(self, pid: int, keys: list[str]) -> dict[str, str]:
        """Pick a report of each kind by what the worklist says of it."""
        found: dict[str, str] = {}
        for key in keys:
            self._program.ask("active", pid=pid)
            said = self._program.ask("report", pid=pid, key=key)
            for name, fits in (
                ("final", said["status"] == "final" and not said["critical"]),
                ("critical", said["critical"]),
                ("corrected", said["status"] == "corrected"),
                ("withdrawn", said["status"] == "entered-in-error"),
                ("pdf", said["kinds"] == ["application/pdf"]),
                ("html", said["kinds"] == ["text/html"]),
            ):
                if fits:
                    found.setdefault(name, key)
            if len(found) == 6:
                break
        self.check("the demonstration has every kind", len(found) == 6)
        return found


def tour(reports: int, pictures: Path) -> int:
    """Run the tour; return its exit status."""
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="safelight-tour-") as folder:
        portal = start_portal(Path(folder), reports)
        home = Home(Path(folder) / "home")
        home.environment  # noqa: B018 (makes the folders)
        home.prefer(curtain_after="14 s", warn_before_end="6 s", end_after_idle="24 s", activity="program")
        try:
            print(f"Touring; pictures go to {pictures}", flush=True)
            with running(home, "--portal", portal.url, "--ca-file", portal.ca) as program:
                Guide(program, pictures).walk()
        except AssertionError as problem:
            print(f"The tour stopped: {problem}")
            return 1
        finally:
            portal.close()
    print(f"\nEvery step happened. Pictures: {pictures}")
    print(f"By hand, on a display: ./dev demo (sign in as radiologist, password: {Portal.PASSWORD})")
    return 0
