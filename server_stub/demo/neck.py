"""Neck: thyroid nodules followed by ACR TI-RADS, and the lump that brings a patient in."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Story, Study
from server_stub.demo.exams import Exam, Modality
from server_stub.demo.wording import cm, mm

US_THYROID = Exam(
    "US thyroid",
    Modality.US,
    "NECK",
    "[Grayscale and color Doppler ultrasound of thyroid and neck nodes, linear probe.|High-frequency ultrasound of the thyroid gland and cervical levels II–VI.]",
    {
        "Right lobe": "#4.3-5.1# x #1.4-1.9# x #1.3-1.8# cm, homogeneous.",
        "Left lobe": "#4.2-5.0# x #1.3-1.8# x #1.2-1.7# cm, homogeneous.",
        "Isthmus": "#2-4# mm.",
        "Nodes": "[No suspicious cervical lymph node.|Normal cervical nodes with fatty hilum.]",
    },
    ("25010-0", "US Thyroid gland"),
)


def _nodule(case: Case) -> Iterator[Study]:
    side = case.side
    size = case.dice.randint(16, 23)
    key = f"{side.capitalize()} lobe"
    # ACR TI-RADS points: solid 2, hypoechoic 2 or isoechoic 1, wider than tall 0, smooth 0, no foci 0.
    dark = case.chance(0.4)
    points, level = (4, 4) if dark else (3, 3)
    looks = f"Solid {'hypoechoic' if dark else 'isoechoic'} nodule, wider than tall, smooth margin, no echogenic foci"
    needle = dark and size >= 15
    first = case.study(
        US_THYROID,
        400,
        why=f"{case.who(400)}, palpable {side} thyroid nodule. Normal TSH.",
        findings={key: f"{looks}, {cm(size, size * 0.7, size * 0.6)}, mid {side} lobe ({points} points)."},
        impression=[
            f"{cm(size)} nodule of the {side} thyroid lobe, ACR TI-RADS {level}."
            + (" Fine-needle aspiration is recommended." if needle else " Follow-up ultrasound in 1 year.")
        ],
    )
    yield first
    yield case.study(
        US_THYROID,
        0,
        compare=[first],
        why=f"{side.capitalize()} thyroid nodule, {'benign cytology (Bethesda II)' if needle else 'TI-RADS 3'}, one-year control.",
        findings={
            key: f"{looks}, {cm(size + 1, size * 0.7, size * 0.6)}, mid {side} lobe, not significantly changed since {first.day} ({mm(size)})."
        },
        impression=[f"Stable {cm(size + 1)} nodule of the {side} thyroid lobe, ACR TI-RADS {level}."],
    )


def _goitre(case: Case) -> Iterator[Study]:
    yield case.study(
        US_THYROID,
        0,
        why=f"{case.who()}, fatigue, TSH #6.8-14.2# mIU/L, TPO antibodies positive.",
        findings={
            "Right lobe": "Heterogeneous and hypoechoic with fine septations, mildly hypervascular. No discrete nodule.",
            "Left lobe": "Heterogeneous and hypoechoic with fine septations. No discrete nodule.",
        },
        impression=[
            "Heterogeneous thyroid, consistent with chronic autoimmune (Hashimoto) thyroiditis. No nodule."
        ],
    )


STORIES = (
    Story(_nodule, "general", frozenset({"thyroid"}), 2, 30, 78),
    Story(_goitre, "general", frozenset({"thyroid"}), 1.2, 20, 70),
)
SINGLES = (STORIES[1],)
