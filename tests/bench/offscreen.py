"""The one thing that Qt's plugin without a screen complains of with every window, kept out of the table.

Must never: keep back any other message.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_KNOWN = "This plugin does not support propagateSizeHints()"


def quieten() -> None:
    """Drop exactly that sentence; whatever else Qt says goes to standard error, as it would have."""

    def handle(_severity: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if message != _KNOWN:
            sys.stderr.write(message + "\n")

    qInstallMessageHandler(handle)
