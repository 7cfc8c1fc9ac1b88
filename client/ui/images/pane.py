"""One image on screen: drawn, windowed, enlarged, moved, turned, measured, by mouse and by keys.

Owns: how the image is looked at. Which image that is, is told to it (`client.ui.images.reel`).
Must never: change a stored value, keep a frame after `clear`, or show one without whose it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
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
from client.ui.images.lengths import Length
from client.ui.images.marks import GROUND, NOTICE, Caption, Marks, on_screen
from client.ui.images.placing import Placing, Point, Turn, centred, edges, fitted, tall
from client.ui.images.presets import Preset, first_window, presets
from client.ui.images.reading_off import value_at, window_words

_REST = timedelta(milliseconds=150)  # without a change, until the image is drawn in full
_DRAG = 1 / 300  # of the width of the window in force, for a pixel of the mouse
_STEP = 1.25  # of enlargement
_KEY_PIXELS = 40  # px an arrow key moves the image


class Tool(Enum):
    """What the left mouse button does."""

    WINDOW = "window"
    MOVE = "move"
    LENGTH = "length"


class ImagePane(QWidget):
    """Shows one frame at a time; says what the user wants with it."""

    scrolled = Signal(int)  # pictures further, or back where negative
    went = Signal(object)  # Deed.FIRST or Deed.LAST
    windowed = Signal(object)  # the Window the user chose
    changed = Signal()  # something a toolbar shows
    taken = Signal()  # the keyboard came here
    asked = Signal(object)  # a Deed that is not this pane's own

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool = Tool.WINDOW
        self.invert = False
        self.turn = Turn()
        self.sentence = ""  # said where there is no image
        self.framed = False  # one of two, and the one the keyboard is in
        self._drawing: Drawing | None = None
        self._presets: tuple[Preset, ...] = ()
        self._chosen: Window | None = None  # None: what the image is shown with by itself
        self._caption = Caption()
        self._placing: Placing | None = None  # None: fitted to the room there is
        self._lengths: dict[object, tuple[Length, ...]] = {}
        self._key: object = None  # which picture it is, for its lengths
        self._begun: Point | None = None  # a length that has no end yet, in the stored image
        self._cross: Point | None = None  # where the arrow keys are, in the stored image
        self._pointed: Point | None = None  # where the mouse is, in the stored image
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

    # What is shown

    def show_picture(self, stored: Stored, caption: Caption, key: object) -> None:
        """Show a frame; window, turn and place stay where the frame before it had the same size."""
        before = self.stored
        self._drawing = Drawing(stored)
        self._presets = presets(stored, self._drawing.grey) if self._drawing.grey else ()
        self._caption, self._key, self.sentence = caption, key, ""
        if before is None or (before.rows, before.columns) != (stored.rows, stored.columns):
            self._placing = None
        self._begun = self._cross = None
        self._moving()
        self._tell()

    def show_sentence(self, words: str) -> None:
        """Say something in place of an image."""
        self._drawing, self._presets, self._caption = None, (), Caption()
        self.sentence = words
        self._begun = self._cross = self._pointed = None
        self._tell()
        self.update()

    def clear(self) -> None:
        """Forget the image and how it was looked at."""
        self._lengths.clear()
        self.reset()
        self.show_sentence("")

    def reset(self) -> None:
        """Look at the image as it is shown by itself."""
        self._chosen, self._placing, self.turn, self.invert = None, None, Turn(), False
        self._moving()
        self._tell()

    @property
    def stored(self) -> Stored | None:
        """The frame in sight, if any."""
        return self._drawing.stored if self._drawing is not None else None

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The windows that can be chosen by a digit."""
        return self._presets

    @property
    def window_in_force(self) -> Window:
        """The window the image is drawn with."""
        return self._chosen or first_window(self._presets)

    def set_window(self, window: Window | None) -> None:
        """Draw with this window; None for the image's own."""
        self._chosen = window
        self._moving()
        self._tell()

    def choose_window(self, window: Window) -> None:
        """Draw with a window that the user chose here."""
        self.set_window(window)
        self.windowed.emit(window)

    @property
    def placing(self) -> Placing | None:
        """Where the image stands in device pixels; None without an image."""
        stored = self.stored
        if stored is None:
            return None
        if self._placing is not None:
            return replace(self._placing, turn=self.turn)
        room = self._room()
        pixel = tall(stored.geometry)
        return fitted(self.turn, stored.columns, stored.rows, pixel, room.width(), room.height())

    @property
    def per_cent(self) -> int:
        """How large a pixel of the image is, of the screen's."""
        placing = self.placing
        return round(placing.across * 100) if placing is not None else 100

    @property
    def lengths(self) -> tuple[Length, ...]:
        """What was measured on the picture in sight."""
        return self._lengths.get(self._key, ())

    def spoken(self) -> str:
        """Return all that stands on the image, for those who hear it."""
        if self.stored is None:
            return self.sentence
        measured = [each.words(self.stored.geometry) for each in self.lengths]
        parts = (*self._caption.whose, *self._caption.which, *self._facts(), *measured, NOTICE)
        return ". ".join(part for part in parts if part)

    # Deeds: what keys and buttons do

    def do(self, deed: Deed) -> None:
        """Do what a key or a button stands for."""
        match deed:
            case Deed.NEXT | Deed.BACK | Deed.FURTHER | Deed.FURTHER_BACK:
                self.scrolled.emit(
                    {Deed.NEXT: 1, Deed.BACK: -1, Deed.FURTHER: 10, Deed.FURTHER_BACK: -10}[deed]
                )
            case Deed.FIRST | Deed.LAST:
                self.went.emit(deed)
            case Deed.LARGER | Deed.SMALLER:
                self._enlarge(_STEP if deed is Deed.LARGER else 1 / _STEP, None)
            case Deed.FIT | Deed.ONE_TO_ONE:
                self._place(None if deed is Deed.FIT else self._one_to_one())
            case Deed.TURN_RIGHT | Deed.TURN_LEFT | Deed.ACROSS | Deed.UPSIDE_DOWN:
                self._turn_by(deed)
            case Deed.INVERT:
                self.invert = not self.invert
                self._moving()
                self._tell()
            case Deed.RESET:
                self.reset()
            case Deed.BRIGHTER | Deed.DARKER | Deed.HARDER | Deed.SOFTER:
                self._step_window(deed)
            case Deed.LEFT | Deed.RIGHT | Deed.UP | Deed.DOWN:
                x, y = keys.DIRECTIONS[deed]
                self._shift(x * _KEY_PIXELS, y * _KEY_PIXELS)
            case Deed.TOOL_WINDOW | Deed.TOOL_MOVE | Deed.TOOL_LENGTH:
                self.use({Deed.TOOL_WINDOW: Tool.WINDOW, Deed.TOOL_MOVE: Tool.MOVE}.get(deed, Tool.LENGTH))
            case Deed.FORGET_LENGTHS:
                self._lengths.pop(self._key, None)
                self._begun = None
                self._tell()
                self.update()
            case _:
                self.asked.emit(deed)

    def use(self, tool: Tool) -> None:
        """Give the left button, and for lengths the arrow keys, another meaning."""
        self.tool = tool
        self._begun = None
        measuring = tool is Tool.LENGTH and self.stored is not None
        self._cross = self._middle() if measuring and self.hasFocus() else None
        self.setCursor(Qt.CursorShape.CrossCursor if tool is Tool.LENGTH else Qt.CursorShape.ArrowCursor)
        self._tell()
        self.update()

    def choose_preset(self, at: int) -> None:
        """Draw with a preset, counted from 0."""
        if at < len(self._presets):
            self.choose_window(self._presets[at].window)

    def _turn_by(self, deed: Deed) -> None:
        turn = self.turn
        self.turn = {
            Deed.TURN_RIGHT: turn.right,
            Deed.TURN_LEFT: turn.left,
            Deed.ACROSS: turn.across,
            Deed.UPSIDE_DOWN: turn.upside_down,
        }[deed]()
        self._placing = None
        self._moving()
        self._tell()

    def _step_window(self, deed: Deed) -> None:
        if self._drawing is None or self._drawing.grey is None:
            return
        window = self.window_in_force
        centre, width = keys.WINDOWING[deed]
        self.choose_window(
            replace(window, centre=window.centre + centre * window.width, width=window.width * width)
        )

    def _one_to_one(self) -> Placing | None:
        stored = self.stored
        if stored is None:
            return None
        room = self._room()
        pixel = tall(stored.geometry)
        return centred(self.turn, stored.columns, stored.rows, pixel, room.width(), room.height(), 1.0)

    def _enlarge(self, factor: float, around: Point | None) -> None:
        if (placing := self.placing) is not None:
            room = self._room()
            self._place(placing.enlarged(factor, around or Point(room.width() / 2, room.height() / 2)))

    def _shift(self, x: float, y: float) -> None:
        if (placing := self.placing) is not None:
            scale = self.devicePixelRatioF()
            self._place(placing.moved(x * scale, y * scale))

    def _place(self, placing: Placing | None) -> None:
        self._placing = placing
        self._moving()
        self._tell()

    # Drawing

    def _room(self) -> QRectF:
        scale = self.devicePixelRatioF()
        return QRectF(0, 0, max(1.0, self.width() * scale), max(1.0, (self.height() - 22) * scale))

    def _moving(self) -> None:
        """Draw quickly now, and in full when nothing has changed for a moment."""
        if self.isVisible():
            self._rest.start()
        self.update()

    def _tell(self) -> None:
        self.setAccessibleDescription(self.spoken())
        self.changed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the image and what stands on it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        area = QRectF(self.rect())
        stored, placing = self.stored, self.placing
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
        scale, room = self.devicePixelRatioF(), self._room()
        painter.save()
        painter.scale(1 / scale, 1 / scale)
        drawing.draw(
            painter,
            placing,
            round(room.width()),
            round(room.height()),
            self.window_in_force,
            invert=self.invert,
            fine=not self._rest.isActive(),
        )
        painter.restore()

    def _paint_marks(self, painter: QPainter, area: QRectF, stored: Stored, placing: Placing) -> None:
        scale, size = self.devicePixelRatioF(), (stored.columns, stored.rows)
        marks = self._marks
        on_side = bool(self.turn.quarters % 2)
        marks.scale(painter, area, stored.geometry, placing.across / scale, on_side)
        marks.sides(painter, area, edges(stored.geometry, self.turn))
        marks.lengths(painter, self.lengths, placing, stored.geometry, size, scale)
        aimed = self._cross or self._pointed
        if self._begun is not None and aimed is not None:
            marks.lengths(painter, (Length(self._begun, aimed),), placing, stored.geometry, size, scale)
        if self._cross is not None:
            marks.cross(painter, on_screen(self._cross, placing, size, scale))
        pointed = value_at(stored, aimed) if aimed is not None else ""
        marks.corners(painter, area, self._caption, self._facts(), pointed)

    def _facts(self) -> tuple[str, ...]:
        stored = self.stored
        if stored is None:
            return ()
        window = window_words(self.window_in_force, stored) if stored.grey else "Colours as stored"
        lossy = ("Compressed with loss",) if stored.facts.lossy else ()
        inverted = "  inverted" if self.invert else ""
        return (*lossy, f"{window}{inverted}", f"{self.per_cent} %")

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag, or a length."""
        self._grabbed = event.position()
        if self._deed_of(event.buttons()) is Tool.LENGTH and event.button() is Qt.MouseButton.LeftButton:
            self._cross = None
            self._begun = self._stored_at(event.position())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Window, move or measure, and read off what is under the pointer."""
        position = event.position()
        self._pointed = self._stored_at(position)
        grabbed = self._grabbed
        if grabbed is not None and event.buttons():
            x, y = position.x() - grabbed.x(), position.y() - grabbed.y()
            tool = self._deed_of(event.buttons())
            if tool is Tool.WINDOW and self._drawing is not None and self._drawing.grey is not None:
                self._drag_window(x, y)
                self._grabbed = position
            elif tool is Tool.MOVE:
                self._shift(x, y)
                self._grabbed = position
        self.update()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or a length."""
        if event.button() is Qt.MouseButton.LeftButton and self._begun is not None:
            self._end_length(self._stored_at(event.position()))
        self._grabbed = None
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing off any more."""
        super().leaveEvent(event)
        self._pointed = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through the pictures; with Ctrl, enlarge what is under the pointer."""
        if delta := event.angleDelta().y():
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                scale = self.devicePixelRatioF()
                at = Point(event.position().x() * scale, event.position().y() * scale)
                self._enlarge(_STEP ** (delta / 120), at)
            else:
                self.scrolled.emit(-1 if delta > 0 else 1)
        event.accept()

    def _deed_of(self, buttons: Qt.MouseButton) -> Tool:
        if buttons & Qt.MouseButton.RightButton:
            return Tool.WINDOW
        return Tool.MOVE if buttons & Qt.MouseButton.MiddleButton else self.tool

    def _drag_window(self, x: float, y: float) -> None:
        """To the right wider, downwards brighter: what readers are used to."""
        window = self.window_in_force
        step = max(window.width, 1e-6) * _DRAG
        width = max(window.width + x * max(step, 1e-9), window.width / 4)
        self.choose_window(replace(window, centre=window.centre - y * step, width=width))

    def _stored_at(self, position: QPointF) -> Point | None:
        stored, placing = self.stored, self.placing
        if stored is None or placing is None:
            return None
        scale = self.devicePixelRatioF()
        turned = placing.to_turned(Point(position.x() * scale, position.y() * scale))
        return placing.turn.to_stored(turned, stored.columns, stored.rows)

    # Measuring

    def _middle(self) -> Point | None:
        room = self.rect().center()
        return self._stored_at(QPointF(room))

    def _end_length(self, end: Point | None) -> None:
        begun, self._begun = self._begun, None
        if begun is not None and end is not None and begun != end:
            self._lengths[self._key] = (*self.lengths, Length(begun, end))
            self._tell()
        self.update()

    def _measure_by_key(self, event: QKeyEvent) -> bool:
        """Move the cross, set an end, or give a begun length up; return whether that is what was meant."""
        stored, placing = self.stored, self.placing
        if self.tool is not Tool.LENGTH or stored is None or placing is None:
            return False
        direction = keys.ARROWS.get(event.key())
        if direction is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            size = stored.columns, stored.rows
            at = placing.turn.from_stored(self._cross or self._middle() or Point(0, 0), *size)
            moved = Point(at.x + direction[0] * far, at.y + direction[1] * far)
            self._cross = placing.turn.to_stored(moved, *size)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._cross = self._cross or self._middle()
            if self._begun is None:
                self._begun = self._cross
            else:
                self._end_length(self._cross)
        elif event.key() == Qt.Key.Key_Escape and self._begun is not None:
            self._begun = None
        else:
            return False
        self.update()
        return True

    # Keys, focus and the window

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
        if self._measure_by_key(event):
            return
        if (at := keys.digit(event)) is not None:
            self.choose_preset(at)
        elif (deed := keys.deed(event)) is not None:
            self.do(deed)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        """Become the image that the toolbar speaks of."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.taken.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at another size."""
        super().resizeEvent(event)
        self._moving()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing moves out of sight."""
        super().hideEvent(event)
        self._rest.stop()
