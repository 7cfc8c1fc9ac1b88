"""The one way to a tooltip.

Qt reads a tooltip as HTML where it looks like HTML, and loads the pictures it names from this computer. So
every text that is not written down in this program is made plain here. Must never: pass a text on as it came.
"""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QWidget


def tooltip(text: str) -> str:
    """Return what Qt shows as exactly this text, in lines of a readable length; "" stays no tooltip."""
    return f"<p>{escape(text)}</p>" if text else ""


def set_tooltip(widget: QWidget, text: str) -> None:
    """Give a widget this text as its tooltip, and as what a screen reader says of it."""
    widget.setToolTip(tooltip(text))
    widget.setAccessibleDescription(text)  # or it would say the tooltip, marks and all
