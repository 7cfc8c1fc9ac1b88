"""What the cache gives for a report: the words of this very state of it, never those of another."""

from __future__ import annotations

from dataclasses import replace

from client.model.report import Report, ReportStatus
from client.session.marks import ReadMarks
from client.session.reading import record_of, record_of_documents
from client.session.view import ReadState

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
