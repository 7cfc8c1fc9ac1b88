"""Images by DICOMweb, from servers that behave as real ones do; the multipart parser against anything."""

import io
import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from pydicom.data import get_testdata_file

from client.errors import PortalError, PortalFault, Withdrawn
from client.model.imaging import ImageReference
from client.policy.table import Policy
from client.portal import related
from client.portal.access import Access
from client.portal.description import PortalDescription, describe, read_description
from client.portal.dicomjson import instance_of, read_list, text, valid_uid
from client.portal.dicomweb import Images, Size
from client.portal.failures import NotAccepted
from client.portal.fhir.imaging import read_key_images, read_study
from client.portal.portal import Portal
from client.portal.signin import read_sign_in
from server_stub.store.users import Role
from tests.unit.portal.conftest import answer
from tests.unit.portal.test_fhir import anything
from tests.unit.portal_stub.conftest import PASSWORD, add_user, running

IMAGE = ImageReference("1.2", "1.2.3", "1.2.3.4")
FILE = bytes(128) + b"DICM" + b"the rest"


def related_answer(*bodies, kind="application/dicom", head="", boundary="frontier", end=b"--\r\n"):
    """A multipart answer as servers write it."""
    body = b""
    for content in bodies:
        body += f"\r\n--{boundary}\r\nContent-Type: {kind}{head}\r\n\r\n".encode() + content
    body += f"\r\n--{boundary}".encode() + end
    return answer(200, body, content_type=f'multipart/related; type="{kind}"; boundary={boundary}')


@pytest.fixture
def images(serve, connect):
    """The images of a server whose answers the test decides."""

    def make(answers):
        server = serve(answers)
        description = PortalDescription(
            "Test", f"{server.url}/fhir", f"{server.url}/dicom-web", f"{server.url}/sign-in",
            f"{server.url}/refresh", "", "", "", "",
        )  # fmt: skip
        said = {
            "access_token": "an-access-token", "expires_in": 600, "refresh_token": "r", "session": "s",
            "session_expires_in": 3600, "user": {"name": "ana", "display": "Ana", "role": "radiologist"},
        }  # fmt: skip
        signed_in = read_sign_in(json.dumps(said).encode())
        return Images(Access(connect(), description, signed_in)), server

    return make


def element(vr, *values):
    return {"vr": vr, "Value": list(values)}


STUDY = {
    "0020000D": element("UI", "1.2"), "00100020": element("LO", "M1 "), "00080050": element("SH", "A1"),
}  # fmt: skip
SERIES = [
    {"0020000E": element("UI", "1.2.4"), "00200011": element("IS", "2"), "00080060": element("CS", "CT")},
    {"0020000E": element("UI", "1.2.3"), "00200011": element("IS", 1), "00080060": element("CS", "MR"),
     "0008103E": element("LO", "T2 axial"), "00180015": element("CS", "HEAD")},
]  # fmt: skip
INSTANCES = [
    {"00080018": element("UI", "1.2.3.5"), "0020000E": element("UI", "1.2.3"), "00200013": element("IS", 2)},
    {"00080018": element("UI", "1.2.3.4\0"), "0020000E": element("UI", "1.2.3"), "00200013": element("IS", 1),
     "00280010": element("US", 256), "00280011": element("US", 128), "00280008": element("IS", "7")},
    {"00080018": element("UI", "not a uid"), "0020000E": element("UI", "1.2.3")},
    {"00080018": {"vr": "UI"}},
]  # fmt: skip


def lists(asked):
    """A server with one study; says application/json, as some do."""
    path = asked.path.partition("?")[0]
    found = {"/dicom-web/studies": [STUDY], "/dicom-web/studies/1.2/series": SERIES,
             "/dicom-web/studies/1.2/instances": INSTANCES}  # fmt: skip
    return answer(200, found[path]) if path in found else answer(404)


def test_a_study_comes_with_its_series_instances_and_whose_it_is(images):
    of, server = images(lists)
    study = of.study("1.2")
    assert (study.uid, study.patient_id, study.accession) == ("1.2", "M1", "A1")
    assert [(one.uid, one.modality, one.description, one.body_part) for one in study.series] == [
        ("1.2.3", "MR", "T2 axial", "HEAD"), ("1.2.4", "CT", "", ""),
    ]  # fmt: skip
    first, second = study.series[0].instances
    assert (first.uid, first.frames, first.rows, first.columns) == ("1.2.3.4", 7, 256, 128)
    assert (second.uid, second.frames, second.rows) == ("1.2.3.5", 1, 0)
    assert all(asked.headers["authorization"] == "Bearer an-access-token" for asked in server.asked)
    assert "M1" not in repr(study)


