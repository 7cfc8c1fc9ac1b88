"""The inside half of the test driver: the real session process, plus one socket that tests ask through.

Started by `tests.driver.program` in place of `client.app`; nothing in `client` knows it. It acts as a user
does (keys and clicks sent to widgets, on the main thread) and answers what a user could see.
"""

from __future__ import annotations

import json
import os
import random
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton

from client import app
from client.app import Program
from client.errors import CacheMiss
from client.model.report import Report, ReportBody
from client.portal.fhir.body import read_body
from client.session.reading import record_of, record_of_attachment
from client.session.view import Filter, View
from tests.driver import measuring, opening


class Agent:
    """Answers one line of JSON with one line of JSON."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._program = program
        self._painted_at = 0.0
        painted = program.shell._painted

        def note() -> None:
            self._painted_at = time.monotonic()
            painted()

        program.shell._painted = note
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(folder / f"{os.getpid()}.agent"))
        self._server.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._server.accept()
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rw", encoding="utf-8") as lines:
            for line in lines:
                asked = json.loads(line)
                answer = self._on_main_thread(asked.pop("do"), asked)
                lines.write(json.dumps(answer) + "\n")
                lines.flush()

    def _on_main_thread(self, name: str, arguments: dict[str, Any]) -> Any:
        finished = threading.Event()
        answer: list[Any] = []

        def call() -> None:
            try:
                answer.append({"ok": getattr(self, "do_" + name)(**arguments)})
            except Exception as fault:
                answer.append({"error": f"{type(fault).__name__}: {fault}"})
            finished.set()

        self._program.bridge.post(call)
        if not finished.wait(120):
            return {"error": "the main thread did not answer within 120 s"}
        return answer[0]

    # What tests ask for -----------------------------------------------------------------------------------

    def do_see(self) -> dict[str, Any]:
        """What is on screen, in words."""
        shell, session = self._program.shell, self._program.session
        seen: dict[str, Any] = {
            "screen": shell.showing.value,
            "visible": shell.isVisible(),
            "title": shell.windowTitle(),
        }
        door = self._program._door
        seen["described"] = door is not None and door._description is not None
        page = shell.page
        if page is not None:
            seen |= {
                "problem": page._problem._sentence if page._problem else "",
                "said": page._problem._words.text() if page._problem else "",
                "reason": page._reason.text(),
                "busy": page.busy,
                "can sign in": page._sign_in.isEnabled(),
            }
        if session is not None and shell.reading is not None:
            progress = shell.reading.progress
            opened = shell.reading.opened
            seen |= {
                "rows": len(session.worklist),
                "running": progress.running,
                "complete": not progress.running and progress.as_of is not None,
                "failure": progress.failure,
                "incomplete": progress.incomplete,
                "count": shell.reading.worklist.footer._count.text(),
                "offers": [button.accessibleName() for button in self._offered()],
                "opened": opened.key if opened else None,
                "text": self._text() if opened else "",
                "message": self._message(),
                "pages": self._pages(),
                "missing": any(document.missing for document in shell.reading.report._documents),
                "warned": " ".join(w for each in shell.reading.report._documents for w in each.warnings),
                "said": shell.reading.said,
                "warning": shell.warning.isVisible() if shell.warning else False,
            }
        return seen

    def _message(self) -> str:
        """What is said in the place of a text."""
        message = self._program.shell.reading.report._message
        return str(message.words()) if message.isVisible() else ""

    def _pages(self) -> int:
        """How many pages of a PDF are in sight."""
        pages = self._program.shell.reading.report.pages
        return int(pages.count) if pages is not None and pages.isVisible() and pages.drawn else 0

    def _text(self) -> str:
        """The words of the open report, or what is said in their place."""
        return self._message() or str(self._program.shell.reading.report.reader.toPlainText())

    def _offered(self) -> list[QPushButton]:
        """The buttons in sight by which a user stops or tries again, what concerns the open report first."""
        reading = self._program.shell.reading
        footer = reading.worklist.footer
        buttons = (reading.report.retry_button, footer._stop, footer._retry, reading.worklist._empty._button)
        return [button for button in buttons if button.isVisible()]

    def do_click(self, word: str) -> None:
        """Click the first button in sight that stops or tries again and whose label begins with this word."""
        next(button for button in self._offered() if button.text().startswith(word)).click()

    def do_cancel(self) -> None:
        """Cancel the sign-in under way."""
        self._program.shell.page._waiting.cancel.click()

    def do_sign_in(self, user: str, password: str) -> None:
        """Type a name and a password, press Enter."""
        page = self._program.shell.page
        page._user.setText(user)
        page._password.field.setText(password)
        page._sign_in.click()

    def do_open(self, row: int = 0) -> str:
        """Open the row-th report of the list as it is shown; return its key."""
        reading = self._program.shell.reading
        report = reading.worklist._model.report_at(row)
        reading.open_key(report.key)
        return str(report.key)

    def do_open_key(self, key: str) -> None:
        """Open a report by its key."""
        self._program.shell.reading.open_key(key)

    def do_keys(self) -> list[str]:
        """Return the keys of all reports that are here."""
        worklist = self._program.session.worklist
        return [worklist.report(row).key for row in range(len(worklist))]

    def do_unread(self) -> list[str]:
        """Return the keys of all reports that were never read."""
        worklist = self._program.session.worklist
        rows = worklist.order(View(filter=Filter.UNREAD))
        return [worklist.report(row).key for row in rows]

    def do_remote(self) -> list[str]:
        """Return the keys of reports with a document that still has to be fetched."""
        session = self._program.session
        reports = map(session.worklist.report, range(len(session.worklist)))
        return [report.key for report in reports if self._lacks_something(report)]

    def _lacks_something(self, report: Report) -> bool:
        body, cache = self._body(report), self._program.session._cache
        its = body.attachments if body else ()
        return any(each.url and record_of_attachment(report, each) not in cache for each in its)

    def _body(self, report: Report) -> ReportBody | None:
        try:
            return read_body(self._program.session._cache.get(record_of(report)))
        except CacheMiss:
            return None

    def _kinds(self, report: Report) -> list[str]:
        body = self._body(report)
        return [attachment.content_type for attachment in body.attachments] if body else []

    def do_report(self, key: str) -> dict[str, Any]:
        """Return what the worklist says of a report."""
        session = self._program.session
        report = session.worklist.get(key)
        return {
            "status": report.status.value,
            "critical": report.critical,
            "kinds": self._kinds(report),
            "problem": report.problem,
            "exam": report.exam,
            "patient": report.patient.name if report.patient else "",
            "state": session.worklist.state(report).value,
        }

    def do_open_any(self) -> None:
        """Open some report, if there is any yet."""
        reading = self._program.shell.reading
        if reading is not None and reading.worklist._model.rows:
            self.do_open(random.randrange(len(reading.worklist._model.rows)))

    def do_stumble(self, words: str) -> None:
        """Have a fault nobody foresaw happen, with these words in it: in a slot, and in a thread."""

        def fail() -> None:
            raise KeyError(words)

        QTimer.singleShot(0, fail)
        threading.Thread(target=fail).start()

    def do_hang(self) -> None:
        """Hang the main thread for good, a moment after the answer."""
        QTimer.singleShot(50, lambda: time.sleep(3600))

    def do_filter(self, words: str) -> int:
        """Type into the quick filter; return how many rows are left."""
        worklist = self._program.shell.reading.worklist
        worklist.quick_filter.setText(words)
        return len(worklist._model.rows)

    def do_listening(self) -> bool:
        """Whether the program hears what happens to the workstation, on both buses."""
        watcher = getattr(self._program._machine, "_watcher", None)
        return watcher is not None and all(each.is_set() for each in watcher.listening.values())

    def do_active(self) -> None:
        """Be there: what a key or the pointer does to the idle time."""
        self._program.session.idle.active(self._program.clock.elapsed())

    def do_press(self, key: int, modifiers: int = 0) -> None:
        """Press and release a key where the focus is."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        where = QApplication.activePopupWidget() or QApplication.focusWidget() or self._program.shell
        QTest.keyClick(where, Qt.Key(key), Qt.KeyboardModifier(modifiers))

    def do_type(self, words: str) -> None:
        """Type words where the focus is."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        QTest.keyClicks(QApplication.focusWidget() or self._program.shell, words)

    def do_hands(self) -> dict[str, Any]:
        """What the keyboard acts on, and what it did."""
        from PySide6.QtWidgets import QApplication

        reading, focus = self._program.shell.reading, QApplication.focusWidget()
        popup = QApplication.activePopupWidget()
        return {
            "focus": focus.accessibleName() if focus else "",
            "menu": popup.accessibleName() if popup else "",
            "words": reading.worklist.quick_filter.text(),
            "rows": len(reading.worklist._model.rows),
            "selected": reading.worklist.selected_key(),
            "found": reading.report._find.words(),
            "zoom": reading.report._zoom,
            "scrolled": reading.report.reader.verticalScrollBar().value(),
        }

    def do_picture(self, path: str) -> None:
        """Save what the window shows."""
        if not self._program.shell.grab().save(path):
            raise RuntimeError("the picture could not be saved")

    def do_cover(self) -> None:
        """Draw the curtain, as idling does."""
        self._program.shell.cover()

    def do_sign_out(self) -> None:
        """Click Sign out."""
        self._program.shell.reading.header.sign_out_button.click()

    def do_close(self) -> None:
        """Close the window."""
        self._program.shell.close()

    def do_refresh(self) -> None:
        """Ask for what changed."""
        self._program.session.refresh()

    def do_block(self, seconds: float) -> None:
        """Hang the main thread."""
        time.sleep(seconds)

    def do_crash(self) -> None:
        """End as a crash does: no handler, no farewell."""
        os.kill(os.getpid(), 11)

    def do_controls(self) -> list[dict[str, Any]]:
        """Return every visible control that takes the keyboard, as a screen reader meets it."""
        from PySide6.QtGui import QAccessible
        from PySide6.QtWidgets import QApplication, QWidget

        found = []
        for widget in self._program.shell.findChildren(QWidget):
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                spoken = QAccessible.queryAccessibleInterface(widget)
                name = spoken.text(QAccessible.Text.Name) if spoken else ""
                found.append({"type": type(widget).__name__, "name": name, "id": id(widget)})
        reached, start = [], QApplication.focusWidget() or self._program.shell
        widget = start
        for _ in range(200):
            self._program.shell.focusNextChild()
            widget = QApplication.focusWidget()
            if widget is None or id(widget) in reached:
                break
            reached.append(id(widget))
        return [{**each, "reached": each["id"] in reached} for each in found]

    # What the benchmarks ask for --------------------------------------------------------------------------

    def do_timed_sign_in(self, user: str, password: str, rows: int) -> None:
        """Sign in, noting the time to the first paint with so many rows and the gaps of the event loop."""
        self._first_rows = measuring.FirstRows(self._program, rows)
        self._gaps = measuring.Gaps()
        self.do_sign_in(user, password)

    def do_times(self) -> dict[str, float]:
        """What was noted since."""
        return {
            "first rows": self._first_rows.seconds,
            "longest gap": self._gaps.longest,
            "synced": self._first_rows.synced,
            "indexed": self._first_rows.indexed,
        }

    def do_painted_at(self) -> float:
        """When the sign-in page was painted, on the monotonic clock."""
        return self._painted_at

    def do_opens(self, times: int) -> dict[str, list[float]]:
        """Open reports, timed."""
        return opening.opens(self._program, times)

    def do_sign_out_soon(self) -> float:
        """Click Sign out after the answer; return this moment."""
        QTimer.singleShot(20, self._program.shell.reading.header.sign_out_button.click)
        return time.monotonic() + 0.02


def main(arguments: list[str]) -> int:
    """Run the session process with an agent inside."""
    folder = Path(arguments.pop(0))
    return app.main(arguments, attach=lambda program: Agent(program, folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
