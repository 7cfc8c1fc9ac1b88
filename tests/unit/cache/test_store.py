"""The cache as a session uses it: what it keeps, what it lets go of, and what it says when it cannot."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from client.cache.record import CHUNK, RecordId, RecordKind
from client.cache.segments import Segment
from client.cache.store import ReportCache
from client.errors import CacheMiss, CacheUnavailable, DamagedRecord, SessionEnded

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def report(number, version="1"):
    return RecordId(RecordKind.REPORT, f"report-{number}", version)


def tamper(cache, record, at=0, data=b"other bytes"):
    """Write over a stored record as someone with access to the disk would."""
    place = cache._log.peek(record)
    os.pwrite(place.segment._descriptor, data, place.offset + at)


def open_files_under(folder):
    """Return this process's open files whose path, while they had one, was in `folder`."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the listing's own
            if link.readlink().is_relative_to(folder):
                found.append(link)
    return found


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("length", [0, 1, 3000, CHUNK, CHUNK + 1, 5_000_000])
def test_stored_content_comes_back(cache, kind, length):
    data = os.urandom(length)

    cache.put(report(1), kind(data))

    assert cache.get(report(1)) == data
    assert cache.size_of(report(1)) == length
    assert report(1) in cache
    assert len(cache) == 1


def test_many_records_of_all_sizes_come_back(cache):
    records = {
        report(n): os.urandom(length) for n, length in enumerate([0, 3000, CHUNK, 900_000, 1, 40_000] * 20)
    }

    cache.put_many(records.items())

    assert {record: cache.get(record) for record in records} == records


def test_many_records_are_read_in_order_and_what_is_missing_or_damaged_is_left_out(make_cache):
    heard = []
    cache = make_cache(on_damage=heard.append)
    contents = [b"", b"first", bytes(CHUNK + 1), b"third", b"fourth"]
    cache.put_many((report(number), data) for number, data in enumerate(contents))
    tamper(cache, report(3))

    found = cache.get_many(map(report, [4, 3, 9, 2, 1, 0]))

    assert found == [b"fourth", None, None, bytes(CHUNK + 1), b"first", b""]
    assert heard == [report(3)]


def test_part_of_a_large_record_is_read_without_the_rest(cache):
    data = os.urandom(3_000_000)
    cache.put(report(1), data)
    tamper(cache, report(1), at=2 * CHUNK + 500)  # chunk 2 no longer verifies

    assert cache.read(report(1), 100, CHUNK) == data[100 : 100 + CHUNK]
    assert cache.read(report(1), 2_999_990, 100) == data[-10:]
    assert cache.read(report(1), 4_000_000, 10) == b""
    with pytest.raises(DamagedRecord):
        cache.read(report(1), 2 * CHUNK, 1)


def test_versions_are_records_of_their_own(cache):
    cache.put(report(1, "1"), b"preliminary")
    cache.put(report(1, "2"), b"final")

    assert cache.get(report(1, "1")) == b"preliminary"
    assert cache.get(report(1, "2")) == b"final"


def test_later_content_replaces_earlier(cache):
    cache.put(report(1), b"earlier")
    cache.put_many([(report(1), b"later"), (report(1), b"last")])

    assert cache.get(report(1)) == b"last"
    assert len(cache) == 1


def test_the_last_of_several_contents_in_one_batch_wins_whatever_their_sizes(cache):
    cache.put_many([(report(1), b"small"), (report(1), bytes(CHUNK + 1))])
    cache.put_many([(report(2), bytes(CHUNK + 1)), (report(2), b"small")])

    assert cache.get(report(1)) == bytes(CHUNK + 1)
    assert cache.get(report(2)) == b"small"


def test_unknown_record_is_a_miss(cache):
    cache.put(report(1), b"text")
    cache.drop(report(1))
    cache.drop(report(2))

    for use in (cache.get, cache.size_of):
        with pytest.raises(CacheMiss):
            use(report(1))
    assert report(1) not in cache


def test_damaged_record_is_reported_once_and_then_missing(make_cache):
    heard = []
    cache = make_cache(on_damage=heard.append)
    cache.put(report(1), os.urandom(3000))
    cache.put(report(2), b"unharmed")
    tamper(cache, report(1), at=1000)

    with pytest.raises(DamagedRecord):
        cache.get(report(1))

    with pytest.raises(CacheMiss) as missing:
        cache.get(report(1))
    assert not isinstance(missing.value, DamagedRecord)
    assert heard == [report(1)]
    assert cache.damaged == 1
    assert cache.get(report(2)) == b"unharmed"


