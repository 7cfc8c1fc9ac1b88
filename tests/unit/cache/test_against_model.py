"""Any sequence of operations: the cache answers as a dictionary would, or that it let go of the record."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from client.cache.key import CacheKey
from client.cache.record import CHUNK, RecordId, RecordKind, sealed_size
from client.cache.store import ReportCache
from client.errors import CacheMiss

_LIMIT = 600_000
records = st.builds(
    RecordId, st.sampled_from(RecordKind), st.sampled_from("abcdefgh"), st.sampled_from(["", "1"])
)
contents = st.builds(
    lambda length, byte: bytes([byte]) * length,
    st.one_of(st.integers(0, 20_000), st.integers(60_000, 90_000), st.integers(CHUNK - 1, CHUNK + 30_000)),
    st.integers(0, 255),
)


class CacheAgainstModel(RuleBasedStateMachine):
    """A cache small enough to let go of records all the time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.key = CacheKey.generate()
        self.cache = ReportCache(Path(self.folder.name), self.key, _LIMIT)
        self.model: dict[RecordId, bytes] = {}

    def teardown(self) -> None:
        self.cache.close()
        self.key.destroy()
        self.folder.cleanup()

    @rule(record=records, content=contents)
    def put(self, record, content):
        self.cache.put(record, content)
        self.model[record] = content
        assert self.cache.get(record) == content

    @rule(many=st.lists(st.tuples(records, contents), max_size=6))
    def put_many(self, many):
        self.cache.put_many(many)
        self.model.update(many)

    @rule(record=records)
    def get(self, record):
        try:
            assert self.cache.get(record) == self.model[record]
        except CacheMiss:
            assert record not in self.cache
            self.model.pop(record, None)

    @rule(record=records, start=st.integers(0, CHUNK + 40_000), length=st.integers(0, CHUNK))
    def read(self, record, start, length):
        if record in self.cache:
            assert self.cache.read(record, start, length) == self.model[record][start : start + length]

    @rule(record=records)
    def drop(self, record):
        self.cache.drop(record)
        self.model.pop(record, None)
        assert record not in self.cache

    @invariant()
    def keeps_its_bounds(self):
        kept = [record for record in self.model if record in self.cache]
        assert len(self.cache) == len(kept)
        live = sum(sealed_size(len(self.model[record])) for record in kept)
        assert live <= self.cache.stored <= _LIMIT
        assert sum(segment.size for segment in self.cache._log._segments) == self.cache.stored
        assert sum(segment.live for segment in self.cache._log._segments) == live
        assert self.cache.damaged == 0


CacheAgainstModel.TestCase.settings = settings(deadline=None, max_examples=20, stateful_step_count=30)
TestCacheAgainstModel = CacheAgainstModel.TestCase
