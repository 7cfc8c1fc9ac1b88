"""How Safelight looks: colours in force, grid, and one style sheet over Qt's Fusion style.

Owns: which of the four colour sets is in force, and following the system when it changes.
Must never: hold a colour itself (that is `client.ui.colours`) or decorate anything.

A widget that paints itself asks `current()` inside its paintEvent, so a change of theme needs no signal:
the new style sheet repaints every widget.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from client.policy.table import Theme
from client.ui import fonts
from client.ui.colours import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Colours
from client.ui.resources import RESOURCES

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

GRID = 4  # px: every distance is a multiple of it
RADIUS = 4  # px: the one corner radius
ROW = 30  # px: a row of a table
CONTROL = 32  # px: the height of a button or a line to type in
ICON = 16  # px: an icon beside words; 20 where it stands alone

_in_force = DARK
_wanted = Theme.SYSTEM


def current() -> Colours:
    """Return the colours in force."""
    return _in_force


def apply(app: QApplication, wanted: Theme = Theme.SYSTEM) -> None:
    """Give `app` its style, palette, font and style sheet; `fonts.load_fonts()` must have been called.

    May be called again with another theme. Until `follow`, the system's wish is read off its palette.
    """
    global _wanted
    _wanted = wanted
    if app.property("safelight-themed") is None:
        # Where no desktop says what it prefers, Qt's palette is light and means nothing by it.
        says = sys.platform != "linux" or "XDG_CURRENT_DESKTOP" in os.environ
        light = says and app.palette().window().color().lightness() > 127
        app.setProperty("safelight-themed", True)
        app.setProperty("safelight-light", light)
        app.setFont(fonts.sans())
    if app.property("safelight-follows"):
        follow(app)
        return
    light = bool(app.property("safelight-light"))
    _dress(app, LIGHT if wanted is Theme.LIGHT or (wanted is Theme.SYSTEM and light) else DARK)


def follow(app: QApplication) -> None:
    """Ask the system exactly, high contrast included, and go on following it; call after the first paint.

    High contrast, where the system asks for it, wins over the wanted theme's ordinary colours.
    """
    from PySide6.QtCore import Qt  # here: see client.ui.numbers

    hints = app.styleHints()
    if not app.property("safelight-follows"):
        app.setProperty("safelight-follows", True)
        hints.colorSchemeChanged.connect(lambda _scheme: _refresh(app))
        hints.accessibility().contrastPreferenceChanged.connect(lambda _preference: _refresh(app))
    # Title bars and the system's own file dialogs follow the choice too.
    hints.setColorScheme(
        {
            Theme.SYSTEM: Qt.ColorScheme.Unknown,
            Theme.DARK: Qt.ColorScheme.Dark,
            Theme.LIGHT: Qt.ColorScheme.Light,
        }[_wanted]
    )
    _refresh(app)


def chosen(wanted: Theme, scheme: Qt.ColorScheme, contrast: Qt.ContrastPreference) -> Colours:
    """Return the colours for a wanted theme on a system that prefers `scheme` and `contrast`.

    Dark where the system does not say: the reading room is dark.
    """
    light = wanted is Theme.LIGHT or (wanted is Theme.SYSTEM and scheme.name == "Light")
    if contrast.name == "HighContrast":
        return CONTRAST_LIGHT if light else CONTRAST_DARK
    return LIGHT if light else DARK


def _refresh(app: QApplication) -> None:
    hints = app.styleHints()
    colours = chosen(_wanted, hints.colorScheme(), hints.accessibility().contrastPreference())
    if colours is not _in_force:
        _dress(app, colours)


def _dress(app: QApplication, colours: Colours) -> None:
    global _in_force
    _in_force = colours
    app.setPalette(_palette(colours))
    app.setStyleSheet(_sheet(colours))


def _sheet(colours: Colours) -> str:
    tokens = {name: colour.name() for name, colour in colours._asdict().items() if name != "dark"}
    folder = RESOURCES / "style"
    template = (folder / "safelight.qss").read_text(encoding="utf-8")
    kind = "dark" if colours.dark else "light"
    tokens |= {"radius": f"{RADIUS}px"}
    tokens |= {name: (folder / f"{name}-on-{kind}.svg").as_posix() for name in ("chevron", "tick")}
    return re.sub(r"@(\w+)", lambda token: tokens[token[1]], template)


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, colours.ground),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.surface),
        (role.Button, colours.raised),
        (role.ToolTipBase, colours.raised),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.ToolTipText, colours.text),
        (role.BrightText, colours.bright),
        (role.PlaceholderText, colours.faint),
        (role.Highlight, colours.selection),
        (role.HighlightedText, colours.bright),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.Light, colours.line),
        (role.Midlight, colours.line),
        (role.Mid, colours.line),
        (role.Dark, colours.line),
        (role.Shadow, colours.shadow),
    ):
        palette.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, colours.faint)
    return palette
