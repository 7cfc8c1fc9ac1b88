"""The worklist of 10,000 reports: keystroke to painted list, one screen of rows, order and merge.

Runnable alone: `python -m tests.bench.worklist_bench`.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from client.clock import SystemClock
from client.model.moment import Moment, Precision
from client.model.report import Patient, Report, ReportStatus, Sex
from client.session.search import SearchIndex
from client.session.view import Column, View
from client.session.worklist import Worklist
from tests.bench import offscreen
from tests.bench.figure import Figure, table

_REPORTS = 10_000
_BATCH = 200
_FAMILIES = (
    *("Okafor", "Müller", "García", "Nguyễn", "Smith", "Haugen", "Dubois"),
    *("Иванова", "Tanaka", "O'Brien", "Alves", "Kowalski", "Lindqvist"),
)
_EXAMS = (
    ("CT chest with contrast", "CT"),
    ("MR brain without contrast", "MR"),
    ("XR knee 3 views", "CR"),
    ("US abdomen complete", "US"),
    ("Mammography screening", "MG"),
)
_CLAUSES = (
    "The lungs are clear without focal consolidation. ",
    "No pleural effusion or pneumothorax is seen. ",
    "The heart is not enlarged. ",
    "There is mild degenerative change of the thoracic spine. ",
    "A 6 mm nodule in the right upper lobe is unchanged from the prior examination. ",
    "No acute intracranial haemorrhage, mass effect or midline shift. ",
    "The liver, spleen, pancreas and both kidneys are unremarkable. ",
    "There is no evidence of fracture or dislocation. ",
    "Small hiatal hernia. ",
    "Recommend follow-up in twelve months according to the Fleischner criteria. ",
)
# Typed letter by letter: from one patient to words that stand in nearly every report.
_TYPED = (
    "okafor",
    "nguyen",
    "chest ct",
    "no acute",
    "effusion",
    "the",
    "nodule right upper",
    "fleischner",
    "zebra",
)


def reports(count: int) -> list[tuple[Report, str]]:
    """Return synthetic reports with their texts, newest first, the same ones every time."""
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(4, 10))) for _ in range(5000)]
    patients = [
        Patient(
            f"p{number}",
            f"{dice.choice(_FAMILIES).upper()}, {dice.choice(words).title()}",
            f"{dice.randint(100000, 999999)}",
            Moment.parse(f"{dice.randint(1930, 2020)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}"),
            Sex.UNKNOWN,
        )
        for number in range(count // 6)
    ]
    readers = [f"Dr {word.title()}" for word in words[:12]]
    referrers = [f"Dr {word.title()}" for word in words[12:72]]
    newest = datetime(2026, 11, 20, 16, tzinfo=UTC)
    made = []
    for number in range(count):
        exam, modality = dice.choice(_EXAMS)
        date = Moment(newest - timedelta(minutes=17 * number), Precision.TIME)
        report = Report(
            key=f"r{number}",
            version="1",
            status=dice.choice(tuple(ReportStatus)),
            critical=dice.random() < 0.03,
            patient=dice.choice(patients),
            exam=exam,
            modality=modality,
            date=date,
            issued=date,
            radiologist=dice.choice(readers),
            referrer=dice.choice(referrers),
            accession=f"A{number:06}",
        )
        text = "".join(dice.choices(_CLAUSES, k=14)) + " ".join(dice.choices(words, k=150))
        made.append((report, text))
    return made


def measure() -> list[Figure]:
    """Return the figures of the worklist."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from client.ui import fonts, theme
    from client.ui.worklist import WorklistView

    offscreen.quieten()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    fonts.load_fonts()
    theme.apply(app)
    data = reports(_REPORTS)
    worklist, index = Worklist(SystemClock()), SearchIndex()
    merges = []
    for start in range(0, _REPORTS, _BATCH):
        batch = [report for report, _text in data[start : start + _BATCH]]
        merges.append(_milliseconds(lambda batch=batch: worklist.merge(batch)))
        index.add(data[start : start + _BATCH])
    for number in range(0, _REPORTS, 2):
        worklist.set_read(f"r{number}", "1")
    views = [View(column, descending) for column in Column for descending in (True, False)]
    for view in views:
        worklist.order(view)  # the first time works out what the column is sorted by
    sorts = [_milliseconds(lambda view=view: worklist.order(view)) for view in views]

    window = WorklistView()
    window.resize(1600, 1000)
    window.set_worklist(worklist, index)
    window.show()
    app.processEvents()
    keys: list[float] = []

    def press(letter: str) -> None:
        QTest.keyClick(window.quick_filter, letter)
        app.processEvents()

    window.quick_filter.setFocus()
    for _ in range(12):
        for phrase in _TYPED:
            keys += [_milliseconds(lambda letter=letter: press(letter)) for letter in phrase]
            window.quick_filter.clear()
            app.processEvents()
    keys.sort()

    screen = window.table.viewport()
    frames = [_milliseconds(screen.repaint) for _ in range(100)]
    wheel = []
    for step in range(200):
        window.table.verticalScrollBar().setValue(step * 911)
        wheel.append(_milliseconds(app.processEvents))
    wheel.sort()
    window.close()
    index.close()
    return [
        Figure("keystroke to painted, 10,000, p50", statistics.median(keys), "ms", None, "", ""),
        Figure("keystroke to painted, 10,000, p99", keys[int(len(keys) * 0.99)], "ms", None, "", "≤ 16.7 ms"),
        Figure("one screen of 30 rows repainted", statistics.median(frames), "ms", None, "", "≤ 6 ms"),
        Figure("scrolled to 30 other rows, p99", wheel[int(len(wheel) * 0.99)], "ms", None, "", "≤ 16.7 ms"),
        Figure("10,000 rows sorted, slowest column", max(sorts), "ms", None, "", "≤ 10 ms"),
        Figure("200 reports merged into 10,000", statistics.median(merges[-10:]), "ms", None, "", "≤ 3 ms"),
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    sys.stdout.write(table(measure()) + "\n")
