"""The slim column beside a report: its versions where they are asked for, and the patient's other reports.

Owns: which of the two is in sight and how wide they are. Must never: list anything of another patient.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from client.ui.compare.side_list import SLIM, WIDTH, SideList
from client.ui.tip import set_tooltip

_ROOM = 900  # px of the whole report view from which the column has its full width
_LEAST = 560  # px: below, the keys alone are left
_ROOM_COMPARING = 1500
NO_PRIORS = "No other report of this patient is here."
_HINT = "Enter: what changed in it\nSpace: compare from here"


class SideColumn(QWidget):
    """Two lists, each under its title."""

    prior_asked = Signal()
    versions_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("beside")
        self.versions = SideList(self, "Versions of this report", "")
        self.priors = SideList(self, "Other reports of this patient, the most relevant first", NO_PRIORS)
        self._versions_title = _title(self, "Versions", "V", "Versions of this report", self.versions_asked)
        self._priors_title = _title(self, "Priors", "P", "Open the most relevant prior", self.prior_asked)
        self._hint = QLabel(_HINT, self)
        self._hint.setProperty("role", "faint")
        self._hint.setContentsMargins(12, 4, 8, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._versions_title, self.versions, self._hint):
            column.addWidget(widget)
            widget.hide()
        column.addWidget(self._priors_title)
        column.addWidget(self.priors, 1)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self._room = 0
        self._comparing = False
        self._listing = False
        self._width = WIDTH

    def sizeHint(self) -> QSize:
        """Return the width it is to have."""
        return QSize(self._width, 0)

    def minimumSizeHint(self) -> QSize:
        """Return nothing: it must never keep the window from becoming smaller."""
        return QSize(0, 0)

    def set_room(self, room: int) -> None:
        """Take as much of the view's width as there is to spare."""
        self._room = room
        self._fit()

    def set_comparing(self, comparing: bool) -> None:
        """Give way to a second text."""
        self._comparing = comparing
        self._fit()

    def show_versions(self, shown: bool) -> None:
        """Show or hide the list of versions, above the priors."""
        self._listing = shown
        for widget in (self._versions_title, self.versions, self._hint):
            widget.setVisible(shown)
        self._fit()

    def _fit(self) -> None:
        full = self._listing or self._room >= (_ROOM_COMPARING if self._comparing else _ROOM)
        width = WIDTH if full else SLIM
        if width != self._width:
            self._width = width
            self.updateGeometry()
            self._priors_title.setVisible(full)
            self.priors.set_slim(not full)
        shown = self._listing or self._room >= _LEAST
        if self.isHidden() is shown:
            self.setVisible(shown)


def _title(parent: QWidget, words: str, key: str, spoken: str, asked: SignalInstance) -> QWidget:
    title = QWidget(parent)
    row = QHBoxLayout(title)
    row.setContentsMargins(12, 8, 8, 4)
    row.setSpacing(4)
    label = QLabel(words, title)
    label.setProperty("role", "label")
    button = QToolButton(title)
    button.setText(key)
    button.setAccessibleName(spoken)
    set_tooltip(button, f"{spoken} ({key})")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(asked)
    row.addWidget(label, 1)
    row.addWidget(button)
    return title
