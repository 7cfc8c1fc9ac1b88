"""How long nobody has touched an X11 workstation: the MIT-SCREEN-SAVER extension, by ctypes.

Owns: one connection to the X server, 0.13 ms a question. Must never: need a library that is not there.
XScreenSaverQueryInfo(3).
"""

from __future__ import annotations

import ctypes
import os
from datetime import timedelta

from client.system.activity import Source


class _Info(ctypes.Structure):  # XScreenSaverInfo
    _fields_ = [
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),  # milliseconds
        ("event_mask", ctypes.c_ulong),
    ]


def x11_idle(display: str | None = None) -> Source | None:
    """Return a source for this display (default: $DISPLAY); None without a server or its extension."""
    name = display or os.environ.get("DISPLAY")
    if not name:
        return None
    try:
        xlib, saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
    except OSError:
        return None
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XOpenDisplay.argtypes = [ctypes.c_char_p]
    xlib.XDefaultRootWindow.restype = ctypes.c_ulong
    xlib.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
    saver.XScreenSaverQueryExtension.argtypes = [ctypes.c_void_p] + [ctypes.POINTER(ctypes.c_int)] * 2
    saver.XScreenSaverQueryInfo.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(_Info)]
    connection = xlib.XOpenDisplay(name.encode())
    if not connection:
        return None
    ignored = ctypes.c_int()
    if not saver.XScreenSaverQueryExtension(connection, ctypes.byref(ignored), ctypes.byref(ignored)):
        return None
    root = xlib.XDefaultRootWindow(connection)
    info = _Info()

    def idle() -> timedelta | None:
        if not saver.XScreenSaverQueryInfo(connection, root, ctypes.byref(info)):
            return None
        return timedelta(milliseconds=info.idle)

    return idle
