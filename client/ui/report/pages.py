"""The pages of a PDF, drawn from memory.

Imported with the first PDF of a session and not before: a text does not need what QtPdf costs.
Must never: write the document anywhere, follow a link in it, or hand it to another program.
"""

from __future__ import annotations

from math import sqrt

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from client.errors import DocumentError
from client.ui import theme

_REASONS = {
    QPdfDocument.Error.IncorrectPassword: "This PDF is protected by a password, so Safelight cannot show it. "
    "Ask who wrote the report for one without.",
    QPdfDocument.Error.UnsupportedSecurityScheme: "This PDF is protected in a way Safelight does not know. "
    "Ask who wrote the report for one without.",
}
_DAMAGED = (
    "This PDF is damaged, so Safelight cannot show it. Open the report at the portal, or ask who wrote it."
)
_STRIP = (
    "A page of this PDF is far too long and narrow to be drawn safely, so Safelight does not show it. "
    "Open the report at the portal, or ask who wrote it."
)
_PIXELS = 50_000_000  # of one page, which is drawn as a whole: 200 MB
_LONGEST = 20  # times its width


class _Sheets(QPdfView):
    """A QPdfView without its links: a click in a report must never open a browser."""

    zoom_asked = Signal(int)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if delta := event.angleDelta().y():
                self.zoom_asked.emit(1 if delta > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)


class PdfPages(QWidget):
    """The pages of one PDF, the width of the window at 100 %."""

    zoom_asked = Signal(int)
    found = Signal(int, int)  # place from 1, and how many

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self._data = QByteArray()
        self._search = QPdfSearchModel(self)
        self._search.setDocument(self._document)
        self._search.countChanged.connect(self._count)
        self.sheets = _Sheets(self)
        self.sheets.setAccessibleName("Pages of the report")
        self.sheets.setFrameShape(QFrame.Shape.NoFrame)
        self.sheets.setPageMode(QPdfView.PageMode.MultiPage)
        self.sheets.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.sheets.setDocument(self._document)
        self.sheets.setSearchModel(self._search)
        self.sheets.zoom_asked.connect(self.zoom_asked)
        self.sheets.verticalScrollBar().valueChanged.connect(self._say_page)
        self.sheets.pageNavigator().currentPageChanged.connect(self._say_page)
        column.addWidget(self.sheets, 1)
        self._page = QLabel(self)
        self._page.setTextFormat(Qt.TextFormat.PlainText)
        self._page.setProperty("role", "faint")
        self._page.setContentsMargins(24, 6, 24, 6)
        column.addWidget(self._page)
        self._zoom = 100
        self._area = 0.0  # of the largest page, in points
        self._length = 0.0  # of the longest, in its widths
        self._dress()

    def show_data(self, data: bytes) -> None:
        """Show a PDF from its first page; raises DocumentError with the reason where it cannot be."""
        self.empty()
        self._data = QByteArray(data)
        self._buffer.setData(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)  # from a QBuffer this is done when it returns
        if self._document.status() is not QPdfDocument.Status.Ready or self._document.pageCount() < 1:
            reason = _REASONS.get(self._document.error(), _DAMAGED)
            self.empty()
            raise DocumentError(reason)
        self._measure()
        self.sheets.verticalScrollBar().setValue(0)
        self._fit()
        self._say_page()

    def empty(self) -> None:
        """Close the document and show nothing."""
        self._search.setSearchString("")
        self._document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray())
        self._data = QByteArray()
        self._area = self._length = 0.0
        self._page.clear()

    def set_zoom(self, per_cent: int) -> None:
        """Show the pages at `per_cent` of the window's width."""
        self._zoom = per_cent
        self._fit()

    def look_for(self, words: str) -> None:
        """Look for words on all pages; `found` tells as they are found."""
        self._search.setSearchString(words)
        self._count()

    def step(self, by: int) -> None:
        """Go to the next or previous hit."""
        if count := self._search.rowCount(self._search.index(-1, -1)):
            self._go((self.sheets.currentSearchResultIndex() + by) % count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the width of the pages to the window's."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._dress()

    def _measure(self) -> None:
        """Find the largest and the longest page; raises DocumentError where one has no shape to be drawn."""
        sizes = [self._document.pagePointSize(page) for page in range(self._document.pageCount())]
        if any(size.isEmpty() for size in sizes):
            self.empty()
            raise DocumentError(_DAMAGED)
        self._area = max(size.width() * size.height() for size in sizes)
        self._length = max(size.height() / size.width() for size in sizes)
        if self._length > _LONGEST:
            self.empty()
            raise DocumentError(_STRIP)

    def _fit(self) -> None:
        if not self._area:
            return
        margins = self.sheets.documentMargins()
        room = self.sheets.viewport().width() - margins.left() - margins.right()
        scale = self.sheets.devicePixelRatioF()
        if self._zoom == 100 and (room * scale) ** 2 * self._length <= _PIXELS:
            self.sheets.setZoomMode(QPdfView.ZoomMode.FitToWidth)
            return
        point = self.sheets.logicalDpiX() / 72
        asked = max(0.1, room / (self._document.pagePointSize(0).width() * point) * self._zoom / 100)
        most = sqrt(_PIXELS / self._area) / (point * scale)
        self.sheets.setZoomMode(QPdfView.ZoomMode.Custom)
        self.sheets.setZoomFactor(min(asked, most))

    def _count(self) -> None:
        count = self._search.rowCount(self._search.index(-1, -1))
        at = self.sheets.currentSearchResultIndex()
        if count and at < 0:
            self._go(0)
        else:
            self.found.emit(at + 1 if count else 0, count)

    def _go(self, at: int) -> None:
        self.sheets.setCurrentSearchResultIndex(at)
        link = self._search.resultAtIndex(at)
        self.sheets.pageNavigator().jump(
            link.page(), link.location(), self.sheets.pageNavigator().currentZoom()
        )
        self.found.emit(at + 1, self._search.rowCount(self._search.index(-1, -1)))

    def _say_page(self) -> None:
        of = self._document.pageCount()
        at = self.sheets.pageNavigator().currentPage() + 1
        self._page.setText(f"Page {at} of {of}" if of else "")

    def _dress(self) -> None:
        palette = self.sheets.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme.current().ground)  # what QPdfView paints around pages
        self.sheets.setPalette(palette)
