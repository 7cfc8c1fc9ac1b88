"""Printers of this computer's CUPS, reached through its own two commands; jobs without a file.

Owns: which printers there are, and giving one a PDF through a pipe.
Must never: name anything of a report in an argument (others can list them), or wait for ever.

Qt's own way to CUPS is not taken: its plugin writes the whole job in clear into a file in TMPDIR
(cupsTempFd, then cupsPrintFile). `lp` sends what it reads from its standard input to the server as it comes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from typing import NamedTuple

from client.errors import SafelightError

FOUND_WITHIN = timedelta(seconds=10)
TAKEN_WITHIN = timedelta(seconds=120)
_TITLE = "Safelight report"
_NONE = (
    "No printer is set up on this computer, so the report was not printed. "
    "Add a printer in the system's settings, or ask IT support for one."
)


class NotPrinted(SafelightError):
    """The printing system did not take the job, or there is none."""


class Printers(NamedTuple):
    """The printers there are; `preferred` is the user's or the system's default, "" for none."""

    names: tuple[str, ...]
    preferred: str


def find_printers() -> Printers:
    """Return the printers of this computer; blocks up to twice `FOUND_WITHIN`; NotPrinted for none."""
    names = tuple(_ask("-e").split())
    if not names:
        raise NotPrinted(_NONE)
    said = _ask("-d").rpartition(":")[2].strip()  # "system default destination: NAME"
    return Printers(names, said if said in names else "")


def send(printer: str, pdf: bytes) -> None:
    """Give a PDF to a printer, from memory; blocks until CUPS has all of it; NotPrinted where it does not."""
    try:
        done = subprocess.run(
            [_command("lp"), "-d", printer, "-t", _TITLE, "-"],
            input=pdf,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            timeout=TAKEN_WITHIN.total_seconds(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotPrinted(
            "The printing system does not take the report. It may be busy; some pages may still come out. "
            "Look at the printer before you try again."
        ) from None
    except OSError:
        raise NotPrinted(_NONE) from None
    if done.returncode:
        raise NotPrinted(
            "The printing system refused the report, so nothing was printed. "
            "Check that the printer is switched on and takes jobs, or choose another one."
        )


def _ask(option: str) -> str:
    try:
        done = subprocess.run(
            [_command("lpstat"), option],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_surroundings(),
            timeout=FOUND_WITHIN.total_seconds(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise NotPrinted(_NONE) from None
    return done.stdout.decode("utf-8", "replace")


def _command(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotPrinted(_NONE)
    return found


def _surroundings() -> dict[str, str]:
    kept = ("PATH", "HOME", "USER", "CUPS_SERVER", "XDG_RUNTIME_DIR")
    return {"LC_ALL": "C.UTF-8", **{name: os.environ[name] for name in kept if name in os.environ}}
