"""Images: the first paint of a key image that is in the cache, and windowing 4096 × 4096 values of 16 bits.

Real cache, real darkroom, a real window off the screen. Processor time where one process does the work, the
wall's where two do. Each beside its floor, in turns.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.figure import Figure, table

_TIMES = 40
_SIDE = 4096
_SCREEN = (1920, 1080)


def measure() -> list[Figure]:
    """Return the figures of images."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from client.policy.table import Theme
    from client.ui import fonts, theme
    from tests.bench.offscreen import quieten

    quieten()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    fonts.load_fonts()
    fonts.load_reading_fonts()
    theme.apply(app, Theme.DARK)
    return [*_first_paint(app), *_windowing(), *_dragging(app)]


def _alternately(clock: Callable[[], float], times: int, *works: Callable[[], object]) -> tuple[float, ...]:
    """Return the median seconds of each work, measured in turns."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, found in zip(works, taken, strict=True):
            begin = clock()
            work()
            found.append(clock() - begin)
    return tuple(statistics.median(each) for each in taken)


def _first_paint(app: object) -> list[Figure]:
    import numpy as np
    from PySide6.QtGui import QImage, QPainter, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from client.cache.key import CacheKey
    from client.cache.store import ReportCache
    from client.darkroom.darkroom import Darkroom
    from client.session.images import Images
    from client.session.lanes import Lanes
    from client.ui.bridge import Bridge
    from client.ui.images.pane import ImagePane
    from client.ui.images.reel import Reel
    from tests.ui.images.archive import Archive, made, report

    values = np.random.default_rng(1).integers(0, 4096, (512, 512)).astype(np.uint16)
    greys = (values >> 4).astype(np.uint8)

    class Bare(QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:
            picture = QImage(greys.tobytes(), 512, 512, 512, QImage.Format.Format_Grayscale8)
            QPainter(self).drawImage(self.rect(), picture)

    archive = Archive().add("Axial", made(values, WindowCenter=2048, WindowWidth=4096))
    bridge, room, key = Bridge(), Darkroom(), CacheKey.generate()
    lanes = Lanes(bridge.post, _raise)
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as folder:
        cache = ReportCache(Path(folder), key, 64 * 1024**2)
        images = Images(archive, cache, lanes, lambda: room)
        pane, bare = ImagePane(), Bare()
        for window in (pane, bare):
            window.resize(*_SCREEN)
            window.show()
        reel = Reel(pane, 0)
        albums: list[object] = []

        def album() -> None:
            reel.open(None)
            albums.clear()
            images.open(report(), albums.append, _raise)
            _spin(app, lambda: bool(albums))

        def paint() -> None:
            reel.open(albums[0])  # type: ignore[arg-type]
            _spin(app, lambda: reel.seen == 0)
            pane.repaint()

        album()
        paint()  # the first one fetches it, and has the darkroom start
        ours, floor, own = [], [], []
        for _ in range(_TIMES):
            album()  # nothing of the image is in memory any more
            spent = time.process_time()
            begin = time.perf_counter()
            paint()
            middle = time.perf_counter()
            bare.repaint()
            floor.append(time.perf_counter() - middle)
            ours.append(middle - begin)
            own.append(time.process_time() - spent - floor[-1])
        images.close()
        lanes.close()
        room.close()
        pane.close()
        bare.close()
        cache.close()
        key.destroy()
    return [
        Figure(
            "key image 512 × 512, asked for to painted, from the cache",
            1000 * statistics.median(ours),
            "ms",
            1000 * statistics.median(floor),
            "QImage of the same pixels",
            "",
        ),
        Figure(
            "  processor time of it in the session's process",
            1000 * statistics.median(own),
            "ms",
            1000 * statistics.median(floor),
            "QImage of the same pixels",
            "",
        ),
    ]


def _windowing() -> list[Figure]:
    import numpy as np

    from client.ui.images.grey import look_up

    levels = np.random.default_rng(1).integers(0, 65536, (_SIDE, _SIDE)).astype(np.uint16)
    greys = (np.arange(65536) >> 8).astype(np.uint8)
    into = np.empty(levels.shape, np.uint8)
    ours, floor, take = _alternately(
        time.process_time,
        7,
        lambda: look_up(greys, levels, into),
        lambda: greys[levels],
        lambda: np.take(greys, levels),
    )
    quicker = min(floor, take)
    return [
        Figure(
            "windowing 4096 × 4096 of 16 bits, full size",
            1000 * ours,
            "ms",
            1000 * quicker,
            "numpy's own look-up, the quicker of table[values] and take",
            "≤ 1.5 ×",
        )
    ]


def _dragging(app: object) -> list[Figure]:
    import numpy as np

    from client.session.stored import Function, Geometry, Measure, Stored, Window, read_facts
    from client.ui.images.marks import Caption
    from client.ui.images.pane import ImagePane

    values = np.random.default_rng(1).integers(0, 65536, (_SIDE, _SIDE)).astype(np.uint16)
    nowhere = Geometry(None, Measure.NONE, None, None, None, ("", ""))
    stored = Stored(values, 1.0, 0.0, "", False, (), Function.LINEAR, nowhere, read_facts({}))
    pane = ImagePane()
    pane.resize(*_SCREEN)
    pane.show()
    _spin(app, pane.isVisible)
    pane.show_picture(stored, Caption(("NAME, Given", "ID 00417"), ("CT chest",)), 1)
    taken, settled = [], []
    for step in range(_TIMES):
        begin = time.process_time()
        pane.choose_window(Window(30000 + step, 20000 + step))
        pane.repaint()
        taken.append(time.process_time() - begin)
    for step in range(5):
        pane.choose_window(Window(30000 + step, 20000))
        pane._rest.stop()
        begin = time.process_time()
        pane.repaint()
        settled.append(time.process_time() - begin)
    pane.close()
    return [
        Figure(
            "4096 × 4096 at 1920 × 1080, window dragged",
            1 / statistics.median(taken),
            "/s",
            None,
            "",
            "≥ 30 /s",
        ),
        Figure(
            "  the same drawn in full when it rests", 1000 * statistics.median(settled), "ms", None, "", ""
        ),
    ]


def _spin(app: object, ready: Callable[[], bool]) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    give_up = QTimer(singleShot=True, interval=20_000)
    give_up.start()
    app.processEvents()  # type: ignore[attr-defined]
    while not ready():
        # Waiting, not looking again and again: that would keep the interpreter from the threads that fetch.
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # type: ignore[attr-defined]
        if not give_up.isActive():
            raise TimeoutError("the image did not come")


def _raise(error: Exception) -> None:
    raise error


if __name__ == "__main__":
    sys.stdout.write(table(measure()) + "\n")
