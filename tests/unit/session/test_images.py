"""The images of a report: found, fetched once, kept encrypted, and given out where whose they are is sure."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from queue import Queue

import numpy as np
import pytest
from pydicom import dcmread

from client.cache.key import CacheKey
from client.cache.store import ReportCache
from client.darkroom.desk import Developed
from client.errors import DevelopError, Withdrawn
from client.model.imaging import ImageReference
from client.session.album import Doubtful, Thumbnail
from client.session.images import Images
from client.session.lanes import Lanes
from client.session.reading import record_of
from client.session.stacks import doubt, stacks_of
from client.session.stored import Function, Measure, read_facts, read_frame
from tests.ui.images.archive import STUDY, Archive, Room, made, ramp, real, reference, report


class Reader:
    """A cache, lanes and a darkroom in this process; what comes is waited for."""

    def __init__(self, archive, folder):
        self.key = CacheKey.generate()
        self.cache = ReportCache(folder, self.key, 64 * 1024**2)
        self.lanes = Lanes(lambda call: call(), lambda error: None)
        self.room = Room()
        self.images = Images(archive, self.cache, self.lanes, lambda: self.room)

    def album(self, its=None):
        found = Queue()
        self.images.open(its or report(), found.put, found.put)
        return found.get(timeout=20)

    def bring(self, album, wanted, place=0):
        found = Queue()
        album.bring(wanted, place, found.put, found.put)
        return found.get(timeout=20)

    def little(self, album, wanted):
        found = Queue()
        album.bring_thumbnail(wanted, found.put, found.put)
        return found.get(timeout=20)

    def close(self):
        self.images.close()
        self.lanes.close()
        for pool in self.lanes._pools.values():
            pool.shutdown(wait=True)
        self.cache.close()
        self.key.destroy()


@pytest.fixture
def reader(tmp_path):
    made = []

    def make(archive):
        made.append(Reader(archive, tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.close()


def two_slices():
    return Archive().add("Axial", made(ramp(), Modality="CT"), made(ramp(first=5), Modality="CT"))


def test_a_series_is_found_by_the_accession_number_and_its_values_are_those_that_are_stored(reader):
    desk = reader(Archive().add("Axial", real("CT_small.dcm")))
    album = desk.album()
    (stack,) = album.stacks
    assert (stack.title, stack.number, stack.modality) == ("Axial", 1, "CT")
    stored = desk.bring(album, stack.slices[0])
    own = dcmread(io.BytesIO(real("CT_small.dcm")))
    assert np.array_equal(stored.values, own.pixel_array)
    assert (stored.slope, stored.intercept) == (own.RescaleSlope, own.RescaleIntercept)
    assert stored.geometry.measure is Measure.PATIENT


def test_every_frame_of_an_instance_is_a_picture_of_the_stack(reader):
    frames = np.stack([ramp(first=at) for at in range(5)])
    desk = reader(Archive().add("Echo", made(frames, FrameTime=40), modality="US"))
    album = desk.album()
    assert [each.frame for each in album.stacks[0].slices] == [0, 1, 2, 3, 4]
    for each in album.stacks[0].slices:
        assert np.array_equal(desk.bring(album, each).values, frames[each.frame])
    assert len(desk.room.desks) == 1  # it lies open for the next frame
    assert desk.bring(album, album.stacks[0].slices[0]).facts.frame_time.total_seconds() == 0.04
    album.close()
    assert desk.room.desks[0].closed


def test_an_instance_is_fetched_once_and_kept_under_the_session_s_key(reader, tmp_path):
    archive = two_slices()
    desk = reader(archive)
    album = desk.album()
    first = desk.bring(album, album.stacks[0].slices[0])
    again = desk.album()  # the same report, opened once more
    assert np.array_equal(desk.bring(again, again.stacks[0].slices[0]).values, first.values)
    assert archive.asked == ["1.2.3.1.1"]
    assert len(desk.cache) == 1
    assert desk.cache.stored > len(archive.files["1.2.3.1.1"])
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]  # nameless, as all the cache has


def test_a_picture_in_memory_comes_within_the_call(reader):
    desk = reader(two_slices())
    album = desk.album()
    wanted = album.stacks[0].slices[0]
    desk.bring(album, wanted)
    came = []
    album.bring(wanted, 0, came.append, came.append)
    assert len(came) == 1


def test_neighbours_are_there_before_they_are_asked_for(reader):
    desk = reader(two_slices())
    album = desk.album()
    album.look_ahead(album.stacks[0].slices)
    for pool in desk.lanes._pools.values():
        pool.shutdown(wait=True)
    assert all(album.kept(each) is not None for each in album.stacks[0].slices)


def test_many_instances_at_once_do_not_close_each_other(reader):
    several = [made(np.stack([ramp(first=at)] * 2)) for at in range(8)]
    desk = reader(Archive().add("Echo", *several).add("CT", *[made(ramp(first=at)) for at in range(8)]))
    album = desk.album()
    wanted = [each for stack in album.stacks for each in stack.slices]
    for place, each in enumerate(wanted):
        album.bring(each, place, lambda stored: None, lambda error: None)
    for pool in desk.lanes._pools.values():
        pool.shutdown(wait=True)
    assert all(album.kept(each) is not None for each in wanted)
    assert sum(not each.closed for each in desk.room.desks) <= 3
    album.close()
    assert all(each.closed for each in desk.room.desks)


def test_images_of_another_patient_are_not_given_out_before_the_user_has_been_told(reader):
    archive = two_slices()
    archive.patient_id = "99999"
    desk = reader(archive)
    album = desk.album()
    wanted = album.stacks[0].slices[0]
    (told,) = album.doubts
    assert "another patient identifier" in told
    assert "99999" not in told
    assert isinstance(desk.bring(album, wanted), Doubtful)
    assert isinstance(desk.little(album, wanted), Doubtful)
    album.look_ahead([wanted])
    assert archive.asked == []
    album.accept()
    assert album.doubts == ()
    assert desk.bring(album, wanted).rows == 64


def test_a_file_that_names_another_patient_than_the_list_is_not_given_out(reader):
    desk = reader(Archive().add("Chest", real("CT_small.dcm", patient_id="99999")))
    album = desk.album()
    wanted = album.stacks[0].slices[0]
    assert album.doubts == ()
    assert isinstance(desk.bring(album, wanted), Doubtful)
    assert album.kept(wanted) is None
    assert len(album.doubts) == 1
    album.accept()
    assert desk.bring(album, wanted).rows == 128


@pytest.mark.parametrize(
    ("patient_id", "accession", "says"),
    [
        ("00417", "ACC-1188", ""),
        (" 00417 ", "acc-1188", ""),
        ("", "", ""),
        ("417", "ACC-1188", "patient identifier"),
        ("00417", "ACC-1", "accession number"),
        ("", "ACC-1", "accession number"),
    ],
)
def test_only_what_both_sides_say_is_compared(patient_id, accession, says):
    said = doubt(patient_id, accession, report())
    assert says in said
    assert bool(said) is bool(says)
    assert doubt(patient_id, accession, report(identifier="", accession="")) == ""


def test_key_images_come_first_in_the_order_of_the_report(reader):
    study = Archive().add("A", *[made(ramp())] * 3).add("B", made(np.stack([ramp()] * 4))).study()
    keys = (reference(2, 1, frames=(3,)), ImageReference("", "", "1.2.3.1.2"), reference(2, 1, frames=(3,)))
    first, *rest = stacks_of([study], keys)
    assert first.title == "Key images"
    assert [(each.image.instance, each.frame) for each in first.slices] == [
        ("1.2.3.2.1", 2),
        ("1.2.3.1.2", 0),
    ]
    assert first.slices[1].image.series == "1.2.3.1"
    assert [stack.title for stack in rest] == ["A", "B"]


def test_the_key_images_of_the_cached_report_are_found(reader):
    desk = reader(Archive(accession="elsewhere").add("A", *[made(ramp())] * 3))
    its = report()
    url = f"https://portal/dicom-web/studies/{STUDY}/series/1.2.3.1/instances/1.2.3.1.2"
    media = f'{{"resourceType":"Media","id":"m","content":{{"url":"{url}"}}}}'
    desk.cache.put(
        record_of(its),
        f'{{"contained":[{media}],"media":[{{"link":{{"reference":"#m"}}}}]}}'.encode(),
    )
    album = desk.album(its)
    assert album.stacks[0].title == "Key images"
    assert [each.image.instance for each in album.stacks[0].slices] == ["1.2.3.1.2"]


def test_what_has_no_picture_is_no_stack():
    archive = Archive().add("A", made(ramp()))
    sr = archive.study().series[0].instances[0].__class__("1.9", "1.2.840.10008.5.1.4.1.1.88.33", 1, 1, 0, 0)
    series = archive.series[0].__class__("1.8", 2, "SR", "Report", "", (sr,))
    study = archive.study().__class__(STUDY, "", "", (*archive.series, series))
    assert [stack.title for stack in stacks_of([study], ())] == ["A"]


def test_a_study_that_promises_endless_frames_is_cut(reader):
    archive = Archive().add("A", made(ramp()))
    many = archive.series[0].instances[0].__class__("1.9", "1", 1, 2**30, 64, 64)
    series = archive.series[0].__class__("1.8", 2, "CT", "Long", "", (many, many))
    (stack,) = stacks_of([archive.study().__class__(STUDY, "", "", (series,))], ())
    assert len(stack.slices) == 20_000


def test_opening_another_report_closes_the_album_before(reader):
    desk = reader(two_slices())
    album = desk.album()
    wanted = album.stacks[0].slices[0]
    desk.bring(album, wanted)
    desk.album(report("r2"))
    assert album.kept(wanted) is None
    came = []
    album.bring(wanted, 0, came.append, came.append)
    for pool in desk.lanes._pools.values():
        pool.shutdown(wait=True)
    assert came == []
    assert album.kept(wanted) is None


def test_what_was_scrolled_past_is_not_fetched(reader):
    archive = Archive().add("A", *[made(ramp(first=at)) for at in range(30)])
    at_the_portal, fetch = threading.Event(), archive.instance

    def slowly(wanted, stop=None):
        at_the_portal.wait(20)
        return fetch(wanted, stop)

    archive.instance = slowly
    desk = reader(archive)
    album = desk.album()
    for each in album.stacks[0].slices:
        album.bring(each, 0, lambda stored: None, lambda error: None)
    at_the_portal.set()
    for pool in desk.lanes._pools.values():
        pool.shutdown(wait=True)
    assert "1.2.3.1.30" in archive.asked
    assert len(archive.asked) <= 5  # those under way when the last was asked for, and the last


def test_what_cannot_be_had_is_said_and_can_be_asked_for_again(reader):
    archive = two_slices()
    file = archive.files.pop("1.2.3.1.1")
    desk = reader(archive)
    album = desk.album()
    wanted = album.stacks[0].slices[0]
    assert isinstance(desk.bring(album, wanted), Withdrawn)
    archive.files["1.2.3.1.1"] = file[:200]
    assert isinstance(desk.bring(album, wanted), DevelopError)
    assert all(each.closed for each in desk.room.desks)


def test_a_small_picture_comes_from_the_portal_and_the_image_itself_where_there_is_none(reader):
    from tests.unit.darkroom.samples import page, saved

    archive = two_slices()
    desk = reader(archive)
    album = desk.album()
    first, second = album.stacks[0].slices
    assert desk.little(album, first).rows == 64  # this archive makes none
    archive.thumbnail = lambda wanted, size=None, stop=None: saved(page(size=(60, 40)), "PNG")
    small = desk.little(album, second)
    assert isinstance(small, Thumbnail)
    assert (small.width, small.height) == (60, 40)
    assert bytes(small.pixels[:3]) == b"\x00\x00\xff"  # blue first: red
    archive.thumbnail = lambda wanted, size=None, stop=None: b"not a picture"
    album = desk.album(report("r2"))
    assert desk.little(album, album.stacks[0].slices[1]).rows == 64


def test_what_a_hostile_file_says_of_itself_does_not_fit_together():
    facts = read_facts({"frames": 10**12, "frame_time": "fast", "modality": 7, "lossy": 1})
    assert (facts.frames, facts.frame_time, facts.modality, facts.lossy) == (1, None, "", False)
    good = {"rows": 2, "columns": 2, "type": "<u2"}
    stored = read_frame(
        Developed(
            good
            | {
                "slope": "x",
                "windows": [{"centre": 1, "width": -1}, 3],
                "window_function": "CUBIC",
                "spacing": [0, 1],
                "spacing_of": "pixel",
                "orientation": [1, 0, 0, 1, 0, 0],
            },
            (bytes(8),),
        ),
        facts,
    )
    assert (stored.slope, stored.windows, stored.function) == (1.0, (), Function.LINEAR)
    assert stored.geometry.spacing is None
    assert stored.geometry.along_row is None
    for bad in ({"rows": 3}, {"rows": -2}, {"type": "<O8"}, {"type": "rgb"}, {"columns": "2"}):
        with pytest.raises(DevelopError):
            read_frame(Developed(good | bad, (bytes(8),)), facts)


def test_numpy_and_qt_are_not_imported_before_an_image_is():
    code = (
        "import sys, client.session.images\n"
        "assert not {'numpy', 'PySide6', 'pydicom'} & set(sys.modules), set(sys.modules) & {'numpy'}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
