"""What becomes of Qt's own messages: which part of it complained and how badly, never what it said.

Qt writes them to the terminal, and quotes in them what it could not read: a name out of a report, for one.
Must never: let the text of a message out.
"""

from __future__ import annotations

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from client.faults import FaultLog

_TOLD = {
    QtMsgType.QtWarningMsg: "warning",
    QtMsgType.QtCriticalMsg: "critical",
    QtMsgType.QtFatalMsg: "fatal",
}


def install(log: FaultLog) -> None:
    """Have the first message of each category and severity written to `log`, and none anywhere else."""
    known: set[str] = set()  # a report could bring forth as many of one kind as it likes

    def handle(severity: QtMsgType, context: QMessageLogContext, _message: str) -> None:
        if severity in _TOLD:
            line = f"qt {_TOLD[severity]} {context.category or 'default'}"
            if line not in known:
                known.add(line)
                log.write(line)

    qInstallMessageHandler(handle)
