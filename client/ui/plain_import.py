"""A named workaround: PySide6 6.12 reads the source of every module that is imported after it.

Once imported, it puts an `__import__` of its own in the place of Python's, for `from __feature__ import …`.
That one looks for the word PySide6 in the source of each module (`_mod_uses_pyside` in its feature.py,
PYSIDE-2029): 9 of the 33 ms of our imports before the first paint, 34 of the 202 ms of the portal's after it.
Safelight has no use for that feature. tests/ui/test_start.py says when this can go.
"""

from __future__ import annotations

import builtins


def import_plainly() -> None:
    """Import Qt, and take Python's own `__import__` back."""
    import PySide6.QtWidgets  # noqa: F401 (the first import of Qt is what puts the other one there)

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
