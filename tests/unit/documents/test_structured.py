"""DICOM structured reports, key object selections, encapsulated documents and images."""

import random
import re
import warnings
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from client.documents import DocumentKind, SectionRole, compose
from client.documents.dicom.wholeness import is_whole
from client.documents.document import Wrapping
from client.model.imaging import ImageReference
from tests.unit.documents.structured import (
    BASIC,
    COMPREHENSIVE,
    COMPREHENSIVE_3D,
    ENHANCED,
    KEY_OBJECTS,
    code,
    document,
    encapsulated,
    evidence,
    image,
    item,
    number,
    report,
    text,
)

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
FINDINGS, IMPRESSIONS = code("Findings", "121070", "DCM"), code("Impressions", "121072", "DCM")


def show(data):
    (found,) = compose(report(data), {})
    return found


def real(name):
    return (Path(pydicom.__file__).parent / "data/test_files" / name).read_bytes()


@pytest.mark.parametrize("sop_class", [BASIC, ENHANCED, COMPREHENSIVE, COMPREHENSIVE_3D])
def test_containers_are_sections_and_the_impression_is_found(sop_class):
    shown = show(
        document(
            item(
                "CONTAINER", FINDINGS, children=[text(code("Finding", "121071", "DCM"), "Lungs are clear.")]
            ),
            item("CONTAINER", IMPRESSIONS, children=[text("Impression", "Normal chest.")]),
            item("CONTAINER", "Something else", children=[text("Words", "Whatever.")]),
            sop_class=sop_class,
        )
    )
    assert shown.kind is DocumentKind.TEXT
    assert shown.title == "Imaging Report"
    assert [(section.role, section.heading) for section in shown.sections] == [
        (SectionRole.FINDINGS, "Findings"),
        (SectionRole.IMPRESSION, "Impressions"),
        (SectionRole.OTHER, "Something else"),
    ]
    assert '<p class="impression">Normal chest.</p>' in shown.html
    assert "Words: Whatever." in shown.plain
    assert shown.warnings == ()


def test_text_items_without_containers_make_sections_too():
    shown = show(document(text(code("Findings", "59776-5", "LN"), "Clear."), text("Conclusion", "Normal.")))
    assert [section.role for section in shown.sections] == [SectionRole.FINDINGS, SectionRole.IMPRESSION]


def test_a_whole_dictation_in_one_text_item_is_read_as_prose():
    shown = show(document(text("Report", "FINDINGS:\r\nClear.\r\n\r\nIMPRESSION:\r\n1. One.\r\n2. Two.")))
    assert [section.role for section in shown.sections] == [SectionRole.FINDINGS, SectionRole.IMPRESSION]
    assert "<ol>" in shown.html


