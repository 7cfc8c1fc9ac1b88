"""A report laid out on pages of paper, in points (1/72 inch).

Owns: where head, text and foot stand, and how a page is drawn on the screen, in a PDF and on a printer alike.
Must never: draw a page without patient, status, user, time and its number on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QLocale, QRectF, QSizeF, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QFont, QImage, QPageSize, QPainter, QTextDocument

from client.session.pages import Pages, Picture, Size, Wanted
from client.ui import fonts
from client.ui.colours import CONTRAST_LIGHT
from client.ui.output.slip import Slip
from client.ui.report import style
from client.ui.report.reader import Reader

MARGIN = 42.0  # points on every side: more than any printer keeps to itself
_HEAD, _FOOT = 92.0, 26.0
_ZOOM = 70  # per cent of the screen's 15 px: letters of 10.5 points
_SHARP = 200.0  # dots an inch of pages that are pictures
INK = CONTRAST_LIGHT


def for_paper(font: QFont) -> QFont:
    """Return a typeface as paper needs it.

    Without the slashed zero of the screen: Qt writes it into a PDF as a letter without a meaning, and an
    identifier copied out of the file would lose its zeros. The mono face has a marked zero of its own.
    """
    font.unsetFeature(QFont.Tag("zero"))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


class Body(Protocol):
    """What stands between head and foot, page by page."""

    @property
    def count(self) -> int:
        """How many pages there are."""

    def bring(self, page: int, ready: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Make a page ready to be drawn, now or soon."""

    def draw(self, painter: QPainter, page: int, place: QRectF) -> None:
        """Draw a page that is ready."""

    def close(self) -> None:
        """Let go of all of it."""


class TextBody:
    """A text with its sections."""

    def __init__(self, html: str, room: QSizeF) -> None:
        self._reads = Reader()  # reads the pictures inside the text, as harmlessly as on the screen
        self._text = QTextDocument(self._reads)
        self._text.setDocumentMargin(0)
        self._text.setDefaultFont(for_paper(fonts.sans(style.pixels(fonts.BODY, _ZOOM))))
        self._text.setUseDesignMetrics(True)
        self._text.setDefaultStyleSheet(style.sheet(INK, _ZOOM))
        self._text.setIndentWidth(style.pixels(26, _ZOOM))
        self._text.setHtml(html)
        self._text.setPageSize(room)
        self._room = room

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self._text.pageCount()

    def bring(self, _page: int, ready: Callable[[], None], _failed: Callable[[str], None]) -> None:
        """Say at once that a page is ready."""
        ready()

    def draw(self, painter: QPainter, page: int, place: QRectF) -> None:
        """Draw the lines of a page."""
        top = page * self._room.height()
        painter.save()
        painter.translate(place.left(), place.top() - top)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(0, top, self._room.width(), self._room.height())
        context.palette.setColor(context.palette.ColorRole.Text, INK.text)
        painter.setClipRect(context.clip)
        self._text.documentLayout().draw(painter, context)
        painter.restore()

    def close(self) -> None:
        """Let go of the text."""
        self._text.clear()
        self._reads.deleteLater()


