"""Everything that composing a report may have to import, at once.

For a process that opens no file once it has begun. Must never: be imported by the session itself.
"""

from __future__ import annotations

import io

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, BasicTextSRStorage, ExplicitVRLittleEndian

from client.documents.composition import compose
from client.model.report import Attachment, ReportBody

_RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}}FINDINGS: none.\par\trowd a\cell\row}"


def load() -> None:
    """Import the parsers by composing a sample of each kind."""
    samples = (
        ("text/rtf", _RTF),
        ("application/dicom", _structured()),
        ("text/html", b"<html><p>A</p></html>"),
    )
    attachments = tuple(Attachment(kind, "", "", data, None, None) for kind, data in samples)
    compose(ReportBody("", "", attachments, ()), {})


def _structured() -> bytes:
    item = Dataset()
    item.RelationshipType, item.ValueType, item.TextValue = "CONTAINS", "TEXT", "Größe"
    item.PersonName = "Sample^One"
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = BasicTextSRStorage, UID("1.2.3")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    dataset.SpecificCharacterSet, dataset.SOPClassUID = ["", "ISO 2022 IR 87"], BasicTextSRStorage
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.PatientName, dataset.PatientBirthDate = "Sample^One", "20000101"
    dataset.ValueType, dataset.ContentSequence = "CONTAINER", [item]
    file = io.BytesIO()
    dcmwrite(file, dataset)
    return file.getvalue()