@pytest.mark.parametrize("nothing", [answer(204), answer(200, b"[]"), answer(404), answer(403)])
def test_a_study_without_images_is_none(images, nothing):
    assert images(nothing)[0].study("1.2") is None


def test_a_server_that_answers_with_another_study_is_not_believed(images):
    assert images(lambda asked: lists(asked))[0].study("1.2.99") is None


def test_a_study_is_found_by_its_accession_number_only_if_it_says_so_itself(images):
    of, _ = images(lists)
    assert [study.uid for study in of.studies([], "A1")] == ["1.2"]
    assert of.studies([], "A") == ()
    assert of.studies([], "A*") == ()


def test_a_server_that_refuses_further_fields_is_asked_without(images):
    of, _ = images(lambda asked: answer(400) if "includefield" in asked.path else lists(asked))
    assert len(of.study("1.2").series) == 2


def test_a_study_is_as_fhir_describes_it_where_there_is_no_search(images):
    described = read_study(RESOURCE)
    of, _ = images(answer(400))
    assert of.of_described([described]) == (described,)
    assert of.of_described([read_study({**RESOURCE, "series": []})]) == ()
    listed, _ = images(lists)
    assert listed.of_described([described])[0].patient_id == "M1"
    assert listed.of_described([], "A1")[0].uid == "1.2"


def test_images_elsewhere_are_asked_for_only_where_the_policy_names_them():
    said = {
        "version": 1, "fhir": "/fhir", "images": "https://archive.example/dicom-web",
        "sign_in": {"method": "password", "url": "/sign-in", "refresh": "/refresh"},
    }  # fmt: skip
    body = json.dumps(said).encode()
    assert read_description(body, "https://portal.example", Policy()).images == ""
    named = Policy(image_base="https://archive.example/dicom-web")
    assert read_description(body, "https://portal.example", named).images == named.image_base


def test_pages_of_a_long_list_are_all_fetched(images):
    def paged(asked):
        if "/instances" not in asked.path:
            return lists(asked)
        rest = "offset=" not in asked.path
        item = INSTANCES[0] if rest else INSTANCES[1]
        more = {"Warning": '299 here "There are 1 additional results that can be requested"'} if rest else {}
        return answer(200, [item], **more)

    assert len(images(paged)[0].study("1.2").series[0].instances) == 2


def test_lists_are_read_in_the_charset_they_declare():
    body = '[{"00081030": {"vr": "LO", "Value": ["Schädel"]}}]'
    for charset in ("iso-8859-1", "utf-8", "shift-jis-unknown"):
        encoded = body.encode("latin-1" if charset == "iso-8859-1" else "utf-8")
        (item,) = read_list(encoded, f"application/dicom+json; charset={charset}")
        assert text(item, "00081030") == "Schädel"
    assert read_list(b"", "") == []
    for bad in (b"<html>", b"3", b'"x"'):
        with pytest.raises(PortalFault):
            read_list(bad, "application/dicom+json")


@given(anything)
def test_any_json_is_an_instance_or_none(value):
    for item in read_list(json.dumps([value]).encode(), "application/json"):
        instance_of(item)
        text(item, "00080018")


def test_names_are_read_as_they_are_spelled_and_uids_checked():
    name = {"00100010": element("PN", {"Alphabetic": "", "Ideographic": "山田^太郎"})}
    assert text(name, "00100010") == "山田^太郎"
    for bad in ("", "x", "1.2/../3", "1" * 65, 5, None, "1.2?a", ".1"):
        assert valid_uid(bad) == ""


@pytest.mark.parametrize(
    "said",
    [
        related_answer(FILE),
        related_answer(FILE, head="; transfer-syntax=1.2.840.10008.1.2.1", boundary="a b'c"[0:1]),
        answer(200, FILE, content_type="application/dicom"),
        answer(200, b"preamble\r\n" + b"--x \t\r\n\r\n" + FILE + b"\r\n--x--epilogue",
               content_type='Multipart/Related; Type=application/dicom; boundary="x"'),
        answer(200, b"--x\nContent-Type: application/dicom\n\n" + FILE + b"\n--x--",
               content_type="multipart/related; boundary=x"),
        related_answer(FILE, boundary="x", head=f"\r\nContent-Length: {len(FILE)}"),
    ],
)  # fmt: skip
def test_an_instance_comes_whole_however_it_is_wrapped(images, said):
    of, server = images(said)
    assert of.instance(IMAGE) == FILE
    assert server.asked[0].path == "/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4"
    assert "transfer-syntax=*" in server.asked[0].headers["accept"]


