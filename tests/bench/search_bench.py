"""Searching as one types: keystroke to painted list at 10,000 and at 100,000 reports.

Wall time is what a reader waits; beside it the processor's own time for the same keystrokes, which others at
the same machine do not lengthen. The floor is the bare FTS5 question for the same letters, in the same run.
Runnable alone: `python -m tests.bench.search_bench`.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from client.clock import SystemClock
from client.model.report import Report
from client.session.search import SearchIndex
from client.session.searching import Searching
from client.session.snippet import Folded, fold_text
from client.session.words import fold
from client.session.worklist import Worklist
from tests.bench import offscreen
from tests.bench.figure import Figure, table
from tests.bench.worklist_bench import reports

# Typed letter by letter: one patient, words of nearly every report, a phrase, a field, everything at once.
_TYPED = (
    "okafor",
    "nguyen",
    "no acute",
    "the",
    "nodule right upper",
    '"right upper lobe"',
    "patient:okafor ct",
    "unread ct -contrast",
    "zebra",
)
_ROUNDS = {10_000: 8, 100_000: 3}
_REACH = {10_000: "≤ 10 ms", 100_000: "≤ 30 ms"}
_BATCH = 500


def measure() -> list[Figure]:
    """Return the figures of searching."""
    from PySide6.QtWidgets import QApplication

    from client.ui import fonts, theme

    offscreen.quieten()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    fonts.load_fonts()
    theme.apply(app)
    return [figure for count in _ROUNDS for figure in _measure(app, count)]


def _measure(app: object, count: int) -> list[Figure]:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from client.ui.worklist import WorklistView

    assert isinstance(app, QApplication)
    worklist, index, texts = Worklist(SystemClock()), SearchIndex(), dict[str, str]()
    data = reports(count)
    for start in range(0, count, _BATCH):
        batch = data[start : start + _BATCH]
        worklist.merge(report for report, _ in batch)
        index.add(batch)
    texts = {report.key: text for report, text in data[:2_000]}
    for number in range(0, count, 2):
        worklist.set_read(f"r{number}", "1")

    def bring(asked: Sequence[Report], done: Callable[[Sequence[Folded]], None]) -> None:
        done([fold_text(texts.get(report.key, "")) for report in asked])

    saved = SimpleNamespace(start=lambda _changed, _say: None)
    window = WorklistView()
    window.resize(1600, 1000)
    window.set_worklist(worklist, index, cast(Searching, SimpleNamespace(texts=bring, saved=saved)))
    window.show()
    app.processEvents()
    window.quick_filter.setFocus()
    wall: list[float] = []
    processor: list[float] = []
    floor: list[float] = []

    def press(letter: str) -> None:
        QTest.keyClick(window.quick_filter, letter)
        window.table.viewport().repaint()  # the list is on screen; the pieces of reports follow

    for _ in range(_ROUNDS[count]):
        for phrase in _TYPED:
            for end, letter in enumerate(phrase, start=1):
                begin, used = time.perf_counter(), time.thread_time()
                press(letter)
                processor.append((time.thread_time() - used) * 1000)
                wall.append((time.perf_counter() - begin) * 1000)
                app.processEvents()
                if end % 3 == 0:
                    floor.append(_milliseconds(index, phrase[:end]))
            window.quick_filter.clear()
            app.processEvents()
    window.close()
    index.close()
    name = f"search keystroke to painted, {count:,}"
    least = _p99(floor)
    return [
        Figure(f"{name}, p50", statistics.median(wall), "ms", None, "", ""),
        Figure(f"{name}, p99", _p99(wall), "ms", least, "bare FTS5, p99", _REACH[count]),
        Figure(f"{name}, p99 of processor", _p99(processor), "ms", least, "bare FTS5, p99", _REACH[count]),
    ]


def _milliseconds(index: SearchIndex, typed: str) -> float:
    asked = " ".join(f'"{word}" *' for word in fold(typed).replace('"', " ").replace(":", " ").split())
    begin = time.perf_counter()
    # The index's own table, asked without anything of ours around it.
    index._database.execute("SELECT count(*) FROM reports WHERE reports MATCH ?", (asked,)).fetchone()
    return (time.perf_counter() - begin) * 1000


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


if __name__ == "__main__":
    sys.stdout.write(table(measure()) + "\n")