def test_every_value_says_what_it_is():
    times = {"DateTime": "20260102030405.5+0100", "Date": "20260102", "Time": "0304"}
    shown = show(
        document(
            number("Diameter", "12.50", "mm", children=[text("Side", "left", relation="HAS CONCEPT MOD")]),
            number("Rate", "60", "{beats}/min"),
            number("Count", "3", "1"),
            item("CODE", "Severity", ConceptCodeSequence=[code("Moderate", "6736007", "SCT")]),
            item("DATETIME", "Seen", DateTime=times["DateTime"]),
            item("DATE", "Day", Date=times["Date"]),
            item("TIME", "Hour", Time=times["Time"]),
            item("PNAME", "Observer", PersonName="Roe^Richard"),
            item("UIDREF", "Study", UID="1.2.3"),
            item("NUM", "Volume", NumericValueQualifierCodeSequence=[code("Not measured")]),
            item("SCOORD", "Outline", GraphicType="POLYLINE", GraphicData=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            item("TCOORD", "When", TemporalRangeType="POINT", ReferencedTimeOffsets=["1.5"]),
        )
    )
    for words in (
        "Diameter: 12.50 mm",
        "• Side: left",
        "Rate: 60 meaning of {beats}/min",
        "Count: 3\n",
        "Severity: Moderate (SNOMED CT 6736007)",
        "Seen: 2026-01-02 03:04:05 UTC+01:00",
        "Day: 2026-01-02",
        "Hour: 03:04",
        "Observer: Roe, Richard",
        "Study: 1.2.3",
        "Volume: Not measured",
        "Outline: a polyline of 3 points in the image",
        "When: a point in time: seconds 1.5",
    ):
        assert words in shown.plain, words


def test_a_number_that_is_none_is_shown_as_it_came():
    data = document(number("Diameter", "12.5", "mm"), text("Words", "x"))
    assert "Diameter: 12,5 mm" in show(data.replace(b"12.5", b"12,5")).plain
    shown = show(data.replace(b"DS\x04\x0012.5", b"FD\x04\x0012.5"))
    assert "Diameter: 12.5 mm" in shown.plain
    assert "Words: x" in shown.plain
    assert "as they came" in shown.warnings[0]


def test_images_are_links_to_what_they_reference():
    shown = show(
        document(
            image("1.2.40", [3, 4], name="Key image"),
            image("1.2.41"),
            image("1.2.40", [3, 4]),
            image("0"),
            CurrentRequestedProcedureEvidenceSequence=evidence("1.2.10", "1.2.20", "1.2.40"),
        )
    )
    assert shown.references == (
        ImageReference("1.2.10", "1.2.20", "1.2.40", "1.2.840.10008.5.1.4.1.1.2", (3, 4)),
        ImageReference("", "", "1.2.41", "1.2.840.10008.5.1.4.1.1.2"),
    )
    assert re.findall(r'<a href="([^"]*)">', shown.html) == ["image:0", "image:1", "image:0"]
    assert '<a href="image:0">CT Image (frames 3, 4)</a>' in shown.html
    assert "names no image" in shown.plain
    assert "1.2.40" not in shown.html


def test_a_key_object_selection_is_its_words_and_its_images():
    shown = show(
        document(
            text(code("Key Object Description", "113012", "DCM"), "Nodule, for the conference"),
            image("1.2.40"),
            image("1.2.41"),
            sop_class=KEY_OBJECTS,
            title="For Conference",
        )
    )
    assert shown.title == "For Conference"
    assert "Nodule, for the conference" in shown.plain
    assert len(shown.references) == 2
    assert "verified" not in shown.plain  # a selection has no such state


def test_a_reference_to_another_item_names_it():
    pointing = item("", relation="INFERRED FROM", ReferencedContentItemIdentifier=[1, 1])
    lost = item("", relation="INFERRED FROM", ReferencedContentItemIdentifier=[1, 9, 9])
    shown = show(document(number("Diameter", "12", "mm"), text("Finding", "Mass", children=[pointing, lost])))
    assert "inferred from: Diameter: 12 mm (item 1.1 of this document)" in shown.plain
    assert "inferred from: item 1.9.9 of this document" in shown.plain


def test_continuous_content_reads_as_a_sentence():
    shown = show(
        document(
            item(
                "CONTAINER",
                "Finding",
                ContinuityOfContent="CONTINUOUS",
                children=[
                    text(None, "A mass of"),
                    number(
                        "Diameter",
                        "3",
                        "cm",
                        children=[text("Method", "by hand", relation="HAS CONCEPT MOD")],
                    ),
                    text(None, "was seen."),
                ],
            )
        )
    )
    assert "A mass of 3 cm was seen.\n• Method: by hand" in shown.plain


def test_an_unknown_item_is_shown_as_such():
    strange = item("HOLOGRAM", "Shape", TextValue="round", relation="LOOKS LIKE")
    shown = show(document(text("Before", "a"), strange, text("After", "b")))
    assert "looks like: Shape: an item of a kind that is not known here (HOLOGRAM)" in shown.plain
    assert "round" in shown.plain
    assert shown.plain.index("Before: a") < shown.plain.index("Shape") < shown.plain.index("After: b")


def test_who_vouches_for_it_stands_on_top():
    observer = Dataset()
    observer.VerifyingObserverName, observer.VerifyingOrganization = "Roe^Richard", "Clinic"
    observer.VerificationDateTime = "20260102030405"
    shown = show(
        document(
            text("Words", "x"),
            VerifyingObserverSequence=[observer],
            PredecessorDocumentsSequence=evidence("1.2.10", "1.2.20", "1.2.99"),
        )
    )
    top = shown.plain.split("Words")[0]
    assert "Doe, Jane Q, 4711, born 1970-02-03" in top
    assert "Complete, verified" in top
    assert "Roe, Richard, Clinic, 2026-01-02 03:04:05" in top
    assert "document 1.2.99" in top
    assert (shown.patient.name, shown.patient.identifier) == ("Doe, Jane Q", "4711")
    assert shown.patient.birth_date == "1970-02-03"


def test_what_is_not_finished_is_a_warning():
    shown = show(document(text("A", "x"), CompletionFlag="PARTIAL", PreliminaryFlag="PRELIMINARY"))
    assert [("preliminary" in each, "partial" in each) for each in shown.warnings] == [
        (True, False),
        (False, True),
    ]
    assert "Preliminary, partial, verified" in shown.plain


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("ISO_IR 100", "Größe: énorme"),
        ("ISO_IR 144", "Размер"),
        ("ISO_IR 192", "大きさ Größe 😀"),
        (["", "ISO 2022 IR 87"], "右肺に結節"),
        (["", "ISO 2022 IR 149"], "김희중"),
        ("GB18030", "王小东"),
    ],
)
def test_declared_character_sets_are_read(charset, words):
    shown = show(document(text("Words", words), charset=charset))
    assert words in shown.plain
    assert shown.warnings == ()


