"""A click on a row of the worklist, to the report painted; beside it the same words in a bare QTextBrowser.

Both are timed in turn, within the session process: on the wall, and as processor time of the main thread (the
machine may be busy with something else). Painted means the same on both sides: everything that was posted
has been delivered, and the text's own place was painted among it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

from client.app import Program
from client.documents import DocumentKind
from client.ui.report.reader import Reader
from client.ui.worklist.table import WorklistTable

_TEXTS = 120


class _Paints(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count a paint event, and let it pass."""
        self.count += event.type() is QEvent.Type.Paint
        return False


class _Clicks:
    """Clicks on rows: each in sight, somewhere in the list, before it is clicked."""

    def __init__(self, table: WorklistTable) -> None:
        self._table = table

    def bring(self, place: int, number: int) -> None:
        """Scroll so that the row is in sight: at another height with each number."""
        height, seen = self._table.row_height, self._table.viewport().height()
        self._table.verticalScrollBar().setValue(place * height - number * height % (seen - height))

    def click(self, place: int) -> None:
        """Press and release the pointer on the row."""
        top = place * self._table.row_height - self._table.verticalScrollBar().value()
        QTest.mouseClick(
            self._table.viewport(),
            Qt.MouseButton.LeftButton,
            pos=QPoint(80, top + self._table.row_height // 2),
        )


def _bare(reader: Reader) -> QTextBrowser:
    """Return a visible QTextBrowser with the reader's font, style sheet, margins, line and viewport."""
    bare = QTextBrowser()
    bare.setLineWrapMode(reader.lineWrapMode())
    bare.setLineWrapColumnOrWidth(reader.lineWrapColumnOrWidth())
    bare.setWordWrapMode(reader.wordWrapMode())
    document, like = bare.document(), reader.document()
    document.setDefaultFont(like.defaultFont())
    document.setDefaultStyleSheet(like.defaultStyleSheet())
    document.setDocumentMargin(like.documentMargin())
    document.setIndentWidth(like.indentWidth())
    bare.setVerticalScrollBarPolicy(reader.verticalScrollBarPolicy())
    bare.resize(reader.size())
    bare.show()
    QApplication.processEvents()
    bare.resize(bare.size() + reader.viewport().size() - bare.viewport().size())
    QApplication.processEvents()
    return bare


def _settle() -> None:
    """Let whatever the last step began come to its end."""
    for _ in range(3):
        QApplication.processEvents()


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that `work` and all that it posted took: on the wall, of this thread's processor."""
    begun, used = time.perf_counter(), time.thread_time()
    work()
    QApplication.sendPostedEvents()
    return time.perf_counter() - begun, time.thread_time() - used


def opens(program: Program, times: int) -> dict[str, list[float]]:
    """Open cached text reports `times` times; return seconds: "ours", "floor", both also as "… cpu", "after".

    "after" is the processor time of what a click leaves for the moment after the paint.
    """
    reading = program.shell.reading
    table, reader = reading.worklist.table, reading.report.reader
    clicks = _Clicks(table)
    reading.open(table.model().report_at(0))  # the list beside a report opens with one click
    texts: dict[int, str] = {}
    for place in range(len(table.model().rows)):
        report = table.model().report_at(place)
        clicks.bring(place, place)
        clicks.click(place)
        _settle()
        cached = program.session._reading._open_quickly(report)
        if (
            not report.problem
            and not report.status.withdrawn
            and cached
            and cached[0].kind is DocumentKind.TEXT
        ):
            texts[place] = cached[0].html
        if len(texts) == _TEXTS:
            break
    bare = _bare(reader)
    assert bare.viewport().size() == reader.viewport().size(), "the floor is as large as the report"
    painted, painted_bare = _Paints(reader.viewport()), _Paints(bare.viewport())
    taken: dict[str, list[float]] = {name: [] for name in ("ours", "ours cpu", "floor", "floor cpu", "after")}
    chosen = list(texts)
    for number in range(times):
        place = chosen[number * 7 % len(chosen)]
        clicks.bring(place, number)
        _settle()
        before = painted.count, painted_bare.count
        wall, cpu = _timed(lambda place=place: clicks.click(place))
        taken["ours"].append(wall)
        taken["ours cpu"].append(cpu)
        assert painted.count > before[0], "the report was painted"
        assert reading.report.report is table.model().report_at(place), "the report clicked is shown"
        used = time.thread_time()
        _settle()
        taken["after"].append(time.thread_time() - used)
        wall, cpu = _timed(lambda place=place: bare.setHtml(texts[place]))
        taken["floor"].append(wall)
        taken["floor cpu"].append(cpu)
        assert painted_bare.count > before[1], "the floor was painted"
    bare.deleteLater()
    return taken
