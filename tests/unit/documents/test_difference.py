"""What changed between two versions: every word of it, the impression first, telling words pointed out."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.documents import compose
from client.documents.difference import Change, Kind, compare
from client.documents.document import Document, DocumentKind, SectionRole
from client.model.report import Attachment, ReportBody

REPORT = """INDICATION: Cough.

FINDINGS: The lungs are clear. There is no pleural effusion. A 9 mm nodule in the left upper lobe.

IMPRESSION:
1. Left upper lobe nodule of 9 mm.
2. No pneumothorax.
"""


def documents(text):
    return compose(ReportBody("", "", (Attachment("text/plain", "", "", text.encode(), None, None),), ()), {})


def difference(before, after):
    return compare(documents(before), documents(after))


def points(found):
    return [
        (part.role, point.kind, point.before, point.after) for part in found.parts for point in part.points
    ]


def letters(texts, without=""):
    return Counter(
        letter for text in texts for letter in text if not letter.isspace() and letter not in without
    )


def told(found, *, new):
    """Return all that one version says, as the difference tells it: headings and runs."""
    other = Change.REMOVED if new else Change.ADDED
    for part in found.parts:
        if part.change is not other:
            yield part.heading
            yield from (run.text for run in part.runs if run.change is not other)


def test_the_same_words_are_the_same_however_they_are_spaced():
    found = difference(REPORT, REPORT.replace("9 mm", "9mm").replace(" There", "\nThere"))
    assert found.same
    assert (found.added, found.removed) == (0, 0)


def test_the_impression_stands_first_and_its_side_negation_and_measure_are_pointed_out():
    found = difference(
        REPORT,
        REPORT.replace("Left upper lobe nodule of 9 mm", "Right upper lobe nodule of 12 mm").replace(
            "No pneumothorax", "Pneumothorax"
        ),
    )
    assert found.parts[0].role is SectionRole.IMPRESSION
    assert points(found) == [
        (SectionRole.IMPRESSION, Kind.SIDE, "Left", "Right"),
        (SectionRole.IMPRESSION, Kind.NUMBER, "9 mm", "12 mm"),
        (SectionRole.IMPRESSION, Kind.NEGATION, "No", ""),
    ]
    assert found.parts[0].points[2].near == "pneumothorax"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("Fraktur links.", "Fraktur rechts.", Kind.SIDE),
        ("Fractura izquierda.", "Fractura derecha.", Kind.SIDE),
        ("Fracture gauche.", "Fracture droite.", Kind.SIDE),
        ("Left-sided fracture seen.", "Right-sided fracture seen.", Kind.SIDE),
        ("Es besteht keine Fraktur.", "Es besteht eine Fraktur.", Kind.NEGATION),
        ("Nódulo sin realce.", "Nódulo con realce.", Kind.NEGATION),
        ("Nodule sans prise de contraste.", "Nodule avec prise de contraste.", Kind.NEGATION),
        ("There isn't any fracture.", "There is any fracture.", Kind.NEGATION),
        ("A nodule of 9 mm.", "A nodule of 9 cm.", Kind.NUMBER),
        ("A mass of 3.4 x 2.1 cm.", "A mass of 3.4 x 2.7 cm.", Kind.NUMBER),
        ("Fracture of L4 again.", "Fracture of L5 again.", Kind.NUMBER),
        ("T-score of -2.4 now.", "T-score of 2.4 now.", Kind.NUMBER),
    ],
)
def test_each_telling_word_of_each_language_is_pointed_out(before, after, kind):
    assert [point[1] for point in points(difference(before, after))] == [kind]


def test_what_says_the_same_is_not_pointed_out():
    assert points(difference("Fracture on the left.", "Fracture at the left.")) == []
    assert points(difference("No fracture seen here.", "Without fracture seen here.")) == []
    assert points(difference("Nodule of 9 mm here.", "Nodule of 9mm there.")) == []
    assert points(difference("Compared with 2026-11-01 again.", "Compared with 2026-11-02 again.")) == []


def test_a_new_section_names_its_telling_words_together():
    found = difference(
        REPORT, REPORT + "\nADDENDUM: There is no fracture of the left rib, and 4 mm of fluid.\n"
    )
    (added,) = [part for part in found.parts if part.changed]
    assert (added.role, added.change) == (SectionRole.ADDENDUM, Change.ADDED)
    assert [(point.after, point.whole) for point in added.points] == [
        ("left", True),
        ("no", True),
        ("4 mm", True),
    ]


def test_a_section_that_is_gone_stands_where_it_stood():
    found = difference(REPORT, REPORT.replace("INDICATION: Cough.\n\n", ""))
    assert [(part.heading, part.change) for part in found.parts] == [
        ("IMPRESSION", Change.SAME),
        ("INDICATION", Change.REMOVED),
        ("FINDINGS", Change.SAME),
    ]


def test_numbering_anew_is_no_difference_of_measures():
    found = difference(
        "IMPRESSION:\n1. A cyst.\n2. A scar.", "IMPRESSION:\n1. A stone.\n2. A cyst.\n3. A scar."
    )
    assert points(found) == []
    assert found.added == 2


def test_a_text_without_headings_is_held_against_one_with_them():
    found = difference("The lungs are clear. No effusion.", "FINDINGS: The lungs are clear. An effusion.")
    assert (found.removed, found.added) == (1, 2)


def test_a_document_without_words_is_named():
    page = Document(DocumentKind.PDF, "Scanned report", "", (), "", b"%PDF-", (), False)
    assert compare(documents(REPORT), (page,)).uncompared == ("Scanned report",)


WORDS = st.lists(
    st.sampled_from(
        [
            "no",
            "left",
            "right",
            "9",
            "mm",
            ".",
            ";",
            "lung",
            "the",
            "nodule\n",
            "2026-11-01",
            "IMPRESSION:",
            "\n\nFINDINGS:",
            "\n1.",
            "kein",
            "3,5",
            "cm",
            "-",
        ]
    ),
    max_size=60,
).map(" ".join)


@given(WORDS, WORDS)
def test_no_letter_of_either_version_is_lost(before, after):
    old, new = documents(before), documents(after)
    found = compare(old, new)
    if all(each[0].kind is DocumentKind.TEXT for each in (old, new)):
        assert letters(told(found, new=True)) == letters([new[0].plain])
        # What was kept is shown as it is now: numbered anew, a measure with other spaces.
        marks = "0123456789.)•-"
        assert letters(told(found, new=False), marks) == letters([old[0].plain], marks)


@given(WORDS)
def test_a_text_and_itself_are_the_same(text):
    assert difference(text, text).same


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_can_be_compared(before, after):
    difference(before, after)
