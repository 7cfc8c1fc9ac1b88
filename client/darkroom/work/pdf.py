"""A PDF that lies open: how many pages it has, what they look like, what they say and where.

Owns: the document. The only module below the ui that imports Qt: its PDF reader, and no window.
Must never: follow a link, run a script or open what is attached.

Questions, by `said["what"]`; pages count from 0, lengths are points (1/72 inch) from the top left corner:

    page    {page, scale}  the picture of a page, `scale` pixels a point: {width, height, stride,
                           unseen: it has words and none of them is drawn} and RGB32
    text    {page}         {text, lines: [[x, y, width, height], …]}
    words   {page}         {words: [[start, length, x, y, width, height], …]}, into the page's text
    boxes   {page, spans: [[start, length], …]}  {boxes: [[[x, y, width, height], …], …]}

A page's text costs some 10 ms; each word's or span's place some 1 to 4 ms, for Qt reads the page anew.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtPdf import QPdfDocument

from client.darkroom.message import Message
from client.darkroom.refusal import Refusal, Refused
from client.darkroom.task import Begun
from client.darkroom.work import pixels

MOST_PAGES = 10_000
# Where the reader looks for letters that a PDF does not bring (PDFium, CFX_LinuxFontInfo). Without them a
# report in Chinese, Japanese or Korean letters could be drawn as an empty page.
READS = (
    "/usr/share/fonts",
    "/usr/share/X11/fonts/Type1",
    "/usr/share/X11/fonts/TTF",
    "/usr/local/share/fonts",
)
_MOST_SPANS = 1_000
_MOST_WORDS = 5_000
_WORD = re.compile(r"\S+")
_WHITE = 0xFFFFFFFF
_SAMPLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<<"
    b"/A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/B<</Type/Font/Subtype/Type1/BaseFont/Times-Bold>>"
    b"/C<</Type/Font/Subtype/TrueType/BaseFont/Unknown/Encoding/WinAnsiEncoding>>>>>>>>endobj\n"
    b"4 0 obj<</Length 92>>stream\n"
    b"BT /A 12 Tf 10 80 Td (A sample) Tj /B 12 Tf 0 -20 Td (of what) Tj /C 12 Tf 0 -20 Td (is) Tj ET\n"
    b"endstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_ERRORS = {
    QPdfDocument.Error.IncorrectPassword: Refusal.LOCKED,
    QPdfDocument.Error.UnsupportedSecurityScheme: Refusal.LOCKED,
}


_kept: list[_Opened] = []


def prepare() -> None:
    """Draw a page, find its words: what the reader loads for that, it loads now.

    The sample stays open: with its last document the reader would drop the list of fonts again.
    """
    _kept.append(_Opened(_SAMPLE))
    _kept[0].page(0, 1)
    _kept[0].words(0)


def begin(request: Message) -> Begun:
    """Take a PDF: {pages, sizes: [[width, height], …]} in points."""
    if not request.blobs:
        raise Refused(Refusal.DAMAGED)
    opened = _Opened(bytes(request.blobs[0]))
    return Begun(Message({"pages": opened.pages, "sizes": opened.sizes}), opened.ask)


class _Opened:
    def __init__(self, data: bytes) -> None:
        self._buffer = QBuffer()
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument()
        self._document.load(self._buffer)
        error = self._document.error()
        if error is not QPdfDocument.Error.None_:
            raise Refused(_ERRORS.get(error, Refusal.DAMAGED))
        self.pages = self._document.pageCount()
        if self.pages < 1:
            raise Refused(Refusal.DAMAGED)
        if self.pages > MOST_PAGES:
            raise Refused(Refusal.TOO_LARGE)
        sizes = [self._document.pagePointSize(page) for page in range(self.pages)]
        self.sizes = [(size.width(), size.height()) for size in sizes]

    def ask(self, request: Message) -> Message:
        """Answer a question; see above."""
        said = request.said
        page = pixels.number(said, self.pages)
        what = said.get("what")
        if what == "page":
            return self.page(page, said.get("scale"))
        if what == "text":
            return self.text(page)
        if what == "words":
            return self.words(page)
        if what == "boxes":
            return self.boxes(page, said.get("spans"))
        raise Refused(Refusal.NOT_THERE)

    def page(self, page: int, scale: object) -> Message:
        """Draw a page on white."""
        width, height = pixels.size_at(*self.sizes[page], scale)
        image = self._document.render(page, QSize(width, height))
        if image.isNull():
            raise Refused(Refusal.DAMAGED)
        found = np.frombuffer(image.constBits(), np.uint32).reshape(height, image.bytesPerLine() // 4)
        drawn = _on_white(found[:, :width])
        # Letters that neither the document nor this computer has leave an empty page: that must be told.
        unseen = bool((drawn == _WHITE).all()) and bool(self._document.getAllText(page).text().strip())
        answer = pixels.picture(width, height, drawn.tobytes())
        return Message({**answer.said, "unseen": unseen}, answer.blobs)

    def text(self, page: int) -> Message:
        """Return the words of a page, and where its lines are."""
        selection = self._document.getAllText(page)
        lines = [_box(polygon.boundingRect()) for polygon in selection.bounds()]
        return Message({"text": selection.text(), "lines": lines})

    def words(self, page: int) -> Message:
        """Return where each word of a page is; one that cannot be found is left out."""
        text = self._document.getAllText(page).text()
        found: list[list[float]] = []
        for word in _WORD.finditer(text):
            if len(found) >= _MOST_WORDS:
                break
            selection = self._document.getSelectionAtIndex(page, word.start(), len(word[0]))
            if selection.isValid() and selection.text() == word[0]:
                found.append([word.start(), len(word[0]), *_box(selection.boundingRectangle())])
        return Message({"words": found})

    def boxes(self, page: int, spans: Any) -> Message:
        """Return where pieces of a page's text are; one that goes over several lines has several boxes."""
        if not isinstance(spans, list) or len(spans) > _MOST_SPANS:
            raise Refused(Refusal.NOT_THERE)
        selections = [self._document.getSelectionAtIndex(page, *map(int, span)) for span in spans]
        found = [[_box(polygon.boundingRect()) for polygon in selection.bounds()] for selection in selections]
        return Message({"boxes": found})


def _box(box: QRectF) -> list[float]:
    return [box.x(), box.y(), box.width(), box.height()]


def _on_white(page: np.ndarray[Any, np.dtype[np.uint32]]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """Lay what was drawn (0xAARRGGBB, not premultiplied) on white paper.

    Not with QPainter: it draws on several threads, which a locked-in process cannot have.
    """
    cover = page >> 24
    found = np.where(cover == 0, np.uint32(_WHITE), page | np.uint32(0xFF000000))
    edges = np.nonzero((cover != 0) & (cover != 255))
    if edges[0].size:
        part, share = page[edges], cover[edges]
        drawn = np.full(part.shape, 0xFF000000, np.uint32)
        for shift in (0, 8, 16):
            channel = ((part >> shift) & 0xFF) * share + 255 * (255 - share)
            drawn |= ((channel + 127) // 255) << shift
        found[edges] = drawn
    return found
