"""The text of a report: a QTextBrowser that loads nothing, opens nothing and lets nothing be dragged out.

Owns: the text, its zoom and its line length. Must never: run a nested event loop, or fetch anything.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QTextBrowser, QWidget

from client.ui import clipboard, fonts, theme
from client.ui.report import style

# What a line of a report is like; a typeface's own average counts letters that hardly occur.
_PROSE = "There is no focal consolidation, effusion or pneumothorax; the heart is normal in size."
_PICTURE = QTextDocument.ResourceType.ImageResource.value
_KINDS = {
    f"data:image/{kind};base64": QByteArray(kind.encode("ascii")) for kind in ("png", "jpeg", "gif")
}  # what `client.documents` lets pass
_PIXELS = 16_000_000  # in all pictures of one text: a few kilobytes can say that they are gigabytes


class Reader(QTextBrowser):
    """Shows the HTML of a `Document`, which is written by `client.documents` and by nobody else."""

    zoom_asked = Signal(int)  # steps, from the wheel with Ctrl held
    find_asked = Signal()
    image_asked = Signal(int)  # which of the document's references to images
    laid_out = Signal()  # anew, the same text: at another size or another length of line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = 100
        self._html = ""
        self._pixels = 0  # of the pictures read so far
        self._line = 0.0  # px of a full line
        self._bar = self.verticalScrollBar()  # kept: asking Qt for it takes longer than what is done with it
        self._bar_width = self._bar.sizeHint().width()
        self.setAccessibleName("Report text")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAcceptDrops(False)
        # Drawn without what lies beneath: see `paintEvent`.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.anchorClicked.connect(self._follow)
        # Always there, and unseen where there is nothing to scroll: one that comes and goes with every report
        # costs two more layouts of the window.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._bar.setStyleSheet("QScrollBar::handle:disabled { background: transparent; }")
        self.document().setDocumentMargin(style.MARGIN / 2)
        self.setViewportMargins(style.MARGIN // 2, 0, 0, 0)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        # Words longer than a line are broken, so that only a table or columns ever need to be moved sideways.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._colours = theme.current()
        self._dress()

    def show_html(self, html: str) -> None:
        """Show a document from its beginning."""
        self._html = html
        self._pixels = 0
        self.setHtml(html)
        self._show_bar()

    def empty(self) -> None:
        """Show nothing."""
        self.show_html("")

    def set_zoom(self, per_cent: int) -> None:
        """Show the text at `per_cent` of its size; what stood at the top stays about there."""
        if per_cent == self._zoom:
            return
        self._zoom = per_cent
        self._again()

    def go_to(self, anchor: str) -> None:
        """Bring a section to the top."""
        self.scrollToAnchor(anchor)

    def _follow(self, link: QUrl) -> None:
        # The only links that lead anywhere: from a structured report to the images it speaks of.
        scheme, _, number = link.toString().partition(":")
        if scheme == "image" and number.isdecimal() and len(number) < 6:
            self.image_asked.emit(int(number))

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        """Return a picture held in the text itself; nothing for everything else."""
        return self._read_picture(QUrl(url).toString()) if kind == _PICTURE else QByteArray()

    def _read_picture(self, url: str) -> QImage:
        """Return the picture of a `data:` URL; an empty one for anything that is not what it is called."""
        head, _, encoded = url.partition(",")
        kind = _KINDS.get(head.lower())
        if kind is None:
            return QImage()
        try:
            data = QByteArray(b64decode(encoded, validate=True))
        except (NotBase64, ValueError):
            return QImage()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer, kind)
        # Or Qt would go by what the bytes look like, and a drawing (SVG) names files to be opened.
        reader.setAutoDetectImageFormat(False)
        size = reader.size()
        pixels = size.width() * size.height() if size.isValid() else 0
        if not 0 < pixels <= _PIXELS - self._pixels:
            return QImage()
        self._pixels += pixels
        return reader.read()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Return nothing: Qt would put it into X11's PRIMARY selection unasked; see `copy`."""
        return QMimeData()

    def copy(self) -> None:
        """Copy the selected words as plain text, where that is allowed."""
        clipboard.current().put(self.textCursor().selection().toPlainText())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a new selection; never a drag, which would run a nested event loop and leave the window."""
        cursor = self.textCursor()
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() is Qt.MouseButton.LeftButton and cursor.hasSelection() and not extends:
            cursor.clearSelection()
            self.setTextCursor(cursor)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done here."""
        self.show_menu(event.globalPos())

    def show_menu(self, at: QPoint) -> None:
        """Open the menu at a place of the screen and return at once."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction("Copy", QKeySequence(QKeySequence.StandardKey.Copy), self.copy)
        copy.setEnabled(clipboard.current().allowed and self.textCursor().hasSelection())
        menu.addAction("Select all", QKeySequence(QKeySequence.StandardKey.SelectAll), self.selectAll)
        menu.addSeparator()
        menu.addAction("Find in report", QKeySequence(QKeySequence.StandardKey.Find), self.find_asked.emit)
        menu.popup(at)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl held, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if delta := event.angleDelta().y():
                self.zoom_asked.emit(1 if delta > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Alt with arrows (QTextBrowser's history) and zoom keys to the report view."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()  # not Qt's own, which would neither ask nor mark it
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the ground, which Qt would draw for every widget below this one first, and draw the text."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.current().surface)
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line length."""
        super().resizeEvent(event)
        self._set_line()
        self._show_bar()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and theme.current() is not self._colours:
            self._colours = theme.current()
            self._again()

    def _again(self) -> None:
        bar = self._bar
        share = bar.value() / bar.maximum() if bar.maximum() else 0.0
        self._dress()
        self._pixels = 0
        self.setHtml(self._html)
        self._set_line()
        bar.setValue(round(share * bar.maximum()))
        self._show_bar()
        self.laid_out.emit()

    def _dress(self) -> None:
        document = self.document()
        document.setDefaultFont(fonts.sans(style.pixels(fonts.BODY + 1, self._zoom)))
        document.setDefaultStyleSheet(style.sheet(self._colours, self._zoom))
        self._line = (
            QFontMetricsF(document.defaultFont()).horizontalAdvance(_PROSE) / len(_PROSE) * style.LINE
        )
        document.setIndentWidth(style.pixels(26, self._zoom))

    def _show_bar(self) -> None:
        bar = self._bar
        needed = bar.maximum() > 0
        if bar.isEnabled() is not needed:
            bar.setEnabled(needed)

    def _set_line(self) -> None:
        # A width of its own, not the viewport's: a scroll bar that comes or goes must not move the words.
        free = self.width() - self._bar_width - 2 * style.MARGIN
        width = max(200, round(min(self._line, free))) + style.MARGIN
        if width != self.lineWrapColumnOrWidth():
            self.setLineWrapColumnOrWidth(width)
            self.laid_out.emit()
