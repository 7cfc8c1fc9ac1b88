"""The row of controls above an image, and the one below it: tools, window, zoom, turning; place and cine.

Must never: do anything itself, or take the keys from the image when it is clicked.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget

from client.ui import icons, theme
from client.ui.images.keys import Deed, said
from client.ui.images.pane import ImagePane, Tool
from client.ui.images.reel import Reel
from client.ui.tip import set_tooltip

_ICONS = {
    Deed.LEAVE: "arrow-left",
    Deed.TOOL_WINDOW: "contrast",
    Deed.TOOL_MOVE: "move",
    Deed.TOOL_LENGTH: "ruler",
    Deed.SMALLER: "zoom-out",
    Deed.LARGER: "zoom-in",
    Deed.FIT: "maximize",
    Deed.TURN_LEFT: "rotate-ccw",
    Deed.TURN_RIGHT: "rotate-cw",
    # Named in this family by the axis that is drawn, not by the sides that change places.
    Deed.ACROSS: "flip-vertical-2",
    Deed.UPSIDE_DOWN: "flip-horizontal-2",
    Deed.INVERT: "eclipse",
    Deed.BESIDE: "columns-2",
    Deed.LINK: "link-2",
    Deed.PLAY: "play",
}
_TOOLS = {Deed.TOOL_WINDOW: Tool.WINDOW, Deed.TOOL_MOVE: Tool.MOVE, Deed.TOOL_LENGTH: Tool.LENGTH}
_CHECKED = (*_TOOLS, Deed.INVERT, Deed.BESIDE, Deed.LINK)
_ROW = (
    (Deed.LEAVE,),
    (Deed.TOOL_WINDOW, Deed.TOOL_MOVE, Deed.TOOL_LENGTH),
    (),  # the window's name
    (Deed.SMALLER, Deed.FIT, Deed.LARGER),
    (Deed.TURN_LEFT, Deed.TURN_RIGHT, Deed.ACROSS, Deed.UPSIDE_DOWN, Deed.INVERT),
    (Deed.BESIDE, Deed.LINK),
)


class ToolRow(QWidget):
    """Says which deed is wanted, and shows what holds for the image that the keyboard is in."""

    wanted = Signal(object)  # a Deed
    preset_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: dict[Deed, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(0)
        self._windows = QToolButton(self)
        self._windows.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._windows.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._windows.setMinimumWidth(96)
        set_tooltip(self._windows, "Windows (1 to 9)")
        self._windows.clicked.connect(self._offer_windows)
        self._names: list[str] = []
        for group in _ROW:
            for deed in group:
                self._buttons[deed] = self._button(deed)
                row.addWidget(self._buttons[deed])
            if not group:
                row.addWidget(self._windows)
            row.addSpacing(2 * theme.GRID)
        row.addStretch(1)
        self._menu: QMenu | None = None

    def show_pane(self, pane: ImagePane, *, beside: bool, linked: bool) -> None:
        """Show how an image is looked at."""
        for deed, tool in _TOOLS.items():
            self._buttons[deed].setChecked(pane.tool is tool)
        self._buttons[Deed.INVERT].setChecked(pane.look.invert)
        self._buttons[Deed.BESIDE].setChecked(beside)
        self._buttons[Deed.LINK].setChecked(beside and linked)
        self._buttons[Deed.LINK].setEnabled(beside)
        self._names = [preset.title for preset in pane.look.presets]
        in_force = pane.look.window
        name = next((each.title for each in pane.look.presets if each.window == in_force), "Own window")
        shown = name if pane.look.presets else "Window"
        self._windows.setText(f"{shown}  ▾")
        self._windows.setAccessibleName(f"Window: {shown}")
        self._windows.setEnabled(bool(pane.look.presets))

    def _offer_windows(self) -> None:
        menu = self._menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for at, name in enumerate(self._names):
            action = menu.addAction(f"{name.replace('&', '&&')}\t{at + 1}")
            action.triggered.connect(lambda _checked, at=at: self.preset_wanted.emit(at))
        menu.popup(self._windows.mapToGlobal(self._windows.rect().bottomLeft()))

    def _button(self, deed: Deed) -> QToolButton:
        button = _button(self, deed)
        button.setCheckable(deed in _CHECKED)
        button.clicked.connect(lambda _checked, deed=deed: self.wanted.emit(deed))
        return button


class PlaceRow(QWidget):
    """Where in its stack the image is; plays it."""

    wanted = Signal(object)  # a Deed
    place_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(2 * theme.GRID)
        self._play = _button(self, Deed.PLAY)
        self._play.clicked.connect(lambda: self.wanted.emit(Deed.PLAY))
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setAccessibleName("Image of the series")
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slider.valueChanged.connect(self.place_wanted)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "faint")
        self._words.setMinimumWidth(
            self._words.fontMetrics().horizontalAdvance("0000 / 0000  ·  00.0 a second")
        )
        self._words.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addWidget(self._words)
        # Always as high as it is with them: nothing moves when another series is chosen.
        self.setFixedHeight(self.sizeHint().height())

    def show_reel(self, reel: Reel) -> None:
        """Show where a reel is; nothing to scroll where it has one picture."""
        several = reel.count > 1
        blocker = QSignalBlocker(self._slider)
        self._slider.setRange(0, max(0, reel.count - 1))
        self._slider.setValue(reel.at)
        blocker.unblock()
        self._slider.setVisible(several)
        self._play.setVisible(several)
        self._play.setIcon(icons.icon("pause" if reel.playing else "play"))
        pace = f"  ·  {reel.per_second:.1f} a second" if reel.playing else ""
        self._words.setText(f"{reel.at + 1} / {reel.count}{pace}" if several else "")


def _button(parent: QWidget, deed: Deed) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(icons.icon(_ICONS[deed]))
    button.setIconSize(QSize(18, 18))
    button.setAccessibleName(deed.value)
    set_tooltip(button, said(deed))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
