"""The protocol's lines: what is written is read back; anything else is refused without a trace."""

import os
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client import wire
from client.reasons import EndReason
from client.wire import Line, WireError, Word

REASONS = st.sampled_from(EndReason)
NONE = st.none()
MOMENTS = st.integers(0, 10**12).map(lambda ms: timedelta(milliseconds=ms))
LINES = st.one_of(
    st.builds(Line, st.sampled_from([Word.READY, Word.PAINTED, Word.SIGNED_IN]), NONE, NONE),
    st.builds(Line, st.sampled_from([Word.ENDED, Word.END]), REASONS, NONE),
    st.builds(Line, st.just(Word.SHOW), NONE | REASONS, NONE),
    st.builds(Line, st.just(Word.DEADLINE), NONE, MOMENTS),
)


@given(LINES)
def test_a_line_is_read_as_it_was_written(line):
    raw = wire.encode(line)
    assert wire.decode(raw) == line
    assert len(raw) <= wire.LONGEST
    assert raw.endswith(b"\n")
    assert raw.isascii()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_line_or_refused(raw):
    try:
        line = wire.decode(raw)
    except WireError as refusal:
        trace = (refusal.__suppress_context__, refusal.__cause__)
    else:
        assert wire.decode(wire.encode(line)).word is line.word
        trace = (True, None)
    assert trace == (True, None), "the refusal carries what the line said"


@pytest.mark.parametrize(
    "raw", [b"deadline nan", b"deadline inf", b"deadline 1e300", b"show", b"ready now", b"end -"]
)
def test_near_misses_are_refused(raw):
    with pytest.raises(WireError):
        wire.decode(raw)


@given(st.lists(LINES | st.binary(max_size=6000).map(lambda raw: raw.replace(b"\n", b"")), max_size=6))
def test_listening_skips_what_is_no_line_and_keeps_the_rest(messages):
    reading, writing = os.pipe()
    try:
        expected = []
        for message in messages:
            if isinstance(message, Line):
                expected.append(message)
                wire.say(writing, message)
            else:
                os.write(writing, message + b"\n")
                try:
                    if len(message) < wire.LONGEST:
                        expected.append(wire.decode(message))
                except WireError:
                    pass
        os.close(writing)
        writing = -1
        assert list(wire.listen(reading)) == expected
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)


def test_a_lost_other_side_ends_the_listening():
    reading, writing = os.pipe()
    os.write(writing, b"ready\npain")
    os.close(writing)
    assert list(wire.listen(reading)) == [Line(Word.READY)]
    os.close(reading)
