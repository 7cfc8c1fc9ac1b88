"""Whose report this is and how far it can be relied on: always in sight, always in the same places.

Owns: name, identifier, birth date, age, sex, badges, exam, people. It paints itself: one widget, no layout,
nothing to rebuild when the next report is opened.
Must never: cut the identifier while anything else can be cut, or read a portal's words as markup.
"""

from __future__ import annotations

from datetime import date
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from client.model.report import Report
from client.ui import badge, clipboard, fonts, formats, theme
from client.ui.lettering import Lettering
from client.ui.report import style
from client.ui.tip import set_tooltip

HEIGHT = 116  # px
SHARED = 64  # px: above two reports, each of which has a head of its own
_NAME, _FACTS, _EXAM, _PEOPLE = 10, 40, 66, 92  # the tops of the four rows
_GAP = 12
_BETWEEN = "  ·  "
_BORN = "born "


class PatientBanner(QWidget):
    """The four rows above a report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._badges: tuple[badge.Badge, ...] = ()
        self._facts: tuple[str, ...] = ("",)
        self._people = ""
        self._exam = ""
        self._date = ""
        self._shared = False
        # A name in a script that runs from the right starts where every name starts.
        self._large = Lettering(fonts.sans(20, strong=True))
        self._strong = Lettering(fonts.sans(15, strong=True))
        self._plain = Lettering(fonts.sans(15))
        self._small = Lettering(fonts.sans(13))
        self._label_width = self._plain.metrics.horizontalAdvance("ID ")
        self._drawn: dict[tuple[str, float, str], QPixmap] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Patient")

    def show_report(self, report: Report | None) -> None:
        """Show the patient and the standing of `report`; nothing at all for None."""
        self._report = report
        if report is None:
            self._badges, self._facts, self._people, self._exam, self._date = (), ("",), "", "", ""
            self.setAccessibleDescription("")
            self.update()
            return
        marks = [badge.CRITICAL] if report.critical else []
        self._badges = (*marks, badge.status(report.status))
        self._facts = _facts(report)
        version = f"v{report.version}  ·  " if report.version and len(report.version) <= 5 else ""
        self._exam = version + (_apart(report.exam) or "Exam not named")
        self._date = f"  ·  {formats.when(report.date)}" if report.date else ""
        people = (
            ("Accession", _identifier(report.accession) if report.accession else ""),
            ("Read by", _apart(report.radiologist)),
            ("Referred by", _apart(report.referrer)),
        )
        self._people = "     ".join(f"{what} {who}" for what, who in people if who)
        self.setAccessibleDescription(self.spoken())
        self.update()

    def share(self, shared: bool) -> None:
        """Stand above two reports of the patient: who it is, and nothing that holds for one of them."""
        self._shared = shared
        self.setFixedHeight(SHARED if shared else HEIGHT)
        self.setAccessibleDescription(self.spoken())
        self.update()

    def spoken(self) -> str:
        """Return all that the banner shows, in full, as one text."""
        if self._report is None:
            return ""
        patient = self._report.patient
        name = formats.name(patient.name if patient else "")
        identifier = formats.identifier(patient.identifier if patient else "")
        marks = " ".join(mark.meaning for mark in self._badges)
        facts = _BETWEEN.join(self._facts)
        if self._shared:
            return f"{name}, ID {identifier}, {facts}."
        return f"{name}, ID {identifier}, {facts}. {marks} {self._exam}{self._date}. {self._people}"

    def minimumSizeHint(self) -> QSize:
        """Return the least that still shows both identifiers."""
        return QSize(320, self.height())

    def event(self, event: QEvent) -> bool:
        """Give the full text as the tooltip, wherever something may be cut."""
        if event.type() is QEvent.Type.ToolTip:
            set_tooltip(self, self.spoken())
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the identifiers for copying, without waiting for the answer."""
        report = self._report
        if report is None or not clipboard.current().allowed:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        identifier = report.patient.identifier if report.patient else ""
        for label, text in (
            ("Copy patient identifier", identifier),
            ("Copy accession number", report.accession),
        ):
            action = menu.addAction(label)
            action.setEnabled(bool(text))
            action.triggered.connect(lambda _checked, text=text: clipboard.current().put(text))
        menu.popup(event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the four rows."""
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colours.line)
        if (report := self._report) is not None:
            left, width = style.MARGIN, self.width() - 2.0 * style.MARGIN
            name = report.patient.name if report.patient else ""
            shown, lettering = formats.name(name), self._large
            if lettering.width(shown) > width:
                lettering = self._strong  # smaller, and the given name still there
                if lettering.width(shown) > width:
                    shown = formats.elided_name(name, lettering.metrics, width)
            self._draw(painter, QRectF(left, _NAME, width, 28), shown, lettering, colours.bright)
            self._paint_facts(painter, QRectF(left, _FACTS, width, 20))
            if self._shared:
                painter.end()
                return
            self._paint_exam(painter, QRectF(left, _EXAM, width, 20))
            people = _fit(self._people, self._small, width, Qt.TextElideMode.ElideRight)
            self._draw(painter, QRectF(left, _PEOPLE, width, 18), people, self._small, colours.secondary)
        painter.end()

    def painted_identifier(self) -> str:
        """Return the identifier as it is painted: cut only where it alone is wider than the banner."""
        patient = self._report.patient if self._report else None
        identifier = _identifier(patient.identifier if patient else "")
        room = self.width() - 2.0 * style.MARGIN - self._label_width
        return _fit(identifier, self._strong, room, Qt.TextElideMode.ElideMiddle)

    def _paint_facts(self, painter: QPainter, row: QRectF) -> None:
        colours = theme.current()
        identifier = self.painted_identifier()
        self._draw(painter, row, "ID", self._plain, colours.secondary)
        row = row.adjusted(self._label_width, 0, 0, 0)
        self._draw(painter, row, identifier, self._strong, colours.bright)
        row = row.adjusted(self._strong.width(identifier) + _GAP, 0, 0, 0)
        self._draw(painter, row, self._fitting_facts(row.width()), self._plain, colours.text)

    def _fitting_facts(self, room: float) -> str:
        """Return the facts with what can be told from others left out first: the birth date goes last."""
        born, *rest = self._facts
        for kept in ((born, *rest), (born, *rest[1:]), (born,), (born.removeprefix(_BORN),)):
            if self._plain.width(words := _BETWEEN.join(kept)) <= room:
                return words
        return _fit(born.removeprefix(_BORN), self._plain, room, Qt.TextElideMode.ElideRight)

    def _paint_exam(self, painter: QPainter, row: QRectF) -> None:
        for mark in self._badges:
            picture = self._picture(mark)
            painter.drawPixmap(row.topLeft(), picture)
            row.setLeft(row.left() + picture.deviceIndependentSize().width() + 8)
        colours = theme.current()
        room = row.width() - self._plain.width(self._date)
        exam = _fit(self._exam, self._strong, room, Qt.TextElideMode.ElideMiddle)
        self._draw(painter, row, exam, self._strong, colours.text)
        row.setLeft(row.left() + self._strong.width(exam))
        self._draw(painter, row, self._date, self._plain, colours.text)

    def _picture(self, mark: badge.Badge) -> QPixmap:
        """Return a badge as drawn once for this theme and screen: drawing costs as much as a row of text."""
        scale = self.devicePixelRatioF()
        key = (mark.word, scale, theme.current().ground.name())
        if (picture := self._drawn.get(key)) is None:
            size = badge.size(mark)
            picture = QPixmap(ceil(size.width() * scale), ceil(size.height() * scale))
            picture.setDevicePixelRatio(scale)
            picture.fill(theme.current().surface)
            painter = QPainter(picture)
            badge.paint(painter, QPointF(0, 0), mark)
            painter.end()
            self._drawn[key] = picture
        return picture

    @staticmethod
    def _draw(painter: QPainter, box: QRectF, text: str, lettering: Lettering, colour: QColor) -> None:
        painter.setPen(colour)
        lettering.draw(painter, box.left(), box.top() + lettering.middle(box.height()), text)


def _fit(text: str, lettering: Lettering, room: float, end: Qt.TextElideMode) -> str:
    if lettering.width(text) <= room:
        return text
    return lettering.metrics.elidedText(text, end, max(0.0, room))


def _apart(text: str) -> str:
    """Isolate a text of any script; one in ASCII cannot disturb its neighbours and is drawn faster bare."""
    return text if text.isascii() else formats.isolate(text)


def _identifier(text: str) -> str:
    return text if text and text.isascii() else formats.identifier(text)


def _facts(report: Report) -> tuple[str, ...]:
    """Return birth date, age and sex, as far as they are known."""
    if (patient := report.patient) is None:
        return ("The portal does not say whose report this is",)
    today = formats.age(patient.birth_date, date.today())
    then = formats.age(patient.birth_date, report.date.at.date()) if report.date else today
    age = today if then in ("", today) else f"{then} at exam"
    words = (f"{_BORN}{formats.born(patient.birth_date)}" if patient.birth_date else formats.born(None),
             age, formats.sex(patient.sex))  # fmt: skip
    return tuple(word for word in words if word)
