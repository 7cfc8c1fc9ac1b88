"""The table's model: the rows of one view of the worklist, in order.

Must never: copy a report; it asks the worklist for it each time, so a newer version shows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from client.model.report import Report
from client.session.view import ReadState
from client.session.worklist import Worklist
from client.ui.tip import tooltip
from client.ui.worklist import columns

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class WorklistModel(QAbstractTableModel):
    """Rows are the worklist's row numbers; see `client.session.worklist`."""

    def __init__(self, worklist: Worklist, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worklist = worklist
        self._rows: list[int] = []
        self.narrow = False
        self.searched = False  # every row has a line more, for where it was found

    def set_worklist(self, worklist: Worklist) -> None:
        """Start with another worklist, showing nothing of it yet."""
        self.beginResetModel()
        self._worklist = worklist
        self._rows = []
        self.endResetModel()

    def set_rows(self, rows: list[int]) -> None:
        """Show these rows in this order; the table has to select and scroll anew.

        Told to Qt as places that come or go at the end with other contents everywhere: a reset would also
        lay out and draw the column heads again, which takes longer than a keystroke may.
        """
        before, after = len(self._rows), len(rows)
        if after > before:
            self.beginInsertRows(_NOWHERE, before, after - 1)
            self._rows = rows
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(_NOWHERE, after, before - 1)
            self._rows = rows
            self.endRemoveRows()
        else:
            self._rows = rows
        if after:
            self.dataChanged.emit(self.index(0, 0), self.index(after - 1, len(columns.HEADINGS) - 1))

    @property
    def rows(self) -> Sequence[int]:
        """The worklist's row numbers, in the order shown."""
        return self._rows

    def report_at(self, place: int) -> Report:
        """Return the report shown at a place of the table."""
        return self._worklist.report(self._rows[place])

    def state_at(self, place: int) -> ReadState:
        """Return what was read of the report shown at a place."""
        return self._worklist.state_of(self._rows[place])

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many rows the view has."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many columns there are, hidden ones included."""
        return 0 if parent.isValid() else len(columns.HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell, for screen readers and tooltips; painting does not come by here."""
        if role not in _WORDS_OF_A_CELL or not index.isValid():
            return None
        report, state = self.report_at(index.row()), self.state_at(index.row())
        if role == Qt.ItemDataRole.ToolTipRole and report.problem and not self.narrow:
            words = report.problem
        elif self.narrow:
            words = columns.summary(report, state)
        else:
            words = columns.spoken(report, state, columns.HEADINGS[index.column()].column)
        return tooltip(words) if role == Qt.ItemDataRole.ToolTipRole else words

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title, or its spoken name."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        heading = columns.HEADINGS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return heading.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return heading.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(heading.spoken)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None


_WORDS_OF_A_CELL = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.ToolTipRole,
    }
)
