"""DICOMweb of the portal: what is found, given out and drawn, and by whom."""

import email
import io
import json
import stat
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.pixels.processing import apply_color_lut

from server_stub.dicom_web.accept import read_accept
from server_stub.store.users import Role
from tests.unit.portal_stub.conftest import USERS, add_user, make_records, reference, running

FILES = ("CT_small.dcm", "MR_small.dcm", "examples_ybr_color.dcm", "SC_rgb_rle_2frame.dcm", "rtdose.dcm",
         "JPEG2000.dcm", "examples_palette.dcm")  # fmt: skip
STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*'
EXPLICIT = 'multipart/related; type="application/dicom"'


def read(name):
    """A dataset of pydicom's own test files."""
    return pydicom.dcmread(get_testdata_file(name, download=False))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A portal with images: alpha ordered the CT's report, beta the MR's, the rest nobody's."""
    folder = tmp_path_factory.mktemp("images")
    records = make_records()
    for number, name in ((1, "CT_small.dcm"), (3, "MR_small.dcm")):
        uid = read(name).StudyInstanceUID
        for record in records:
            if (record["resourceType"], record.get("id")) == ("ImagingStudy", f"study-{number}"):
                record["identifier"] = [{"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}]
    records.append({
        "resourceType": "ImagingStudy", "id": "nobodys", "subject": reference("Patient", "patient-1"),
        "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3.4"}],
    })  # fmt: skip
    data = folder / "records.ndjson"
    data.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    files = [get_testdata_file(name, download=False) for name in FILES]
    state = folder / "state"
    state.mkdir()
    for user in USERS:
        add_user(state, *user)
    with running(state, "--data", str(data), *files) as portal:
        yield portal


@pytest.fixture(scope="module")
def people(shelf):
    return {name: shelf.signed_in(name) for name, _, _ in USERS}


@pytest.fixture(scope="module")
def ask(shelf, people):
    """Ask for a path below /dicom-web, as the radiologist unless another is named."""

    def ask(path, accept="", user="radiologist"):
        return people[user].get(f"{shelf.url}/dicom-web/{path}", headers={"Accept": accept} if accept else {})

    return ask


def place(name):
    """The path of a file's instance."""
    file = read(name)
    return f"studies/{file.StudyInstanceUID}/series/{file.SeriesInstanceUID}/instances/{file.SOPInstanceUID}"


def parts(answer):
    """The bodies of a multipart answer, read by the standard library's reader of mail."""
    assert answer.status_code == 200, answer.status_code
    head = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + answer.content)
    assert message.is_multipart()
    return [(part["Content-Type"], part.get_payload(decode=True)) for part in message.get_payload()]


def test_studies_are_found_with_what_a_list_of_them_needs(ask):
    answer = ask("studies")
    assert answer.headers["Content-Type"] == "application/dicom+json"
    assert len(answer.json()) == len(FILES)
    ct = read("CT_small.dcm")
    (found,) = ask(f"studies?StudyInstanceUID={ct.StudyInstanceUID}").json()
    assert found["00100020"]["Value"] == [ct.PatientID]
    assert found["00080061"]["Value"] == ["CT"]
    assert found["00201208"]["Value"] == [1]
    assert found["00081190"]["Value"][0].endswith(f"/dicom-web/studies/{ct.StudyInstanceUID}")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("PatientID=1CT1", {"CT_small.dcm"}),
        ("00100020=4MR1", {"MR_small.dcm"}),
        ("PatientName=compressedsamples*", {"CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm"}),
        ("PatientName=CompressedSamples^?T1", {"CT_small.dcm"}),
        ("PatientName=*****************************************x", set()),
        ("ModalitiesInStudy=CT", {"CT_small.dcm"}),
        ("StudyDate=20040119", {"CT_small.dcm"}),
        ("StudyDate=20040120-20041231", {"MR_small.dcm", "JPEG2000.dcm"}),
        ("StudyDate=-20040118", {"rtdose.dcm"}),
        ("AccessionNumber=no-such", set()),
        ("PatientID=1CT1&ModalitiesInStudy=MR", set()),
    ],
)
def test_a_search_finds_what_matches_and_nothing_else(ask, query, names):
    known = {str(read(name).StudyInstanceUID): name for name in FILES}
    dated = {known[study["0020000D"]["Value"][0]] for study in (_listed(ask(f"studies?{query}")))}
    assert dated == names


def _listed(answer):
    assert answer.status_code in (200, 204)
    return answer.json() if answer.status_code == 200 else []


