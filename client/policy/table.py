"""The policy: every rule an organisation can set, with default, bounds and meaning.

Owns: the one frozen table. Must never: read a file (that is `client.policy.sources`).
It is on the start-up path: this room has named tuples, because dataclasses cost milliseconds there.
"""

from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import NamedTuple


class Activity(Enum):
    """What counts as the user being there."""

    PROGRAM = "program"  # keys and pointer in Safelight's own windows
    WORKSTATION = "workstation"  # keys and pointer anywhere on the workstation


class Theme(Enum):
    """Which colours."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Policy(NamedTuple):
    """The rules in force for this session; see `client.policy.rules.RULES` for bounds and meanings."""

    portal: str = ""  # the portal's URL; "" = `--portal` must say
    portal_name: str = ""
    fhir_base: str = ""  # the three below describe a portal that has no well-known file
    image_base: str = ""
    sign_in_url: str = ""
    ca_file: Path | None = None  # the organisation's own certificate authorities, PEM, added to the system's
    curtain_after: timedelta = timedelta(minutes=2)
    warn_before_end: timedelta = timedelta(seconds=60)
    end_after_idle: timedelta = timedelta(minutes=10)
    end_after: timedelta = timedelta(hours=10)
    activity: Activity = Activity.WORKSTATION
    end_on_lock: bool = True
    end_on_suspend: bool = True
    end_on_user_switch: bool = True
    cache_limit: int = 2 * 1024**3  # bytes
    prefetch: int = 50  # how many of the newest unread reports are fetched ahead
    notice: str = ""  # the organisation's words on the sign-in page
    theme: Theme = Theme.SYSTEM
    print: bool = True
    export_pdf: bool = False  # to a file the user names, always encrypted
    copy: bool = True
    notifications: bool = True  # on the desktop: numbers only
