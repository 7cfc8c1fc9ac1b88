"""How the words of a report look: one style sheet for the vocabulary of `client.documents.blocks`.

Owns: sizes and distances of the text at any zoom. Must never: hold a colour (that is `client.ui.colours`).
"""

from __future__ import annotations

from PySide6.QtGui import QColor

from client.ui import fonts
from client.ui.colours import Colours

SMALLEST, LARGEST, STEP = 70, 300, 10  # per cent
LINE = 92  # characters at most; lines end at words, so most hold 75 to 90, which the eye does not lose
MARGIN = 24  # px beside the text at every zoom


def pixels(size: float, zoom: int) -> int:
    """Return a length of the 100 % design at `zoom` per cent."""
    return max(1, round(size * zoom / 100))


def _mixed(ground: QColor, over: QColor, share: float) -> str:
    """Return a ground with some of another colour in it."""
    pairs = (
        (ground.red(), over.red()),
        (ground.green(), over.green()),
        (ground.blue(), over.blue()),
    )
    return QColor(*(round(below + (above - below) * share) for below, above in pairs)).name()


def sheet(colours: Colours, zoom: int) -> str:
    """Return the style sheet of a QTextDocument; its default font sets the size of the text itself."""

    # 115 % of the typeface's own line, which is 1.3 of its size: 1.5 in all.
    def px(size: float) -> str:
        return f"{pixels(size, zoom)}px"

    return f"""
p, li, td, pre {{ color: {colours.bright.name()}; }}
b {{ font-weight: 600; }}
p, li {{ line-height: 115%; margin-top: 0; margin-bottom: {px(8)}; }}
li {{ margin-bottom: {px(4)}; }}
ol, ul {{ margin-top: 0; margin-bottom: {px(8)}; }}
p.heading, p.impression-heading {{ font-size: {px(13)}; font-weight: 600; text-transform: uppercase;
      letter-spacing: {px(0.5)}; color: {colours.secondary.name()};
      margin-top: {px(20)}; margin-bottom: {px(4)}; }}
p.impression-heading {{ color: {colours.accent.name()}; }}
p.inner {{ font-size: {px(14)}; color: {colours.text.name()}; font-weight: 600;
      margin-top: {px(8)}; margin-bottom: {px(2)}; }}
hr {{ background-color: {colours.line.name()}; }}
p.note {{ color: {colours.faint.name()}; font-size: {px(12)}; }}
p.signature {{ color: {colours.secondary.name()}; font-size: {px(13)}; margin-top: {px(12)}; }}
pre {{ font-family: '{fonts.MONO}'; font-size: {px(14)}; line-height: 110%; margin-bottom: {px(10)}; }}
.added {{ background-color: {_mixed(colours.surface, colours.caution, 0.30)}; text-decoration: underline; }}
.removed {{ background-color: {_mixed(colours.surface, colours.text, 0.13)}; text-decoration: line-through;
      color: {colours.secondary.name()}; }}
.count {{ color: {colours.secondary.name()}; font-family: '{fonts.MONO}'; font-weight: 400; }}
table {{ margin-top: {px(4)}; margin-bottom: {px(12)}; }}
td, th {{ font-size: {px(14)}; border-bottom: 1px solid {colours.line.name()}; }}
th {{ color: {colours.secondary.name()}; font-weight: 600; text-align: left; }}
"""
