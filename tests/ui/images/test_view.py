"""The full view: scrolling, cine, two side by side, whose images they are, and the way back to the report."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QToolButton

from client.session.stored import Window
from client.ui.images.keys import Deed
from client.ui.images.linking import parallel
from client.ui.report.view import ReportView
from tests.ui.images.archive import Archive, made, ramp, real, report
from tests.ui.report.test_view import text

AXIAL = [1, 0, 0, 0, 1, 0]
SAGITTAL = [0, 1, 0, 0, 0, -1]


def stack(count, thickness=5.0, start=0.0, orientation=AXIAL, kind="CT"):
    """Return slices of a volume."""
    return [
        made(
            ramp(first=at),
            Modality=kind,
            ImageOrientationPatient=orientation,
            ImagePositionPatient=[0, 0, start + at * thickness],
        )
        for at in range(count)
    ]


def press(view, key, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(view.reel.pane, key, held)


def there(qtbot, *reels):
    qtbot.waitUntil(lambda: all(reel.seen == reel.at and reel.pane.stored is not None for reel in reels))


def test_keys_and_wheel_scroll_through_a_series_from_its_middle(shown, view, qtbot):
    shown(Archive().add("Axial", *stack(30)))
    assert view.reel.at == 14
    for key, at in (
        (Qt.Key.Key_Down, 15),
        (Qt.Key.Key_Up, 14),
        (Qt.Key.Key_PageDown, 24),
        (Qt.Key.Key_End, 29),
        (Qt.Key.Key_Down, 29),
        (Qt.Key.Key_Home, 0),
    ):
        press(view, key)
        there(qtbot, view.reel)
        assert view.reel.seen == at
        assert f"Image {at + 1} of 30" in view.reel.pane.spoken()
        assert view.reel.pane.stored.values[0, 0] == at


def test_a_window_the_user_chose_stays_while_scrolling_and_goes_with_the_series(shown, view, qtbot):
    pane = shown(Archive().add("A", *stack(5)).add("B", *stack(5)))
    pane.choose_window(Window(10, 20))
    press(view, Qt.Key.Key_Down)
    there(qtbot, view.reel)
    assert pane.look.window == Window(10, 20)
    press(view, Qt.Key.Key_Right)
    there(qtbot, view.reel)
    assert view.reel.stack.title == "B"
    assert pane.look.window != Window(10, 20)


def test_a_cine_shows_every_frame_at_the_pace_of_its_file(shown, view, qtbot):
    frames = np.stack([ramp(first=at) for at in range(4)])
    pane = shown(Archive().add("Echo", made(frames, FrameTime=20), modality="US"), at=0)
    there(qtbot, view.reel)
    seen = []
    view.reel.shown.connect(lambda: seen.append(view.reel.seen))
    press(view, Qt.Key.Key_Space)
    assert view.reel.playing
    assert view.reel.per_second == 50
    qtbot.waitUntil(lambda: len({*seen}) == 4)
    assert pane.stored.values[0, 0] == view.reel.seen
    press(view, Qt.Key.Key_Space)
    assert not view.reel.playing
    press(view, Qt.Key.Key_Space)
    view.hide()
    assert not view.reel.playing


def test_two_images_stand_side_by_side_and_are_windowed_together(shown, view, qtbot):
    shown(Archive().add("A", *stack(5)).add("B", *stack(5)))
    press(view, Qt.Key.Key_S)
    there(qtbot, *view.reels)
    assert [reel.stack.title for reel in view.reels] == ["A", "B"]
    assert view.panes[1].framed
    view.panes[0].choose_window(Window(10, 20))
    assert view.panes[1].look.window == Window(10, 20)
    press(view, Qt.Key.Key_L)
    view.panes[0].choose_window(Window(30, 40))
    assert view.panes[1].look.window == Window(10, 20)
    press(view, Qt.Key.Key_S)
    assert not view.beside
    assert view.panes[1].stored is None


def test_values_that_mean_something_else_are_not_windowed_together(shown, view, qtbot):
    shown(Archive().add("CT", *stack(2)).add("MR", *stack(2, kind="MR"), modality="MR"))
    view.do(Deed.BESIDE)
    there(qtbot, *view.reels)
    before = view.panes[1].look.window
    view.panes[0].choose_window(Window(10, 20))
    assert view.panes[1].look.window == before


def test_without_geometry_two_stacks_scroll_by_as_many_pictures(shown, view, qtbot):
    shown(Archive().add("A", *[made(ramp())] * 9).add("B", *[made(ramp())] * 9))
    view.do(Deed.BESIDE)
    there(qtbot, *view.reels)
    view.panes[0].setFocus()
    view.do(Deed.FURTHER_BACK)
    there(qtbot, *view.reels)
    assert [reel.at for reel in view.reels] == [0, 0]
    view.do(Deed.NEXT)
    there(qtbot, *view.reels)
    assert [reel.at for reel in view.reels] == [1, 1]


def test_with_geometry_they_go_to_the_same_depth(albums, view, qtbot, depths):
    view.open(albums(Archive().add("Thin", *stack(41, 2.5)).add("Thick", *stack(11, 10.0))))
    there(qtbot, view.reel)
    view.do(Deed.BESIDE)
    there(qtbot, *view.reels)
    view.panes[0].setFocus()
    for by in (10, 10, -5, -20):
        view.reels[0].step(by)
        there(qtbot, *view.reels)
    depth = view.reels[0].depth
    qtbot.waitUntil(lambda: view.reels[1].depth is not None and abs(view.reels[1].depth - depth) <= 5)


@pytest.fixture
def depths(monkeypatch):
    """Have frames say where they lie, as the darkroom's work is to."""
    from client.darkroom.work import image

    plain = image._of_frame

    def of_frame(own, frame):
        position = [float(each) for each in own.ImagePositionPatient]
        return plain(own, frame) | {"position": position}

    monkeypatch.setattr(image, "_of_frame", of_frame)


