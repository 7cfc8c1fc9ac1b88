"""Where the files beside the code are: fonts, icons, style.

The same place from a checkout, an installed wheel and the frozen program: next to the `client` package.
"""

from __future__ import annotations

from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
