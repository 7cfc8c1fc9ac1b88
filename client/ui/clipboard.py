"""The one way to the clipboard: what is copied is marked as secret, noted, and taken back at the end.

Owns: whether anything may be copied, and what is remembered of it: a keyed hash, no word of it.
Must never: put anything there unasked. A report's text that is only marked does not go to X11's PRIMARY
selection, where any program could take it and nobody would have asked for it.

On X11 and Wayland what we copied lives in this process and goes with it, however it ends, unless a clipboard
manager has taken a copy; those that know the mark do not.
"""

from __future__ import annotations

import hmac
import secrets
import sys
from collections.abc import Callable

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_NO = bytes(4)  # a DWORD of zero
MARKS = {
    # Klipper, and those that follow it: GPaste, CopyQ, KeePassXC's own list of managers.
    "x-kde-passwordManagerHint": b"secret",
    # Windows: no monitor, no history (Win+V), no other computer of this user.
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
    _WINDOWS.format("CanIncludeInClipboardHistory"): _NO,
    _WINDOWS.format("CanUploadToCloudClipboard"): _NO,
}
"""What says "secret" to each platform's clipboard managers, beside macOS's ConcealedType."""


class Clipboard:
    """What this session may put on the clipboard, and has put there."""

    def __init__(self) -> None:
        self.allowed = True
        self._noted: Callable[[], None] | None = None
        self._key = secrets.token_bytes(32)
        self._ours: bytes | None = None

    def begin(self, *, allowed: bool, noted: Callable[[], None]) -> None:
        """Follow the policy from now on; `noted` hears of each copy."""
        self.allowed, self._noted = allowed, noted

    def put(self, text: str) -> None:
        """Copy a text, marked as secret; nothing where that is not allowed or there is nothing."""
        if not self.allowed or not text:
            return
        data = QMimeData()
        data.setText(text)
        for kind, value in MARKS.items():
            data.setData(kind, value)
        QGuiApplication.clipboard().setMimeData(data)
        if sys.platform == "darwin":
            from client.system.macos import conceal_pasteboard  # here: a module of that system alone

            conceal_pasteboard()
        self._ours = self._hash(text)
        if self._noted is not None:
            self._noted()

    def empty_if_ours(self) -> None:
        """Empty clipboard and PRIMARY of all that this process put there; for the main thread."""
        ours, self._ours = self._ours, None
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)  # a line to type in puts marked words there by itself
        # Where it is known to be ours nobody else has to be asked for it, who might not answer.
        if clipboard.ownsClipboard() or (ours and hmac.compare_digest(self._hash(clipboard.text()), ours)):
            clipboard.clear()

    def _hash(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")


_ours = Clipboard()


def current() -> Clipboard:
    """Return the clipboard of this session: the session is the process, so there is one."""
    return _ours
