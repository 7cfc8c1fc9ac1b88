"""A report composed in the darkroom is the report composed here."""

from dataclasses import replace
from datetime import timedelta

import pytest

from client.darkroom.composing import compose_in
from client.darkroom.darkroom import Darkroom
from client.darkroom.refusal import Refusal
from client.documents.composition import compose
from client.errors import DevelopError
from client.model.report import Attachment, ReportBody

PDF = b"%PDF-1.4 as good as any: it is not looked into"
BODY = ReportBody(
    narrative="<div><p>A <i>summary</i>.</p></div>",
    conclusion="Nothing new.",
    attachments=(
        Attachment(
            "text/html", "", "", "<html><h2>Findings</h2><p>Größe 3 × 4 mm.</p></html>".encode(), None, None
        ),
        Attachment("application/pdf", "Scan", "Binary/1", None, None, None),
        Attachment("application/pdf", "Inline", "", PDF + b" too", None, None),
        Attachment("text/plain", "", "Binary/2", None, 5, None),
        Attachment("text/plain; charset=shift_jis", "", "Binary/3", None, None, None),
        Attachment("application/pdf", "Not here", "Binary/4", None, None, None),
    ),
    imaging_studies=(),
)
FETCHED = {"Binary/1": PDF, "Binary/2": b"FINDINGS: None.", "Binary/3": "所見：異常なし".encode("shift_jis")}
FAILED = {"Binary/4": "The portal does not have it any more."}


def test_it_is_the_same(darkroom):
    assert compose_in(darkroom, BODY, FETCHED, FAILED) == compose(BODY, FETCHED, FAILED)


def test_a_document_the_session_has_is_not_sent_back(darkroom):
    documents = compose_in(darkroom, BODY, FETCHED, FAILED)
    assert any(document.data is FETCHED["Binary/1"] for document in documents)


def test_an_empty_report_is_composed_too(darkroom):
    body = ReportBody("", "", (), ())
    assert compose_in(darkroom, body, {}) == compose(body, {})


def test_a_document_that_ends_its_process_costs_a_notice_not_the_report(own, monkeypatch):
    whole = own.develop

    def develop(task, said, *blobs):
        if any(b"a crash" in bytes(blob) for blob in blobs[1:]):
            raise DevelopError(Refusal.GONE.sentence)
        return whole(task, said, *blobs)

    monkeypatch.setattr(own, "develop", develop)
    bad = Attachment("text/html", "Addendum", "", b"<p>a crash</p>", None, None)
    body = replace(BODY, attachments=(bad, *BODY.attachments))
    documents = compose_in(own, body, {**FETCHED, "Binary/2": b"<p>a crash</p>"}, FAILED)
    told = [each for each in documents if each.missing and Refusal.GONE.sentence in each.plain]
    assert len(told) == 2
    assert any("Größe" in each.plain for each in documents)
    assert any(each.data is PDF for each in documents)


def test_a_darkroom_that_cannot_be_started_is_told(monkeypatch):
    monkeypatch.setattr("client.darkroom.darkroom._START_WITHIN", timedelta(seconds=0.1))

    def refuse():
        raise OSError

    darkroom = Darkroom(refuse)
    try:
        with pytest.raises(DevelopError) as told:
            compose_in(darkroom, BODY, FETCHED, FAILED)
        assert str(told.value) == Refusal.NO_ROOM.sentence
    finally:
        darkroom.close()
