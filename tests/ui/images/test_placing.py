"""Where an image stands, and where the patient's sides are: by arithmetic, for any turn there is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.session.stored import Geometry, Measure
from client.ui.images.placing import Placing, Point, Turn, edges, fitted

turns = st.builds(Turn, st.integers(0, 3), st.booleans())
MOVES = {
    "right": lambda values: np.rot90(values, -1),
    "left": lambda values: np.rot90(values, 1),
    "across": lambda values: values[:, ::-1],
    "upside_down": lambda values: values[::-1],
}


def turned(values, turn):
    found = np.rot90(values, -turn.quarters)
    return found[:, ::-1] if turn.mirrored else found


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=8))
def test_turning_and_mirroring_is_done_to_what_is_seen(moves):
    values = np.arange(6).reshape(2, 3)
    turn, seen = Turn(), values
    for move in moves:
        turn, seen = getattr(turn, move)(), MOVES[move](seen)
    assert np.array_equal(turned(values, turn), seen)
    assert turn.size(3, 2) == (seen.shape[1], seen.shape[0])


@given(turns, st.integers(0, 4), st.integers(0, 2))
def test_a_place_on_the_turned_image_is_that_of_the_same_pixel(turn, column, row):
    values = np.arange(15).reshape(3, 5)
    at = turn.from_stored(Point(column + 0.5, row + 0.5), 5, 3)
    assert turned(values, turn)[int(at.y), int(at.x)] == values[row, column]
    assert turn.to_stored(at, 5, 3) == pytest.approx((column + 0.5, row + 0.5))


@given(
    turns,
    st.floats(0.1, 20),
    st.floats(-500, 500),
    st.floats(-500, 500),
    st.floats(0.2, 4),
    st.floats(0, 900),
)
def test_what_is_under_the_pointer_stays_there_when_it_is_enlarged(turn, zoom, left, top, factor, pointer):
    placing = Placing(turn, zoom, zoom, left, top)
    at = Point(pointer, 900 - pointer)
    before, after = placing.to_turned(at), placing.enlarged(factor, at).to_turned(at)
    assert after == pytest.approx(before, abs=1e-6)


@given(turns, st.integers(1, 5000), st.integers(1, 5000), st.floats(0.2, 5), st.integers(50, 3000))
def test_a_fitted_image_is_in_the_middle_and_touches_an_edge(turn, columns, rows, pixel, width):
    height = 777
    placing = fitted(turn, columns, rows, pixel, width, height)
    if placing.across > 0.021:
        wide, high = turn.size(columns, rows)
        shown = wide * placing.across, high * placing.down
        assert shown[0] <= width + 1e-6
        assert shown[1] <= height + 1e-6
        assert shown[0] == pytest.approx(width) or shown[1] == pytest.approx(height)
        assert placing.left == pytest.approx((width - shown[0]) / 2)


def geometry(row, column, letters=("", "")):
    return Geometry(None, Measure.NONE, row, column, None, letters)


AXIAL = geometry((1, 0, 0), (0, 1, 0))


@pytest.mark.parametrize(
    ("where", "turn", "letters"),
    [
        (AXIAL, Turn(), ("A", "L", "P", "R")),
        (AXIAL, Turn(1), ("R", "A", "L", "P")),
        (AXIAL, Turn(0, True), ("A", "R", "P", "L")),
        (AXIAL, Turn(2), ("P", "R", "A", "L")),
        (geometry((0, 1, 0), (0, 0, -1)), Turn(), ("H", "P", "F", "A")),  # sagittal
        (geometry((1, 0, 0), (0, 0, -1)), Turn(), ("H", "L", "F", "R")),  # coronal
        (geometry((0.8, 0.6, 0), (0, 0, -1)), Turn(), ("H", "LP", "F", "RA")),
        (geometry(None, None, ("P", "F")), Turn(), ("H", "P", "F", "A")),
        (geometry(None, None, ("L", "FR")), Turn(0, True), ("HL", "R", "FR", "L")),
        (geometry(None, None), Turn(1, True), ("", "", "", "")),
    ],
)
def test_the_letters_follow_the_image(where, turn, letters):
    assert tuple(edges(where, turn)) == letters


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=6))
def test_letters_at_the_edges_move_as_the_pixels_at_the_edges_do(moves):
    names = np.array([["", "A", ""], ["R", "", "L"], ["", "P", ""]])
    turn = Turn()
    for move in moves:
        turn, names = getattr(turn, move)(), MOVES[move](names)
    assert tuple(edges(AXIAL, turn)) == (names[0, 1], names[1, 2], names[2, 1], names[1, 0])
