"""What the cache gives for a report: the words of this very state of it, never those of another."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from queue import Queue

import pytest

from client.cache.key import CacheKey
from client.cache.store import ReportCache
from client.darkroom.darkroom import Darkroom
from client.documents.document import DocumentKind
from client.model.report import Report, ReportStatus
from client.session.lanes import Lane, Lanes
from client.session.marks import ReadMarks
from client.session.reading import Reading, record_of, record_of_documents
from client.session.view import ReadState
from tests.unit.portal.conftest import answer
from tests.unit.portal.test_fhir import PATIENT
from tests.unit.portal.test_fhir import REPORT as RESOURCE
from tests.unit.portal.test_portal import Script

REPORT = Report(
    key="r1",
    version="",
    status=ReportStatus.FINAL,
    critical=False,
    patient=None,
    exam="",
    modality="",
    date=None,
    issued=None,
    radiologist="",
    referrer="",
    accession="",
    content="aaaa",
)


def test_a_report_corrected_without_a_new_version_has_records_of_its_own():
    for version in ("", "1"):
        before = replace(REPORT, version=version)
        after = replace(before, status=ReportStatus.CORRECTED, content="bbbb")
        assert record_of(before) != record_of(after)
        assert record_of_documents(before) != record_of_documents(after)


def test_a_report_corrected_without_a_new_version_is_changed_since_it_was_read():
    marks = ReadMarks(bytes(32), {})
    for version in ("", "1"):
        before = replace(REPORT, key="r" + version, version=version)
        marks.mark(before)
        assert marks.state(before) is ReadState.READ
        assert marks.state(replace(before, status=ReportStatus.CORRECTED, content="b")) is ReadState.CHANGED


def test_a_portal_that_words_the_same_version_anew_does_not_make_it_unread():
    marks = ReadMarks(bytes(32), {})
    before = replace(REPORT, version="3")
    marks.mark(before)
    assert marks.state(replace(before, content="the same, with a fresh link in it")) is ReadState.READ


class Desk:
    """A reader's cache and lanes on a portal."""

    def __init__(self, portal, folder):
        self.key = CacheKey.generate()
        self.cache = ReportCache(folder, self.key, 64 * 1024**2)
        self.lanes = Lanes(lambda call: call(), lambda error: None)
        self.darkroom = Darkroom()
        self.reading = Reading(portal, self.cache, self.lanes, self.darkroom, 32 * 1024**2)
        (page,) = portal.pages()
        self.reading.keep(page.reports)
        (self.report,) = [each.report for each in page.reports]

    def fetch_ahead(self):
        """Fetch the report ahead, and wait until that is over, whatever came of it."""
        self.reading.fetch_ahead([self.report])
        pool = self.lanes._pools[Lane.AHEAD]
        for _ in range(2):  # a job comes to its end before the one behind it in its own thread does
            pool.submit(lambda: None).result()
        pool.shutdown(wait=True)

    def open(self):
        answers = Queue()
        self.reading.open(self.report, lambda *found: answers.put(found), answers.put)
        _, documents = answers.get(timeout=20)
        return documents

    def close(self):
        self.lanes.close()
        self.darkroom.close()
        for pool in self.lanes._pools.values():
            pool.shutdown(wait=True)
        self.cache.close()
        self.key.destroy()


@pytest.fixture
def desk_on(signed_in, tmp_path):
    """Make desks on a portal whose one report has these documents."""
    made = []

    def make(script, *urls):
        forms = [{"contentType": "text/plain", "url": url} for url in urls]
        resource = {**RESOURCE, "presentedForm": forms, "text": None, "conclusion": None}
        entries = [{"resource": each} for each in (resource, PATIENT)]
        script.answers["fhir_DiagnosticReport"] = answer(body={"resourceType": "Bundle", "entry": entries})
        portal, server = signed_in(script)
        made.append(Desk(portal, tmp_path))
        return made[-1], server

    yield make
    for desk in made:
        desk.close()


def shown(documents):
    return " ".join(each.plain for each in documents if each.kind is not DocumentKind.NOTICE)


def test_another_address_hears_of_a_reader_only_when_the_report_is_opened(desk_on, serve):
    elsewhere = serve(answer(body=b"Far words.", content_type="text/plain"))
    near = answer(body=b"Near words.", content_type="text/plain")
    desk, server = desk_on(Script(fhir_Binary_near=near), "Binary/near", elsewhere.url + "/far")
    desk.fetch_ahead()
    assert elsewhere.asked == []
    assert [asked.path for asked in server.asked].count("/fhir/Binary/near") == 1
    assert "Near words." in (words := shown(desk.open()))
    assert "Far words." in words
    assert len(elsewhere.asked) == 1
    assert [asked.path for asked in server.asked].count("/fhir/Binary/near") == 1


