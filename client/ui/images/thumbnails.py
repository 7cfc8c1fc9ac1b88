"""The small pictures beside a report: its key images, then one of each series; one opens the full view.

Must never: move the report when pictures arrive, or keep one when another report is opened.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QWidget

from client.errors import SafelightError
from client.session.album import Album, Little, Thumbnail
from client.session.stored import Stored
from client.ui import formats, icons, theme
from client.ui.images.drawing import Drawing
from client.ui.images.marks import GROUND
from client.ui.images.placing import Turn, fitted, tall
from client.ui.images.presets import first_window, presets
from client.ui.tip import tooltip

SIDE = 84  # px
_HEIGHT = SIDE + 32
_MOST = 60  # small pictures in all
_KEYS = 24  # of them key images
_PLACE = Qt.ItemDataRole.UserRole


class Thumbnails(QListWidget):
    """One line of small pictures; the arrow keys go along it, Enter or a click opens one."""

    chosen = Signal(int, int)  # stack, and which picture of it; -1 for its middle

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._album: Album | None = None
        self.setAccessibleName("Images of this report")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setGridSize(QSize(SIDE + 24, _HEIGHT - 4))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_HEIGHT)
        self.itemClicked.connect(self._choose)
        self.hide()

    def show_album(self, album: Album) -> None:
        """Show the pictures of an album; where it has none, nothing."""
        self.empty()
        self._album = album
        for at, stack in enumerate(album.stacks):
            if at == 0 and stack.number == 0 and stack.title == "Key images":
                for picture in range(min(len(stack.slices), _KEYS)):
                    self._add(at, picture, f"Key image {picture + 1}")
            elif self.count() < _MOST:
                count = len(stack.slices)
                images = f"{count} image{'' if count == 1 else 's'}"
                series = f"Series {stack.number}, " if stack.number else ""
                self._add(at, -1, f"{stack.modality} {stack.title}".strip(), f"{series}{images}")
        self.setVisible(self.count() > 0)
        self.fetch()

    def fetch(self) -> None:
        """Bring the pictures, unless the user has first to read whose they may be."""
        album = self._album
        if album is None or album.doubts:
            return
        for row in range(self.count()):
            item = self.item(row)
            stack, at = item.data(_PLACE)
            slices = album.stacks[stack].slices
            wanted = slices[at if at >= 0 else (len(slices) - 1) // 2]
            album.bring_thumbnail(wanted, partial(self._show, album, row), partial(self._fail, album, row))

    def empty(self) -> None:
        """Show nothing, and forget what was shown."""
        self._album = None
        self.clear()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter or the space bar."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and item is not None:
            self._choose(item)
        else:
            super().keyPressEvent(event)

    def _add(self, stack: int, at: int, title: str, more: str = "") -> None:
        item = QListWidgetItem(QIcon(self._blank()), formats.isolate(title), self)
        item.setData(_PLACE, (stack, at))
        spoken = f"{title}, {more}" if more else title
        item.setToolTip(tooltip(spoken))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)

    def _choose(self, item: QListWidgetItem) -> None:
        stack, at = item.data(_PLACE)
        self.chosen.emit(stack, at)

    def _show(self, album: Album, row: int, little: Little) -> None:
        if album is self._album:
            picture = _of_thumbnail(little) if isinstance(little, Thumbnail) else _of_stored(little)
            self.item(row).setIcon(QIcon(self._framed(picture)))

    def _fail(self, album: Album, row: int, error: SafelightError) -> None:
        if album is self._album:
            item = self.item(row)
            item.setIcon(icons.icon("file-x"))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, str(error))
            item.setToolTip(tooltip(str(error)))

    def _blank(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        blank = QPixmap(round(SIDE * scale), round(SIDE * scale))
        blank.setDevicePixelRatio(scale)
        blank.fill(GROUND)
        return blank

    def _framed(self, picture: QImage) -> QPixmap:
        """Return the picture in the middle of a dark square."""
        square = self._blank()
        side = square.width()
        small = picture.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        small.setDevicePixelRatio(square.devicePixelRatio())
        painter = QPainter(square)
        left, top = (side - small.width()) / 2, (side - small.height()) / 2
        painter.drawImage(
            round(left / square.devicePixelRatio()), round(top / square.devicePixelRatio()), small
        )
        painter.setPen(QColor(theme.current().line))
        painter.drawRect(0, 0, SIDE - 1, SIDE - 1)
        painter.end()
        return square


def _of_thumbnail(little: Thumbnail) -> QImage:
    line = 4 * little.width
    return QImage(little.pixels, little.width, little.height, line, QImage.Format.Format_RGB32).copy()


def _of_stored(stored: Stored) -> QImage:
    picture = QImage(2 * SIDE, 2 * SIDE, QImage.Format.Format_RGB32)
    picture.fill(GROUND)
    painter = QPainter(picture)
    placing = fitted(
        Turn(), stored.columns, stored.rows, tall(stored.geometry), picture.width(), picture.height()
    )
    drawing = Drawing(stored)
    drawing.draw(
        painter,
        placing,
        picture.width(),
        picture.height(),
        first_window(presets(stored, drawing.grey) if drawing.grey is not None else ()),
        invert=False,
        fine=bool(np.prod(stored.values.shape[:2]) < 4_000_000),
    )
    painter.end()
    return picture