@pytest.mark.parametrize(
    "query",
    ["PatientWeight=70", "nonsense=1", "StudyDate=yesterday", "StudyInstanceUID=*", "limit=x",
     "PatientID=a&PatientID=b", "SOPInstanceUID=1.2", "includefield=Nonsense", "fuzzymatching=perhaps"],
)  # fmt: skip
def test_what_is_not_offered_is_refused_without_repeating_its_value(ask, query):
    answer = ask(f"studies?{query}")
    assert answer.status_code == 400
    assert "yesterday" not in answer.json()["message"]


def test_fuzzy_matching_is_declined_aloud(ask):
    assert "fuzzymatching" in ask("studies?fuzzymatching=true").headers["Warning"]


def test_pages_follow_each_other_and_say_that_there_is_more(ask):
    found = []
    for offset in range(0, 10, 2):
        answer = ask(f"studies?limit=2&offset={offset}")
        page = _listed(answer)
        assert ("additional results" in answer.headers.get("Warning", "")) is (offset + 2 < len(FILES))
        found += [study["0020000D"]["Value"][0] for study in page]
    assert found == [study["0020000D"]["Value"][0] for study in ask("studies").json()]


def test_series_and_instances_are_found_below_and_beside_their_study(ask):
    ct = read("CT_small.dcm")
    (series,) = ask(f"studies/{ct.StudyInstanceUID}/series").json()
    assert (series["0020000E"]["Value"], series["00201209"]["Value"]) == ([ct.SeriesInstanceUID], [1])
    for path in (
        f"studies/{ct.StudyInstanceUID}/instances",
        f"studies/{ct.StudyInstanceUID}/series/{ct.SeriesInstanceUID}/instances",
        f"instances?SOPInstanceUID={ct.SOPInstanceUID}",
        f"instances?SeriesInstanceUID={ct.SeriesInstanceUID}&Modality=CT",
    ):
        (instance,) = ask(path).json()
        assert instance["00280010"]["Value"] == [128]
        assert instance["0020000D"]["Value"] == [ct.StudyInstanceUID]
    assert len(ask("series").json()) == len(FILES)


def test_further_fields_come_where_asked_for(ask):
    path = f"{place('CT_small.dcm').rpartition('/')[0]}"
    assert "00280030" not in ask(path).json()[0]
    assert "00280030" in ask(f"{path}?includefield=PixelSpacing,00180050").json()[0]
    everything = ask(f"{path}?includefield=all").json()[0]
    assert everything["7FE00010"]["BulkDataURI"].startswith("https://")


@pytest.mark.parametrize("name", FILES)
def test_an_instance_comes_back_byte_for_byte(ask, name):
    ((kind, content),) = parts(ask(place(name), STORED))
    assert kind.startswith("application/dicom; transfer-syntax=")
    assert content == Path(get_testdata_file(name, download=False)).read_bytes()
    assert ask(place(name), "application/dicom; transfer-syntax=*").content == content


@pytest.mark.parametrize("name", FILES)
def test_an_instance_comes_decompressed_where_no_syntax_is_named(ask, name):
    ((_, content),) = parts(ask(place(name), EXPLICIT))
    file = pydicom.dcmread(io.BytesIO(content))
    assert file.file_meta.TransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
    assert np.array_equal(file.pixel_array, read(name).pixel_array)


def test_a_study_and_a_series_come_whole(ask):
    ct = read("CT_small.dcm")
    for path in (f"studies/{ct.StudyInstanceUID}", place("CT_small.dcm").rpartition("/instances")[0]):
        assert len(parts(ask(path, STORED))) == 1


