"""Everything on screen. The only room, with client/app.py, that imports Qt."""

from client.ui.lasting_none import keep_none
from client.ui.plain_import import import_plainly

keep_none()
import_plainly()
