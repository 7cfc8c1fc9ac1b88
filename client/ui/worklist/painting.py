"""Drawing rows: the only code that runs for each row on each frame.

Owns: the shortened texts and the badges' pictures, kept because the same ones are drawn again and again.
Must never: ask the model, a style or a widget for anything; a frame of 30 rows has 6 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGlyphRun, QPainter, QPixmap, QTextLayout, QTextOption

from client.model.report import Report
from client.session.snippet import Snippet
from client.session.view import Column, ReadState
from client.ui import badge, fonts, formats, icons, theme
from client.ui.lettering import Lettering
from client.ui.worklist import columns
from client.ui.worklist.understood import PLACES

WIDE_ROW = theme.ROW
NARROW_ROW = 52
EXCERPT = 20  # px more for a row that shows where it was found
_PAD = 8
_LEAST = 40  # px: less says nothing
_LETTER = 6.5  # px: about the width of one
_EXCERPTS_KEPT = 200
FROM_PORTAL = "From the portal"
_KEPT = 3000  # texts; about as many as ten screens hold
_END, _MIDDLE = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle

_PATIENT = columns.PLACE[Column.PATIENT]
_IDENTIFIER = columns.PLACE[Column.IDENTIFIER]
_EXAM = columns.PLACE[Column.EXAM]
_DATE = columns.PLACE[Column.DATE]
_PLAIN = tuple(
    columns.PLACE[one]
    for one in (
        Column.IDENTIFIER,
        Column.BIRTH_DATE,
        Column.MODALITY,
        Column.DATE,
        Column.RADIOLOGIST,
        Column.REFERRER,
    )
)


class _Excerpt(NamedTuple):
    """A piece of a report laid out."""

    plain: tuple[QGlyphRun, ...]
    strong: tuple[QGlyphRun, ...]
    underlined: tuple[tuple[float, float], ...]  # from and to, px from its left edge
    width: float
    ascent: float


class RowPainter:
    """Draws rows with the colours in force; one per table."""

    def __init__(self) -> None:
        self._short: dict[tuple[str, int, bool, Qt.TextElideMode], str] = {}
        self._cells: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._badges: dict[tuple[str, float], QPixmap] = {}
        self._laid: dict[tuple[Snippet, int], _Excerpt] = {}
        self._sans, self._strong = fonts.sans(), fonts.sans(strong=True)
        self._colours = theme.current()
        self._letterings = {False: Lettering(fonts.sans()), True: Lettering(fonts.sans(strong=True))}
        self._baseline = self._letterings[False].middle(0)

    def room_for(self, identifier: str) -> int:
        """Return how wide a column has to be to show an identifier whole."""
        return ceil(self._letterings[False].metrics.horizontalAdvance(identifier)) + 2 * _PAD + 1

    def begin(self, painter: QPainter) -> None:
        """Look up what holds for the whole frame."""
        colours = theme.current()
        if colours is not self._colours:
            self._colours = colours
            self._badges.clear()
            self._laid.clear()
        # The oldest, a few for each frame: to let go of all of them at once would make one frame late.
        while len(self._short) > _KEPT:
            del self._short[next(iter(self._short))]
        while len(self._cells) > _KEPT:
            del self._cells[next(iter(self._cells))]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def ground(
        self, painter: QPainter, row: QRectF, *, current: bool, hovered: bool, focused: bool, mirrored: bool
    ) -> None:
        """Draw what lies behind a row: selection, pointer, and the focus mark at its edge."""
        colours = self._colours
        if current:
            painter.fillRect(row, colours.selection)
            if focused:
                edge = row.right() - 3 if mirrored else row.left()
                painter.fillRect(QRectF(edge, row.top(), 3, row.height()), colours.accent)
        elif hovered:
            painter.fillRect(row, colours.hover)

    def wide(
        self,
        painter: QPainter,
        row: QRectF,
        report: Report,
        state: ReadState,
        places: Sequence[tuple[int, int]],
        mirrored: bool,
    ) -> None:
        """Draw one row of the full table; `places` are left edge and width of each column, in pixels."""
        colours, cells = self._colours, self._words(report)
        middle = row.center().y()
        fresh = state is not ReadState.READ
        self._mark(painter, places[0][0] + places[0][1] / 2, middle, state)
        top = middle - badge.HEIGHT / 2
        if report.critical:
            self._badge(painter, self._inner(places[1], mirrored, badge.CRITICAL), top, badge.CRITICAL)
        standing = badge.status(report.status)
        self._badge(painter, self._inner(places[2], mirrored, standing), top, standing)
        baseline = middle + self._baseline
        withdrawn = report.status.withdrawn
        painter.setPen(colours.secondary if withdrawn else colours.bright if fresh else colours.text)
        self._draw(painter, places[_PATIENT], baseline, cells[_PATIENT], fresh, mirrored)
        if report.problem:
            self._problem(painter, places, row, report.problem, baseline, mirrored)
            painter.setPen(colours.secondary)
            self._draw(
                painter, places[_IDENTIFIER], baseline, cells[_IDENTIFIER], False, mirrored, cut=_MIDDLE
            )
            return
        if columns.withdrawn_since(report, state):
            painter.setPen(colours.caution)
            words = f"{columns.WITHDRAWN_SINCE} · {cells[_EXAM]}"
            self._draw(painter, places[_EXAM], baseline, words, False, mirrored)
        else:
            self._draw(painter, places[_EXAM], baseline, cells[_EXAM], False, mirrored)
        painter.setPen(colours.secondary)
        for place in _PLAIN:
            if cells[place]:
                cut = _MIDDLE if place == _IDENTIFIER else _END
                self._draw(painter, places[place], baseline, cells[place], False, mirrored, cut=cut)

    def narrow(
        self, painter: QPainter, row: QRectF, report: Report, state: ReadState, mirrored: bool
    ) -> None:
        """Draw one row of the list beside an open report: two lines."""
        colours, cells = self._colours, self._words(report)
        fresh = state is not ReadState.READ
        upper, lower = row.top() + 17, row.top() + 36
        left, right = int(row.left()) + 24, int(row.right()) - 10
        if mirrored:
            left, right = int(row.left()) + 10, int(row.right()) - 24
        self._mark(painter, row.right() - 12 if mirrored else row.left() + 12, upper, state)

        painter.setPen(colours.secondary)
        date_width = int(self._letterings[False].width(cells[_DATE])) + 1
        self._draw(
            painter,
            self._end(left, right, date_width, mirrored),
            upper + self._baseline,
            cells[_DATE],
            False,
            mirrored,
            pad=0,
        )
        marks = [badge.CRITICAL] if report.critical else []
        marks.append(badge.status(report.status))
        taken = 0
        for mark in reversed(marks):
            width = int(badge.size(mark).width()) + 1
            x = left + taken if mirrored else right - taken - width
            self._badge(painter, x, lower - badge.HEIGHT / 2 + 1, mark)
            taken += width + 4

        name = self._start(left, right, right - left - date_width - 12, mirrored)
        # The identifier first, and whole: only what follows it gives way.
        room, baseline = right - left - taken - 4, lower + self._baseline
        painter.setPen(colours.secondary)
        if report.patient is not None or not report.problem:
            rest = self._start(left, right, room, mirrored)
            self._draw(painter, rest, baseline, cells[_IDENTIFIER], False, mirrored, pad=0, cut=_MIDDLE)
            width = ceil(self._letterings[False].width(cells[_IDENTIFIER])) + _PAD // 2
            left, right, room = (
                (left, right - width, room - width) if mirrored else (left + width, right, room - width)
            )
        gone = columns.WITHDRAWN_SINCE if columns.withdrawn_since(report, state) else ""
        said = report.problem or gone
        painter.setPen(colours.caution if said else colours.secondary)
        rest = self._start(left, right, room, mirrored)
        self._draw(painter, rest, baseline, said or f"· {cells[_EXAM]}", False, mirrored, pad=0)
        painter.setPen(colours.bright if fresh else colours.text)
        self._draw(painter, name, upper + self._baseline, cells[_PATIENT], fresh, mirrored, pad=0)

    def excerpt(
        self, painter: QPainter, line: QRectF, found: Snippet | None, from_portal: bool, mirrored: bool
    ) -> None:
        """Draw the piece of the report around what was found, the find itself strong and underlined.

        What is not in the worklist but was found at the portal says so first.
        """
        baseline = line.center().y() + self._baseline
        left, right = line.left(), line.right()
        if from_portal:
            words = f"{FROM_PORTAL}  "
            taken = self._letterings[True].width(words)
            painter.setPen(self._colours.caution)
            at = right - taken if mirrored else left
            self._letterings[True].draw(painter, at, baseline, words)
            left, right = (left, right - taken) if mirrored else (left + taken, right)
        if found is None or right - left < _LEAST:
            return
        laid = self._laid.get((found, int(right - left)))
        if laid is None:
            while len(self._laid) >= _EXCERPTS_KEPT:
                del self._laid[next(iter(self._laid))]
            laid = self._laid[found, int(right - left)] = self._lay(found, right - left)
        origin = QPointF(right - laid.width if mirrored else left, baseline - laid.ascent)
        painter.setPen(self._colours.secondary)
        for run in laid.plain:
            painter.drawGlyphRun(origin, run)
        painter.setPen(self._colours.bright)
        for run in laid.strong:
            painter.drawGlyphRun(origin, run)
        for begin, end in laid.underlined:
            painter.fillRect(
                QRectF(origin.x() + begin, round(baseline) + 2, end - begin, 1), self._colours.bright
            )

    def _lay(self, found: Snippet, room: float) -> _Excerpt:
        label = f"{PLACES[found.place]}  " if found.place in PLACES else ""
        text, hits = found.text, found.hits
        # Little room goes to what stands before the find, so that the find itself is always in sight.
        most = int(room / 3 / _LETTER)
        if hits and hits[0][0] > most:
            word = text.find(" ", hits[0][0] - most, hits[0][0]) + 1 or hits[0][0]
            text, gone = f"… {text[word:]}", word - 2
            hits = tuple((start - gone, end - gone) for start, end in hits)
        shown = f"{label}{text}"[: int(room / _LETTER * 1.5)]
        layout = QTextLayout(shown, self._sans)
        option = layout.textOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)  # what does not fit is left out by whole words
        layout.setTextOption(option)
        spans = [(_units(f"{label}{text[:start]}"), _units(text[start:end])) for start, end in hits]
        marks = []
        for start, length in spans:
            mark = QTextLayout.FormatRange()
            mark.start, mark.length = start, length
            mark.format.setFont(self._strong)
            marks.append(mark)
        layout.setFormats(marks)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(room)
        layout.endLayout()
        plain: list[QGlyphRun] = []
        strong: list[QGlyphRun] = []
        underlined: list[tuple[float, float]] = []
        at, ends = 0, line.textLength()
        for start, length in spans:
            if start + length > ends:
                break
            if start > at:
                plain += line.glyphRuns(at, start - at)
            strong += line.glyphRuns(start, length)
            underlined.append(_in_order(line.cursorToX(start), line.cursorToX(start + length)))
            at = start + length
        if at < ends:
            plain += line.glyphRuns(at, ends - at)
        return _Excerpt(
            tuple(plain), tuple(strong), tuple(underlined), line.naturalTextWidth(), line.ascent()
        )

    def _problem(
        self,
        painter: QPainter,
        places: Sequence[tuple[int, int]],
        row: QRectF,
        sentence: str,
        baseline: float,
        mirrored: bool,
    ) -> None:
        # From the exam's column to the end of the row: nothing else is known of such a report.
        left, width = places[_EXAM]
        room = (0, left + width) if mirrored else (left, int(row.right()) - left)
        sign = QRectF(0, 0, theme.ICON, theme.ICON)
        x = room[0] + room[1] - _PAD - theme.ICON if mirrored else room[0] + _PAD
        sign.moveTo(x, row.center().y() - theme.ICON / 2)
        icons.paint(painter, sign, "file-x", self._colours.caution)
        painter.setPen(self._colours.caution)
        room = (room[0], room[1] - theme.ICON - 6) if mirrored else (room[0] + theme.ICON + 6, room[1])
        self._draw(painter, room, baseline, sentence, False, mirrored)

    def _words(self, report: Report) -> tuple[str, ...]:
        key = (report.key, report.version, report.exam)
        words = self._cells.get(key)
        if words is None:
            words = self._cells[key] = columns.cells(report)
        return words

    def _draw(
        self,
        painter: QPainter,
        place: tuple[int, int],
        baseline: float,
        text: str,
        strong: bool,
        mirrored: bool,
        pad: int = _PAD,
        cut: Qt.TextElideMode = _END,
    ) -> None:
        left, width = place
        room = width - 2 * pad
        if room <= 0:
            return
        lettering = self._letterings[strong]
        taken = lettering.width(text)
        if taken > room:
            key = (text, room, strong, cut)
            short = self._short.get(key)
            if short is None:
                short = self._short[key] = self._shorten(text, room, strong, cut)
            text, taken = short, lettering.width(short)
        lettering.draw(painter, left + width - pad - taken if mirrored else left + pad, baseline, text)

    def _shorten(self, text: str, room: int, strong: bool, cut: Qt.TextElideMode) -> str:
        metrics = self._letterings[strong].metrics
        if cut is _END and ", " in text:
            return formats.elided_name(text, metrics, room)
        return metrics.elidedText(text, cut, room)

    def _mark(self, painter: QPainter, x: float, y: float, state: ReadState) -> None:
        # A dot for unread, a diamond for changed: told apart without colour.
        if state is ReadState.READ:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        if state is ReadState.UNREAD:
            painter.setBrush(self._colours.bright)
            painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
            return
        painter.setBrush(self._colours.caution)
        painter.drawPolygon([QPointF(x, y - 5), QPointF(x + 5, y), QPointF(x, y + 5), QPointF(x - 5, y)])

    def _badge(self, painter: QPainter, x: float, y: float, mark: badge.Badge) -> None:
        scale = painter.device().devicePixelRatioF()
        key = (mark.word, scale)
        picture = self._badges.get(key)
        if picture is None:
            picture = self._badges[key] = _picture(mark, scale)
        # Whole pixels of the screen, or the word would be blurred.
        painter.drawPixmap(QPointF(round(x * scale) / scale, round(y * scale) / scale), picture)

    @staticmethod
    def _inner(place: tuple[int, int], mirrored: bool, mark: badge.Badge) -> float:
        return place[0] + place[1] - _PAD - badge.size(mark).width() if mirrored else place[0] + _PAD

    @staticmethod
    def _start(left: int, right: int, width: int, mirrored: bool) -> tuple[int, int]:
        return (right - width, width) if mirrored else (left, width)

    @staticmethod
    def _end(left: int, right: int, width: int, mirrored: bool) -> tuple[int, int]:
        return (left, width) if mirrored else (right - width, width)


def _in_order(start: Any, end: Any) -> tuple[float, float]:
    """Return two places of a line from left to right; Qt gives each together with its letter."""
    first, last = (float(at[0] if isinstance(at, tuple) else at) for at in (start, end))
    return min(first, last), max(first, last)


def _units(text: str) -> int:
    """Return the length of a text as Qt counts it, in UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _picture(mark: badge.Badge, scale: float) -> QPixmap:
    box = badge.size(mark)
    picture = QPixmap(int(box.width() * scale) + 2, int(box.height() * scale) + 2)
    picture.setDevicePixelRatio(scale)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    badge.paint(painter, QPointF(0, 0), mark)
    painter.end()
    return picture
