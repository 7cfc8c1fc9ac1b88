"""Badges: a report's status and its critical mark, told by shape and word before any colour.

Owns: the words, the shapes and their painting. Must never: leave a status out: FHIR R4 says that
DiagnosticReport.status is a modifier (5.4, isModifier).

    ⬡ pointed, filled     critical
    ▭ dashed outline      not final yet
    ▭ thin outline        final
    ▬ filled              changed after it was final
    ▭ struck through      withdrawn
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from client.model.report import ReportStatus
from client.ui import fonts, theme

HEIGHT = 20  # px
_PAD = 8


class Shape(Enum):
    """The outline that says what kind of thing the word is."""

    POINTED = "pointed"
    DASHED = "dashed"
    OUTLINE = "outline"
    FILLED = "filled"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Badge:
    """A word in a shape; `meaning` is the sentence of its tooltip and for a screen reader."""

    word: str
    shape: Shape
    meaning: str


CRITICAL = Badge("CRITICAL", Shape.POINTED, "Critical result.")
CHANGED = Badge("CHANGED", Shape.FILLED, "Changed since you read it.")

_STATUS = {
    ReportStatus.REGISTERED: Badge("REGISTERED", Shape.DASHED, "Registered: the report is not written yet."),
    ReportStatus.PARTIAL: Badge("PARTIAL", Shape.DASHED, "Partial: parts of this report are missing."),
    ReportStatus.PRELIMINARY: Badge(
        "PRELIMINARY", Shape.DASHED, "Preliminary: not verified yet, it may still change."
    ),
    ReportStatus.FINAL: Badge("FINAL", Shape.OUTLINE, "Final: complete and verified."),
    ReportStatus.AMENDED: Badge("AMENDED", Shape.FILLED, "Amended: changed after it was final."),
    ReportStatus.CORRECTED: Badge(
        "CORRECTED", Shape.FILLED, "Corrected: an error in the final was put right."
    ),
    ReportStatus.APPENDED: Badge("APPENDED", Shape.FILLED, "Appended: added to after it was final."),
    ReportStatus.CANCELLED: Badge("CANCELLED", Shape.STRUCK, "Cancelled: this report will not be made."),
    ReportStatus.ENTERED_IN_ERROR: Badge(
        "WITHDRAWN", Shape.STRUCK, "Withdrawn: this report was entered in error."
    ),
    ReportStatus.UNKNOWN: Badge("STATUS UNKNOWN", Shape.DASHED, "The portal does not say how final this is."),
}


def status(value: ReportStatus) -> Badge:
    """Return the badge of a report's status."""
    return _STATUS[value]


@cache
def size(badge: Badge) -> QSizeF:
    """Return how much room `paint` takes, in pixels at 100 %."""
    ends = HEIGHT / 2 if badge.shape is Shape.POINTED else 0
    return QSizeF(QFontMetricsF(_font()).horizontalAdvance(badge.word) + 2 * _PAD + ends, HEIGHT)


def paint(painter: QPainter, at: QPointF, badge: Badge) -> QRectF:
    """Draw the badge with its top left corner at `at`; return the rectangle it took."""
    box = QRectF(at, size(badge))
    shape = box.adjusted(0.5, 0.5, -0.5, -0.5)
    words, edge, fill = _colours(badge)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(edge, 1)
    if badge.shape is Shape.DASHED:
        pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if badge.shape is Shape.POINTED:
        painter.drawPolygon(_pointed(shape))
    else:
        painter.drawRoundedRect(shape, theme.RADIUS, theme.RADIUS)
    painter.setFont(_font())
    painter.setPen(words)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, badge.word)
    if badge.shape is Shape.STRUCK:
        # Around the word, not through it: what was withdrawn must be read, too.
        gap = (box.width() - QFontMetricsF(_font()).horizontalAdvance(badge.word)) / 2 - 2
        painter.setPen(QPen(edge, 1))
        middle = shape.center().y()
        painter.drawLine(QPointF(shape.left(), middle), QPointF(shape.left() + gap, middle))
        painter.drawLine(QPointF(shape.right() - gap, middle), QPointF(shape.right(), middle))
    painter.restore()
    return box


def _colours(badge: Badge) -> tuple[QColor, QColor, QColor | None]:
    """Return the colours of word, outline and filling."""
    colours = theme.current()
    if badge.shape is Shape.POINTED:
        return colours.on_critical, colours.critical, colours.critical
    if badge.shape is Shape.FILLED:
        return colours.on_caution, colours.caution, colours.caution
    if badge.shape is Shape.DASHED:
        return colours.caution, colours.caution, None
    if badge.shape is Shape.STRUCK:
        return colours.bright, colours.text, None
    return colours.secondary, colours.edge, None


def _pointed(box: QRectF) -> QPolygonF:
    point, middle = box.height() / 2, box.center().y()
    corners = (
        (box.left(), middle),
        (box.left() + point, box.top()),
        (box.right() - point, box.top()),
        (box.right(), middle),
        (box.right() - point, box.bottom()),
        (box.left() + point, box.bottom()),
    )
    return QPolygonF([QPointF(x, y) for x, y in corners])


@cache
def _font() -> QFont:
    font = fonts.sans(11, strong=True)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
    return font
