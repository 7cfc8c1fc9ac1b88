"""A session as a whole: sign-in to rows, 10,000 reports, memory.

Everything is the real program against the real portal; floors are curl and requests doing the same requests,
and a bare PySide6 window.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from client.portal.paging import OPENING
from client.session.sync import PAGE
from tests.bench.figure import Figure
from tests.driver.program import Home, Portal, Program, running

_INCLUDES = "_include=DiagnosticReport:patient&_include=DiagnosticReport:based-on"
_INCLUDES += "&_include=DiagnosticReport:results-interpreter"

_BARE = """
import os
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1360, 840)
window.show()
app.processEvents()
print(open("/proc/self/smaps_rollup").read(), flush=True)
"""


def _first_page(portal: Portal, count: int) -> str:
    return f"{portal.url}/fhir/DiagnosticReport?_sort=-issued&_count={count}&{_INCLUDES}"


def _curl(portal: Portal) -> float:
    """Sign in, ask for the marks and the first page: two commands, as the second needs the first's token."""
    body = json.dumps({"user": "radiologist", "password": portal.PASSWORD, "workstation": "bench"})
    curl = ["curl", "-s", "--cacert", portal.ca]
    begun = time.perf_counter()
    said = subprocess.run(
        [*curl, "-H", "Content-Type: application/json", "-d", body, portal.url + "/portal/sign-in"],
        capture_output=True,
        check=True,
    )
    token = json.loads(said.stdout)["access_token"]
    headers = ["-H", f"Authorization: Bearer {token}"]
    urls = [portal.url + "/portal/marks", _first_page(portal, OPENING)]
    subprocess.run([*curl, *headers, *urls], capture_output=True, check=True)
    return time.perf_counter() - begun


def _plain_loop(portal: Portal) -> float:
    """Fetch all pages as the simplest program would."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = portal.ca
        body = {"user": "radiologist", "password": portal.PASSWORD, "workstation": "bench"}
        token = session.post(portal.url + "/portal/sign-in", json=body, timeout=30).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        begun = time.perf_counter()
        url = _first_page(portal, PAGE)
        while url:
            page = session.get(url, timeout=60).json()
            url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
        return time.perf_counter() - begun


def _timed(program: Program, portal: Portal, awaited: str) -> tuple[int, dict[str, float]]:
    """Sign in as after a second of typing; return the process, and its times once `awaited` is among them."""
    pid = program.shown("sign-in")
    program.described(pid)
    time.sleep(1)
    program.ask("timed_sign_in", pid=pid, user="radiologist", password=portal.PASSWORD, rows=50)
    while True:
        time.sleep(0.25)  # asking is work for the process that is measured
        times = program.ask("times", pid=pid)
        if times[awaited]:
            return pid, times


def _rows(portal: Portal, home: Home, times: int) -> Figure:
    ours, floor = [], []
    with running(home, "--portal", portal.url, "--ca-file", portal.ca) as program:
        for _ in range(times):
            pid, taken = _timed(program, portal, "first rows")
            ours.append(taken["first rows"] * 1000)
            program.tell("sign_out", pid)
            program.gone(pid)
            floor.append(_curl(portal) * 1000)
    return Figure(
        "sign-in to the first 50 rows painted",
        statistics.median(ours),
        "ms",
        statistics.median(floor),
        "the same requests with curl",
        "≤ 1.3 ×",
    )


def _memory(text: str) -> float:
    """Return the whole resident memory in MB: what is shared depends on which other Qt programs run."""
    (line,) = [line for line in text.splitlines() if line.startswith("Rss:")]
    return int(line.split()[1]) / 1024


def _large(portal: Portal, home: Home) -> list[Figure]:
    floors, syncs, indexed, gaps = [], [], [], []
    with running(home, "--portal", portal.url, "--ca-file", portal.ca) as program:
        for _ in range(3):
            floors.append(_plain_loop(portal))
            pid, taken = _timed(program, portal, "indexed")
            syncs.append(taken["synced"])
            indexed.append(taken["indexed"])
            gaps.append(taken["longest gap"] * 1000)
            if len(syncs) < 3:
                program.tell("sign_out", pid)
                program.gone(pid)
        bare = subprocess.run(
            [sys.executable, "-I", "-c", _BARE],
            env=home.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        smaps = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return [
        Figure(
            "worklist of 10,000: all rows shown, all reports cached",
            statistics.median(syncs),
            "s",
            statistics.median(floors),
            "one plain requests loop over the same pages",
            "< 1 ×",
        ),
        Figure("  and every word of them found", statistics.median(indexed), "s", None, "", ""),
        Figure("  longest gap of the event loop", statistics.median(gaps), "ms", None, "", "≤ 50 ms"),
        Figure(
            "resident memory of a session with 10,000 reports",
            _memory(smaps),
            "MB",
            _memory(bare.stdout),
            "a bare PySide6 window",
            "≤ 2 ×",
        ),
    ]


def measure() -> list[Figure]:
    """Return the figures of whole sessions."""
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as folder:
        home = Home(Path(folder) / "home")
        figures = []
        for reports, part in ((520, "small"), (10_000, "large")):
            portal = Portal(Path(folder) / part, "--demo", str(reports))
            try:
                portal.add_user("radiologist")
                figures += [_rows(portal, home, 7)] if part == "small" else _large(portal, home)
            finally:
                portal.close()
        return figures


if __name__ == "__main__":
    from tests.bench.figure import table

    sys.stdout.write(table(measure()) + "\n")
