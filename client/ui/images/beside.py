"""Images in the report view: small pictures below the report, and the full view in the report's place.

Owns: when the images of a report are looked for, shown and let go of.
Must never: hold up the report (it is on screen first), or keep an image when another report is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.errors import SafelightError
from client.model.imaging import ImageReference
from client.model.report import Report

if TYPE_CHECKING:
    from client.session.album import Album
    from client.ui.images.thumbnails import Thumbnails
    from client.ui.images.view import ImageView

# A report that is only passed by is not asked about.
_AFTER = timedelta(milliseconds=250)


class Images(Protocol):
    """Where albums come from: `client.session.images.Images`."""

    def open(
        self, report: Report, done: Callable[[Album], None], failed: Callable[[SafelightError], None]
    ) -> None:
        """Find the images of a report, in place of the one before."""
        ...

    def close(self) -> None:
        """Close the album that is open."""
        ...


class ReportImages(QObject):
    """The images beside one report view; makes its widgets with the first report that has images."""

    shown = Signal(bool)  # the full view came, or went

    def __init__(self, owner: QWidget, column: QVBoxLayout, row: QHBoxLayout, sheet: QWidget) -> None:
        """`column` takes the small pictures at its end, `row` the full view in the place of its `sheet`."""
        super().__init__(owner)
        self._owner, self._column, self._row, self._sheet = owner, column, row, sheet
        self._images: Images | None = None
        self._report: Report | None = None
        self._album: Album | None = None
        self._strip: Thumbnails | None = None
        self._view: ImageView | None = None
        self._soon = QTimer(self, singleShot=True, interval=_AFTER // timedelta(milliseconds=1))
        self._soon.timeout.connect(self._look)

    def come_from(self, images: Images) -> None:
        """Have images found by this from now on."""
        self._images = images

    def show_report(self, report: Report) -> None:
        """Look for the images of a report, a moment after it is on screen."""
        self.close()
        self._report = report
        if self._images is not None:
            self._soon.start()

    def close(self) -> None:
        """Let go of all images; the report has its place again."""
        self._soon.stop()
        self._report = None
        if self._images is not None:
            self._images.close()  # also those that are still looked for
        self._album = None
        if self._strip is not None and self._view is not None:
            self._leave()
            self._strip.empty()
            self._view.clear()

    @property
    def open(self) -> bool:
        """Whether the full view is in the report's place."""
        return self._view is not None and not self._view.isHidden()

    @property
    def view(self) -> ImageView | None:
        """The full view, once there was an image."""
        return self._view

    @property
    def strip(self) -> Thumbnails | None:
        """The small pictures, once there was one."""
        return self._strip

    def enter(self) -> None:
        """Show the images in the report's place, from the first; nothing where there are none."""
        if self._album is not None and self._album.stacks:
            self._show(0, -1)

    def go_to(self, wanted: ImageReference) -> bool:
        """Show one image that a document names; return whether it is among the report's."""
        for number, stack in enumerate(self._album.stacks if self._album is not None else ()):
            for at, each in enumerate(stack.slices):
                if each.image.instance == wanted.instance and each.frame in _frames(wanted):
                    self._show(number, at)
                    return True
        return False

    def leave(self) -> bool:
        """Go back to the report; return whether the images were shown."""
        was_open = self.open
        self._leave()
        return was_open

    def _look(self) -> None:
        images, report = self._images, self._report
        if images is not None and report is not None:
            # Where images cannot be listed the report is as readable as before: nothing is said beside it.
            images.open(report, self._take, lambda _error: None)

    def _take(self, album: Album) -> None:
        if album.report is not self._report or not album.stacks:
            return
        self._album = album
        strip, _ = self._made()
        strip.show_album(album)

    def _made(self) -> tuple[Thumbnails, ImageView]:
        if self._strip is None or self._view is None:
            # Only now: numpy comes with them, and most reports of a day are read without images.
            from client.ui.images.thumbnails import Thumbnails
            from client.ui.images.view import ImageView

            self._strip, self._view = Thumbnails(self._owner), ImageView(self._owner)
            self._view.hide()
            self._row.insertWidget(self._row.indexOf(self._sheet), self._view, 1)
            self._column.addWidget(self._strip)
            self._strip.chosen.connect(self._show)
            self._view.leave_requested.connect(self._leave)
            self._view.told.connect(self._strip.fetch)
        return self._strip, self._view

    def _show(self, stack: int, at: int) -> None:
        if self._album is None:
            return
        _, view = self._made()
        was_open = self.open
        self._sheet.hide()
        view.show()
        view.open(self._album, stack, None if at < 0 else at)
        view.take_focus()
        if not was_open:
            self.shown.emit(True)

    def _leave(self) -> None:
        if self._view is not None and self.open:
            self._sheet.show()
            self._view.hide()
            self.shown.emit(False)


def _frames(wanted: ImageReference) -> tuple[int, ...]:
    return tuple(frame - 1 for frame in wanted.frames) or (0,)
