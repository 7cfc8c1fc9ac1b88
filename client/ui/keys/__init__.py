"""Every key of the reading page: one table, the shortcuts made from it, and the sheet that shows it."""

from client.ui.keys.binding import bind, bind_each, pressed
from client.ui.keys.table import Key, Place

__all__ = ["Key", "Place", "bind", "bind_each", "pressed"]