def test_what_could_not_be_fetched_ahead_is_fetched_when_the_report_is_opened(desk_on):
    script = Script(fhir_Binary_near=answer(500))
    desk, _ = desk_on(script, "Binary/near")
    desk.fetch_ahead()
    notice = next(each for each in desk.open() if each.missing)
    assert notice.kind is DocumentKind.NOTICE
    assert notice.missing
    assert notice.title == "This document could not be fetched"
    assert "Try again" in notice.plain
    assert "It is fetched" not in notice.plain
    script.answers["fhir_Binary_near"] = answer(body=b"Near words.", content_type="text/plain")
    assert "Near words." in shown(desk.open())


OBSERVATION = {
    "resourceType": "Observation",
    "id": "density",
    "status": "final",
    "subject": RESOURCE["subject"],
    "code": {"text": "Mean density"},
    "valueQuantity": {"value": 34.5, "unit": "HU"},
}
LETTER = {
    "resourceType": "DocumentReference",
    "id": "letter",
    "status": "current",
    "content": [
        {"attachment": {"contentType": "text/plain", "data": b64encode(b"A letter beside it.").decode()}}
    ],
}


def bundle(*resources):
    return {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}


@pytest.fixture
def desk_beside(signed_in, tmp_path):
    """Make desks on a portal whose one report has words of its own and these resources apart from it."""
    made = []

    def make(script, **more):
        text = {"contentType": "text/plain", "data": b64encode(b"The report itself.").decode()}
        resource = {
            **RESOURCE,
            "presentedForm": [text],
            "text": None,
            "conclusion": None,
            "conclusionCode": None,
            **more,
        }
        script.answers["fhir_DiagnosticReport"] = answer(body=bundle(resource, PATIENT))
        portal, server = signed_in(script)
        made.append(Desk(portal, tmp_path))
        return made[-1], server

    yield make
    for desk in made:
        desk.close()


def test_results_that_the_portal_keeps_apart_are_shown_with_the_report(desk_beside):
    script = Script(fhir_Observation=answer(body=bundle(OBSERVATION)))
    desk, server = desk_beside(script, result=[{"reference": "Observation/density"}])
    words = shown(desk.open())
    assert "34.5" in words
    assert "HU" in words
    assert "kept apart" not in words
    desk.open()
    assert [asked.path.partition("?")[0] for asked in server.asked].count("/fhir/Observation") == 1


def test_a_document_filed_beside_a_report_follows_what_is_shown_at_once(desk_beside):
    desk, server = desk_beside(Script(fhir_DocumentReference=answer(body=bundle(LETTER))))
    first, later = Queue(), Queue()
    desk.reading.open(
        desk.report, lambda *found: first.put(found), first.put, lambda *found: later.put(found)
    )
    assert shown(first.get(timeout=20)[1]) == "The report itself."
    assert "A letter beside it." in shown(later.get(timeout=20)[1])
    assert "A letter beside it." in shown(desk.open())
    asked = [each.path.partition("?")[0] for each in server.asked]
    assert asked.count("/fhir/DocumentReference") == 1


def test_a_copy_filed_beside_a_report_is_not_shown_twice(desk_beside):
    copied = {"contentType": "text/plain", "data": b64encode(b"The report itself.").decode()}
    copy = {**LETTER, "content": [{"attachment": copied}]}
    desk, _ = desk_beside(Script(fhir_DocumentReference=answer(body=bundle(copy))))
    desk.fetch_ahead()
    assert [each.plain for each in desk.open()] == ["The report itself."]


def test_a_portal_without_documents_beside_reports_is_asked_once(desk_beside):
    desk, server = desk_beside(
        Script(fhir_DocumentReference=answer(400, {"resourceType": "OperationOutcome"}))
    )
    desk.fetch_ahead()
    assert shown(desk.open()) == "The report itself."
    asked = [each.path.partition("?")[0] for each in server.asked]
    assert asked.count("/fhir/DocumentReference") == 1


def test_a_fault_beside_a_report_costs_the_report_nothing_and_is_tried_again(desk_beside):
    script = Script(fhir_DocumentReference=answer(500))
    desk, _ = desk_beside(script)
    desk.fetch_ahead()
    assert shown(desk.open()) == "The report itself."
    script.answers["fhir_DocumentReference"] = answer(body=bundle(LETTER))
    later = Queue()
    desk.reading.open(desk.report, lambda *_: None, later.put, lambda *found: later.put(found))
    assert "A letter beside it." in shown(later.get(timeout=20)[1])


def test_words_of_a_document_that_is_parsed_elsewhere_are_found_once_it_was_composed(desk_beside):
    rtf = b64encode(rb"{\rtf1\ansi FINDINGS: a pneumothorax.\par}").decode()
    desk, _ = desk_beside(Script(), presentedForm=[{"contentType": "text/rtf", "data": rtf}])
    heard = []
    desk.reading.on_composed(heard.extend)
    assert "pneumothorax" not in " ".join(desk.reading.searched([desk.report]))
    desk.fetch_ahead()
    assert heard == [desk.report]
    assert "pneumothorax" in " ".join(desk.reading.searched([desk.report]))
