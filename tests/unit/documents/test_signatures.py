"""Who signed, told from what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.documents.signatures import is_signature


@pytest.mark.parametrize(
    "text",
    [
        "Electronically signed by Dr. Anders Eriksson, 2026-09-11 10:22 UTC",
        "Electronically signed by A. Reader, MD",
        "Electronically signed by Dr. Miriam Ashgrove, October 12, 2026 11:20 UTC",
        "Signé électroniquement par Dr Miriam Ashgrove, le 12/10/2026 à 10:20 UTC",
        "Firmado electrónicamente por Dr. Rafael Castellanos, 12/10/2026 10:20 UTC",
        "Elektronisch signiert von Dr. med. Jürgen Weiß am 12.10.2026 um 10:20 Uhr",
        "Elektronisch signiert: Dr. Miriam Ashgrove, 03.06.2026 12:24 UTC",
        "Dictated by: JS",
        "Signed: SMITH, JOHN A, MD",
        "Reported by Dr Siobhán O'Brien-Smith (Consultant Radiologist), 12/10/2026",
        "Verified on 2026-03-02 14:02",
        "Reviewed on March 3, 2026 at 2:02 p.m.",
        "Dictated and signed by Dr. May Wu",
        "Signed by Dr van der Berg\nDate: 12/10/2026",
        "WSN:ABC123",
        "Dictated By: Reader MD, Ann J Dictated Date/Time: 02/03/19 7:44 pm Transcribed By: CSB",
    ],
)
def test_who_or_when_alone_is_a_signature(text):
    assert is_signature(text)


@pytest.mark.parametrize(
    "text",
    [
        "Reviewed on bone windows, there is a displaced hairline fracture of C2.",
        "Reported by phone to Dr X at 14:02: critical.",
        "Reported by phone to Dr X at 14:02",
        "Reviewed by Dr Smith: fracture",
        "Reviewed by Dr Wu: Fracture.",
        "Reviewed by Dr Wu. Fracture.",
        "Reviewed by Dr Smith, Fracture.",
        "Read by AI: Pneumothorax",
        "Reported: Pneumothorax.",
        "Reported on CT: Fracture",
        "Reviewed by Dr Smith at 14:02 Critical",
        "Signed by Dr Smith - Pneumothorax",
        "Signed by Dr Smith\nFracture of C2.",
        "Signed by: Dr Smith Reported: Fracture",
        "Approved by Dr Smith\nLarge Pneumothorax",
        "Verified by biopsy",
        "Verified on biopsy.",
        "Reviewed on 12/10/2026: fracture of C2.",
        "Reviewed on lung windows",
        "Signed by",
        "Date of last scan 2026",
    ],
)
def test_whatever_else_is_said_makes_it_none(text):
    assert not is_signature(text)


@given(
    st.text(st.characters(categories=["Ll", "Po", "Zs"]), min_size=4),
    st.sampled_from(["by", "on", "by Dr A at"]),
)
def test_words_in_small_letters_are_never_part_of_one(words, done):
    lengthy = " ".join(word for word in words.split() if len(word) > 5)
    assert not lengthy or not is_signature(f"Reviewed {done} x{lengthy}x")