@pytest.mark.parametrize(
    "said",
    [
        related_answer(FILE, end=b""),
        related_answer(),
        related_answer(FILE, FILE),
        related_answer(b"something else"),
        related_answer(FILE, kind="text/html"),
        related_answer(FILE, head="\r\nContent-Length: 5"),
        answer(206, FILE, content_type="application/dicom"),
        answer(200, b"<html>", content_type="text/html"),
        answer(200, FILE, content_type="multipart/related"),
        answer(200, {"error": "x"}),
        answer(302, Location="http://127.0.0.1/"),
        answer(500),
    ],
)
def test_what_is_not_the_image_is_refused(images, said):
    of, _ = images(said)
    with pytest.raises(PortalFault) as caught:
        of.instance(IMAGE)
    assert "1.2.3" not in str(caught.value)


@pytest.mark.parametrize("said", [answer(404), answer(403), answer(410), answer(204)])
def test_an_image_that_is_not_there_is_withdrawn(images, said):
    with pytest.raises(Withdrawn):
        images(said)[0].instance(IMAGE)


@pytest.mark.parametrize("uids", [("", "1", "1"), ("1", "../1", "1"), ("1", "1", "1?x=y")])
def test_an_image_without_valid_names_is_not_asked_for(images, uids):
    of, server = images(answer(200))
    with pytest.raises(Withdrawn):
        of.instance(ImageReference(*uids))
    assert server.asked == []


def test_frames_come_in_the_order_asked_and_all_of_them(images):
    bodies = (b"one", b"\r\n--front\r\n", b"")
    of, server = images(related_answer(*bodies, kind="application/octet-stream"))
    assert of.frames(IMAGE, [3, 1, 2]) == list(bodies)
    assert server.asked[0].path.endswith("/frames/3,1,2")
    for numbers in ([1, 2], [1, 2, 3, 4]):
        with pytest.raises(PortalFault):
            of.frames(IMAGE, numbers)
    for numbers in ([], [0], [-1]):
        with pytest.raises(Withdrawn):
            of.frames(IMAGE, numbers)


def test_a_picture_is_fetched_without_a_viewport_where_that_is_refused(images):
    said = answer(200, b"jpeg", content_type="image/jpeg")
    of, server = images(lambda asked: answer(400) if "viewport" in asked.path else said)
    assert of.rendered(ImageReference("1", "2", "3", frames=(4,)), Size(100, 50)) == b"jpeg"
    assert [asked.path.rpartition("/frames/4/")[2] for asked in server.asked] == [
        "rendered?viewport=100,50", "rendered",
    ]  # fmt: skip


def test_a_server_that_cannot_render_says_so(images):
    with pytest.raises(NotAccepted):
        images(answer(406))[0].rendered(IMAGE)


def test_a_thumbnail_is_a_rendered_picture_where_there_is_none(images):
    said = answer(200, b"jpeg", content_type="image/jpeg")
    of, _ = images(lambda asked: answer(404) if "thumbnail" in asked.path else said)
    assert of.thumbnail(IMAGE) == b"jpeg"


HEAD = "multipart/related; boundary=b"


@given(st.text(max_size=80), st.binary(max_size=400), st.integers(1, 5))
@example(HEAD, b"--b\r\n\r\n--b--", 1)
@example(HEAD, b"--b--", 1)
@example(HEAD, b"--b", 1)
def test_any_bytes_are_parts_or_a_clear_refusal(content_type, body, most):
    for head in (content_type, HEAD):
        for text_of in (body, b"--b\r\n" + body + b"\r\n--b--"):
            try:
                parts = related.split(head, text_of, most)
            except PortalError:
                continue
            assert 0 < len(parts) <= most
            assert sum(len(part.content) for part in parts) <= len(text_of)


@given(
    st.lists(st.binary(max_size=200), min_size=1, max_size=6),
    st.text("abc'()+_,-./:=?", min_size=1, max_size=20),
)
def test_parts_come_back_as_they_went(bodies, boundary):
    if any(f"--{boundary}".encode() in b"\n" + body for body in bodies):
        return
    body = b"".join(f"--{boundary}\r\nContent-Type: a/b\r\n\r\n".encode() + one + b"\r\n" for one in bodies)
    parts = related.split(f'multipart/related; boundary="{boundary}"', body + f"--{boundary}--".encode(), 6)
    assert [part.content for part in parts] == bodies


