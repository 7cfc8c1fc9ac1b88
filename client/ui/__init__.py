"""Everything on screen. The only room, with client/app.py, that imports Qt."""
