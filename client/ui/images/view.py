"""The full view of a report's images: tools, one image or two side by side, place in the series.

Owns: which of the two the tools speak of, and telling the user what the images say of whose they are before
one is shown. Must never: show images of two reports, or any after `clear`.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client.session.album import Album
from client.ui import theme
from client.ui.images import keys
from client.ui.images.keys import Deed
from client.ui.images.linking import Link
from client.ui.images.pane import ImagePane
from client.ui.images.reel import Reel
from client.ui.images.tools import PlaceRow, ToolRow

_HASTE = 1.25


class ImageView(QWidget):
    """Made once; `open` fills it."""

    leave_requested = Signal()
    told = Signal()  # the user has read what there is to doubt

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._album: Album | None = None
        self._wanted = (0, 0)  # stack and picture to show once the user has read the doubts
        self._tools = ToolRow(self)
        self._place = PlaceRow(self)
        self._doubt = _Doubt(self)
        self.panes = (ImagePane(self), ImagePane(self))
        self.reels = tuple(Reel(pane, at) for at, pane in enumerate(self.panes))
        self.link = Link(*self.reels)
        self._active = 0
        self.panes[0].setAccessibleName("Image on the left")
        self.panes[1].setAccessibleName("Image on the right")
        self._room = QWidget(self)
        side_by_side = QHBoxLayout(self._room)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(2)
        for pane in self.panes:
            side_by_side.addWidget(pane, 1)
        self.panes[1].hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._tools, self._doubt):
            column.addWidget(widget)
        column.addWidget(self._room, 1)
        column.addWidget(self._place)
        self._connect()
        self.clear()

    def open(self, album: Album, stack: int = 0, at: int | None = None) -> None:
        """Show a picture of an album; what there is to doubt first."""
        if album is not self._album:
            self.clear()
        self._album = album
        self._wanted = (stack, -1 if at is None else at)
        if self._ask():
            return
        self._doubt.say(())
        reel = self.reels[self._active]
        reel.open(album, stack) if at is None else self._open_at(reel, album, stack, at)
        self._refresh()

    def clear(self) -> None:
        """Show nothing; forget what was shown."""
        self._album = None
        self._doubt.say(())
        for reel in self.reels:
            reel.open(None)
        self._set_beside(False)
        self._refresh()

    @property
    def beside(self) -> bool:
        """Whether two images are side by side."""
        return not self.panes[1].isHidden()

    @property
    def reel(self) -> Reel:
        """The one that the tools speak of."""
        return self.reels[self._active]

    def take_focus(self) -> None:
        """Give the keyboard to the image, or to what has to be read before."""
        (self._doubt.button if not self._doubt.isHidden() else self.reel.pane).setFocus()

    def do(self, deed: Deed) -> None:
        """Do what a key or a button stands for."""
        reel = self.reel
        match deed:
            case Deed.LEAVE:
                self.leave_requested.emit()
            case Deed.PLAY:
                reel.play()
            case Deed.FASTER | Deed.SLOWER:
                reel.hasten(_HASTE if deed is Deed.FASTER else 1 / _HASTE)
            case Deed.FIRST | Deed.LAST:
                reel.step(-reel.count if deed is Deed.FIRST else reel.count)
            case Deed.NEXT_STACK | Deed.BACK_STACK:
                reel.choose_stack(reel.stack_at + (1 if deed is Deed.NEXT_STACK else -1))
            case Deed.BESIDE:
                self._set_beside(not self.beside)
            case Deed.LINK:
                self.link.on = not self.link.on
            case _:
                reel.pane.do(deed)
        self._refresh()

    def event(self, event: QEvent) -> bool:
        """Take the keys of images from the window's shortcuts, also while one of the tools has the focus."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (keys.deed(event) is not None or keys.digit(event) is not None)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for that no tool has taken."""
        if (at := keys.digit(event)) is not None:
            self.reel.pane.choose_preset(at)
        elif (deed := keys.deed(event)) is not None:
            self.do(deed)
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays out of sight."""
        super().hideEvent(event)
        for reel in self.reels:
            reel.stop()

    def _open_at(self, reel: Reel, album: Album, stack: int, at: int) -> None:
        reel.open(album, stack)
        reel.go(at)

    def _ask(self) -> bool:
        """Tell what there is to doubt; return whether there is anything."""
        doubts = self._album.doubts if self._album is not None else ()
        self._doubt.say(doubts)
        if doubts:
            for reel in self.reels:
                reel.pane.show_sentence("No image is shown before you have read what stands above.")
        return bool(doubts)

    def _accept(self) -> None:
        if self._album is None:
            return
        self._album.accept()
        stack, at = self._wanted
        self.open(self._album, stack, None if at < 0 else at)
        self.told.emit()
        self.take_focus()

    def _set_beside(self, wanted: bool) -> None:
        if wanted is self.beside:
            return
        second = self.reels[1]
        if wanted and self._album is not None:
            self.panes[1].show()
            first = self.reels[0]
            following = min(first.stack_at + 1, len(self._album.stacks) - 1)
            second.open(self._album, following)
            self.panes[1].setFocus()
        else:
            self._activate(0)
            second.open(None)
            if self.panes[1].hasFocus():
                self.panes[0].setFocus()
            self.panes[1].hide()

    def _activate(self, at: int) -> None:
        self._active = at
        self._refresh()

    def _refresh(self) -> None:
        for at, pane in enumerate(self.panes):
            framed = self.beside and at == self._active
            if pane.framed is not framed:
                pane.framed = framed
                pane.update()
        self._tools.show_pane(self.reel.pane, beside=self.beside, linked=self.link.on)
        self._place.show_reel(self.reel)

    def _shown(self) -> None:
        # A file may say something else of whose it is than the portal's list did.
        if self._album is not None and self._album.doubts and self._doubt.isHidden():
            self._wanted = (self.reel.stack_at, self.reel.at)
            self._ask()
        self._refresh()

    def _connect(self) -> None:
        self._tools.wanted.connect(self.do)
        self._tools.preset_wanted.connect(lambda at: self.reel.pane.choose_preset(at))
        self._place.wanted.connect(self.do)
        self._place.place_wanted.connect(lambda at: self.reel.step(at - self.reel.at))
        self._doubt.button.clicked.connect(self._accept)
        for at, (pane, reel) in enumerate(zip(self.panes, self.reels, strict=True)):
            pane.taken.connect(partial(self._activate, at))
            pane.changed.connect(self._refresh)
            pane.asked.connect(self.do)
            reel.shown.connect(self._shown)


class _Doubt(QWidget):
    """What the images say that the report does not, and the button that says it was read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(6 * theme.GRID, 2 * theme.GRID, 3 * theme.GRID, 2 * theme.GRID)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setProperty("role", "caution")
        self.button = QPushButton("I have read this; show the images", self)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        self.setAccessibleName("Whose images these are is in doubt")
        self.hide()

    def say(self, doubts: tuple[str, ...]) -> None:
        """Say doubts; none take it away."""
        self._words.setText("\n".join(doubts))
        self.setVisible(bool(doubts))
