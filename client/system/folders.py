"""Where files may lie: the user's own local folders, private to them.

Owns: which folder is for what, and that nobody else can look into it or put something there.
Must never: use a roaming folder, which would be copied to a server, or a shared temporary folder.
It is on the start-up path, which asks for the preferences: platformdirs costs 3 ms and is imported later.
"""

from __future__ import annotations

import os
import stat
import sys
from functools import cache
from pathlib import Path

from client.errors import FolderRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from platformdirs import PlatformDirs


@cache
def _folders() -> PlatformDirs:
    from platformdirs import PlatformDirs

    return PlatformDirs("safelight", appauthor=False, roaming=False)


def cache_folder() -> Path:
    """Return the folder of the encrypted cache; FolderRefused if it cannot be private."""
    return private(_folders().user_cache_path)


def state_folder() -> Path:
    """Return the folder of logs and the audit trail; FolderRefused if it cannot be private."""
    return private(_folders().user_state_path)


def preferences_file() -> Path:
    """Return where the user's preferences are, whether or not there are any."""
    if sys.platform == "linux":
        # What platformdirs answers, without importing it wherever the environment is in order.
        for variable, below in (("XDG_CONFIG_HOME", ""), ("HOME", ".config")):
            place = Path(os.environ.get(variable, ""))
            if place.is_absolute():
                return place / below / "safelight" / "preferences.toml"
    return _folders().user_config_path / "preferences.toml"


def runtime_folder() -> Path:
    """Return the folder of the control socket; FolderRefused if it cannot be private."""
    # Asked directly: without the variable platformdirs falls back to a shared temporary folder and warns.
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    if session.startswith("/") and Path(session).is_dir():
        return private(Path(session) / "safelight")
    return private(_folders().user_state_path / "run")


def private(folder: Path) -> Path:
    """Make the folder if need be, close it to everybody else and return it.

    FolderRefused where it is a symbolic link, not a folder, another user's, or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
        if os.name == "posix":
            _check(folder, found)
    except OSError as problem:
        raise FolderRefused(
            f"Safelight needs the folder {folder} and cannot use it ({problem.strerror}). "
            "Nothing was stored. Ask your IT support to make it yours."
        ) from problem
    return folder


def _check(folder: Path, found: os.stat_result) -> None:
    if not stat.S_ISDIR(found.st_mode):
        raise FolderRefused(
            f"Safelight does not use {folder}: it is a link or a file where a folder of its own must be. "
            "Nothing was stored. Remove it, or ask your IT support."
        )
    if found.st_uid != os.geteuid():
        raise FolderRefused(
            f"Safelight does not use the folder {folder}: it belongs to another user. "
            "Nothing was stored. Ask your IT support to make it yours."
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
