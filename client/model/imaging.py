"""Imaging studies as the viewer knows them: where images are, not what they show.

Must never: do I/O, or show a patient's data in a `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImageReference:
    """One image a report points to, by DICOM unique identifiers; "" where the reference leaves one out."""

    study: str = field(repr=False)
    series: str = field(repr=False)
    instance: str = field(repr=False)
    sop_class: str = ""
    frames: tuple[int, ...] = ()  # 1-based, as DICOM counts them; empty for all


@dataclass(frozen=True, slots=True)
class Instance:
    """One image (or other object) of a series, as QIDO-RS lists it (PS3.18 10.6)."""

    uid: str = field(repr=False)
    sop_class: str
    number: int
    frames: int  # 1 where nothing is said
    rows: int  # 0 where nothing is said
    columns: int


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a study; its instances in the order of their numbers."""

    uid: str = field(repr=False)
    number: int
    modality: str
    description: str = field(repr=False)
    body_part: str = field(repr=False)
    instances: tuple[Instance, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ImagingStudy:
    """One study: `patient_id` and `accession` as the images themselves say, to be held against the report."""

    uid: str = field(repr=False)
    patient_id: str = field(repr=False)
    accession: str = field(repr=False)
    series: tuple[Series, ...] = field(repr=False)
