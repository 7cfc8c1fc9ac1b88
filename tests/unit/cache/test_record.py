"""The form on disk: whatever goes in comes out, and nothing else ever does."""

from __future__ import annotations

import os

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from client.cache.record import (
    CHUNK,
    TAG,
    RecordId,
    RecordKind,
    chunk_count,
    open_part,
    open_small,
    seal,
    seal_small,
    sealed_size,
)

_AEAD = AESGCM(bytes(range(32)))
_BASE = os.urandom(3 * CHUNK + 100)

ids = st.builds(RecordId, st.sampled_from(RecordKind), st.text(), st.text())
lengths = st.one_of(
    st.integers(0, 200),
    st.integers(-2, 2).flatmap(lambda d: st.sampled_from([CHUNK + d, 2 * CHUNK + d, 3 * CHUNK + d])),
)
nonces = st.integers(0, 2**96 - 10)


def _sealed(record, data, nonce=0):
    return b"".join(bytes(chunk) for chunk in seal(_AEAD, nonce, record, memoryview(data)))


def _opened(record, sealed, length, wanted, nonce=0):
    def read_into(buffer, offset):
        part = sealed[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        return len(part)

    return open_part(_AEAD, nonce, record, length, wanted, read_into)


@settings(deadline=None, max_examples=60)
@given(ids, lengths, nonces, st.data())
def test_any_part_of_any_record_comes_back(record, length, nonce, data):
    start = data.draw(st.integers(0, length))
    wanted = range(start, data.draw(st.integers(start, length)))
    plain = _BASE[:length]

    sealed = _sealed(record, plain, nonce)

    assert len(sealed) == sealed_size(length) == length + TAG * chunk_count(length)
    assert _opened(record, sealed, length, wanted, nonce) == plain[start : wanted.stop]


@settings(deadline=None)
@given(ids, st.binary(max_size=500), nonces)
def test_small_and_chunked_forms_are_one_form(record, plain, nonce):
    sealed = seal_small(_AEAD, nonce, record, plain)

    assert sealed == _sealed(record, plain, nonce)
    assert open_small(_AEAD, nonce, record, len(plain), sealed) == plain


def test_every_single_bit_flip_is_noticed():
    record = RecordId(RecordKind.REPORT, "id", "1")
    sealed = seal_small(_AEAD, 7, record, b"no acute finding")

    for bit in range(8 * len(sealed)):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidTag):
            open_small(_AEAD, 7, record, 16, bytes(altered))


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_bit_flips_in_large_records_are_noticed_where_they_are_read(data):
    record = RecordId(RecordKind.IMAGE, "id", "1")
    length = 2 * CHUNK + 50
    sealed = bytearray(_sealed(record, _BASE[:length]))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    touched = at // (CHUNK + TAG)

    for number in range(3):
        wanted = range(number * CHUNK, min((number + 1) * CHUNK, length))
        if number == touched:
            with pytest.raises(InvalidTag):
                _opened(record, sealed, length, wanted)
        else:
            assert _opened(record, sealed, length, wanted) == _BASE[wanted.start : wanted.stop]


@settings(deadline=None)
@given(ids, ids, st.binary(max_size=50))
def test_a_record_opens_under_no_other_id(record, other, plain):
    sealed = seal_small(_AEAD, 0, record, plain)

    if other == record:
        assert open_small(_AEAD, 0, other, len(plain), sealed) == plain
    else:
        with pytest.raises(InvalidTag):
            open_small(_AEAD, 0, other, len(plain), sealed)


@pytest.mark.parametrize(
    "other",
    [
        RecordId(RecordKind.REPORT, "ab", "d"),
        RecordId(RecordKind.REPORT, "ab", ""),
        RecordId(RecordKind.REPORT, "ac", "c"),
        RecordId(RecordKind.IMAGE, "ab", "c"),
        RecordId(RecordKind.REPORT, "a", "bc"),
        RecordId(RecordKind.REPORT, "abc", ""),
    ],
)
def test_kind_id_and_version_are_each_bound(other):
    record = RecordId(RecordKind.REPORT, "ab", "c")

    with pytest.raises(InvalidTag):
        open_small(_AEAD, 0, other, 4, seal_small(_AEAD, 0, record, b"text"))
    with pytest.raises(InvalidTag):
        _opened(other, _sealed(record, _BASE[: CHUNK + 1]), CHUNK + 1, range(10))


def test_chunks_swapped_or_from_an_earlier_write_are_noticed():
    record = RecordId(RecordKind.IMAGE, "id", "1")
    length = 3 * CHUNK
    size = CHUNK + TAG
    earlier = _sealed(record, _BASE[:length], nonce=0)
    sealed = _sealed(record, _BASE[:length], nonce=3)

    for forged in (
        sealed[size : 2 * size] + sealed[:size] + sealed[2 * size :],
        earlier[:size] + sealed[size:],
        earlier,
    ):
        with pytest.raises(InvalidTag):
            _opened(record, forged, length, range(length), nonce=3)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_cut_records_are_noticed(data):
    record = RecordId(RecordKind.IMAGE, "id", "1")
    length = data.draw(st.sampled_from([0, 1, 500, CHUNK, CHUNK + 1, 2 * CHUNK]))
    sealed = _sealed(record, _BASE[:length])
    cut = sealed[: data.draw(st.integers(0, len(sealed) - 1))]

    with pytest.raises(InvalidTag):
        _opened(record, cut, length, range(length))
    with pytest.raises(InvalidTag):  # nor does it pass for a shorter record
        _opened(record, cut, max(0, len(cut) - TAG * chunk_count(len(cut))), range(0, length))
    if length <= CHUNK:
        with pytest.raises(InvalidTag):
            open_small(_AEAD, 0, record, length, cut)


def test_ids_do_not_show():
    assert "secret" not in repr(RecordId(RecordKind.REPORT, "secret", "secret"))
