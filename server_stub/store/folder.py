"""The state folder: where the portal keeps its database, its certificate authority and its certificate.

Owns: the paths and their permissions (folder 0700, files 0600).
Must never: let another user of the machine read what is in it, or use what another user put there.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class StateError(Exception):
    """The state folder cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """A folder that only this user can enter."""

    path: Path

    @property
    def database(self) -> Path:
        """The portal's SQLite database."""
        return self.path / "portal.sqlite"

    @property
    def authority(self) -> Path:
        """The certificate authority's certificate, PEM: what a client must trust."""
        return self.path / "ca.pem"

    @property
    def authority_key(self) -> Path:
        """The certificate authority's private key, PEM."""
        return self.path / "ca-key.pem"

    @property
    def certificate(self) -> Path:
        """The portal's own certificate and private key, PEM."""
        return self.path / "certificate.pem"

    @property
    def images(self) -> Path:
        """The folder of the DICOM files."""
        return self.path / "images"

    @classmethod
    def open(cls, path: Path) -> StateFolder:
        """Make or adopt the folder; raises StateError when it cannot be made private."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = path.resolve()
            _require_own(path, stat.S_ISDIR)
            path.chmod(0o700)
            folder = cls(path)
            for file in (folder.database, folder.authority, folder.authority_key, folder.certificate):
                _require_own(file, stat.S_ISREG)
            _require_own(folder.images, stat.S_ISDIR)
        except OSError as error:
            raise StateError(f"The state folder {path} cannot be used: {error.strerror}.") from error
        return folder

    def write(self, file: Path, content: bytes) -> None:
        """Replace a file of the folder in one step, readable by its owner only."""
        scratch = file.with_suffix(file.suffix + ".new")
        scratch.unlink(missing_ok=True)
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        scratch.replace(file)


def _require_own(path: Path, is_right: Callable[[int], bool]) -> None:
    # Whoever owns the folder could open it again; whoever prepared a file in it would know the portal's keys.
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not is_right(found.st_mode):
        raise StateError(f"{path} is not what the portal made there; choose another state folder.")
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise StateError(f"{path} belongs to another user of this machine; choose another state folder.")


@contextmanager
def temporary_folder() -> Iterator[StateFolder]:
    """Give a private folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="safelight-portal-") as path:
        yield StateFolder.open(Path(path))
