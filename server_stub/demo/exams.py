"""What an exam is: its modality, its names and codes, how it is done, and what a normal one looks like.

The exams themselves stand beside their stories (chest, neuro, abdomen …). Must never: hold a finding.
"""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Modality(StrEnum):
    """DICOM modality codes (PS3.3 C.7.3.1.1.1) of the demonstration data."""

    CR = "CR"
    CT = "CT"
    MR = "MR"
    US = "US"
    MG = "MG"
    NM = "NM"
    PT = "PT"
    XA = "XA"
    RF = "RF"


class Setting(StrEnum):
    """Where the patient came from; it decides the hours and how a report is signed."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Exam:
    """An entry of the catalogue; `{side}` in title, technique and normal text stands for left or right."""

    title: str
    modality: Modality
    site: str  # DICOM body part examined, upper case
    technique: str
    normal: Mapping[str, str]  # organ → the sentence dictated when nothing is wrong with it, in reading order
    loinc: tuple[str, str] | None = None  # code, display; None where no code is certain
    brief: str = ""  # what a later report calls it, where the title is too long for that
    loinc_by_side: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def name(self, side: str) -> str:
        """The title with its side, starting with a capital."""
        return self.title.replace("{side}", side)

    def coding(self, side: str) -> tuple[str, str] | None:
        """LOINC code and display for this side, if one is certain."""
        return self.loinc_by_side.get(side, self.loinc)


CT_DOSE = "[Dose: CTDIvol #5-14# mGy, DLP #210-690# mGy·cm.|DLP #210-690# mGy·cm.|Automated exposure control was used.]"
IODINE = (
    "[80 mL of iohexol 350 was given intravenously without immediate complication."
    "|100 mL iopamidol 370 IV.|After intravenous injection of 90 mL of iomeprol 400.]"
)
GADOLINIUM = "[#6-9# mL of gadobutrol was given intravenously.|0.1 mmol/kg gadobutrol IV.|Gadoterate meglumine, 0.1 mmol/kg, IV.]"