def test_records_swapped_on_disk_are_damage(cache):
    cache.put(report(1), b"first patient")
    cache.put(report(2), b"other patient")
    places = [cache._log.peek(report(n)) for n in (1, 2)]
    swapped = [place.segment.read(place.size, place.offset) for place in reversed(places)]
    for number, data in enumerate(swapped, 1):
        tamper(cache, report(number), data=data)

    for number in (1, 2):
        with pytest.raises(DamagedRecord):
            cache.get(report(number))


def test_earlier_content_brought_back_on_disk_is_damage(cache):
    cache.put(report(1), b"preliminary: normal")
    place = cache._log.peek(report(1))
    earlier = place.segment.read(place.size, place.offset)
    cache.put(report(1), b"final: a fracture !")
    tamper(cache, report(1), data=earlier)

    with pytest.raises(DamagedRecord):
        cache.get(report(1))


@pytest.mark.parametrize("length", [3000, 3_000_000])
def test_truncated_file_is_damage(cache, length):
    cache.put(report(1), os.urandom(length))
    os.ftruncate(cache._log.peek(report(1)).segment._descriptor, length - 10)

    with pytest.raises(DamagedRecord):
        cache.get(report(1))


def test_nothing_is_served_after_close_and_closing_twice_is_fine(cache):
    cache.put(report(1), b"text")
    cache.close()
    cache.close()

    with pytest.raises(SessionEnded):
        cache.get(report(1))
    with pytest.raises(SessionEnded):
        cache.put(report(1), b"text")
    assert cache.stored == 0
    assert report(1) not in cache


def test_destroyed_key_ends_the_cache(cache, key):
    cache.put(report(1), b"text")
    key.destroy()

    with pytest.raises(SessionEnded):
        cache.get(report(1))
    with pytest.raises(SessionEnded):
        cache.get_many([report(1)])
    with pytest.raises(SessionEnded):
        cache.put_many([(report(2), b"text")])


@linux_only
def test_files_are_nameless_private_and_hold_only_ciphertext(make_cache, tmp_path):
    cache = make_cache(limit=320_000_000)
    text = b"IMPRESSION: no acute intracranial abnormality. " * 60
    for number in range(50):
        cache.put(report(number), text)
    cache.put(report("large"), text * 400)

    assert list((tmp_path / "cache").iterdir()) == []
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    files = open_files_under(tmp_path)
    assert files
    stored = b""
    for link in files:
        assert link.readlink().name.endswith(" (deleted)")
        information = link.stat()
        assert information.st_nlink == 0
        assert stat.S_IMODE(information.st_mode) == 0o600
        stored += link.read_bytes()
    assert len(stored) == cache.stored > len(text) * 450
    for clear in (b"IMPRESSION", b"report-", b"abnormality"):
        assert clear not in stored
    cache.close()
    assert open_files_under(tmp_path) == []


def test_least_recently_used_goes_first_and_disk_space_comes_back(make_cache):
    cache = make_cache(limit=400_000)
    for number in range(100):
        cache.put(report(number), bytes(3000))
        cache.get(report(0))  # in use all the time
        for record in (report(1), report(2)):
            if record in cache and number < 50:
                cache.get(record)
    for number in range(100, 250):
        cache.put(report(number), bytes(3000))
        cache.get(report(0))

    assert report(0) in cache
    assert report(249) in cache
    assert report(1) not in cache
    assert cache.stored <= 400_000
    assert 60 <= len(cache) <= 133
    assert len(cache._log._segments) <= 66
    for number in range(250):
        if report(number) in cache:
            assert cache.get(report(number)) == bytes(3000)


def test_no_room_to_tidy_costs_records_and_nothing_else(make_cache, monkeypatch):
    cache = make_cache(limit=640_000)
    for number in range(200):
        cache.put(report(number), bytes(3000))
    for number in range(0, 200, 2):
        cache.drop(report(number))
    survivors = {number for number in range(200) if report(number) in cache}

    def full(*_):
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("client.cache.log.SegmentLog._move", full)
        cache.put(report("new"), bytes(100_000))

    assert cache.get(report("new")) == bytes(100_000)
    assert cache.stored <= 640_000
    left = {number for number in range(200) if report(number) in cache}
    assert left < survivors
    for number in left:
        assert cache.get(report(number)) == bytes(3000)


