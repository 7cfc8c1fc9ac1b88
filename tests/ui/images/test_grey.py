"""Stored values to grey, held against the words of PS3.3 C.11.2 one value at a time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.session.stored import Facts, Function, Geometry, Measure, Stored, Window
from client.ui.images.grey import Grey, look_up, shade
from client.ui.images.lengths import Length, scale_bar
from client.ui.images.placing import Point
from client.ui.images.presets import presets
from client.ui.images.reading_off import number, value_at, window_words

NOWHERE = Geometry(None, Measure.NONE, None, None, None, ("", ""))


def facts(modality=""):
    return Facts(1, 16, "MONOCHROME2", modality, "", "", False, None, "", "", "")


def frame(values, slope=1.0, intercept=0.0, *, inverted=False, windows=(), modality="", unit=""):
    known, values = facts(modality), np.asarray(values)
    return Stored(values, slope, intercept, unit, inverted, windows, Function.LINEAR, NOWHERE, known)


def by_the_standard(x, window):
    """One output value from 0 to 255, as the pseudo-code of C.11.2.1.2 and C.11.2.1.3 says."""
    c, w = window.centre, window.width
    if window.function is Function.SIGMOID:
        return 255 / (1 + math.exp(min(700, -4 * (x - c) / w)))
    if window.function is Function.LINEAR_EXACT:
        if x <= c - w / 2:
            return 0
        return 255 if x > c + w / 2 else ((x - c) / w + 0.5) * 255
    if x <= c - 0.5 - (w - 1) / 2:
        return 0
    return 255 if x > c - 0.5 + (w - 1) / 2 else ((x - (c - 0.5)) / (w - 1) + 0.5) * 255


@given(
    st.lists(st.integers(-4000, 4000), min_size=1, max_size=50),
    st.floats(-2000, 2000),
    st.floats(1, 5000),
    st.sampled_from(Function),
)
def test_a_window_gives_the_grey_that_the_standard_says(values, centre, width, function):
    window = Window(centre, width, function)
    greys = shade(np.array(values, float), window)
    for value, grey in zip(values, greys, strict=True):
        assert abs(by_the_standard(value, window) - int(grey)) <= 0.5 + 1e-6


KINDS = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.float32]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("slope", [1.0, 2.5, -1.0])
def test_every_kind_of_value_is_shown_as_what_it_means(kind, slope):
    whole = np.issubdtype(kind, np.integer)
    low, high = (max(np.iinfo(kind).min, -2000), min(np.iinfo(kind).max, 2000)) if whole else (-50, 50)
    values = np.linspace(low, high, 64).reshape(8, 8).astype(kind)
    stored = frame(values, slope, -1024.0)
    grey = Grey(stored)
    window = Window(slope * (low + high) / 2 - 1024, abs(slope) * (high - low), Function.LINEAR_EXACT)
    into = np.empty(values.shape, np.uint8)
    look_up(grey.table(window), grey.levels, into)
    expected = shade(values.astype(float) * slope - 1024.0, window)
    assert np.abs(into.astype(int) - expected).max() <= 1
    rising = np.diff(into.ravel().astype(int)) * (1 if slope > 0 else -1)
    assert (rising >= 0).all()


def test_monochrome1_is_white_where_values_are_least_and_inverting_turns_it_back():
    window = Window(50, 100, Function.LINEAR_EXACT)
    table = Grey(frame(np.array([[0, 100]], np.uint8), inverted=True)).table(window)
    assert (table[0], table[100]) == (255, 0)
    turned = Grey(frame(np.array([[0, 100]], np.uint8), inverted=True)).table(window, invert=True)
    assert (turned[0], turned[100]) == (0, 255)


@settings(max_examples=20)
@given(st.integers(1, 700), st.integers(1, 700))
def test_a_look_up_in_bands_is_the_same_as_all_at_once(rows, columns):
    levels = np.random.default_rng(rows).integers(0, 65536, (rows, columns)).astype(np.uint16)
    table = (np.arange(65536) * 7 % 256).astype(np.uint8)
    into = np.empty((rows, columns + 3), np.uint8)[:, :columns]
    look_up(table, levels, into)
    assert np.array_equal(into, table[levels])


def test_the_window_of_the_image_comes_first_then_those_of_hounsfield_units():
    from client.session.stored import FileWindow

    own = FileWindow(Window(50, 300), "MEDIASTINUM")
    values = np.arange(400).reshape(20, 20)
    ct = frame(values, 1.0, -1024.0, windows=(own,), modality="CT")
    titles = [each.title for each in presets(ct, Grey(ct))]
    assert titles[0] == "MEDIASTINUM"
    assert {"Lung", "Bone", "Brain"} <= set(titles)
    assert titles[-1] == "Fitted to the values"
    assert len(titles) <= 9
    mr = frame(values, modality="MR")
    assert [each.title for each in presets(mr, Grey(mr))] == ["Fitted to the values"]


def test_an_image_of_one_value_has_a_window_too():
    flat = frame(np.full((8, 8), 7, np.uint16))
    assert Grey(flat).own_window().width > 0
    assert len(Grey(flat).table(Grey(flat).own_window())) == 65536


@pytest.mark.parametrize(
    ("modality", "slope", "intercept", "unit", "said"),
    [
        ("CT", 1.0, -1024.0, "", "−24 HU (stored 1000)"),
        ("CT", 1.0, -1024.0, "HU", "−24 HU (stored 1000)"),
        ("CT", 1.0, 0.0, "", "1000 "),
        ("MR", 1.0, -1024.0, "", "−24 "),
        ("PT", 0.5, 0.0, "BQML", "500 BQML (stored 1000)"),
        ("CT", 1.0, -1024.0, "US", "−24 "),
    ],
)
def test_a_value_is_read_off_with_the_unit_it_has_and_no_other(modality, slope, intercept, unit, said):
    values = np.zeros((4, 4), np.uint16)
    values[2, 1] = 1000
    words = value_at(frame(values, slope, intercept, modality=modality, unit=unit), Point(1.9, 2.1))
    assert words.startswith(said)
    assert "HU" not in words or "HU" in said
    assert words.endswith("x 2 y 3")


def test_beside_the_image_there_is_nothing_to_read_off():
    image = frame(np.zeros((4, 6), np.uint16))
    for x, y in ((-0.1, 0), (6, 0), (0, 4), (0, -1)):
        assert value_at(image, Point(x, y)) == ""
    assert value_at(image, Point(5.9, 3.9))


def test_colours_are_read_off_as_they_are_stored():
    colours = frame(np.full((2, 2, 3), (1, 2, 3), np.uint8))
    assert value_at(colours, Point(0, 0)).startswith("R 1 G 2 B 3")


def test_numbers_have_a_minus_that_is_seen_and_no_digits_that_mean_nothing():
    assert [number(each) for each in (-24.0, 0.5, 1234.56, -0.0, 0.012345)] == [
        "−24",
        "0.5",
        "1235",
        "0",
        "0.01235",
    ]
    assert window_words(Window(-88.41, 1523.2), frame(np.zeros((2, 2)))) == "C −88  W 1523"


@pytest.mark.parametrize(
    ("measure", "spacing", "words"),
    [
        (Measure.PATIENT, (0.5, 2.0), "6.2 mm"),
        (Measure.DETECTOR, (0.5, 2.0), "6.2 mm at the detector"),
        (Measure.NONE, None, "4 pixels"),
    ],
)
def test_a_length_is_said_in_what_is_known(measure, spacing, words):
    where = Geometry(spacing, measure, None, None, None, ("", ""))
    assert Length(Point(0, 0), Point(3, 3)).words(where) == words


def test_the_scale_bar_is_as_long_as_it_says():
    where = Geometry((0.5, 0.25), Measure.PATIENT, None, None, None, ("", ""))
    bar = scale_bar(where, 2.0, 160, on_side=False)
    assert (bar.words, bar.pixels) == ("2 cm", 160)  # 20 mm of 0.25 mm a pixel, two on the screen each
    assert scale_bar(where, 2.0, 160, on_side=True).words == "2 cm"
    assert scale_bar(NOWHERE, 2.0, 160, on_side=False) is None
