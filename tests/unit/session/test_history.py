"""The versions of a report, from a real TLS server: which was read, what changed, and whose they are."""

from dataclasses import replace
from datetime import date
from queue import Queue

import pytest

from client.errors import SafelightError
from client.model.report import Patient, Sex
from client.portal.history import NoHistory
from client.session.history import MISFILED, WITHDRAWN, History
from client.session.marks import ReadMarks
from client.session.reading import record_of
from client.session.view import ReadState
from tests.unit.portal.conftest import answer
from tests.unit.portal.test_fhir import REPORT as RESOURCE
from tests.unit.portal.test_portal import Script
from tests.unit.session.test_reading import Desk

HISTORY = "fhir_DiagnosticReport_r1__history"


def version(number, conclusion, status="final", **more):
    return {
        **RESOURCE,
        "id": "r1",
        "meta": {"versionId": str(number)},
        "status": status,
        "text": None,
        "presentedForm": None,
        "conclusion": conclusion,
        "subject": {"reference": "Patient/p1"},
        **more,
    }


def bundle(*resources, kind="history", following=""):
    links = [{"relation": "next", "url": following}] if following else []
    entries = [{"resource": each} for each in resources]
    return answer(body={"resourceType": "Bundle", "type": kind, "link": links, "entry": entries})


class Room:
    """A reader's history on a portal whose report has these versions, the newest first."""

    def __init__(self, portal, server, folder):
        self.portal, self.server = portal, server
        self.desk = Desk(portal, folder)
        self.current = replace(
            self.desk.report, patient=Patient("p1", "OKONKWO, Adaeze", "00417", None, Sex.FEMALE)
        )
        self.history = History(portal, self.desk.reading, self.desk.cache, self.desk.lanes)

    def ask(self, call, *arguments):
        answers = Queue()
        call(*arguments, answers.put, answers.put)
        found = answers.get(timeout=20)
        if isinstance(found, SafelightError):
            raise found
        return found

    def versions(self):
        return self.ask(self.history.versions, self.current)

    def since(self, marks):
        answers = Queue()
        mark = marks.earlier(self.current)
        self.history.since_read(self.current, mark, lambda one: marks.is_of(mark, one), answers.put)
        return answers.get(timeout=20)


@pytest.fixture
def room_of(signed_in, tmp_path):
    made = []

    def make(*versions, **answers):
        script = Script(fhir_DiagnosticReport=bundle(versions[0], kind="searchset"))
        script.answers |= {HISTORY: bundle(*versions), **answers}
        made.append(Room(*signed_in(script), tmp_path))
        return made[-1]

    yield make
    for room in made:
        room.desk.close()


FIRST = version(1, "Fracture of the left rib.", "preliminary")
SECOND = version(2, "Fracture of the right rib.")
THIRD = version(3, "No fracture of the right rib.", "corrected")


def test_all_versions_are_told_newest_first_and_compared_in_words(room_of):
    room = room_of(THIRD, SECOND, FIRST)
    found = room.versions()
    assert [each.report.version for each in found] == ["3", "2", "1"]
    assert [each.problem for each in found] == ["", "", ""]
    assert found[0].report is room.current
    difference = room.ask(room.history.difference, found[2].report, found[1].report)
    (part,) = [part for part in difference.parts if part.changed]
    assert [(point.before, point.after) for point in part.points] == [("left", "right")]


def test_a_long_history_is_followed_page_by_page(room_of):
    room = room_of(THIRD, SECOND, FIRST)

    def paged(asked):
        if "page=2" in asked.path:
            return bundle(FIRST)
        url = f"{room.server.url}/fhir/DiagnosticReport/r1/_history?page=2"
        return bundle(THIRD, SECOND, following=url)

    room.server.answers.answers[HISTORY] = paged
    assert [each.report.version for each in room.versions()] == ["3", "2", "1"]