def test_planes_that_face_another_way_are_not_linked_by_depth(shown, view, qtbot):
    axial = shown(Archive().add("A", *stack(3)).add("S", *stack(3, orientation=SAGITTAL)))
    view.do(Deed.BESIDE)
    there(qtbot, *view.reels)
    assert not parallel(axial.stored.geometry, view.panes[1].stored.geometry)
    assert parallel(axial.stored.geometry, axial.stored.geometry)


def test_images_that_name_another_patient_are_not_shown_before_that_was_read(albums, view, qtbot):
    archive = Archive(patient_id="99999").add("A", *stack(3))
    view.open(albums(archive))
    view.take_focus()
    assert view.reel.pane.stored is None
    assert view._doubt.isVisible()
    assert "another patient identifier" in view._doubt._words.text()
    assert QApplication.focusWidget() is view._doubt.button
    for key in (Qt.Key.Key_Down, Qt.Key.Key_S):
        press(view, key)
    assert all(pane.stored is None for pane in view.panes)
    assert archive.asked == []
    QTest.keyClick(view._doubt.button, Qt.Key.Key_Space)
    there(qtbot, view.reel)
    assert not view._doubt.isVisible()
    assert "In doubt" in view.reel.pane.spoken()


def test_what_cannot_be_shown_says_why_in_the_place_of_the_image(albums, view, qtbot):
    archive = Archive().add("A", *stack(2))
    archive.files.clear()
    view.open(albums(archive))
    qtbot.waitUntil(lambda: "no such image" in view.reel.pane.sentence)
    assert view.reel.pane.stored is None


def test_every_tool_has_a_name_and_says_its_key(view):
    buttons = [each for each in view.findChildren(QToolButton) if each.icon().isNull() is False]
    assert len(buttons) >= 14
    for button in buttons:
        assert button.accessibleName()
        assert "(" in button.toolTip() or button.accessibleName() in button.toolTip()


def test_keys_work_while_a_tool_has_the_focus(shown, view):
    pane = shown(Archive().add("A", *stack(3)))
    tool = next(each for each in view.findChildren(QToolButton) if each.accessibleName() == "Turn left")
    tool.setFocus()
    QTest.keyClick(tool, Qt.Key.Key_I)
    assert pane.look.invert