def test_a_representation_that_cannot_be_had_is_refused(ask):
    path = place("CT_small.dcm")
    for where, accept in (
        ("", 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90'),
        ("", "text/html"), ("/metadata", "application/dicom+xml"), ("/rendered", "video/mp4"),
        ("/frames/1", "image/jpeg"),
    ):  # fmt: skip
        assert ask(path + where, accept).status_code == 406


def test_metadata_are_dicom_json_with_the_pixels_elsewhere(ask):
    (header,) = ask(f"{place('CT_small.dcm')}/metadata").json()
    file = read("CT_small.dcm")
    assert header["00281053"] == {"vr": "DS", "Value": [1.0]}
    assert header["00080005"]["Value"] == ["ISO_IR 192"]
    assert "00020010" not in header
    uri = header["7FE00010"]["BulkDataURI"]
    again = ask(uri.partition("/dicom-web/")[2], "application/octet-stream")
    assert again.content == file.PixelData


@pytest.mark.parametrize("name", ["CT_small.dcm", "rtdose.dcm", "SC_rgb_rle_2frame.dcm"])
def test_frames_come_decompressed(ask, name):
    file = read(name)
    frames = int(file.get("NumberOfFrames", 1))
    path = f"{place(name)}/frames/{','.join(map(str, range(1, frames + 1)))}"
    found = parts(ask(path, 'multipart/related; type="application/octet-stream"'))
    pixels = file.pixel_array if frames > 1 else [file.pixel_array]
    assert [content for _, content in found] == [np.ascontiguousarray(one).tobytes() for one in pixels]
    assert ask(f"{place(name)}/frames/{frames + 1}").status_code == 404


def test_frames_come_as_stored_where_wanted(ask):
    path = f"{place('examples_ybr_color.dcm')}/frames/2"
    ((kind, content),) = parts(ask(path, "multipart/related; type=image/jpeg; transfer-syntax=*"))
    assert kind == "image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50"
    assert Image.open(io.BytesIO(content)).size == (320, 240)


@pytest.mark.parametrize("name", FILES)
def test_an_image_is_drawn(ask, name):
    answer = ask(f"{place(name)}/rendered", "image/png")
    file = read(name)
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (file.Columns, file.Rows)


def test_colours_are_drawn_as_they_are(ask):
    file = read("SC_rgb_rle_2frame.dcm")
    answer = ask(f"{place('SC_rgb_rle_2frame.dcm')}/frames/2/rendered", "image/png")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), file.pixel_array[1])
    file = read("examples_palette.dcm")
    answer = ask(f"{place('examples_palette.dcm')}/rendered", "image/png")
    expected = apply_color_lut(file.pixel_array, file) >> 8
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), expected)


def test_a_window_and_a_viewport_do_what_they_say(ask):
    path = f"{place('CT_small.dcm')}/rendered"
    values = read("CT_small.dcm").pixel_array.astype(float) - 1024
    picture = Image.open(io.BytesIO(ask(f"{path}?window=40,400,linear", "image/png").content))
    expected = np.clip((values - 39.5) / 399 + 0.5, 0, 1) * 255
    assert np.abs(np.asarray(picture).astype(float) - expected).max() <= 0.51
    small = Image.open(io.BytesIO(ask(f"{path}?viewport=40,60,0,0,64,32&quality=50").content))
    assert (small.format, small.size) == ("JPEG", (40, 20))
    for query in ("window=1", "window=40,0", "viewport=0,5", "quality=101", "annotation=patient"):
        assert ask(f"{path}?{query}").status_code == 400


def test_thumbnails_are_small(ask):
    instance = place("MR_small.dcm")
    for path in (instance, instance.rpartition("/instances")[0], instance.partition("/series")[0]):
        assert max(Image.open(io.BytesIO(ask(f"{path}/thumbnail").content)).size) == 128


def routes(name):
    """Every route to an image."""
    instance = place(name)
    series, study = instance.rpartition("/instances")[0], instance.partition("/series")[0]
    return [
        study, series, instance, f"{instance}/metadata", f"{series}/metadata", f"{study}/metadata",
        f"{instance}/rendered", f"{instance}/thumbnail", f"{study}/thumbnail", f"{instance}/frames/1",
        f"{instance}/frames/1/rendered", f"{instance}/bulkdata/7FE00010",
    ]  # fmt: skip


def searches(name):
    """Every search that would find an image."""
    file = read(name)
    study, series = f"studies/{file.StudyInstanceUID}", f"series/{file.SeriesInstanceUID}"
    return [
        f"{study}/series", f"{study}/instances", f"{study}/{series}/instances",
        f"studies?StudyInstanceUID={file.StudyInstanceUID}", f"studies?PatientID={file.PatientID}",
        f"series?StudyInstanceUID={file.StudyInstanceUID}",
        f"instances?SOPInstanceUID={file.SOPInstanceUID}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("user", "sees"),
    [("alpha", {"CT_small.dcm"}), ("beta", {"MR_small.dcm"}), ("stranger", ()), ("admin", ())],
)
def test_images_are_seen_with_their_report_and_else_are_not_there(ask, user, sees):
    nowhere = ask("studies/1.2.3.4", user=user)
    assert nowhere.status_code == 404
    for name in ("CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm"):
        for path in routes(name):
            answer = ask(path, user=user)
            if name in sees:
                assert answer.status_code == 200
            else:
                assert (answer.status_code, answer.content) == (404, nowhere.content)
        for path in searches(name):
            assert ask(path, user=user).status_code == (200 if name in sees else 204)
    assert len(_listed(ask("studies", user=user))) == len(sees)


