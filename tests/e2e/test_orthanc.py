"""The client's images against a real Orthanc."""

import io
import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.data import get_testdata_file

from client.errors import SessionRefused, Withdrawn
from client.model.imaging import ImageReference
from client.portal.access import Access
from client.portal.connection import Connection
from client.portal.description import PortalDescription
from client.portal.dicomweb import Images, Size
from client.portal.failures import NotAccepted
from client.portal.signin import read_sign_in
from client.portal.trust import make_context
from tests.e2e.orthanc import TOKEN, running
from tests.unit.portal.conftest import Authority

FILES = ("CT_small.dcm", "MR_small.dcm", "SC_rgb_rle_2frame.dcm", "examples_ybr_color.dcm", "JPEG2000.dcm")


def path_of(name):
    return Path(get_testdata_file(name, download=False))


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory):
    folder = tmp_path_factory.mktemp("orthanc")
    with running(folder, Authority(folder)) as started:
        for name in FILES:
            started.store(path_of(name))
        named = pydicom.dcmread(path_of("CT_small.dcm"))
        named.SpecificCharacterSet = "ISO_IR 192"
        named.PatientName = "Ångström^Žofie"
        named.PatientID = "Ü-1"
        named.AccessionNumber = "A-77"
        for tag in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            setattr(named, tag, f"2.25.{pydicom.uid.generate_uid(prefix=None, entropy_srcs=[tag])[5:]}")
        named.file_meta.MediaStorageSOPInstanceUID = named.SOPInstanceUID
        named.save_as(folder / "named.dcm")
        started.store(folder / "named.dcm")
        yield started, named


@pytest.fixture(scope="module")
def images(orthanc):
    """The client's images on Orthanc, the token one that Orthanc's gate knows."""
    yield from _images(orthanc[0], TOKEN)


def _images(orthanc, token):
    description = PortalDescription(
        "Orthanc", f"{orthanc.url}/fhir", orthanc.dicom_web, f"{orthanc.url}/sign-in",
        f"{orthanc.url}/refresh", "", "", "", "",
    )  # fmt: skip
    said = {
        "access_token": token, "expires_in": 3600, "refresh_token": "r", "session": "s",
        "session_expires_in": 3600, "user": {"name": "ana", "display": "Ana", "role": "radiologist"},
    }  # fmt: skip
    connection = Connection(make_context(orthanc.authority))
    yield Images(Access(connection, description, read_sign_in(json.dumps(said).encode())))
    connection.close()


def reference(name):
    file = pydicom.dcmread(path_of(name), stop_before_pixels=True)
    return ImageReference(str(file.StudyInstanceUID), str(file.SeriesInstanceUID), str(file.SOPInstanceUID))


@pytest.mark.parametrize("name", FILES)
def test_a_study_is_listed_with_its_series_instances_and_whose_it_is(images, name):
    file = pydicom.dcmread(path_of(name))
    study = images.study(str(file.StudyInstanceUID))
    assert study.patient_id == file.PatientID
    series = next(one for one in study.series if one.uid == file.SeriesInstanceUID)
    instance = next(one for one in series.instances if one.uid == file.SOPInstanceUID)
    assert (series.modality, instance.sop_class) == (file.Modality, file.SOPClassUID)
    assert (instance.rows, instance.columns) == (file.Rows, file.Columns)
    assert instance.frames == int(file.get("NumberOfFrames") or 1)


def test_a_study_is_found_by_its_accession_number_with_names_as_they_are_spelled(orthanc, images):
    named = orthanc[1]
    (study,) = images.studies([], "A-77")
    assert (study.uid, study.accession, study.patient_id) == (named.StudyInstanceUID, "A-77", "Ü-1")
    assert images.studies([], "A-78") == ()


@pytest.mark.parametrize("name", FILES)
def test_an_instance_comes_as_it_was_stored(images, name):
    received = pydicom.dcmread(io.BytesIO(images.instance(reference(name))))
    stored = pydicom.dcmread(path_of(name))
    assert received.file_meta.TransferSyntaxUID == stored.file_meta.TransferSyntaxUID
    assert received.PixelData.rstrip(b"\0") == stored.PixelData.rstrip(b"\0")


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "SC_rgb_rle_2frame.dcm"])
def test_frames_come_decompressed(images, name):
    file = pydicom.dcmread(path_of(name))
    count = int(file.get("NumberOfFrames") or 1)
    frames = images.frames(reference(name), range(1, count + 1))
    pixels = file.pixel_array.reshape(count, -1)
    for received, expected in zip(frames, pixels, strict=True):
        assert sorted(np.frombuffer(received, pixels.dtype)) == sorted(
            expected
        )  # colours by plane or by pixel


def test_a_frame_that_is_not_there_is_refused(images):
    with pytest.raises((NotAccepted, Withdrawn)):
        images.frames(reference("CT_small.dcm"), [2])


@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "MR_small.dcm", "SC_rgb_rle_2frame.dcm", "examples_ybr_color.dcm"]
)
def test_a_picture_is_rendered_and_a_thumbnail_made_of_it(images, name):
    file = pydicom.dcmread(path_of(name), stop_before_pixels=True)
    whole = Image.open(io.BytesIO(images.rendered(reference(name))))
    assert whole.size == (file.Columns, file.Rows)
    assert max(Image.open(io.BytesIO(images.rendered(reference(name), Size(48, 48)))).size) == 48
    assert max(Image.open(io.BytesIO(images.thumbnail(reference(name)))).size) <= 128


def test_what_orthanc_cannot_render_is_said_so_and_comes_whole(images):
    with pytest.raises(NotAccepted):
        images.rendered(reference("JPEG2000.dcm"))
    assert images.instance(reference("JPEG2000.dcm"))[128:132] == b"DICM"


def test_what_is_not_there_is_withdrawn(images):
    assert images.study("1.2.3.4") is None
    with pytest.raises(Withdrawn):
        images.instance(ImageReference("1.2.3.4", "1.2.3.5", "1.2.3.6"))


def test_without_the_right_token_nothing_comes(orthanc):
    for images in _images(orthanc[0], "another-token"):
        with pytest.raises((Withdrawn, SessionRefused)):
            images.instance(reference("CT_small.dcm"))
