"""The images of the demonstration data: real DICOM, the same every time, made when asked for."""

import base64
import io

import numpy as np
import pydicom
import pytest
from PIL import Image

from server_stub.__main__ import _developer
from server_stub.demo import generate
from server_stub.demo.pictures.plan import noted
from server_stub.dicom_web.pixels import open_stored, render
from server_stub.dicom_web.view import View
from server_stub.intake.importer import as_batches, take
from server_stub.store.database import Database
from server_stub.store.images import ImageStore
from server_stub.store.sessions import Caller
from server_stub.store.users import Role

READER = Caller("session", "reader", Role.RADIOLOGIST, None)
STRANGER = Caller("session", "stranger", Role.REFERRING_PHYSICIAN, "nobody")


@pytest.fixture(scope="module")
def resources():
    return list(generate(520))


@pytest.fixture(scope="module")
def recipes(resources):
    found = []
    list(noted(resources, found))
    return found


@pytest.fixture
def shelf(tmp_path, resources, recipes):
    """An own shelf with the whole set; gives the store and the folder of its files."""
    database = Database(tmp_path / "portal.sqlite")
    store = ImageStore(database, tmp_path / "images", _developer(database))
    take(database, as_batches(iter(resources), "demo"))
    store.plan(recipes)
    yield store, tmp_path / "images"
    database.close()


def test_every_kind_of_picture_is_planned(recipes):
    kinds = [kind for _, _, kind in recipes]
    assert {kind: kinds.count(kind) for kind in kinds} == {"ct": 2, "cr": 3, "mr": 2, "us": 2, "mg": 1}


def test_nothing_is_drawn_before_somebody_asks_who_may(shelf, recipes):
    store, folder = shelf
    uid = recipes[0][0]
    assert store.find(STRANGER, uid) == []
    assert store.studies(STRANGER) == []
    assert not folder.exists()
    assert store.find(READER, uid)
    made = {file: file.read_bytes() for file in folder.iterdir()}
    assert store.find(READER, uid)
    assert {file: file.read_bytes() for file in folder.iterdir()} == made


def test_a_search_by_accession_number_draws_that_study_alone(shelf, recipes):
    store, _ = shelf
    uid, accession, _ = recipes[-1]
    assert [study.uid for study in store.studies(READER, accession=accession)] == [uid]
    assert len(store.studies(READER)) == len(recipes)


def test_all_studies_are_as_their_resources_say_and_can_be_shown(shelf, resources, recipes):
    store, _ = shelf
    described = {
        one["identifier"][0]["value"].removeprefix("urn:oid:"): one
        for one in resources
        if one["resourceType"] == "ImagingStudy" and "tag" in one["meta"]
    }
    for uid, _, _ in recipes:
        listed = {
            instance["uid"]: instance["sopClass"]["code"].removeprefix("urn:oid:")
            for series in described[uid]["series"]
            for instance in series["instance"]
        }
        files = {image.uid: pydicom.dcmread(store.path(image.uid)) for image in store.find(READER, uid)}
        assert {own: file.SOPClassUID for own, file in files.items()} == listed
        assert len({file.PatientID for file in files.values()}) == 1
        for file in files.values():
            if "PixelData" in file:
                array = file.pixel_array
                assert array.std() > 0
                spaced = ("PixelSpacing", "ImagerPixelSpacing", "SequenceOfUltrasoundRegions")
                assert any(name in file for name in spaced)


def test_pictures_are_what_they_say(shelf, recipes):
    store, _ = shelf
    of = {kind: uid for uid, _, kind in recipes}

    def first(kind, modality=None):
        images = [i for i in store.find(READER, of[kind]) if modality in (None, i.modality)]
        return pydicom.dcmread(store.path(images[len(images) // 2].uid))

    ct = first("ct", "CT")
    hounsfield = ct.pixel_array.astype(int) * ct.RescaleSlope + ct.RescaleIntercept
    assert ct.PixelRepresentation == 1
    assert hounsfield.min() == -2000
    assert 80 < np.median(hounsfield[112:118, 126:130]) < 120  # the sphere that the measurements name
    film = first("cr", "CR")
    assert film.PhotometricInterpretation == "MONOCHROME1"
    drawn = render(open_stored(store.path(film.SOPInstanceUID)), 1, View(), "image/png")
    shown = np.asarray(Image.open(io.BytesIO(drawn)))
    assert film.pixel_array[0, 0] > 3000  # much X-ray beside the body
    assert shown[0, 0] < 50  # which is black
    assert shown[-1, 500] > 150  # the abdomen is not
    assert first("us", "US").pixel_array.shape == (24, 240, 320, 3)
    assert first("mg", "MG").file_meta.TransferSyntaxUID == pydicom.uid.JPEG2000Lossless
    measures = first("ct", "SR")
    keys = first("ct", "KO")
    known = {image.uid for image in store.find(READER, of["ct"])}
    for document in (measures, keys):
        (study,) = document.CurrentRequestedProcedureEvidenceSequence
        reference = study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
        assert reference.ReferencedSOPInstanceUID in known
    assert first("cr", "DOC").EncapsulatedDocument.startswith(b"%PDF-")


def test_reports_point_to_their_key_images_and_structured_reports(resources):
    by_reference = {f"{one['resourceType']}/{one['id']}": one for one in resources}
    reports = [one for one in resources if "media" in one]
    assert len(reports) == 10
    for report in reports:
        assert report["contained"][0]["content"]["url"].startswith("../dicom-web/studies/")
    documents = [one for one in resources if one["id"].startswith("doc-sr-")]
    attached = [form for report in reports for form in report.get("presentedForm", [])]
    attached += [document["content"][0]["attachment"] for document in documents]
    structured = [form for form in attached if form["contentType"] == "application/dicom"]
    assert len(structured) == 4
    for form in structured:
        content = base64.b64decode(by_reference[form["url"]]["data"])
        file = pydicom.dcmread(io.BytesIO(content))
        assert file.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.11"
        assert file.ContentSequence[0].ContentSequence[0].TextValue
