"""The pictures of pages that are here: as many as memory allows, those looked at last.

Owns: when a picture is sharp enough. Must never: hold more than its bound.
"""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtGui import QImage

from client.session.pages import Picture

BOUND = 192 * 1024 * 1024  # bytes
MOST = 24_000_000  # pixels of one picture: a page at 4K width has 12 million; beyond, it is drawn larger


class Pictures:
    """Pictures by page; each knows at which width it was drawn."""

    def __init__(self, bound: int = BOUND) -> None:
        self._bound = bound
        self._held = 0
        self._kept: OrderedDict[int, QImage] = OrderedDict()

    def keep(self, picture: Picture) -> None:
        """Take a page's picture in place of the one before."""
        self.drop(picture.page)
        shared = QImage(
            picture.pixels, picture.width, picture.height, 4 * picture.width, QImage.Format.Format_RGB32
        )
        image = shared.copy()  # its own: the bytes go with the answer they came in
        self._kept[picture.page] = image
        self._held += image.sizeInBytes()
        while self._held > self._bound and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._held -= oldest.sizeInBytes()

    def get(self, page: int) -> QImage | None:
        """Return a page's picture, however sharp."""
        image = self._kept.get(page)
        if image is not None:
            self._kept.move_to_end(page)
        return image

    def drop(self, page: int) -> None:
        """Let go of a page's picture."""
        image = self._kept.pop(page, None)
        if image is not None:
            self._held -= image.sizeInBytes()

    def clear(self) -> None:
        """Let go of all."""
        self._kept.clear()
        self._held = 0
