"""Studies made of real files, as the portal lists them and the darkroom develops them."""

import io
from pathlib import Path

import numpy as np
import pydicom.data
from pydicom import dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from client.darkroom.desk import Developed
from client.darkroom.message import Message
from client.darkroom.refusal import Refused
from client.darkroom.work import image, scan
from client.errors import DevelopError, Withdrawn
from client.model.imaging import ImageReference, ImagingStudy, Instance, Series
from client.model.moment import Moment
from client.model.report import Patient, Report, ReportStatus, Sex

DATA = Path(pydicom.data.__file__).parent
STUDY = "1.2.3"


def real(name, patient_id="00417", accession="ACC-1188"):
    """Return a file of pydicom's own, of the report's patient and exam unless said otherwise."""
    own = pydicom.dcmread(next(DATA.rglob(name)))
    own.PatientID, own.AccessionNumber = patient_id, accession
    file = io.BytesIO()
    own.save_as(file, enforce_file_format=True)
    return file.getvalue()


def made(values, **header):
    """Return a file with these values, and what its header is to say."""
    own = pydicom.Dataset()
    own.file_meta = FileMetaDataset()
    own.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    own.SOPClassUID, own.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4"
    frames = values.shape[0] if values.ndim == 3 else 1
    own.NumberOfFrames = frames
    bits = 8 * values.dtype.itemsize
    own.Rows, own.Columns = values.shape[-2:]
    own.SamplesPerPixel, own.PhotometricInterpretation = 1, header.pop("photometric", "MONOCHROME2")
    own.BitsAllocated, own.BitsStored, own.HighBit = bits, bits, bits - 1
    own.PixelRepresentation = int(values.dtype.kind == "i")
    own.PixelData = values.tobytes()
    own["PixelData"].VR = "OW"
    for name, value in header.items():
        setattr(own, name, value)
    file = io.BytesIO()
    own.save_as(file, enforce_file_format=True)
    return file.getvalue()


def report(key="r1", *, identifier="00417", accession="ACC-1188", name="OKONKWO, Adaeze"):
    """Return a report of a patient."""
    patient = Patient("p", name, identifier, Moment.parse("1962-03-04"), Sex.FEMALE)
    date = Moment.parse("2026-11-21T14:02:00Z")
    return Report(
        key, "3", ReportStatus.FINAL, False, patient, "CT chest", "CT", date, date, "Lind, S", "", accession
    )


class Archive:
    """A portal's images: series of files, each listed by what its header says."""

    offered = True

    @property
    def images(self):
        return self

    def imaging_studies(self, references, accession="", stop=None):
        return self.studies(references, accession)

    def __init__(self, patient_id="00417", accession="ACC-1188"):
        self.patient_id, self.accession = patient_id, accession
        self.files = {}
        self.series = []
        self.asked = []

    def add(self, description, *files, modality="CT"):
        """Add a series of these files."""
        number = len(self.series) + 1
        listed = []
        for at, file in enumerate(files, 1):
            own = dcmread(io.BytesIO(file), force=True, stop_before_pixels=True)
            uid = f"1.2.3.{number}.{at}"
            self.files[uid] = file
            frames = int(own.get("NumberOfFrames") or 1)
            listed.append(Instance(uid, str(own.get("SOPClassUID", "")), at, frames, own.Rows, own.Columns))
        self.series.append(Series(f"1.2.3.{number}", number, modality, description, "", tuple(listed)))
        return self

    def study(self):
        return ImagingStudy(STUDY, self.patient_id, self.accession, tuple(self.series))

    def studies(self, uids, accession="", stop=None):
        return (self.study(),) if STUDY in uids or accession == self.accession else ()

    def instance(self, wanted, stop=None):
        self.asked.append(wanted.instance)
        if wanted.instance not in self.files:
            raise Withdrawn("The portal has no such image.")
        return self.files[wanted.instance]

    def thumbnail(self, wanted, size=None, stop=None):
        raise Withdrawn("The portal makes no small pictures.")


def reference(series=1, at=1, frames=()):
    return ImageReference(STUDY, f"1.2.3.{series}", f"1.2.3.{series}.{at}", frames=frames)


class Desk:
    """The darkroom's work, done in this process."""

    def __init__(self, task, data):
        work = {"IMAGE": image, "SCAN": scan}[task.name]
        self.closed = False
        begun = self._do(lambda: work.begin(Message({}, (data,))))
        self._ask, self.first = begun.ask, Developed(begun.answer.said, begun.answer.blobs)

    def ask(self, said, *blobs):
        if self.closed:
            raise DevelopError("This document is closed. Open it again.")
        answer = self._do(lambda: self._ask(Message(said, blobs)))
        return Developed(answer.said, answer.blobs)

    def close(self):
        self.closed = True

    @staticmethod
    def _do(work):
        try:
            return work()
        except Refused as refused:
            raise DevelopError(refused.refusal.sentence) from None


class Room:
    """Opens desks, and knows which are open still."""

    def __init__(self):
        self.desks = []

    def open(self, task, said, *blobs):
        self.desks.append(Desk(task, bytes(blobs[0])))
        return self.desks[-1]


def ramp(size=64, first=0, kind=np.int16):
    """Return values that differ in every pixel of a row."""
    return (np.arange(size * size).reshape(size, size) % 1000 + first).astype(kind)