@pytest.fixture
def reading(qtbot, albums):
    """A report view whose images come from an archive."""

    class Given:
        def __init__(self):
            self.archive, self.open_now, self.asked = Archive(), None, []

        def open(self, its, done, failed):
            self.asked.append(its.key)
            self.open_now = albums(self.archive, its)
            done(self.open_now)

        def close(self):
            if self.open_now is not None:
                self.open_now.close()

    reading, given = ReportView(), Given()
    reading.images_from(given)
    qtbot.addWidget(reading)
    reading.resize(1000, 760)
    with qtbot.waitExposed(reading):
        reading.show()
    reading.activateWindow()
    qtbot.waitUntil(reading.isActiveWindow)
    yield reading, given
    reading.clear()


def open_report(qtbot, reading, its):
    reading.show_report(its, text("Clear."), False)
    qtbot.waitUntil(lambda: reading.images.strip is not None and reading.images.strip.isVisible())


def test_small_pictures_stand_below_the_report_and_one_key_opens_them(reading, qtbot):
    reading, given = reading
    given.archive.add("CT", real("CT_small.dcm")).add("Echo", real("examples_rgb_color.dcm"), modality="US")
    open_report(qtbot, reading, report())
    strip = reading.images.strip
    assert [strip.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)] == [
        "CT CT, Series 1, 1 image",
        "US Echo, Series 2, 1 image",
    ]
    QTest.keyClick(reading, Qt.Key.Key_G)
    view = reading.images.view
    there(qtbot, view.reel)
    assert view.isVisible()
    assert not reading.reader.isVisible()
    assert reading.banner.isVisible()
    QTest.keyClick(view.reel.pane, Qt.Key.Key_Escape)
    assert not view.isVisible()
    assert reading.reader.isVisible()
    assert QApplication.focusWidget() is reading.reader
    strip.setCurrentRow(1)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    there(qtbot, view.reel)
    assert view.reel.stack.title == "Echo"


def test_letters_mean_the_image_while_it_has_the_focus_and_the_report_otherwise(reading, qtbot):
    reading, given = reading
    given.archive.add("CT", real("CT_small.dcm"))
    open_report(qtbot, reading, report())
    newer, next_one = QSignalSpy(reading.newer_requested), QSignalSpy(reading.next_requested)
    reading.images.enter()
    pane = reading.images.view.reel.pane
    there(qtbot, reading.images.view.reel)
    reading.show_newer()
    QTest.keyClick(pane, Qt.Key.Key_R)
    assert pane.look.turn.quarters == 1
    assert newer.count() == 0
    QTest.keyClick(pane, Qt.Key.Key_J)
    assert next_one.count() == 1


def test_another_report_takes_the_images_of_the_one_before_away(reading, qtbot):
    reading, given = reading
    given.archive.add("CT", real("CT_small.dcm"))
    open_report(qtbot, reading, report())
    reading.images.enter()
    there(qtbot, reading.images.view.reel)
    before = given.open_now
    other = report("r2", identifier="00999", name="BERG, Lena", accession="none")
    reading.show_report(other, text("Clear."), False)
    view = reading.images.view
    assert view.reel.pane.stored is None
    assert "OKONKWO" not in view.reel.pane.accessibleDescription()
    assert not view.isVisible()
    assert not reading.images.strip.isVisible()
    assert reading.reader.isVisible()
    assert before.kept(before.stacks[0].slices[0]) is None
    qtbot.waitUntil(lambda: given.asked == ["r1", "r2"])
    assert not reading.images.strip.isVisible()  # this one has none


def test_a_report_that_is_passed_by_is_not_asked_about(reading, qtbot):
    reading, given = reading
    for key in ("r1", "r2", "r3"):
        reading.show_report(report(key), text("Clear."), False)
    qtbot.waitUntil(lambda: bool(given.asked))
    assert given.asked == ["r3"]
