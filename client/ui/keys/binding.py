"""Shortcuts made from the table of keys.

Must never: bind a key that the table does not have.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from client.ui.keys.table import Key

_SHOWN = {"Return": "Enter", "Down": "↓", "Up": "↑", "Left": "←", "Right": "→"}
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def bind(
    owner: QWidget,
    key: Key,
    act: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> QShortcut:
    """Let the keys of an entry do `act` while `owner` is in sight; a line to type in keeps its letters."""
    shortcut = QShortcut(owner)
    shortcut.setKeys([QKeySequence(each) for each in key.keys])
    shortcut.setContext(context)
    shortcut.setObjectName(key.name)
    shortcut.activated.connect(act)
    return shortcut


def bind_each(owner: QWidget, key: Key) -> list[QShortcut]:
    """Return a shortcut for each of an entry's keys, where these do the like to different things."""
    made = []
    for each in key.keys:
        shortcut = QShortcut(QKeySequence(each), owner)
        shortcut.setObjectName(key.name)
        made.append(shortcut)
    return made


def pressed(event: QKeyEvent, key: Key) -> bool:
    """Return whether a key that a widget hears itself is one of an entry's."""
    combination = QKeyCombination(event.modifiers() & ~_KEYPAD, Qt.Key(event.key()))
    return any(QKeySequence(each) == QKeySequence(combination) for each in key.keys)


def hint(key: Key) -> str:
    """Return an entry's first key as this system writes it."""
    return native(key.keys[0])


def native(keys: str) -> str:
    """Return one key in this system's spelling, arrows as arrows; Return is what keyboards call Enter."""
    spelled = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    *held, last = spelled.split("+") if len(spelled) > 1 and not spelled.endswith("+") else [spelled]
    return "+".join([*held, _SHOWN.get(last, last)])
