"""Qt's own numbers for the few options that are set before the first paint.

Why: the first `PySide6.QtCore.Qt` of a process creates some 1,900 Python enum members: 18 ms, an eighth
of the whole start. Given to `setProperty` as numbers, these options cost nothing.
tests/ui/test_start.py holds each against Qt's name for it, and the start against touching `Qt`.
"""

from __future__ import annotations

PLAIN_TEXT = 0  # Qt.TextFormat.PlainText
NO_FOCUS = 0  # Qt.FocusPolicy.NoFocus

LEFT = 0x1 | 0x10 | 0x80  # Qt.AlignmentFlag.AlignLeft | AlignAbsolute | AlignVCenter
RIGHT = 0x2 | 0x10 | 0x80  # Qt.AlignmentFlag.AlignRight | AlignAbsolute | AlignVCenter

# Qt.InputMethodHint.ImhSensitiveData | ImhNoAutoUppercase | ImhNoPredictiveText
TYPED_AS_IS = 0x2 | 0x4 | 0x40
