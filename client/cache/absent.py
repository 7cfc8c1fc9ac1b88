"""What stands for the cache where there can be none: a full disk, a folder that is not the user's own.

Must never: keep anything. Every report is loaded from the portal each time it is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from client.cache.record import RecordId
from client.cache.store import Content, ReportCache
from client.errors import CacheMiss, CacheUnavailable

_NOTHING = "No reports are stored on this computer in this session. This one is loaded from the portal."


class AbsentCache(ReportCache):
    """A cache in which nothing is ever found."""

    def __init__(self) -> None:
        """Make nothing: there is no folder to use."""

    def put(self, record: RecordId, data: Content) -> NoReturn:
        """Raise CacheUnavailable."""
        raise CacheUnavailable(_NOTHING)

    def put_many(self, records: Iterable[tuple[RecordId, Content]]) -> NoReturn:
        """Raise CacheUnavailable."""
        raise CacheUnavailable(_NOTHING)

    def get(self, record: RecordId) -> NoReturn:
        """Raise CacheMiss."""
        raise CacheMiss(_NOTHING)

    def get_many(self, records: Iterable[RecordId]) -> list[bytes | None]:
        """Find none of them."""
        return [None for _ in records]

    def size_of(self, record: RecordId) -> NoReturn:
        """Raise CacheMiss."""
        raise CacheMiss(_NOTHING)

    def close(self) -> None:
        """Do nothing."""

    @property
    def stored(self) -> int:
        """No bytes on disk."""
        return 0

    def __contains__(self, record: RecordId) -> bool:
        return False

    def __len__(self) -> int:
        return 0
