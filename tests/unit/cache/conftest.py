"""A key and a cache for each test, taken down after it."""

from __future__ import annotations

import contextlib

import pytest

from client.cache.key import CacheKey
from client.cache.store import ReportCache


@pytest.fixture
def key():
    key = CacheKey.generate()
    yield key
    key.destroy()


@pytest.fixture
def make_cache(key, tmp_path):
    """Make caches in one folder under one key; all are closed at the end."""
    with contextlib.ExitStack() as stack:

        def make(limit=64_000_000, on_damage=None):
            cache = ReportCache(tmp_path / "cache", key, limit, on_damage)
            stack.callback(cache.close)
            return cache

        yield make


@pytest.fixture
def cache(make_cache):
    return make_cache()
