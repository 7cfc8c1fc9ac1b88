"""The line below the worklist: how many reports are here, as of when, and what is wrong if something is.

Everything has a fixed place: progress and Stop at the end, sentences in the middle, or above where there is
little room. Must never: show a number that is only a guess without saying so, or half a sentence about what
is wrong.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.session.progress import SyncProgress
from client.ui import formats, icons
from client.ui.keys.binding import hint
from client.ui.keys.table import Key
from client.ui.tip import set_tooltip

HEIGHT = 36  # px
_MARGIN = 12  # px


class Footer(QWidget):
    """Says how complete the worklist is."""

    stop_requested = Signal()
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._progress = SyncProgress()
        self._shown = 0
        self._narrowed = False
        self._by_words = False
        self._narrow = False
        self._count = self._label("How many reports are here", "faint")
        self._sentence = self._label("What may be missing", "caution")
        self._keys = self._label("Keys of the worklist", "faint")
        self._keys.setText(_keys(beside=False))
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Loading the worklist")
        self._bar.setFixedWidth(120)
        self._bar.setTextVisible(False)
        self._stop = self._button("Stop", "Stop loading the worklist")
        self._stop.clicked.connect(self.stop_requested)
        self._retry = self._button("Retry", "Load the worklist again")
        self._retry.clicked.connect(self.refresh_requested)
        self._refresh = QToolButton()
        self._refresh.setIcon(icons.icon("refresh-cw"))
        self._refresh.setAccessibleName("Look for new reports")
        self._refresh.setToolTip("Look for new reports (F5)")
        self._refresh.clicked.connect(self.refresh_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._above = QHBoxLayout()
        self._above.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        column.addLayout(self._above)
        self._line = line = QHBoxLayout()
        column.addLayout(line)
        line.setContentsMargins(_MARGIN, 0, 8, 0)
        line.setSpacing(_MARGIN)
        line.addWidget(self._count)
        line.addWidget(self._sentence, 1)
        line.addWidget(self._keys)
        line.addWidget(self._bar)
        line.addWidget(self._stop)
        line.addWidget(self._retry)
        line.addWidget(self._refresh)
        for place in (self._bar, self._stop):
            policy = place.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            place.setSizePolicy(policy)
        self.show_progress(SyncProgress())

    def show_progress(self, progress: SyncProgress) -> None:
        """Say where loading stands."""
        self._progress = progress
        running = progress.running
        self._bar.setVisible(running)
        if running:
            # Or Qt would draw the bar at once, and the table a second time with it.
            self._bar.setUpdatesEnabled(False)
            self._bar.setRange(0, progress.total or 0)
            self._bar.setValue(min(progress.loaded, progress.total or 0))
            self._bar.setUpdatesEnabled(True)
        # With no report here, the table's own place says what is wrong and offers to try again.
        failure = progress.failure if progress.loaded else ""
        self._offer(running=running, retry=bool(failure) and not running)
        sentence = failure or (f"May be incomplete: {progress.incomplete}" if progress.incomplete else "")
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)
            set_tooltip(self._sentence, sentence)
            self._fit()
        self._show_count()

    def _offer(self, *, running: bool, retry: bool) -> None:
        # What comes is shown before what goes is hidden, and takes the focus from it: Qt would give it to
        # whatever control comes next, "Sign out" for one.
        coming, going = (self._stop, self._refresh) if running else (self._refresh, self._stop)
        self._stop.setVisible(running or self._stop.isVisible())
        self._refresh.setEnabled(self._refresh.isEnabled() or not running)
        if going.hasFocus() or (self._retry.hasFocus() and not retry):
            coming.setFocus()
        self._stop.setVisible(running)
        self._retry.setVisible(retry)
        self._refresh.setEnabled(not running)

    def set_shown(self, shown: int, *, narrowed: bool, by_words: bool = False) -> None:
        """Say how many of the reports the view shows, and whether words were looked for."""
        self._shown, self._narrowed, self._by_words = shown, narrowed, by_words
        self._show_count()

    def set_narrow(self, narrow: bool, *, beside: bool) -> None:
        """Give sentences and keys a line of their own, or not; `beside` a report other keys count."""
        self._bar.setFixedWidth(48 if narrow else 120)
        self._keys.setText(_keys(beside=beside))
        if narrow is not self._narrow:
            self._narrow = narrow
            self._sentence.setWordWrap(narrow)
            for at, label in enumerate((self._sentence, self._keys), start=1):
                (self._line if narrow else self._above).removeWidget(label)
                if narrow:
                    self._above.addWidget(label, at % 2)
                else:
                    self._line.insertWidget(at, label, at % 2)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all lines of a sentence in sight."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        sentence = bool(self._sentence.text())
        self._sentence.setVisible(sentence or not self._narrow)
        self._keys.setVisible(not sentence)
        above = 0
        if self._narrow:
            above = self._keys.sizeHint().height()
            if sentence:
                above = max(above, self._sentence.heightForWidth(self.width() - 2 * _MARGIN))
            above += _MARGIN // 2
        self._above.setContentsMargins(_MARGIN, _MARGIN // 2 if above else 0, _MARGIN, 0)
        if self.height() != HEIGHT + above:
            self.setFixedHeight(HEIGHT + above)

    def _show_count(self) -> None:
        words = count_words(self._progress, self._shown, self._narrowed, self._by_words)
        if words != self._count.text():
            self._count.setText(words)

    @staticmethod
    def _label(name: str, role: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setProperty("role", role)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    @staticmethod
    def _button(words: str, name: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("role", "quiet")
        button.setAccessibleName(name)
        return button


def _keys(*, beside: bool) -> str:
    move = f"{hint(Key.NEXT_ROW)} {hint(Key.PREVIOUS_ROW)}"
    unread, sheet = f"{hint(Key.NEXT_UNREAD)} next unread", f"{hint(Key.SHEET)} all keys"
    if beside:
        return f"{move} next, previous · {unread} · {sheet}"
    return f"{move} move · {hint(Key.OPEN)} open · {unread} · {hint(Key.SORT)} sort · {sheet}"


def count_words(progress: SyncProgress, shown: int, narrowed: bool, by_words: bool = False) -> str:
    """Return "12 shown · 37 of 37 · as of 14:02" with the parts that are known.

    As long as the index does not hold every report, what was found by words is said to be found so far.
    """
    parts = [f"{shown:,} shown"] if narrowed else []
    if by_words and progress.indexed is not None and progress.indexed < progress.loaded:
        parts = [f"{shown:,} found in the first {progress.indexed:,} searched"]
    if progress.total is not None:
        parts.append(f"{progress.loaded:,} of {progress.total:,}")
    elif progress.running:
        parts.append(f"{progress.loaded:,} so far")
    else:
        parts.append(f"{progress.loaded:,} report{'' if progress.loaded == 1 else 's'}")
    if progress.as_of is not None:
        parts.append(f"as of {formats.clock(progress.as_of)}")
    return " · ".join(parts)