@linux_only
def test_a_file_let_go_of_while_it_is_read_is_closed_after_the_read(make_cache, tmp_path, monkeypatch):
    cache = make_cache(limit=64_000)
    cache.put(report(1), bytes(3000))
    cache.put(report(2), bytes(3000))  # in a file of its own
    read = Segment.read

    def dropped_meanwhile(segment, length, offset):
        cache.drop(report(1))
        assert len(open_files_under(tmp_path)) == 2
        return read(segment, length, offset)

    with monkeypatch.context() as patched:
        patched.setattr(Segment, "read", dropped_meanwhile)
        assert cache.get(report(1)) == bytes(3000)

    assert len(open_files_under(tmp_path)) == 1


def test_a_record_dropped_while_it_is_tidied_stays_dropped(make_cache, monkeypatch):
    cache = make_cache(limit=640_000)
    for number in range(200):
        cache.put(report(number), bytes(3000))
    for number in range(0, 200, 2):
        cache.drop(report(number))
    dropped = set()
    read = Segment.read

    def dropped_meanwhile(segment, length, offset):
        for record in list(segment.records):
            cache.drop(record)
            dropped.add(record)
        return read(segment, length, offset)

    with monkeypatch.context() as patched:
        patched.setattr(Segment, "read", dropped_meanwhile)
        cache.put(report("new"), bytes(100_000))

    kept = [number for number in range(200) if report(number) in cache]
    assert dropped
    assert not [record for record in dropped if record in cache]
    assert sum(segment.live for segment in cache._log._segments) == 3016 * len(kept) + 100_016
    for number in kept:
        assert cache.get(report(number)) == bytes(3000)


def test_record_larger_than_the_limit_is_refused_and_the_rest_stays(make_cache):
    cache = make_cache(limit=100_000)
    cache.put(report(1), b"text")

    with pytest.raises(CacheUnavailable, match="larger than the space"):
        cache.put(report(2), bytes(100_000))
    assert cache.get(report(1)) == b"text"


def test_readers_and_writers_at_once_see_whole_records_only(make_cache):
    cache = make_cache(limit=2_000_000)
    contents = {report(n): bytes([n]) * (n * 997 % 40_000 + 1) for n in range(120)}
    large = report("large")
    wrong = []
    done = threading.Event()

    def write(records):
        for _ in range(3):
            for record in records:
                cache.put(record, contents[record])
            cache.put_many((record, contents[record]) for record in records)
            cache.put(large, bytes(700_000))

    def read():
        while not done.is_set():
            for record, content in contents.items():
                try:
                    if cache.get(record) != content:
                        wrong.append("content")
                except DamagedRecord:
                    wrong.append("damaged")
                except CacheMiss:
                    pass

    records = list(contents)
    writers = [threading.Thread(target=write, args=(records[part::3],)) for part in range(3)]
    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in writers + readers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert cache.damaged == 0
    assert cache.stored <= 2_000_000


def test_closing_while_others_read_and_write_ends_them_cleanly(make_cache):
    cache = make_cache()
    cache.put(report(1), bytes(2_000_000))
    outcomes = []
    at_work = threading.Barrier(5)

    def work(use):
        at_work.wait()
        try:
            while True:
                use()
        except SessionEnded:
            outcomes.append("ended")

    uses = [lambda: cache.get(report(1)), lambda: cache.put(report(2), bytes(1_000_000))]
    threads = [threading.Thread(target=work, args=(use,)) for use in uses * 2]
    for thread in threads:
        thread.start()
    at_work.wait()
    cache.close()
    for thread in threads:
        thread.join()
    assert outcomes == ["ended"] * 4
    assert cache.stored == 0


def test_a_file_where_the_folder_should_be_is_said_plainly(key, tmp_path):
    (tmp_path / "cache").write_text("not a folder")

    with pytest.raises(CacheUnavailable, match="go on reading"):
        ReportCache(tmp_path / "cache", key, 1_000_000)


def test_a_folder_on_a_network_drive_is_not_used(key, tmp_path, monkeypatch):
    device = tmp_path.stat().st_dev
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"36 35 {os.major(device)}:{os.minor(device)} / / rw - nfs4 server:/home rw\n")
    monkeypatch.setattr("client.system.volume._MOUNTS", mounts)

    with pytest.raises(CacheUnavailable, match="own disk"):
        ReportCache(tmp_path / "cache", key, 1_000_000)
