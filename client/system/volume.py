"""Whether a folder lies on this machine's own disk.

Must never: touch the network to find out; it only asks the system what it has mounted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = frozenset(
    (
        *("9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone"),
        *("fuse.s3fs", "fuse.sshfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"),
    )
)


def is_local(folder: Path) -> bool:
    """Tell whether `folder`, which must exist, is on a local volume.

    True where the system does not say (macOS is not asked), so that an unusual disk is not refused.
    Raises OSError when the folder cannot be looked at.
    """
    if sys.platform == "win32":
        import ctypes

        drive_remote = 4
        anchor = folder.resolve().anchor
        return bool(ctypes.WinDLL("kernel32").GetDriveTypeW(ctypes.c_wchar_p(anchor)) != drive_remote)
    device = folder.stat().st_dev
    if sys.platform != "linux":
        return True
    return _file_system(f"{os.major(device)}:{os.minor(device)}") not in _REMOTE


def _file_system(device: str) -> str:
    # proc_pid_mountinfo(5): the third field is the device, the file system follows a lone "-"
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        fields = line.split()
        if fields[2] == device:
            return fields[fields.index("-") + 1]
    return ""
