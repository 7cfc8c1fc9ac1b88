"""One image in a real window: what the mouse and the keys do to it, and what stands on it."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from client.session.stored import Function, Window
from client.ui.images.marks import NOTICE
from client.ui.images.pane import Tool
from client.ui.images.placing import Point, Turn
from client.ui.images.reading_off import value_at
from tests.ui.images.archive import Archive, made, ramp, real

MIDDLE = QPoint(450, 300)


def ct(**more):
    return Archive().add(
        "Axial",
        made(
            np.tile(np.arange(100, dtype=np.int16), (100, 1)),
            Modality="CT",
            RescaleSlope=2,
            RescaleIntercept=-100,
            **more,
        ),
    )


SPACED = {"PixelSpacing": [0.5, 0.5], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}


def settled(pane):
    """Return the pane as it is drawn at rest."""
    pane._rest.stop()
    return pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def grey_at(pane, column, row, picture=None):
    """Return the grey that a pixel of the stored image is drawn with."""
    placing = pane.look.placing
    stored = pane.stored
    at = placing.to_screen(
        placing.turn.from_stored(Point(column + 0.5, row + 0.5), stored.columns, stored.rows)
    )
    colour = (picture or settled(pane)).pixelColor(round(at.x), round(at.y))
    return colour.red()


def press(pane, key, *, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(pane, key, held)


def drag(pane, button, x, y):
    nothing = Qt.KeyboardModifier.NoModifier
    at = QPointF(MIDDLE) + QPointF(x, y)
    moved = QMouseEvent(QEvent.Type.MouseMove, at, pane.mapToGlobal(at), button, button, nothing)
    QTest.mousePress(pane, button, nothing, MIDDLE)
    QApplication.sendEvent(pane, moved)
    QTest.mouseRelease(pane, button, nothing, at.toPoint())


def test_an_image_is_drawn_with_the_window_it_brings(shown):
    pane = shown(ct(WindowCenter=0, WindowWidth=100))
    assert pane.look.window == Window(0, 100)
    picture = settled(pane)
    assert grey_at(pane, 10, 50, picture) == 0
    assert grey_at(pane, 90, 50, picture) == 255
    assert abs(grey_at(pane, 50, 50, picture) - 128) < 4


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.LeftButton])
def test_dragging_widens_to_the_right_and_brightens_upwards(shown, button):
    pane = shown(ct(WindowCenter=0, WindowWidth=150))
    drag(pane, button, 60, 0)
    assert pane.look.window.width == pytest.approx(180)
    assert pane.look.window.centre == 0
    before = grey_at(pane, 50, 50)
    drag(pane, button, 0, -60)
    assert pane.look.window.centre < 0
    assert grey_at(pane, 50, 50) > before


def test_while_it_is_dragged_the_image_is_the_same_but_for_what_is_between_pixels(shown):
    y, x = np.mgrid[0:2000, 0:2000]
    smooth = (x + y).astype(np.uint16)
    pane = shown(Archive().add("CR", made(smooth, Modality="CR")))
    pane._rest.start()
    moving = pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    for at in ((300, 900), (1000, 1000), (1500, 700)):
        assert abs(grey_at(pane, *at, moving) - grey_at(pane, *at)) <= 2


def test_the_right_button_windows_whatever_the_left_one_does(shown):
    pane = shown(ct(WindowCenter=0, WindowWidth=150))
    press(pane, Qt.Key.Key_P)
    assert pane.tool is Tool.MOVE
    before = pane.look.placing
    drag(pane, Qt.MouseButton.LeftButton, 30, 20)
    assert pane.look.window.width == 150
    assert (pane.look.placing.left, pane.look.placing.top) == (before.left + 30, before.top + 20)
    drag(pane, Qt.MouseButton.RightButton, 60, 0)
    assert pane.look.window.width == pytest.approx(180)


def test_a_digit_chooses_a_window_and_backspace_takes_it_back(shown):
    pane = shown(ct(WindowCenter=0, WindowWidth=150, WindowCenterWidthExplanation="OWN"))
    names = [each.title for each in pane.look.presets]
    QTest.keyClick(pane, str(names.index("Lung") + 1))
    assert pane.look.window == Window(-600, 1500)
    press(pane, Qt.Key.Key_Backspace)
    assert pane.look.window == Window(0, 150)


def test_keys_change_the_window_in_small_steps(shown):
    pane = shown(ct(WindowCenter=0, WindowWidth=100))
    press(pane, Qt.Key.Key_Up, held=Qt.KeyboardModifier.ControlModifier)
    assert pane.look.window.centre == -5
    press(pane, Qt.Key.Key_Right, held=Qt.KeyboardModifier.ControlModifier)
    assert pane.look.window.width == pytest.approx(110)


def test_a_sigmoid_stays_one_when_it_is_dragged(shown):
    pane = shown(ct(WindowCenter=0, WindowWidth=150, VOILUTFunction="SIGMOID"))
    drag(pane, Qt.MouseButton.RightButton, 30, 0)
    assert pane.look.window.function is Function.SIGMOID
    assert "sigmoid" in pane.spoken()


def test_inverting_turns_every_grey(shown):
    pane = shown(ct(WindowCenter=0, WindowWidth=200))
    before = grey_at(pane, 30, 50)
    press(pane, Qt.Key.Key_I)
    assert abs(grey_at(pane, 30, 50) - (255 - before)) <= 1
    assert "inverted" in pane.spoken()


def test_monochrome1_is_white_where_its_values_are_least(shown):
    pane = shown(ct(WindowCenter=0, WindowWidth=100, photometric="MONOCHROME1"))
    assert (grey_at(pane, 10, 50), grey_at(pane, 90, 50)) == (255, 0)


def test_control_and_wheel_enlarge_what_is_under_the_pointer(shown):
    pane = shown(ct())
    under = pane._stored_at(QPointF(200, 200))
    wheel = QWheelEvent(
        QPointF(200, 200),
        pane.mapToGlobal(QPointF(200, 200)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = pane.look.placing.across
    QApplication.sendEvent(pane, wheel)
    assert pane.look.placing.across == pytest.approx(before * 1.25)
    assert pane._stored_at(QPointF(200, 200)) == pytest.approx(under)
    press(pane, Qt.Key.Key_O)
    assert pane.look.placing.across == 1.0
    press(pane, Qt.Key.Key_F)
    assert pane.look.placing.across == pytest.approx(before)
    QTest.keyClick(pane, "+")
    QTest.keyClick(pane, "-")
    assert pane.look.placing.across == pytest.approx(before)


def test_turning_and_mirroring_move_the_pixels_and_the_letters(shown):
    values = np.zeros((40, 60), np.uint16)
    values[5, 50] = 1000
    pane = shown(
        Archive().add("MR", made(values, Modality="MR", WindowCenter=500, WindowWidth=1000, **SPACED))
    )
    for key, held in (
        (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier),
    ):
        press(pane, key, held=held)
        assert grey_at(pane, 50, 5) > 100
        assert grey_at(pane, 10, 35) == 0
    assert pane.look.turn == Turn(1, True)
    press(pane, Qt.Key.Key_R, held=Qt.KeyboardModifier.ShiftModifier)
    press(pane, Qt.Key.Key_V)
    assert grey_at(pane, 50, 5) > 100


def test_pixels_that_are_not_square_are_drawn_as_tall_as_they_are(shown):
    pane = shown(Archive().add("US", made(ramp(), Modality="US", PixelSpacing=[2, 1])))
    assert pane.look.placing.down == pytest.approx(2 * pane.look.placing.across)
    press(pane, Qt.Key.Key_R)
    assert pane.look.placing.across == pytest.approx(2 * pane.look.placing.down)


def test_the_value_under_the_pointer_is_that_of_the_file(shown):
    pane = shown(ct())
    QTest.mouseMove(pane, MIDDLE)
    at = pane._stored_at(QPointF(MIDDLE))
    pane.measuring.pointed = at
    raw = int(at.x)
    assert value_at(pane.stored, pane.measuring.aimed).startswith(
        f"{raw * 2 - 100} HU (stored {raw})".replace("-", "−")
    )


def test_a_length_is_drawn_with_the_mouse_and_said_in_mm(shown):
    pane = shown(ct(**SPACED))
    press(pane, Qt.Key.Key_M)
    across = pane.look.placing.across
    drag(pane, Qt.MouseButton.LeftButton, round(20 * across), 0)
    (line,) = pane.measuring.lengths
    assert line.words(pane.stored.geometry) == "10.0 mm"
    assert "10.0 mm" in pane.accessibleDescription()
    press(pane, Qt.Key.Key_R)
    assert pane.measuring.lengths == (line,)
    press(pane, Qt.Key.Key_Delete)
    assert pane.measuring.lengths == ()


def test_a_length_is_measured_by_keys_alone(shown):
    pane = shown(ct(**SPACED))
    press(pane, Qt.Key.Key_M)
    press(pane, Qt.Key.Key_Return)
    for _ in range(3):
        press(pane, Qt.Key.Key_Right, held=Qt.KeyboardModifier.ShiftModifier)
    press(pane, Qt.Key.Key_Return)
    assert [each.words(pane.stored.geometry) for each in pane.measuring.lengths] == ["15.0 mm"]
    assert "HU" in pane.accessibleDescription()  # what the cross stands on
    press(pane, Qt.Key.Key_Return)
    press(pane, Qt.Key.Key_Escape)  # gives the begun one up, and does not leave
    assert pane.measuring.begun is None
    assert pane.stored is not None


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"ImagerPixelSpacing": [0.143, 0.143]}, "mm at the detector"),
        ({}, "pixels"),
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.143, 0.143]}, "mm"),
    ],
)
def test_what_a_length_means_is_said(shown, header, words):
    pane = shown(Archive().add("CR", made(ramp(), Modality="CR", **header)))
    press(pane, Qt.Key.Key_M)
    drag(pane, Qt.MouseButton.LeftButton, 100, 0)
    (line,) = pane.measuring.lengths
    assert line.words(pane.stored.geometry).split(" ", 1)[1] == words


def test_patient_exam_place_and_notice_are_said_of_every_image(shown):
    pane = shown(ct(LossyImageCompression="01", ImageLaterality="L", ViewPosition="MLO"))
    words = pane.accessibleDescription()
    for part in ("OKONKWO, Adaeze", "00417", "CT chest", "2026-11-21", "Series 1", "Image 1 of 1", NOTICE):
        assert part in words
    assert "Compressed with loss" in words
    assert "Left MLO" in words


def test_the_notice_is_drawn_with_and_without_an_image_and_never_cut(shown, view):
    pane = shown(ct())
    for width in (900, 240):
        view.resize(width, 500)
        for state in ("image", "none"):
            if state == "none":
                pane.show_sentence("")
            picture = settled(pane)
            row = [
                x
                for x in range(picture.width())
                if any(picture.pixelColor(x, picture.height() - y).blue() > 100 for y in range(4, 20))
            ]
            assert len(row) > 100
            assert row[0] > 2
            assert row[-1] < picture.width() - 2


def test_colours_are_drawn_as_they_are_stored_and_have_no_window(shown):
    pane = shown(Archive().add("US", real("examples_rgb_color.dcm"), modality="US"))
    assert pane.look.presets == ()
    before = pane.look.window
    drag(pane, Qt.MouseButton.RightButton, 50, 50)
    assert pane.look.window == before
    values = pane.stored.values
    row, column = np.argwhere(values[..., 0].astype(int) - values[..., 2] > 150)[200]
    assert "Colours as stored" in pane.spoken()
    placing = pane.look.placing
    at = placing.to_screen(Point(column + 0.5, row + 0.5))
    colour = settled(pane).pixelColor(round(at.x), round(at.y))
    assert colour.red() > colour.blue() + 80


def test_clearing_leaves_nothing_of_the_image(shown):
    pane = shown(ct())
    press(pane, Qt.Key.Key_M)
    drag(pane, Qt.MouseButton.LeftButton, 100, 0)
    pane.clear()
    assert pane.stored is None
    assert pane._drawing is None
    assert pane.measuring.lengths == ()
    assert pane.accessibleDescription() == ""
    words = settled(pane)
    assert all(words.pixelColor(450, y).red() < 12 for y in range(0, 560, 7))
