"""The search index: finds as one types, forgets old versions, never raises, never touches a file."""

import os
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.clock import SystemClock
from client.model.moment import Moment
from client.model.report import Patient, Report, ReportStatus, Sex
from client.session.finding import Finding
from client.session.query import Words, read_query
from client.session.search import SearchIndex
from client.session.words import words
from client.session.worklist import Worklist

ROOT = Path(__file__).parents[3]


def report(key, name="MÜLLER, Łukasz", version="1", **fields):
    whole = {
        "key": key,
        "version": version,
        "status": ReportStatus.FINAL,
        "critical": False,
        "patient": Patient("p", name, "MRN-00417", Moment.parse("1962-03-04"), Sex.MALE),
        "exam": "CT chest",
        "modality": "CT",
        "date": None,
        "issued": None,
        "radiologist": "Dr Nwosu",
        "referrer": "Dr Haddad",
        "accession": "ACC/77-1",
    }
    return Report(**(whole | fields))


class Desk:
    """An index, and the worklist beside it that a query is asked of."""

    def __init__(self):
        self.index, self.worklist = SearchIndex(), Worklist(SystemClock())
        self.finding, self.brought = Finding(self.worklist, self.index), []

    def add(self, batch):
        batch = list(batch)
        self.brought += [one for one, _text in batch]
        self.index.add(batch)

    def matches(self, typed):
        self.worklist.merge(self.brought)
        self.brought.clear()
        found = self.finding.rows(read_query(typed, date(2026, 11, 20)))
        return None if found is None else [self.worklist.report(row).key for row in sorted(found)]

    def close(self):
        self.index.close()

    def __len__(self):
        return len(self.index)


@pytest.fixture
def index():
    made = Desk()
    yield made
    made.close()


@pytest.mark.parametrize(
    "typed",
    [
        *("m", "mull", "MÜLLER", "mu\u0308ller", "lukasz", "Łuk", "00417", "mrn-004", "1962-03", "chest ct"),
        *(
            "nwos",
            "hadd",
            "acc/77",
            "effus",
            "pleural muller",
            "  no   effusion ",
            '"no" (effusion*)',
            "6 mm",
        ),
        *("6 cm²", "cm2"),
    ],
)
def test_every_word_is_found_as_it_is_typed(index, typed):
    index.add([(report("a"), "No pleural effusion. A 6 mm nodule of 2 cm²."), (report("b", name="X, Y"), "")])
    assert "a" in index.matches(typed)


@pytest.mark.parametrize("typed", ["zebra", "effusion zebra", "ullerr", "pleurall"])
def test_what_is_not_there_is_not_found(index, typed):
    index.add([(report("a"), "No pleural effusion.")])
    assert index.matches(typed) == []


@pytest.mark.parametrize("typed", ["", "   ", "-", '"', "* ( ) ^ :", "…", "\x00", "\ud800"])
def test_no_word_filters_nothing_out(index, typed):
    index.add([(report("a"), "")])
    assert index.matches(typed) is None


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王, 小明", "小明"),
        ("王, 小明", "王小"),
        ("김, 민준", "민준"),
        ("الأنصاري, فاطمة", "فاط"),
        ("ИВАНОВА, Екатерина", "иванова"),
        ("ΠΑΠΑΔΟΠΟΎΛΟΥ, Ελένη", "ελενη"),
        ("NGUYỄN, Thị", "nguyen thi"),
        ("HAUGEN, Bjørn", "bjorn"),
        ("WEIß, Ida", "weiss"),
    ],
)
def test_names_of_every_script_are_found(index, name, typed):
    index.add([(report("a", name=name), ""), (report("b", name="SMITH, John"), "")])
    assert index.matches(typed) == ["a"]


def test_a_newer_version_replaces_what_the_older_said(index):
    index.add([(report("a"), "left kidney")])
    assert index.matches("left") == ["a"]
    index.add([(report("a", version="2"), "right kidney")])
    assert index.matches("left") == []
    assert index.matches("right kidney") == ["a"]
    assert len(index) == 1


def test_what_is_added_after_a_question_is_found_by_the_same_question(index):
    index.add([(report("a"), "left kidney")])
    assert index.matches("left") == ["a"]
    index.add([(report("b"), "left lung")])
    assert sorted(index.matches("left")) == ["a", "b"]


def test_a_report_without_patient_is_found_by_its_exam(index):
    index.add([(report("a", patient=None, exam="Barium swallow"), "")])
    assert index.matches("bar swal") == ["a"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=40))
def test_no_text_whatever_raises_and_each_of_its_words_finds_it(body, name, typed):
    index = Desk()
    index.add([(report("a", name=name), body)])
    index.matches(typed)
    for word in words(f"{name} {body}")[:5]:
        assert index.matches(f'"{word}"') == ["a"]
    index.close()


def test_a_batch_being_added_does_not_keep_a_keystroke_waiting(index):
    """The writer is stopped in the middle of its batch, and the question is answered all the same."""
    reached, go_on, let_on = threading.Event(), threading.Event(), []

    class Slow(str):
        def __getitem__(self, piece):
            reached.set()
            let_on.append(go_on.wait(10))
            return str.__getitem__(self, piece)

    batch = [(report("a"), "first"), (report("b"), Slow("second"))]
    writer = threading.Thread(target=index.add, args=(batch,))
    writer.start()
    try:
        assert reached.wait(10)
        assert index.matches("first") == ["a"]
    finally:
        go_on.set()
        writer.join()
    assert let_on == [True]
    assert index.matches("second") == ["b"]


