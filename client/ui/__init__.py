"""Everything on screen. The only room, with client/app.py, that imports Qt."""

from client.ui.singletons import keep_singletons

keep_singletons()
