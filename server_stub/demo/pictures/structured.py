"""Structured reports, key object selections and encapsulated PDF (PS3.3 A.35, A.45; PS3.16 TID 2000, 2010).

Must never: say anything that the report or the phantom does not say.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.dataset import Dataset, FileDataset

from server_stub.demo.layout import Page, Section
from server_stub.demo.pdf import Header, as_pdf
from server_stub.demo.pictures.dataset import code, make
from server_stub.demo.pictures.plan import (
    INSERT_HU,
    INSERT_MM,
    PLANS,
    Kind,
    Planned,
    instance_uid,
    series_uid,
)
from server_stub.demo.pictures.subject import Subject


def basic_text(subject: Subject, planned: Planned) -> FileDataset:
    """Return the report's words as Basic Text SR (TID 2000)."""
    dataset = _document(subject, planned, code("18748-4", "LN", "Diagnostic imaging report"))
    sections = [("59776-5", "Findings", "121071", "Finding", subject.text)]
    if subject.impression:
        sections.append(("19005-8", "Impressions", "121073", "Impression", subject.impression))
    dataset.ContentSequence = [
        _container(code(own, "LN", title), [_text(code(inner, "DCM", meaning), words)])
        for own, title, inner, meaning, words in sections
        if words
    ]
    return dataset


def measurements(subject: Subject, planned: Planned, kind: Kind) -> FileDataset:
    """Return measurements of the phantom as Comprehensive SR, each inferred from the key image."""
    dataset = _document(subject, planned, code("126000", "DCM", "Imaging Measurement Report"))
    image = _image(subject, kind, "INFERRED FROM")
    unit = code("mm", "UCUM", "millimeter")
    diameter = _number(
        code("81827009", "SCT", "Diameter"), f"{INSERT_MM:.1f}", code("mm", "UCUM", "millimeter")
    )
    diameter.ContentSequence = [image]
    numbers = [diameter]
    if kind is Kind.CT:
        unit = code("[hnsf'U]", "UCUM", "Hounsfield unit")
        numbers.append(_number(code("112031", "DCM", "Attenuation Coefficient"), str(INSERT_HU), unit))
    note = _text(code("121106", "DCM", "Comment"), "Sphere in the middle of the demonstration phantom.")
    group = _container(code("125007", "DCM", "Measurement Group"), [*numbers, note])
    dataset.ContentSequence = [_container(code("126010", "DCM", "Imaging Measurements"), [group])]
    _evidence(dataset, subject, kind)
    return dataset


def key_objects(subject: Subject, planned: Planned, kind: Kind) -> FileDataset:
    """Return a Key Object Selection that points to the key image (TID 2010)."""
    dataset = _document(subject, planned, code("113000", "DCM", "Of Interest"))
    del dataset.CompletionFlag, dataset.VerificationFlag
    note = _text(code("113012", "DCM", "Key Object Description"), "Key image of this report.")
    note.RelationshipType = "CONTAINS"
    dataset.ContentSequence = [note, _image(subject, kind, "CONTAINS")]
    _evidence(dataset, subject, kind)
    return dataset


def encapsulated(subject: Subject, planned: Planned) -> FileDataset:
    """Return the report as a PDF inside DICOM (PS3.3 A.45.1)."""
    page = Page(
        subject.title,
        (Section("REPORT", tuple(part for part in subject.text.split("\n") if part.strip())),),
        "",
        False,
        0,
    )
    header = Header(
        name=subject.name.partition("=")[0].replace("^", ", "),
        born=subject.born,
        mrn=subject.identifier,
        accession=subject.accession,
        exam_date=f"{subject.date[:4]}-{subject.date[4:6]}-{subject.date[6:]}",
        referrer=subject.referrer.partition("^")[0],
    )
    pdf = as_pdf(page, header)
    dataset = make(subject, planned, 1)
    dataset.ConversionType = "WSD"
    dataset.BurnedInAnnotation = "YES"
    dataset.DocumentTitle = subject.title[:64]
    dataset.ConceptNameCodeSequence = [code("18748-4", "LN", "Diagnostic imaging report")]
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocumentLength = len(pdf)
    dataset.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    return dataset


def _document(subject: Subject, planned: Planned, title: Dataset) -> FileDataset:
    dataset = make(subject, planned, 1)
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [title]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.CompletionFlag = "COMPLETE"
    dataset.VerificationFlag = "UNVERIFIED"
    dataset.PerformedProcedureCodeSequence = []
    return dataset


def _evidence(dataset: Dataset, subject: Subject, kind: Kind) -> None:
    series, number = PLANS[kind].key
    member = Dataset()
    member.SeriesInstanceUID = series_uid(subject.study, series)
    member.ReferencedSOPSequence = [_reference(subject, kind, series, number)]
    study = Dataset()
    study.StudyInstanceUID = subject.study
    study.ReferencedSeriesSequence = [member]
    dataset.CurrentRequestedProcedureEvidenceSequence = [study]


def _reference(subject: Subject, kind: Kind, series: int, number: int) -> Dataset:
    planned = next(one for one in PLANS[kind].series if one.number == series)
    reference = Dataset()
    reference.ReferencedSOPClassUID = planned.sop.value
    reference.ReferencedSOPInstanceUID = instance_uid(subject.study, series, number)
    return reference


def _container(name: Dataset, content: Sequence[Dataset]) -> Dataset:
    item = Dataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = "CONTAINER"
    item.ConceptNameCodeSequence = [name]
    item.ContinuityOfContent = "SEPARATE"
    item.ContentSequence = list(content)
    return item


def _text(name: Dataset, words: str) -> Dataset:
    item = Dataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = "TEXT"
    item.ConceptNameCodeSequence = [name]
    item.TextValue = words
    return item


def _number(name: Dataset, value: str, unit: Dataset) -> Dataset:
    measured = Dataset()
    measured.NumericValue = value
    measured.MeasurementUnitsCodeSequence = [unit]
    item = Dataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = "NUM"
    item.ConceptNameCodeSequence = [name]
    item.MeasuredValueSequence = [measured]
    return item


def _image(subject: Subject, kind: Kind, relationship: str) -> Dataset:
    item = Dataset()
    item.RelationshipType = relationship
    item.ValueType = "IMAGE"
    item.ReferencedSOPSequence = [_reference(subject, kind, *PLANS[kind].key)]
    return item