def test_many_threads_may_add_and_ask_at_once(index):
    def add(start):
        index.add([(report(f"r{start + number}"), f"word{start + number}") for number in range(50)])

    writers = [threading.Thread(target=add, args=(start,)) for start in range(0, 200, 50)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert index.matches("nwosu") is not None
    for writer in writers:
        writer.join()
    assert len(index.matches("nwosu")) == len(index) == 200


def test_it_is_memory_only():
    """A child process that may not open any file for writing builds a large index all the same."""
    program = """
import sys
opened = []
def watch(event, args):
    if event == "sqlite3.connect": opened.append(args[0])
sys.addaudithook(watch)
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing can be written to any file from here on
from client.session.search import SearchIndex
from client.model.report import Report, ReportStatus
from client.session.query import Words
index = SearchIndex()
for start in range(0, 3000, 200):
    index.add([(Report(f"r{n}", "1", ReportStatus.FINAL, False, None, "CT", "CT", None, None, "", "", ""),
        " ".join(f"w{n * k}" for k in range(120))) for n in range(start, start + 200)])
assert len(index.rows(Words(("w",), "w"))) == 3000
assert opened == [":memory:"], opened
stores = [row[2] for row in index._database.execute("PRAGMA database_list")]
assert stores == [""], stores
assert index._database.execute("PRAGMA temp_store").fetchone() == (2,)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    finished = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, timeout=60, check=False
    )
    assert finished.returncode == 0, finished.stderr.decode()


def test_closing_twice_is_one_closing():
    index = SearchIndex()
    index.close()
    index.close()
    with pytest.raises(sqlite3.ProgrammingError):
        index.rows(Words(("a",), "a"))


def test_words_in_quotes_stand_in_a_row(index):
    index.add(
        [
            (report("a", version="1"), "A nodule in the right upper lobe."),
            (report("b"), "The right upper quadrant; the left upper lobe."),
        ]
    )
    assert index.matches("right upper lobe") == ["a", "b"]
    assert index.matches('"right upper lobe"') == ["a"]
    assert index.matches('"right upper lo') == ["a", "b"]  # as it is typed: hardly begun
    assert index.matches('"right upper lob') == ["a"]
    assert index.matches('"right upper lob"') == []  # whole words, once it is closed
    assert index.matches('-"right upper lobe"') == ["b"]
    assert index.matches('"chest acc"') == []  # not from one field into the next


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("patient:chest", ["b"]),
        ("patient:łukasz", ["a"]),
        ('patient:"muller lukasz"', ["a"]),
        ("exam:chest", ["a"]),
        ("referrer:nwosu", []),
        ("reader:nwosu", ["a", "b"]),
        ("accession:ACC/77", ["a", "b"]),
        ("id:00417", ["a", "b"]),
        ("-patient:chest", ["a"]),
        ("patient:chest exam:chest", []),
    ],
)
def test_a_field_is_looked_for_in_its_place_only(index, typed, found):
    index.add([(report("a"), "patient okafor"), (report("b", name="CHEST, Ann", exam="MR knee"), "")])
    assert index.matches(typed) == found


def test_a_kind_of_exam_finds_those_that_name_no_kind_by_their_exam(index):
    index.add(
        [
            (report("a"), ""),
            (report("b", modality="", exam="CT of the chest"), ""),
            (report("c", modality="MR", exam="MR knee"), "compared with CT"),
            (report("d", modality="", exam="Barium swallow"), "no CT"),
        ]
    )
    assert index.matches("ct") == ["a", "b"]
    assert index.matches("CT type:mr") == ["a", "b", "c"]
    assert index.matches("-ct") == ["c", "d"]
    assert index.matches('"ct"') == ["a", "b", "c", "d"]


def test_what_the_worklist_knows_can_be_asked_for(index):
    index.add(
        [
            (report("a", critical=True), ""),
            (report("b", date=Moment.parse("2026-10-15")), ""),
            (report("c", status=ReportStatus.PRELIMINARY), "seen on 2026-10-15"),
        ]
    )
    index.matches("")
    index.worklist.set_read("a", "1")
    index.worklist.set_read("b", "0")
    assert index.matches("critical") == ["a"]
    assert index.matches("unread") == ["c"]
    assert index.matches("changed") == ["b"]
    assert index.matches("is:read") == ["a"]
    assert index.matches("status:preliminary") == ["c"]
    assert index.matches("-unread -critical") == ["b"]
    assert index.matches("2026-10-15") == ["b", "c"]
    assert index.matches("date:2026-10-15") == ["b"]
    assert index.matches(">2026-10-14") == ["b"]
    index.worklist.set_read("c", "1")
    assert index.matches("unread") == []


def test_a_row_in_use_stays_although_it_is_not_unread_any_more(index):
    index.add([(report("a"), ""), (report("b"), "")])
    index.matches("")
    query = read_query("unread", date(2026, 11, 20))
    index.worklist.set_read("a", "1")
    assert sorted(index.finding.rows(query)) == [1]
    assert sorted(index.finding.rows(query, kept={0})) == [0, 1]
    without_words = read_query("unread zebra", date(2026, 11, 20))
    assert not index.finding.rows(without_words, kept={0})
