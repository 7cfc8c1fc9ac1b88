"""What a DICOMweb address names (PS3.18 10.1.1, 10.4.1, 10.6.1).

Must never: take an identifier that is not a UID.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from server_stub.dicom_web.problem import WebError, not_there

_UID = re.compile(r"[0-9.]{1,64}", re.ASCII)
_FRAMES = re.compile(r"[1-9][0-9]{0,6}(?:,[1-9][0-9]{0,6}){0,999}", re.ASCII)
_BULK = re.compile(r"[0-9A-F]{8}(?:/[0-9]{1,6}/[0-9A-F]{8}){0,8}", re.ASCII)
_STEPS = ("studies", "series", "instances")
_TAILS = ("metadata", "rendered", "thumbnail")


@dataclass(frozen=True, slots=True)
class Target:
    """A resource: the UIDs on the way to it, and what of it is wanted."""

    study: str = ""
    series: str = ""
    instance: str = ""
    frames: tuple[int, ...] = ()
    bulk: str = ""  # tags and item numbers, separated by slashes
    tail: str = ""  # what is searched for, or the representation; "" for the instances themselves


def read_target(path: str) -> Target:
    """Read the path below the base; raises WebError (404) for what is no address here."""
    parts = path.strip("/").split("/")
    if parts in (["studies"], ["series"], ["instances"]):
        return Target(tail=parts[0])
    uids: list[str] = []
    while len(uids) < 3 and len(parts) >= 2 and parts[0] == _STEPS[len(uids)]:
        if _UID.fullmatch(parts[1]) is None:
            raise not_there()
        uids.append(parts[1])
        parts = parts[2:]
    if not uids:
        raise not_there()
    study, series, instance = (*uids, "", "")[:3]
    here = Target(study, series, instance)
    rest = "/".join(parts)
    if not rest or rest in _TAILS:
        return Target(study, series, instance, tail=rest)
    if rest in _STEPS[len(uids) :]:
        return Target(study, series, tail=rest)
    if instance and parts[0] == "frames" and len(parts) in (2, 3):
        return _frames(here, parts)
    bulk = rest.removeprefix("bulkdata/")
    if instance and bulk != rest and _BULK.fullmatch(bulk):
        return Target(study, series, instance, bulk=bulk)
    raise not_there()


def _frames(here: Target, parts: list[str]) -> Target:
    if _FRAMES.fullmatch(parts[1]) is None:
        raise WebError(400, "Frames are numbers from 1, separated by commas; at most 1000 of them.")
    numbers = tuple(int(number) for number in parts[1].split(","))
    tail = parts[2] if len(parts) == 3 else ""
    if tail not in ("", "rendered", "thumbnail") or (tail and len(numbers) > 1):
        raise not_there()
    return Target(here.study, here.series, here.instance, numbers, tail=tail)


def instance_url(base: str, study: str, series: str, instance: str) -> str:
    """Return the address of an instance."""
    return f"{base}/studies/{study}/series/{series}/instances/{instance}"
