"""What stands in the table's place when it has no rows: why, and what can be done.

Must never: be shown over rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from client.session.progress import SyncProgress
from client.session.view import Filter, View
from client.ui.worklist.rail import NO_MODALITY, TITLES

_WIDEST = 420  # px: a line of the sentence


class Remedy(Enum):
    """What the one button does."""

    NONE = ""
    CLEAR = "Show all reports"
    RETRY = "Try again"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no row."""

    title: str
    sentence: str
    remedy: Remedy = Remedy.NONE


def why_empty(progress: SyncProgress, view: View, here: int) -> Reason:
    """Return why the view shows nothing, `here` being how many reports there are in all."""
    if here:
        return Reason("Nothing matches", f"No report {_asked(view)}.", Remedy.CLEAR)
    if progress.running:
        return Reason("Loading your worklist", "The newest reports come first.")
    if progress.failure:
        return Reason("The worklist could not be loaded", progress.failure, Remedy.RETRY)
    if progress.as_of is None:
        return Reason("Nothing here yet", "Your reports appear here as they arrive from the portal.")
    return Reason(
        "No reports", "The portal has no reports for you at the moment. New ones appear here.", Remedy.RETRY
    )


def _asked(view: View) -> str:
    parts = []
    if view.filter is Filter.TODAY:
        parts.append("is from today")
    elif view.filter is not Filter.ALL:
        parts.append(f"is {TITLES[view.filter].lower()}")
    if view.modalities:
        parts.append(f"is of type {' or '.join(sorted(one or NO_MODALITY for one in view.modalities))}")
    if view.words.strip():
        parts.append(f"has “{view.words.strip()}”")
    return " and ".join(parts)


class EmptyState(QWidget):
    """A title, a sentence and at most one button, in the middle of the table."""

    clear_requested = Signal()
    retry_requested = Signal()
    focus_left = Signal()  # the focus is to go elsewhere: its button is about to be hidden

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._title.setStyleSheet("font-size: 17px")
        self._sentence = QLabel()
        self._sentence.setProperty("role", "label")
        self._sentence.setWordWrap(True)
        self._button = QPushButton()
        self._button.clicked.connect(self._press)
        self._remedy = Remedy.NONE
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        for label in (self._title, self._sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.hide()

    def show_reason(self, reason: Reason) -> None:
        """Say why there is no row."""
        self._title.setText(reason.title)
        self._sentence.setText(reason.sentence)
        width = min(_WIDEST, max(160, self.width() - 48))
        self._sentence.setFixedWidth(width)
        self._sentence.setMinimumHeight(self._sentence.heightForWidth(width))  # all of its lines
        self._remedy = reason.remedy
        if reason.remedy is Remedy.NONE:
            self.yield_focus()
        self._button.setText(reason.remedy.value)
        self._button.setAccessibleName(reason.remedy.value)
        self._button.setVisible(reason.remedy is not Remedy.NONE)
        self.setAccessibleName(f"{reason.title}. {reason.sentence}")

    def yield_focus(self) -> None:
        """Give the focus away before it is lost: Qt would give it to whatever control comes next."""
        if self._button.hasFocus():
            self.focus_left.emit()

    def _press(self) -> None:
        (self.clear_requested if self._remedy is Remedy.CLEAR else self.retry_requested).emit()
