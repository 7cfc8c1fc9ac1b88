"""What stands in place of a report that was withdrawn."""

from __future__ import annotations

from client.model.report import ReportStatus

WITHDRAWN = {
    ReportStatus.ENTERED_IN_ERROR: (
        "This report was withdrawn",
        "It was entered in error. Its text must not be relied on and is not shown; "
        "if you have acted on it, ask the radiologist.",
    ),
    ReportStatus.CANCELLED: (
        "This report was cancelled",
        "It will not be completed, and no text of it is shown. Ask the radiologist if you expected one.",
    ),
}
