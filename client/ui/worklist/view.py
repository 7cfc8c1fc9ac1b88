"""The worklist's one widget: joins rail, search, table and footer to a Worklist and its SearchIndex.

Owns: the View in force. Must never: fetch, open or mark anything: it says what the user wants, and is told
what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QMenu, QVBoxLayout, QWidget

from client.clock import SystemClock
from client.errors import SafelightError
from client.model.saved import SavedSearch
from client.session.finding import Finding
from client.session.portal_search import questions
from client.session.progress import SyncProgress
from client.session.query import LONGEST, Query, Words, read_query
from client.session.search import SearchIndex
from client.session.searching import PortalAnswer, Searching
from client.session.view import Column, Filter, ReadState, View
from client.session.worklist import Merged, Worklist
from client.ui.keys import Key, bind, bind_each
from client.ui.worklist import columns
from client.ui.worklist.empty import EmptyState, why_empty
from client.ui.worklist.footer import Footer
from client.ui.worklist.model import WorklistModel
from client.ui.worklist.rail import Rail
from client.ui.worklist.search_bar import SearchBar
from client.ui.worklist.table import WorklistTable
from client.ui.worklist.understood import portal_answer, understood

# Where the larger, later or more urgent is what one looks for first.
_FALLING_FIRST = (Column.DATE,)


class WorklistView(QWidget):
    """Shows a worklist; the keyboard alone suffices."""

    opened = Signal(object)  # the Report the user wants to read
    stop_requested = Signal()
    refresh_requested = Signal()
    wanted = Signal()  # a key asks for something that can only be done in sight

    def __init__(self, parent: QWidget | None = None, *, keys_of: QWidget | None = None) -> None:
        """`keys_of` is the page whose keys reach the worklist even where it is out of sight."""
        super().__init__(parent)
        self._keys_of = keys_of or self
        self.setAccessibleName("Worklist")
        self._worklist = Worklist(SystemClock())
        self._finding: Finding | None = None
        self._view = View()
        self._query = Query()
        self._searching: Searching | None = None
        self._saved: tuple[SavedSearch, ...] = ()
        self._progress = SyncProgress()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._model = WorklistModel(self._worklist, self)
        self.rail = Rail()
        self.search = SearchBar()
        self.quick_filter = self.search.field
        self.table = WorklistTable(self._model)
        self.footer = Footer()
        self._empty = EmptyState(self.table.viewport())
        self._menu = QMenu(self)
        self._lay_out()
        self._connect()
        self.table.set_sort(self._view.column, self._view.descending)

    # Told from outside.

    def set_worklist(
        self, worklist: Worklist, index: SearchIndex, searching: Searching | None = None
    ) -> None:
        """Show this worklist from now on, all of it, newest first.

        Without `searching` there are neither pieces of reports, nor saved searches, nor the portal's search.
        """
        self._worklist, self._finding, self._view = worklist, Finding(worklist, index), View()
        self._searching = searching
        self.table.excerpts.set_source(searching.texts if searching else None)
        if searching is not None:
            searching.saved.start(self._saved_changed, self.search.set_note)
        self.quick_filter.clear()
        self._model.set_worklist(worklist)
        self._make_room(range(len(worklist)))
        self.set_view(View())

    def step_back(self) -> bool:
        """Do what Escape does: clear the words, leave their line, show all; False for nothing to do."""
        if self._view.words:
            self.quick_filter.clear()
        elif self.quick_filter.hasFocus():
            self._to_table()
        elif self._view.narrowed:
            self.show_all()
        else:
            return False
        return True

    def rows_changed(self, merged: Merged) -> None:
        """Show what a delivery brought; what the user looks at or points at stays where it is.

        With nothing new, show what the words in force find by now.
        """
        if merged.new or merged.replaced:
            self._make_room(merged.new + merged.replaced)
            self._arrange(hold=True, redraw=bool(merged.replaced))
            self._count()
        elif self._view.words:
            self._arrange(hold=True, redraw=False)

    def state_changed(self, key: str) -> None:
        """Show that a report was read; no row leaves the list for it before the user changes the view."""
        self._count()
        place = self._place_of(key)
        if place is not None:
            self.table.redraw(place)

    def show_progress(self, progress: SyncProgress) -> None:
        """Say where loading stands."""
        self._progress = progress
        self.footer.show_progress(progress)
        self._show_whether_empty()

    def set_narrow(self, narrow: bool, *, beside: bool) -> None:
        """Two-line rows for a place `beside` an open report or in a small window, or the full table."""
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._outer.setDirection(direction)
        self.rail.set_compact(narrow)
        self.search.set_narrow(narrow)
        self.footer.set_narrow(narrow, beside=beside)
        self._outer.activate()
        self.table.set_narrow(narrow)

    # Asked from outside.

    @property
    def view(self) -> View:
        """What is shown, and in which order."""
        return self._view

    def select(self, key: str) -> bool:
        """Select the report of that key; False where the view does not show it."""
        place = self._place_of(key)
        if place is None:
            return False
        self.table.select(place)
        return True

    def selected_key(self) -> str | None:
        """Return the key of the selected report."""
        return self._key_at(self.table.currentIndex().row())

    def next_key(self) -> str | None:
        """Return the key of the report below the selected one; None at the end."""
        return self._key_at(self.table.currentIndex().row() + 1)

    def previous_key(self) -> str | None:
        """Return the key of the report above the selected one; None at the start."""
        return self._key_at(self.table.currentIndex().row() - 1)

    def next_unread(self, step: int = 1) -> str | None:
        """Return the key of the next report below that is unread or changed; after the last, from the top.

        With a `step` of -1, of the one above.
        """
        here = self.table.currentIndex().row()
        count = len(self._model.rows)
        if here < 0 and step < 0:
            here = count
        for distance in range(1, count + 1):
            place = (here + step * distance) % count
            if place != here and self._model.state_at(place) is not ReadState.READ:
                return self._key_at(place)
        return None

    # What the user does.

    def set_view(self, view: View) -> None:
        """Show another view of the same worklist."""
        if view.words != self._view.words:
            self._forget_portal()
        self._view = view
        self.rail.set_chosen(view.filter, view.modalities)
        self.table.set_sort(view.column, view.descending)
        if self.quick_filter.text() != view.words:
            self.quick_filter.setText(view.words)  # comes back by `_typed`, to no effect
        self._arrange(hold=False)
        self._count()

    def focus_filter(self) -> None:
        """Go to the quick filter."""
        self.wanted.emit()
        self.quick_filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.quick_filter.selectAll()

    def show_all(self) -> None:
        """Clear every filter, keeping the order."""
        self.set_view(View(self._view.column, self._view.descending))
        self.table.setFocus()

    def _typed(self, words: str) -> None:
        if words != self._view.words:
            self._view = replace(self._view, words=words)
            self._forget_portal()
            self._arrange(hold=False)

    def _arrange(self, *, hold: bool, redraw: bool = True) -> None:
        view = self._view
        kept = frozenset(self._model.rows) if hold and view.narrowed else frozenset()
        found = None
        if view.words and self._finding:
            self._query = read_query(view.words, self._worklist.today)
            found = self._finding.rows(self._query, kept)
            if found is not None and self.table.from_portal:
                found = self._with_portal(found)
        else:
            self._query = Query()
        self.table.excerpts.set_sought(self._query.sought)
        self._explain()
        self.table.show_rows(
            self._worklist.order(view, found, kept), hold=hold, redraw=redraw, searched=bool(self._query)
        )
        self.footer.set_shown(
            len(self._model.rows), narrowed=view.narrowed, by_words=bool(view.words.strip())
        )
        self._show_whether_empty()

    def _explain(self) -> None:
        whole = self._whole()
        searching = self._searching is not None
        self.search.set_understood(
            understood(self._query),
            savable=searching and bool(whole) and bool(self._view.words.strip() or self._view.modalities),
            saved=any(each.query == whole for each in self._saved),
            askable=searching and bool(questions(self._query)),
        )
        self.rail.set_saved(self._saved, whole)

    def _whole(self) -> str:
        """Return all that narrows the list as one query; "" where words cannot say it."""
        view = self._view
        if "" in view.modalities:
            return ""
        drawer = () if view.filter is Filter.ALL else (view.filter.value,)
        whole = " ".join((*drawer, *(f"type:{code}" for code in sorted(view.modalities)), view.words.strip()))
        return whole.strip() if len(whole) <= LONGEST else ""

    def _saved_changed(self, searches: tuple[SavedSearch, ...]) -> None:
        self._saved = searches
        self._explain()

    def _save(self, name: str) -> None:
        if self._searching is not None and (whole := self._whole()):
            self._searching.saved.save(name, whole)

    def _remove(self) -> None:
        whole = self._whole()
        for each in self._saved:
            if self._searching is not None and each.query == whole:
                self._searching.saved.remove(each.name)

    def _open_saved(self, query: str) -> None:
        self.wanted.emit()
        self.set_view(View(self._view.column, self._view.descending, words=query))

    def _ask_portal(self) -> None:
        query, words = self._query, self._view.words
        if self._searching is None:
            return
        here = {self._worklist.report(row).key for row in range(len(self._worklist))}

        def show(answer: PortalAnswer) -> None:
            if self._view.words == words:
                self.table.from_portal = frozenset(answer.keys) - here
                self._arrange(hold=True)
                self.search.set_note(
                    portal_answer(len(answer.keys), len(self.table.from_portal), answer.more)
                )

        def fail(error: SafelightError) -> None:
            if self._view.words == words:
                self.search.set_note(str(error))

        if questions(query):
            self.search.set_note("Asking the portal …")
            self._searching.at_portal(query, show, fail)

    def _forget_portal(self) -> None:
        """Say nothing more of what the portal found: other words are looked for now."""
        self.table.from_portal = frozenset()
        self.search.set_note("")

    def _with_portal(self, found: Collection[int]) -> set[int]:
        # The portal judged the words; the rest of the query holds for what it found as well.
        rest = replace(
            self._query,
            clauses=tuple(
                each for each in self._query.clauses if each.excluded or not isinstance(each.test, Words)
            ),
        )
        allowed = self._finding.rows(rest) if self._finding else None
        rows = map(self._worklist.row_of, self.table.from_portal)
        there = {row for row in rows if row is not None and (allowed is None or row in allowed)}
        return there.union(found)

    def _make_room(self, rows: Iterable[int]) -> None:
        patients = (self._worklist.report(row).patient for row in rows)
        self.table.make_room({patient.identifier for patient in patients if patient is not None})

    def _count(self) -> None:
        self.rail.set_counts(self._worklist.counts(self._view))

    def _show_whether_empty(self) -> None:
        if not self._model.rows:
            self._empty.show_reason(why_empty(self._progress, self._view, len(self._worklist)))
            self._empty.show()
        elif not self._empty.isHidden():
            self._empty.yield_focus()
            self._empty.hide()

    def _fit_empty(self) -> None:
        self._empty.setGeometry(self.table.viewport().rect())
        self._show_whether_empty()

    def _open_place(self, place: int) -> None:
        if 0 <= place < len(self._model.rows):
            self.table.selectRow(place)
            self.opened.emit(self._model.report_at(place))

    def _open_first(self) -> None:
        self.table.setFocus()
        self._open_place(0)

    def _step(self, by: int) -> None:
        place = self.table.currentIndex().row() + by
        if 0 <= place < len(self._model.rows):
            self.table.select(place)

    def _open_next_unread(self, step: int = 1) -> None:
        key = self.next_unread(step)
        if key is not None and self.select(key):
            self._open_place(self.table.currentIndex().row())

    def _to_table(self) -> None:
        self.table.setFocus()
        if not self.table.currentIndex().isValid() and self._model.rows:
            self.table.select(0)

    def _sort_by_place(self, place: int) -> None:
        self._sort(columns.HEADINGS[place].column)

    def _sort(self, column: Column) -> None:
        again = column is self._view.column
        descending = not self._view.descending if again else column in _FALLING_FIRST
        self.set_view(replace(self._view, column=column, descending=descending))

    def _sort_by_key(self) -> None:
        self.wanted.emit()
        self._show_sort_menu(self.table.mapToGlobal(QPoint(32, 0)))

    def _show_sort_menu(self, at: QPoint) -> None:
        # popup(), not exec(): no nested event loop may hold up the end of a session.
        self._menu.popup(at)
        for action in self._menu.actions():
            action.setChecked(action.data() is self._view.column)
            if action.isChecked():
                self._menu.setActiveAction(action)

    def _key_at(self, place: int) -> str | None:
        return self._model.report_at(place).key if 0 <= place < len(self._model.rows) else None

    def _place_of(self, key: str) -> int | None:
        row = self._worklist.row_of(key)
        try:
            return None if row is None else self._model.rows.index(row)
        except ValueError:
            return None

    # Made once.

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.footer)
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self.rail)
        self._outer.addLayout(column, 1)
        self.setTabOrder(self.quick_filter, self.table)
        self._menu.setAccessibleName("Sort the worklist")
        for heading in columns.HEADINGS:
            action = QAction(f"Sort by {heading.spoken[0].lower()}{heading.spoken[1:]}", self._menu)
            action.setData(heading.column)
            action.setCheckable(True)
            self._menu.addAction(action)

    def _connect(self) -> None:
        self.rail.filter_chosen.connect(self._choose)
        self.rail.modalities_chosen.connect(
            lambda chosen: self.set_view(replace(self._view, modalities=chosen))
        )
        self.rail.saved_chosen.connect(self._open_saved)
        self.search.named.connect(self._save)
        self.search.removal_wanted.connect(self._remove)
        self.search.portal_wanted.connect(self._ask_portal)
        self.quick_filter.textChanged.connect(self._typed)
        self.quick_filter.left.connect(self._to_table)
        self.quick_filter.escaped.connect(self.step_back)
        self.quick_filter.first_wanted.connect(self._open_first)
        table = self.table
        table.chosen.connect(self._open_place)
        table.stepped.connect(self._step)
        table.left_with_escape.connect(self.step_back)
        table.heads_menu_wanted.connect(self._show_sort_menu)
        table.horizontalHeader().sectionClicked.connect(self._sort_by_place)
        table.resized.connect(self._fit_empty)
        self._menu.triggered.connect(lambda action: self._sort(action.data()))
        self._empty.focus_left.connect(self.table.setFocus)
        self._empty.clear_requested.connect(self.show_all)
        self._empty.retry_requested.connect(self.refresh_requested)
        self.footer.stop_requested.connect(self.stop_requested)
        self.footer.refresh_requested.connect(self.refresh_requested)
        drawers = (Key.UNREAD, Key.CRITICAL, Key.TODAY, Key.CHANGED, Key.ALL)
        acts: tuple[tuple[Key, Callable[[], object]], ...] = (
            (Key.NEXT_UNREAD, self._open_next_unread),
            (Key.PREVIOUS_UNREAD, partial(self._open_next_unread, -1)),
            (Key.SORT, self._sort_by_key),
            (Key.SEARCH, self.focus_filter),
            (Key.REFRESH, self.refresh_requested.emit),
            (Key.SAVE, self._start_saving),
            (Key.REMOVE, self._remove),
            (Key.PORTAL, self._ask_portal),
            *((key, partial(self._choose, each)) for key, each in zip(drawers, Filter, strict=True)),
        )
        for key, act in acts:
            bind(self._keys_of, key, act)
        saved = bind_each(self._keys_of, Key.SAVED)
        for number, shortcut in enumerate(saved):
            shortcut.activated.connect(partial(self.rail.choose_saved, number))

    def _start_saving(self) -> None:
        self.wanted.emit()
        self.search.start_naming()

    def _choose(self, drawer: Filter) -> None:
        self.wanted.emit()
        self.set_view(replace(self._view, filter=drawer))
