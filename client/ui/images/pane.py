"""One image on screen, and what mouse and keys do with it.

Owns: the widget. Which image it is, is told to it (`client.ui.images.reel`); how it is looked at is a `Look`,
what is measured a `Measuring`.
Must never: keep a frame after `clear`, or show one without whose it is.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import timedelta
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.session.stored import Stored, Window
from client.ui.colours import DARK
from client.ui.images import keys
from client.ui.images.drawing import Drawing
from client.ui.images.keys import Deed
from client.ui.images.look import Look
from client.ui.images.marks import FOOT, GROUND, NOTICE, Caption, Marks, on_screen
from client.ui.images.measuring import Measuring
from client.ui.images.placing import Placing, Point, edges
from client.ui.images.presets import presets
from client.ui.images.reading_off import value_at, window_words

_REST = timedelta(milliseconds=150)  # without a change, until the image is drawn in full


class Tool(Enum):
    """What the left mouse button does."""

    WINDOW = "window"
    MOVE = "move"
    LENGTH = "length"


_TOOLS = {Deed.TOOL_WINDOW: Tool.WINDOW, Deed.TOOL_MOVE: Tool.MOVE, Deed.TOOL_LENGTH: Tool.LENGTH}
_SCROLLS = {Deed.NEXT: 1, Deed.BACK: -1, Deed.FURTHER: 10, Deed.FURTHER_BACK: -10}


class ImagePane(QWidget):
    """Shows one frame at a time; says what the user wants with it."""

    scrolled = Signal(int)  # pictures further, or back where negative
    windowed = Signal(object)  # the Window the user chose
    changed = Signal()  # something a toolbar shows
    taken = Signal()  # the keyboard came here
    asked = Signal(object)  # a Deed that is not an image's own

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Look()
        self.measuring = Measuring()
        self.tool = Tool.WINDOW
        self.sentence = ""  # said where there is no image
        self.framed = False  # one of two, and the one the keyboard is in
        self._drawing: Drawing | None = None
        self._caption = Caption()
        self._grabbed: QPointF | None = None
        self._marks = Marks()
        self._rest = QTimer(self, singleShot=True, interval=_REST // timedelta(milliseconds=1))
        self._rest.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Image")

    def show_picture(self, stored: Stored, caption: Caption, picture: Hashable) -> None:
        """Show a frame; it is looked at as the frame before it was."""
        drawing = self._drawing = Drawing(stored)
        self.look.take(stored, presets(stored, drawing.grey) if drawing.grey is not None else ())
        self.measuring.take(picture)
        self._caption, self.sentence = caption, ""
        self._moved()

    def show_sentence(self, words: str) -> None:
        """Say something in place of an image."""
        self._drawing, self._caption, self.sentence = None, Caption(), words
        self.look.take(None, ())
        self.measuring.take(None)
        self._moved()

    def clear(self) -> None:
        """Forget the image and how it was looked at."""
        self.measuring.clear()
        self.look.reset()
        self.show_sentence("")

    @property
    def stored(self) -> Stored | None:
        """The frame in sight, if any."""
        return self.look.stored

    def set_window(self, window: Window | None) -> None:
        """Draw with this window; None for the image's own."""
        self.look.choose(window)
        self._moved()

    def choose_window(self, window: Window) -> None:
        """Draw with a window that the user chose here; colours have none."""
        if self.look.windowed:
            self.set_window(window)
            self.windowed.emit(window)

    def choose_preset(self, at: int) -> None:
        """Draw with a preset, counted from 0."""
        if at < len(self.look.presets):
            self.choose_window(self.look.presets[at].window)

    def use(self, tool: Tool) -> None:
        """Give the left button, and for lengths the arrow keys, another meaning."""
        self.tool = tool
        self.measuring.give_up()
        self.measuring.cross = self._middle() if tool is Tool.LENGTH and self.hasFocus() else None
        self.setCursor(Qt.CursorShape.CrossCursor if tool is Tool.LENGTH else Qt.CursorShape.ArrowCursor)
        self._moved()

    def do(self, deed: Deed) -> None:
        """Do what a key or a button stands for."""
        if deed in _SCROLLS:
            self.scrolled.emit(_SCROLLS[deed])
        elif deed in _TOOLS:
            self.use(_TOOLS[deed])
        elif deed in keys.WINDOWING:
            self.choose_window(self.look.stepped(deed))
        elif deed is Deed.FORGET_LENGTHS:
            self.measuring.forget()
            self._moved()
        elif self.look.do(deed, self.devicePixelRatioF()):
            self._moved()
        else:
            self.asked.emit(deed)

    def spoken(self) -> str:
        """Return all that stands on the image, for those who hear it."""
        stored = self.stored
        if stored is None:
            return self.sentence
        measured = [each.words(stored.geometry) for each in self.measuring.lengths]
        aimed = self.measuring.cross
        read_off = value_at(stored, aimed) if aimed is not None else ""
        parts = (*self._caption.whose, *self._caption.which, *self._facts(), *measured, read_off, NOTICE)
        return ". ".join(part for part in parts if part)

    def _facts(self) -> tuple[str, ...]:
        stored, placing = self.stored, self.look.placing
        if stored is None or placing is None:
            return ()
        window = window_words(self.look.window, stored) if stored.grey else "Colours as stored"
        inverted = "  inverted" if self.look.invert else ""
        lossy = ("Compressed with loss",) if stored.facts.lossy else ()
        laterality = {"L": ("Left",), "R": ("Right",)}.get(stored.facts.laterality, ())
        view = (stored.facts.view,) if stored.facts.view else ()
        return (
            *((" ".join((*laterality, *view)),) if laterality or view else ()),
            *lossy,
            f"{window}{inverted}",
            f"{round(placing.across * 100)} %",
        )

    def _moved(self) -> None:
        """Draw quickly now, and in full when nothing has changed for a moment."""
        if self.isVisible():
            self._rest.start()
        self.setAccessibleDescription(self.spoken())
        self.changed.emit()
        self.update()

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the image and what stands on it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        area, stored, placing = QRectF(self.rect()), self.stored, self.look.placing
        if self._drawing is None or stored is None or placing is None:
            self._marks.sentence(painter, area, self.sentence)
        else:
            self._paint_image(painter, self._drawing, placing)
            self._paint_marks(painter, area, stored, placing)
        self._marks.notice(painter, area)
        if self.framed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(DARK.accent, 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))

    def _paint_image(self, painter: QPainter, drawing: Drawing, placing: Placing) -> None:
        scale = self.devicePixelRatioF()
        width, height = self.look.room
        painter.save()
        painter.scale(1 / scale, 1 / scale)
        drawing.draw(
            painter,
            placing,
            round(width),
            round(height),
            self.look.window,
            invert=self.look.invert,
            fine=not self._rest.isActive(),
        )
        painter.restore()

    def _paint_marks(self, painter: QPainter, area: QRectF, stored: Stored, placing: Placing) -> None:
        scale, size, marks = self.devicePixelRatioF(), (stored.columns, stored.rows), self._marks
        geometry, aimed = stored.geometry, self.measuring.aimed
        marks.scale(painter, area, geometry, placing.across / scale, bool(placing.turn.quarters % 2))
        marks.sides(painter, area, edges(geometry, placing.turn))
        for lines in (self.measuring.lengths, self.measuring.in_hand):
            marks.lengths(painter, lines, placing, geometry, size, scale)
        if self.measuring.cross is not None:
            marks.cross(painter, on_screen(self.measuring.cross, placing, size, scale))
        pointed = value_at(stored, aimed) if aimed is not None else ""
        marks.corners(painter, area, self._caption, self._facts(), pointed)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag, or a length."""
        self._grabbed = event.position()
        if event.button() is Qt.MouseButton.LeftButton and self.tool is Tool.LENGTH:
            self.measuring.give_up()
            self.measuring.cross = None
            self.measuring.set_end(self._stored_at(event.position()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Window, move or measure, and read off what is under the pointer."""
        position, grabbed = event.position(), self._grabbed
        self.measuring.pointed = self._stored_at(position)
        tool = self._held(event.buttons())
        if grabbed is not None and tool is not None and tool is not Tool.LENGTH:
            x, y = position.x() - grabbed.x(), position.y() - grabbed.y()
            self._grabbed = position
            if tool is Tool.WINDOW:
                self.choose_window(self.look.dragged(x, y))
            else:
                scale = self.devicePixelRatioF()
                self.look.move(x * scale, y * scale)
                self._moved()
        self.update()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or a length."""
        if event.button() is Qt.MouseButton.LeftButton and self.measuring.begun is not None:
            self.measuring.set_end(self._stored_at(event.position()))
            self._moved()
        self._grabbed = None
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing off any more."""
        super().leaveEvent(event)
        self.measuring.pointed = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through the pictures; with Ctrl, enlarge what is under the pointer."""
        if delta := event.angleDelta().y():
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                scale = self.devicePixelRatioF()
                at = Point(event.position().x() * scale, event.position().y() * scale)
                self.look.enlarge(delta / 120, at)
                self._moved()
            else:
                self.scrolled.emit(-1 if delta > 0 else 1)
        event.accept()

    def _held(self, buttons: Qt.MouseButton) -> Tool | None:
        if buttons & Qt.MouseButton.RightButton:
            return Tool.WINDOW
        if buttons & Qt.MouseButton.MiddleButton:
            return Tool.MOVE
        return self.tool if buttons & Qt.MouseButton.LeftButton else None

    def _stored_at(self, position: QPointF) -> Point | None:
        stored, placing = self.stored, self.look.placing
        if stored is None or placing is None:
            return None
        scale = self.devicePixelRatioF()
        turned = placing.to_turned(Point(position.x() * scale, position.y() * scale))
        return placing.turn.to_stored(turned, stored.columns, stored.rows)

    def _middle(self) -> Point | None:
        return self._stored_at(QPointF(self.rect().center()))

    # Keys, focus, the window

    def event(self, event: QEvent) -> bool:
        """Take the keys of an image before the window's shortcuts do."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            measuring = self.tool is Tool.LENGTH and event.key() in keys.MEASURING
            if measuring or keys.digit(event) is not None or keys.deed(event) is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for."""
        if self.tool is Tool.LENGTH and self._measure_by_key(event):
            self._moved()
        elif (at := keys.digit(event)) is not None:
            self.choose_preset(at)
        elif (deed := keys.deed(event)) is not None:
            self.do(deed)
        else:
            super().keyPressEvent(event)

    def _measure_by_key(self, event: QKeyEvent) -> bool:
        """Move the cross, set an end, or give a begun length up; return whether that is what was meant."""
        stored, placing, measuring = self.stored, self.look.placing, self.measuring
        if stored is None or placing is None:
            return False
        direction = keys.ARROWS.get(event.key())
        if direction is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            size = stored.columns, stored.rows
            at = placing.turn.from_stored(measuring.cross or self._middle() or Point(0, 0), *size)
            measuring.cross = placing.turn.to_stored(
                Point(at.x + direction[0] * far, at.y + direction[1] * far), *size
            )
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            measuring.cross = measuring.cross or self._middle()
            measuring.set_end(measuring.cross)
            return True
        return event.key() == Qt.Key.Key_Escape and measuring.give_up()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Become the image that the toolbar speaks of."""
        super().focusInEvent(event)
        self.taken.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at another size."""
        super().resizeEvent(event)
        scale = self.devicePixelRatioF()
        self.look.room = max(1.0, self.width() * scale), max(1.0, (self.height() - FOOT) * scale)
        self._moved()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing moves out of sight."""
        super().hideEvent(event)
        self._rest.stop()