def test_many_false_boundaries_take_no_long_time():
    body = b"--b\r\n\r\n" + b"--bb\r\n" * 300_000 + b"\r\n--b--"
    (part,) = related.split(HEAD, body, 1)
    assert len(part.content) == 6 * 300_000


RESOURCE = {
    "resourceType": "ImagingStudy",
    "identifier": [
        {"system": "urn:dicom:uid", "value": "urn:oid:1.2"},
        {"type": {"coding": [{"code": "ACSN"}]}, "value": "A1"},
    ],
    "series": [
        {"uid": "1.2.3", "number": 1, "modality": {"code": "CT"}, "bodySite": {"display": "Chest"},
         "instance": [{"uid": "1.2.3.4", "number": 1, "sopClass": {"code": "urn:oid:1.2.840.1"}}]},
        {"uid": "nonsense"}, {},
    ],
}  # fmt: skip


def test_an_imaging_study_resource_is_read():
    study = read_study(RESOURCE)
    assert (study.uid, study.accession, study.patient_id) == ("1.2", "A1", "")
    (series,) = study.series
    assert (series.modality, series.body_part, series.instances[0].sop_class) == ("CT", "Chest", "1.2.840.1")
    assert read_study({"resourceType": "ImagingStudy"}) is None


@given(st.dictionaries(st.sampled_from(["identifier", "series", "media", "contained"]), anything))
def test_any_resource_is_a_study_or_none(resource):
    read_study({**RESOURCE, **resource})
    read_key_images(resource)


def test_key_images_are_read_from_the_media_that_a_report_contains():
    report = {
        "contained": [
            {"resourceType": "Media", "id": "a",
             "content": {"url": "../dicom-web/studies/1.2/series/1.3/instances/1.4/frames/2,3"}},
            {"resourceType": "Media", "id": "b",
             "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.5"}]},
            {"resourceType": "Media", "id": "c", "content": {"url": "javascript:alert(1)"}},
        ],
        "media": [
            *({"link": {"reference": f"#{name}"}} for name in "abcab"), {"link": {"reference": "Media/1"}},
        ],
    }  # fmt: skip
    assert read_key_images(report) == (
        ImageReference("1.2", "1.3", "1.4", frames=(2, 3)), ImageReference("", "", "1.5"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A real portal with a few of pydicom's images."""
    state = tmp_path_factory.mktemp("images-state")
    add_user(state, "ana", Role.RADIOLOGIST)
    names = ("CT_small.dcm", "examples_ybr_color.dcm", "SC_rgb_rle_2frame.dcm")
    files = [get_testdata_file(name, download=False) for name in names]
    with running(state, "--data", *files) as portal:
        yield portal


def test_the_images_of_a_real_portal(real, connect):
    connection = connect(Path(real.authority))
    description = describe(connection, real.url, Policy())
    portal = Portal.sign_in(connection, description, "ana", PASSWORD, "desk")
    found = real.signed_in("ana").get(real.fhir("ImagingStudy")).json()["entry"]
    references = [f"ImagingStudy/{entry['resource']['id']}" for entry in found]
    listed = {study.uid: study for study in portal.imaging_studies(references)}
    of = portal.images
    for name in ("CT_small.dcm", "examples_ybr_color.dcm", "SC_rgb_rle_2frame.dcm"):
        path = get_testdata_file(name, download=False)
        file = pydicom.dcmread(path)
        study = of.study(file.StudyInstanceUID)
        assert listed[study.uid] == study
        assert (study.patient_id, study.series[0].modality) == (file.PatientID, file.Modality)
        (instance,) = study.series[0].instances
        assert (instance.rows, instance.frames) == (file.Rows, int(file.get("NumberOfFrames", 1)))
        image = ImageReference(study.uid, study.series[0].uid, instance.uid)
        assert of.instance(image) == Path(path).read_bytes()
        picture = Image.open(io.BytesIO(of.rendered(image, Size(64, 64))))
        assert max(picture.size) == 64
        assert max(Image.open(io.BytesIO(of.thumbnail(image))).size) == 128
        frames = of.frames(image, [instance.frames])
        raw = np.frombuffer(frames[0], file.pixel_array.dtype)
        assert raw.size == file.pixel_array.size // instance.frames
