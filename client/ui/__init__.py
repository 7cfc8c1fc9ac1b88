"""Everything on screen. The only room, with client/app.py, that imports Qt."""

from client.ui.lasting_none import keep_none

keep_none()
