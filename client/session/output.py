"""Reports that leave the session on purpose: printed, or saved as an encrypted PDF, by policy.

Owns: who may, what for, the encryption, the file and its name, and what the trail hears of it.
Must never: import Qt, write a file that is not encrypted, put anything of a patient into a file's name, write
over what is there, or let out a withdrawn report.
"""

from __future__ import annotations

import errno
import io
import os
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path

from client.audit.event import Act
from client.errors import SafelightError
from client.model.report import Report
from client.policy.table import Policy
from client.session.lanes import Lane, Lanes
from client.system.printing import Printers, find_printers, send

SHORTEST = 10  # characters of a password
LONGEST = 127  # bytes of a password: PDF 2.0 takes no more (ISO 32000-2, 7.6.4.3.3)
_NAMES = 1000  # files of one day in one folder
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


class Purpose(Enum):
    """What a copy is for; the value is what the trail hears."""

    PATIENT = "for-patient"
    REFERRER = "for-referrer"
    MEETING = "for-meeting"
    TRANSFER = "for-transfer"
    RECORD = "for-record"


class Way(Enum):
    """How a report leaves."""

    PRINT = "print"
    EXPORT = "export"


class NotSaved(SafelightError):
    """The PDF was not saved; nothing of it is on the disk."""


class Output:
    """The ways out of one session."""

    def __init__(self, policy: Policy, lanes: Lanes, note: Callable[[Act, Report, str], None]) -> None:
        self._policy, self._lanes, self._note = policy, lanes, note

    def refusal(self, way: Way, report: Report | None) -> str:
        """Return why this report cannot be let out that way; "" where it can."""
        if way is Way.PRINT and not self._policy.print:
            return "Printing is switched off by your organisation's rules or your own preferences."
        if way is Way.EXPORT and not self._policy.export_pdf:
            return "Saving reports as PDF is switched off here; your organisation can allow it."
        if report is None:
            return "Open a report first."
        if report.status.withdrawn:
            return "This report was withdrawn, so it can no longer be printed or saved."
        return ""

    def printers(self, done: Callable[[Printers], None], failed: Callable[[SafelightError], None]) -> None:
        """Bring the printers of this computer."""
        self._lanes.run(find_printers, done=done, failed=failed)

    def print(
        self,
        report: Report,
        printer: str,
        pdf: bytes,
        purpose: Purpose | None,
        done: Callable[[], None],
        failed: Callable[[SafelightError], None],
    ) -> None:
        """Hand pages to a printer; `purpose` None where the user typed one, which stays out of the trail."""

        def handed(_nothing: None) -> None:
            self.printed(report, purpose)
            done()

        self._lanes.run(partial(send, printer, pdf), done=handed, failed=failed)

    def printed(self, report: Report, purpose: Purpose | None) -> None:
        """Note that pages of a report went to a printer."""
        self._note(Act.REPORT_PRINTED, report, purpose.value if purpose else "")

    def export(
        self,
        report: Report,
        folder: Path,
        pdf: bytes,
        password: str,
        purpose: Purpose | None,
        day: date,
        done: Callable[[str], None],
        failed: Callable[[SafelightError], None],
    ) -> None:
        """Save pages, encrypted, in a new file in `folder`; `done` hears its name."""

        def saved(name: str) -> None:
            self._note(Act.REPORT_EXPORTED, report, purpose.value if purpose else "")
            done(name)

        self._lanes.run(
            lambda: save_new(folder, day, protect(pdf, password)), done=saved, failed=failed, lane=Lane.CLICK
        )


def password_problem(password: str, repeated: str) -> str:
    """Return what is wrong with a password for a PDF; "" where nothing is."""
    if len(password) < SHORTEST:
        return f"The password needs at least {SHORTEST} characters."
    if len(_prepared(password).encode()) > LONGEST:
        return "The password is too long for a PDF; please choose a shorter one."
    return "" if password == repeated else "The two passwords are not the same."


def protect(pdf: bytes, password: str) -> bytes:
    """Return the PDF encrypted with AES-256 (revision 6, ISO 32000-2, 7.6.4.3.4); in memory alone."""
    from pypdf import PdfReader, PdfWriter  # here: most sessions export nothing

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    # One password for both: with an owner's of its own, somebody could lift limits that we do not set.
    writer.encrypt(_prepared(password), algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _prepared(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # as readers do (SASLprep, RFC 4013)


def save_new(folder: Path, day: date, data: bytes) -> str:
    """Write `data` into a new file of `folder` that only this user may read; return the file's name.

    NotSaved, and nothing left behind, where that is not possible.
    """
    try:
        descriptor, path = _create(folder, day)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                path.unlink()
            raise
    except OSError as fault:
        raise NotSaved(_why(fault)) from None
    return path.name


def _create(folder: Path, day: date) -> tuple[int, Path]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    for number in range(1, _NAMES):
        path = folder / f"Safelight report {day.isoformat()} {number}.pdf"
        with suppress(FileExistsError):
            return os.open(path, flags, 0o600), path
    raise OSError(errno.EEXIST, "")


def _why(fault: OSError) -> str:
    if fault.errno in _FULL:
        return "The disk is full, so the PDF was not saved. Make room, or choose another folder."
    if fault.errno in _GONE:
        return "There is no such folder, so the PDF was not saved. Choose another one."
    if fault.errno == errno.EEXIST:
        return "This folder holds too many of today's PDF files. Choose another one."
    return "This folder cannot be written to, so the PDF was not saved. Choose another one."