def test_nothing_is_given_out_without_signing_in(shelf):
    visitor = shelf.visitor()
    for path in ("studies", "nonsense", *routes("CT_small.dcm"), *searches("CT_small.dcm")):
        answer = visitor.get(f"{shelf.url}/dicom-web/{path}")
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "path",
    [
        "nonsense",
        "",
        "studies/..",
        "studies/1.2.3/frames/1",
        "studies/abc",
        "studies/1.2/series/1/instances/1/x",
    ],
)
def test_other_addresses_are_not_there(ask, path):
    assert ask(path).status_code == 404


def test_images_can_only_be_read(shelf, people):
    for method in ("POST", "PUT", "DELETE"):
        assert people["radiologist"].request(method, f"{shelf.url}/dicom-web/studies").status_code == 405


def test_files_are_kept_private_under_names_that_say_nothing(shelf):
    kept = list((shelf.state / "images").iterdir())
    assert len(kept) == len(FILES)
    assert stat.S_IMODE((shelf.state / "images").stat().st_mode) == 0o700
    for file in kept:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "." not in file.stem


def test_a_second_file_of_one_instance_is_named_and_left_out(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    add_user(state, "radiologist", Role.RADIOLOGIST)
    original = get_testdata_file("CT_small.dcm", download=False)
    other = read("CT_small.dcm")
    other.PatientName = "Another^Person"
    other.save_as(tmp_path / "other.dcm")
    with running(state, "--data", original, original, str(tmp_path / "other.dcm")) as portal:
        client = portal.signed_in("radiologist")
        (study,) = client.get(f"{portal.url}/dicom-web/studies").json()
        assert study["00100010"]["Value"][0]["Alphabetic"] == "CompressedSamples^CT1"
    assert portal.log.count("another file of this instance") == 1


def test_wishes_are_read_as_they_are_written():
    first, second = read_accept('a/b;q=0.5, multipart/related ; type="c/d" ;transfer-syntax=*; x="a, b;c"')
    assert (first.media_type, first.multipart, first.syntax) == ("c/d", True, "*")
    assert (second.media_type, second.multipart, second.quality) == ("a/b", False, 0.5)
    assert read_accept("a/b;q=0") == []


UID = st.sampled_from(["1.2", "1.2.3", "..", "", "a", "1" * 65])
STEPS = st.sampled_from(
    [
        "studies",
        "series",
        "instances",
        "frames",
        "1,2",
        "0",
        "metadata",
        "rendered",
        "bulkdata",
        "00100010",
        "thumbnail",
        "7FE00010",
    ]
)
PATHS = st.lists(UID | STEPS, max_size=9).map("/".join)
KEYS = st.sampled_from(
    ["PatientName", "StudyDate", "limit", "includefield", "window", "viewport", "accept", "x"]
)
QUERIES = st.lists(st.tuples(KEYS, st.text(max_size=12)), max_size=3).map(urlencode)
WISHES = st.lists(
    st.sampled_from(
        ["multipart/related", ";", "type=", '"application/dicom"', ",", "*", "q=0", "image/jpeg", "\\", "="]
    )
)


@settings(max_examples=150, deadline=None)
@given(path=PATHS, query=QUERIES, accept=WISHES.map("".join), known=st.booleans())
def test_whatever_is_asked_the_portal_never_fails(ask, path, query, accept, known):
    answer = ask(f"{place('CT_small.dcm') + '/' if known else ''}{path}?{query}", accept)
    assert answer.status_code in (200, 204, 400, 404, 406)


def test_an_image_with_a_header_that_makes_no_sense_is_refused_not_failed(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    add_user(state, "radiologist", Role.RADIOLOGIST)
    odd = read("MR_small.dcm")
    odd.add_new("NumberOfFrames", "IS", "1")
    odd["NumberOfFrames"]._value = "1A"
    odd.save_as(tmp_path / "odd.dcm")
    with running(state, "--data", str(tmp_path / "odd.dcm")) as portal:
        client = portal.signed_in("radiologist")
        url = f"{portal.url}/dicom-web/{place('MR_small.dcm')}"
        found = [client.get(url + tail).status_code for tail in ("", "/metadata", "/rendered", "/frames/1")]
        assert found == [200, 200, 406, 404]
    assert "1A" not in portal.log
