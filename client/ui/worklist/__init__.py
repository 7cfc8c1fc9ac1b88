"""The worklist on screen: drawers, a quick filter, the table, and a line that says how complete it is."""

from client.ui.worklist.view import WorklistView

__all__ = ["WorklistView"]
