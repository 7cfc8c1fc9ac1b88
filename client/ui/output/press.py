"""Pages drawn one after the other onto what takes them: a PDF in memory, or a printer of this system.

Must never: draw the next page before the event loop had its turn (the end of a session may be waiting), or
write a file.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QTimer
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPainter, QPdfWriter

from client.ui.output.paper import Paper

_DOTS = 600  # an inch: where lines of text are placed in a PDF
_TITLE = "Safelight report"


class Press(QObject):
    """One run over all pages of a paper."""

    def __init__(self, owner: QObject, paper: Paper, progress: Callable[[int], None]) -> None:
        super().__init__(owner)
        self._paper, self._progress = paper, progress
        self._painter = QPainter()
        self._stopped = False

    def to_pdf(self, done: Callable[[bytes], None], failed: Callable[[str], None]) -> None:
        """Draw all pages into a PDF in memory."""
        kept = QByteArray()
        buffer = QBuffer(kept, self)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(_TITLE)
        writer.setCreator("Safelight")
        writer.setResolution(_DOTS)

        def finish() -> None:
            buffer.close()
            done(bytes(kept.data()))

        self.run(writer, _DOTS, finish, failed)

    def run(
        self, device: QPagedPaintDevice, dots: int, done: Callable[[], None], failed: Callable[[str], None]
    ) -> None:
        """Draw all pages onto a device of so many dots an inch."""
        device.setPageSize(self._paper.size)
        device.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
        if not self._painter.begin(device):
            failed("This printer does not take the report. Choose another one, or ask IT support.")
            return
        scale = dots / 72

        def ready(page: int) -> None:
            if self._stopped:
                return
            self._painter.save()
            self._painter.scale(scale, scale)
            self._paper.draw(self._painter, page)
            self._painter.restore()
            QTimer.singleShot(0, self, lambda: bring(page + 1))

        def bring(page: int) -> None:
            if self._stopped:
                return
            if page == self._paper.body.count:
                self._painter.end()
                done()
                return
            if page:
                device.newPage()
            self._progress(page)
            self._paper.body.bring(page, lambda: ready(page), fail)

        def fail(why: str) -> None:
            self.stop()
            failed(why)

        bring(0)

    def stop(self) -> None:
        """Draw no more."""
        self._stopped = True
        if self._painter.isActive():
            self._painter.end()