def test_a_wrong_character_set_is_mended_and_said():
    data = document(text("Words", "Größe"), charset="ISO_IR 192").replace(b"ISO_IR 192", b"ISO_IR 100")
    shown = show(data)
    assert "Größe" in shown.plain
    assert "character set" in shown.warnings[0]
    undeclared = document(text("Words", "Größe"), charset="ISO_IR 192").replace(b"ISO_IR 192", b"ISO_IR 6  ")
    assert "Größe" in show(undeclared).plain


def test_nothing_is_too_deep_or_too_much_without_being_said():
    inner = text("Deepest", "x")
    for _ in range(60):
        inner = item("CONTAINER", "Level", children=[inner])
    assert "nested too deeply" in show(document(inner)).plain
    many = show(document(*(text(None, f"w{at}") for at in range(5100))))
    assert "w4000" in many.plain
    assert many.plain.count("the rest is left out") == 1


@pytest.mark.parametrize("name", ["reportsi.dcm", "test-SR.dcm", "reportsi_with_empty_number_tags.dcm"])
def test_the_reports_that_come_with_pydicom_show(name):
    shown = show(real(name))
    assert shown.kind is DocumentKind.TEXT
    assert shown.patient is not None


def test_every_part_of_a_real_report_is_there():
    shown = show(real("test-SR.dcm"))
    for words in (
        "Riesmeier, Jörg",
        "A mass of 3 Length Unit was detected.",
        "(item 1.3.2 of this document)",
    ):
        assert words in shown.plain
    assert [reference.frames for reference in shown.references] == [(), (5, 2), (), ()]


def test_a_report_that_breaks_off_says_so():
    data = real("test-SR.dcm")
    for end in range(len(data) - 1, 1000, -97):
        assert not is_whole(data[:end])
        shown = show(data[:end])
        told = " ".join((*shown.warnings, shown.plain))
        assert "breaks off" in told or "damaged" in told


def test_every_file_of_pydicom_is_whole_or_known_not_to_be():
    torn = {"rtplan_truncated.dcm", "MR_truncated.dcm", "no_meta.dcm"}
    for path in (Path(pydicom.__file__).parent / "data/test_files").rglob("*.dcm"):
        if not is_whole(path.read_bytes()):
            assert path.name in torn, path.name


def test_a_damaged_report_never_raises_and_never_warns_the_process():
    data = bytearray(real("test-SR.dcm"))
    chance = random.Random(7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(150):
            broken = bytearray(data)
            for _ in range(chance.randrange(1, 12)):
                broken[chance.randrange(140, len(broken))] = chance.randrange(256)
            assert compose(report(bytes(broken)), {})


@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("pdf", [PDF, PDF + b"\n"])
def test_a_pdf_is_taken_out_of_its_file_byte_for_byte(pdf, length):
    shown = show(encapsulated(pdf, title="CT report", length=length))
    assert shown.kind is DocumentKind.PDF
    assert shown.data == pdf
    assert shown.title == "CT report"
    assert shown.wrappings == (Wrapping.DICOM,)
    assert shown.patient.identifier == "4711"
    assert shown.warnings == ()


def test_another_encapsulated_document_says_what_it_is():
    shown = show(encapsulated(b"<ClinicalDocument/>", sop_class="1.2.840.10008.5.1.4.1.1.104.2"))
    assert shown.kind is DocumentKind.NOTICE
    assert "Encapsulated CDA" in shown.plain


def test_an_image_is_an_image_and_other_objects_say_what_they_are():
    image_file = real("CT_small.dcm")
    shown = show(image_file)
    assert (shown.kind, shown.data, shown.attachment) == (DocumentKind.IMAGE, image_file, 0)
    plan = show(real("rtplan.dcm"))
    assert plan.kind is DocumentKind.NOTICE
    assert "RT Plan" in plan.plain


def test_a_private_kind_shows_its_content_and_says_so():
    shown = show(document(text("Words", "Seen."), sop_class="1.3.6.1.4.1.9.9"))
    assert "Words: Seen." in shown.plain
    assert "only its maker knows" in shown.warnings[0]


def test_garbage_called_dicom_says_why():
    shown = show(bytes(128) + b"DICM" + b"\x02\x00\x00\x00garbage" * 30)
    assert shown.kind is DocumentKind.NOTICE
    assert "Open it at the portal" in shown.plain