class PicturesBody:
    """Pages of a PDF or a scan, as pictures from the darkroom; one is held at a time."""

    def __init__(self, pages: Pages, sizes: tuple[Size, ...], room: QSizeF) -> None:
        self._pages, self._sizes, self._room = pages, sizes, room
        self._at, self._image = -1, QImage()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._sizes)

    def bring(self, page: int, ready: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Have a page drawn in the darkroom, as sharp as paper needs it."""
        if page == self._at:
            ready()
            return

        def drawn(picture: Picture) -> None:
            width, height = picture.width, picture.height
            seen = QImage(picture.pixels, width, height, 4 * width, QImage.Format.Format_RGB32)
            self._at, self._image = picture.page, seen.copy()  # its own: the bytes go with their answer
            ready()

        scale = self._fit(page) * _SHARP / 72
        self._pages.draw([Wanted(page, scale)], drawn, lambda _page, why: failed(why))

    def draw(self, painter: QPainter, page: int, place: QRectF) -> None:
        """Draw the picture of a page as large as there is room."""
        if page != self._at:
            return
        fit, size = self._fit(page), self._sizes[page]
        width, height = size.width * fit, size.height * fit
        left = place.left() + (place.width() - width) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, place.top(), width, height), self._image)

    def close(self) -> None:
        """Close the document."""
        self._pages.close()
        self._at, self._image = -1, QImage()

    def _fit(self, page: int) -> float:
        size = self._sizes[page]
        return min(self._room.width() / size.width, self._room.height() / size.height)


def page_size() -> QPageSize:
    """Return the paper of this place: Letter where inches are used, else A4."""
    metric = QLocale.system().measurementSystem() is not QLocale.MeasurementSystem.ImperialUSSystem
    return QPageSize(QPageSize.PageSizeId.A4 if metric else QPageSize.PageSizeId.Letter)


def room(size: QPageSize) -> QSizeF:
    """Return what a page has for its body, in points."""
    whole = size.size(QPageSize.Unit.Point)
    return QSizeF(whole.width() - 2 * MARGIN, whole.height() - 2 * MARGIN - _HEAD - _FOOT)


class Paper:
    """Pages of one document of a report."""

    def __init__(self, slip: Slip, body: Body, size: QPageSize) -> None:
        self.slip, self.body, self.size = slip, body, size

    @property
    def points(self) -> QSizeF:
        """The size of a page."""
        return self.size.size(QPageSize.Unit.Point)

    def draw(self, painter: QPainter, page: int) -> None:
        """Draw a page with a painter whose unit is the point."""
        whole, room_ = self.points, room(self.size)
        self._draw_head(painter, QRectF(MARGIN, MARGIN, room_.width(), _HEAD))
        self.body.draw(painter, page, QRectF(MARGIN, MARGIN + _HEAD, room_.width(), room_.height()))
        foot = QRectF(MARGIN, whole.height() - MARGIN - _FOOT, room_.width(), _FOOT)
        self._draw_foot(painter, foot, f"Page {page + 1} of {self.body.count}")

    def _draw_head(self, painter: QPainter, place: QRectF) -> None:
        painter.setPen(INK.text)
        row = QRectF(place.left(), place.top(), place.width(), 20)
        _draw(painter, row, self.slip.name, fonts.sans(15, strong=True))
        _draw(painter, row.translated(0, 20), self.slip.facts, fonts.mono(11))
        _draw(painter, row.translated(0, 37), self.slip.exam, fonts.sans(9))
        banner = QRectF(place.left(), place.top() + 60, place.width(), 18)
        painter.fillRect(banner, INK.line)
        painter.setPen(INK.surface)
        _draw(painter, banner.adjusted(8, 0, -8, 0), self.slip.banner, fonts.sans(10, strong=True))

    def _draw_foot(self, painter: QPainter, place: QRectF, number: str) -> None:
        painter.fillRect(QRectF(place.left(), place.top() + 8, place.width(), 0.5), INK.line)
        painter.setPen(INK.text)
        row = place.adjusted(0, 10, 0, 0)
        _draw(painter, row, number, fonts.sans(9), Qt.AlignmentFlag.AlignRight)
        _draw(painter, row.adjusted(0, 0, -76, 0), self.slip.foot, fonts.sans(9))


def _draw(
    painter: QPainter,
    place: QRectF,
    words: str,
    font: QFont,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw one line, smaller letters where it would not fit: on paper nothing is cut."""
    painter.setFont(for_paper(font))
    wide = painter.fontMetrics().horizontalAdvance(words)
    painter.save()
    if wide > place.width():
        share = place.width() / wide
        painter.translate(place.left(), place.center().y())
        painter.scale(share, share)
        place = QRectF(0, -place.height() / 2, wide + 1, place.height())
    painter.drawText(place, flags | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
    painter.restore()