@pytest.mark.parametrize("status", [400, 404, 405, 410])
def test_a_portal_without_a_history_is_said(room_of, status):
    room = room_of(THIRD, **{HISTORY: answer(status)})
    with pytest.raises(NoHistory, match="gives out no earlier versions"):
        room.versions()


def test_a_version_under_another_patient_is_listed_and_its_words_never_given_out(room_of):
    other = version(1, "Words about somebody else.", subject={"reference": "Patient/p9"})
    room = room_of(SECOND, other)
    found = room.versions()
    assert [each.problem for each in found] == ["", MISFILED]
    with pytest.raises(SafelightError, match="another patient"):
        room.ask(room.history.difference, found[1].report, found[0].report)


def test_a_withdrawn_version_is_listed_and_its_words_never_given_out(room_of):
    room = room_of(THIRD, version(2, "Wrong words.", "entered-in-error"), FIRST)
    found = room.versions()
    assert [each.problem for each in found] == ["", WITHDRAWN, ""]
    with pytest.raises(SafelightError, match="not shown"):
        room.ask(room.history.difference, found[1].report, found[0].report)


def test_another_reports_version_and_a_deletion_are_no_version_of_this(room_of):
    room = room_of(THIRD, {**FIRST, "id": "r2"}, FIRST)
    assert [each.report.version for each in room.versions()] == ["3", "1"]


def test_a_version_that_left_the_cache_is_fetched_by_its_number(room_of):
    room = room_of(THIRD, SECOND, FIRST, fhir_DiagnosticReport_r1__history_1=answer(body=FIRST))
    found = room.versions()
    room.desk.cache.drop(record_of(found[2].report))
    difference = room.ask(room.history.difference, found[2].report, found[0].report)
    assert difference.added


def test_what_changed_since_this_user_read_is_found_by_the_mark_alone(room_of):
    room = room_of(THIRD, SECOND, FIRST)
    versions = {each.report.version: each.report for each in room.versions()}
    marks = ReadMarks(bytes(32), {})
    kept = marks.mark(versions["2"], date(2026, 11, 3))
    later = ReadMarks(bytes(32), kept)  # another workstation
    assert later.state(room.current) is ReadState.CHANGED
    later.mark(room.current, date(2026, 11, 22))
    since = room.since(later)
    assert (since.read.version, since.on, since.problem) == ("2", date(2026, 11, 3), "")
    assert not since.difference.same
    assert later.state(room.current) is ReadState.READ


def test_a_mark_holds_nothing_of_the_patient_and_fits_the_portal(room_of):
    room = room_of(THIRD)
    ((key, value),) = ReadMarks(bytes(32), {}).mark(room.current, date(2026, 11, 3)).items()
    for words in (key, value):
        assert len(words) <= 64
        assert words.replace("_", "").replace("-", "").isalnum()
        assert room.current.key not in words
    assert value.endswith("20261103")


def test_marks_without_a_day_are_still_marks(room_of):
    room = room_of(THIRD, SECOND)
    marks = ReadMarks(bytes(32), {})
    marks.mark(room.versions()[1].report)
    marks.mark(room.current)
    assert marks.earlier(room.current).on is None
    assert room.since(marks).read.version == "2"


def test_a_version_the_portal_no_longer_keeps_is_said(room_of):
    room = room_of(THIRD, SECOND)
    marks = ReadMarks(bytes(32), {})
    marks.mark(replace(room.current, version="1"), date(2026, 11, 3))
    marks.mark(room.current)
    since = room.since(marks)
    assert (since.read, since.difference) == (None, None)
    assert "not among those the portal keeps" in since.problem


def test_whoever_read_what_was_withdrawn_is_told_which_version_it_was(room_of):
    room = room_of(version(3, "Words.", "entered-in-error"), SECOND, FIRST)
    marks = ReadMarks(bytes(32), {})
    marks.mark(room.versions()[1].report, date(2026, 11, 3))
    marks.mark(room.current)
    since = room.since(marks)
    assert (since.read.version, since.on, since.difference) == ("2", date(2026, 11, 3), None)
