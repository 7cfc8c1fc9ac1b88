"""Structured reports, key object selections and encapsulated documents, made for the tests."""

import io

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from client.model.report import Attachment, ReportBody

BASIC, ENHANCED, COMPREHENSIVE, COMPREHENSIVE_3D, KEY_OBJECTS = (
    f"1.2.840.10008.5.1.4.1.1.88.{last}" for last in ("11", "22", "33", "34", "59")
)
PDF_STORAGE = "1.2.840.10008.5.1.4.1.1.104.1"
CT = "1.2.840.10008.5.1.4.1.1.2"


def code(meaning, value="1", scheme="99TEST"):
    """Return a code as an item of a sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def item(kind, name=None, relation="CONTAINS", children=(), **fields):
    """Return a content item; `name` is a meaning or a code."""
    made = Dataset()
    made.RelationshipType = relation
    if kind:
        made.ValueType = kind
    if name is not None:
        made.ConceptNameCodeSequence = [name if isinstance(name, Dataset) else code(name)]
    for keyword, value in fields.items():
        setattr(made, keyword, value)
    if children:
        made.ContentSequence = list(children)
    return made


def text(name, words, **more):
    """Return a TEXT item."""
    return item("TEXT", name, TextValue=words, **more)


def number(name, value, unit, **more):
    """Return a NUM item; `unit` is a UCUM code."""
    measured = Dataset()
    measured.NumericValue = value
    measured.MeasurementUnitsCodeSequence = [code(f"meaning of {unit}", unit, "UCUM")]
    return item("NUM", name, MeasuredValueSequence=[measured], **more)


def image(instance, frames=None, name=None, sop_class=CT, **more):
    """Return an IMAGE item."""
    target = Dataset()
    target.ReferencedSOPClassUID, target.ReferencedSOPInstanceUID = sop_class, instance
    if frames:
        target.ReferencedFrameNumber = frames
    return item("IMAGE", name, ReferencedSOPSequence=[target], **more)


def evidence(study, series, *instances):
    """Return what a document lists of one series, as its evidence sequence holds it."""
    targets = []
    for instance in instances:
        target = Dataset()
        target.ReferencedSOPClassUID, target.ReferencedSOPInstanceUID = CT, instance
        targets.append(target)
    one = Dataset()
    one.SeriesInstanceUID, one.ReferencedSOPSequence = series, targets
    whole = Dataset()
    whole.StudyInstanceUID, whole.ReferencedSeriesSequence = study, [one]
    return [whole]


def document(*children, sop_class=ENHANCED, title="Imaging Report", charset="ISO_IR 192", **fields):
    """Return a DICOM file's bytes with these content items."""
    dataset = FileDataset("", {}, file_meta=_meta(sop_class), preamble=bytes(128))
    dataset.SpecificCharacterSet = charset
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, "1.2.3.4"
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = "Doe^Jane^Q", "4711", "19700203"
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [code(title)]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.CompletionFlag, dataset.VerificationFlag = "COMPLETE", "VERIFIED"
    for keyword, value in fields.items():
        setattr(dataset, keyword, value)
    dataset.ContentSequence = list(children)
    return written(dataset)


def encapsulated(pdf, *, title="", length=True, sop_class=PDF_STORAGE):
    """Return a DICOM file's bytes that hold a PDF."""
    dataset = FileDataset("", {}, file_meta=_meta(sop_class), preamble=bytes(128))
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, "1.2.3.4"
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "4711"
    dataset.DocumentTitle, dataset.MIMETypeOfEncapsulatedDocument = title, "application/pdf"
    dataset.EncapsulatedDocument = pdf + b"\x00" * (len(pdf) % 2)
    if length:
        dataset.EncapsulatedDocumentLength = len(pdf)
    return written(dataset)


def written(dataset):
    """Return a data set as the bytes of a file."""
    file = io.BytesIO()
    dcmwrite(file, dataset)
    return file.getvalue()


def report(*data, content_type="application/dicom"):
    """Return the body of a report that has these attachments."""
    return ReportBody("", "", tuple(Attachment(content_type, "", "", each, None, None) for each in data), ())


def _meta(sop_class):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = sop_class, "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return meta
