"""Reading a report."""

from client.ui.report.view import ReportView

__all__ = ["ReportView"]
