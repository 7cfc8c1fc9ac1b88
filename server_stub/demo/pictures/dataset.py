"""What every demonstration DICOM file has: patient, study, series, and how it is written (PS3.10).

Must never: use a clock, or a UID that is not derived from the study's.
"""

from __future__ import annotations

import io

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from server_stub.demo.pictures.plan import Planned, instance_uid, series_uid
from server_stub.demo.pictures.subject import Subject

_IMPLEMENTATION = "2.25.315310233905164212868414364562714"


def make(subject: Subject, planned: Planned, number: int) -> FileDataset:
    """Return a dataset with everything but what the modality says."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(planned.sop.value)
    meta.MediaStorageSOPInstanceUID = UID(instance_uid(subject.study, planned.number, number))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(_IMPLEMENTATION)
    dataset = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = planned.sop.value
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyDate = dataset.SeriesDate = dataset.ContentDate = subject.date
    dataset.StudyTime = dataset.SeriesTime = dataset.ContentTime = subject.time
    dataset.TimezoneOffsetFromUTC = "+0000"
    dataset.AccessionNumber = subject.accession
    dataset.Modality = planned.modality
    dataset.Manufacturer = "Safelight demonstration"
    dataset.ReferringPhysicianName = subject.referrer
    dataset.StudyDescription = subject.description[:64]
    dataset.SeriesDescription = planned.description
    dataset.PatientName = subject.name
    dataset.PatientID = subject.identifier
    dataset.PatientBirthDate = subject.born
    dataset.PatientSex = subject.sex
    dataset.StudyInstanceUID = subject.study
    dataset.SeriesInstanceUID = series_uid(subject.study, planned.number)
    dataset.StudyID = subject.accession[-8:]
    dataset.SeriesNumber = planned.number
    dataset.InstanceNumber = number
    return dataset


def write(dataset: FileDataset) -> bytes:
    """Return the file."""
    written = io.BytesIO()
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """Return a code sequence item (PS3.3 8.8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item
