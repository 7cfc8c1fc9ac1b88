"""Images in the order in which they are looked at, and whether they say that they are the report's.

Owns: what of a study is a picture, and the sentences about images that name somebody or something else.
Must never: take a disagreement for agreement: only what is not said on one of the two sides is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from client.model.imaging import ImageReference, ImagingStudy, Series
from client.model.report import Report

_MOST = 20_000  # pictures of one stack
# Structured reports, presentation states, encapsulated documents, waveforms, RT plans: nothing to look at.
_NO_PICTURES = (
    "1.2.840.10008.5.1.4.1.1.88.",
    "1.2.840.10008.5.1.4.1.1.11.",
    "1.2.840.10008.5.1.4.1.1.104.",
    "1.2.840.10008.5.1.4.1.1.9.",
    "1.2.840.10008.5.1.4.1.1.66",
    "1.2.840.10008.5.1.4.1.1.481.3",
    "1.2.840.10008.5.1.4.1.1.481.5",
)


@dataclass(frozen=True, slots=True)
class Slice:
    """One picture of a stack: an instance, and its frame from 0."""

    image: ImageReference = field(repr=False)
    frame: int
    number: int  # of the instance, as its series counts; 0 where nothing is said


@dataclass(frozen=True, slots=True)
class Stack:
    """Pictures that are scrolled through: a series, or the key images of the report."""

    title: str = field(repr=False)  # "Key images", or what the series is called
    number: int  # of the series; 0 where there is none
    modality: str
    slices: tuple[Slice, ...] = field(repr=False)


def stacks_of(studies: Sequence[ImagingStudy], key_images: Sequence[ImageReference]) -> tuple[Stack, ...]:
    """Return the key images first, then the series that have something to look at."""
    found = [_stack(study, series) for study in studies for series in study.series]
    by_uid = {each.image.instance: each for stack in found for each in stack.slices if each.frame == 0}
    key_slices = []
    for key in key_images:
        listed = by_uid.get(key.instance)  # by its UID alone, or not in the list: both happen
        image = listed.image if listed is not None else key
        if image.study and image.series:
            number = listed.number if listed is not None else 0
            key_slices += [Slice(image, frame - 1, number) for frame in key.frames or (1,)]
    if key_slices:
        found.insert(0, Stack("Key images", 0, "", tuple(dict.fromkeys(key_slices))))
    return tuple(stack for stack in found if stack.slices)


def _stack(study: ImagingStudy, series: Series) -> Stack:
    slices: list[Slice] = []
    for instance in series.instances:
        image = ImageReference(study.uid, series.uid, instance.uid, instance.sop_class)
        if instance.rows or not instance.sop_class.startswith(_NO_PICTURES):
            frames = min(instance.frames, _MOST - len(slices))
            slices += [Slice(image, frame, instance.number) for frame in range(frames)]
    title = series.description or series.body_part or "Series"
    return Stack(title, series.number, series.modality, tuple(slices))


def study_doubt(study: ImagingStudy, report: Report) -> str:
    """Return what is to be told of a study, by what the portal's list says of it."""
    return doubt(study.patient_id, study.accession, report)


def doubt(patient_id: str, accession: str, report: Report) -> str:
    """Return what is to be told of images that say this of themselves; "" where all that is known agrees."""
    own = report.patient.identifier if report.patient else ""
    if _differ(patient_id, own):
        return (
            "These images carry another patient identifier than the report, so they may be another person's. "
            "Do not rely on them before somebody has made sure whose they are; tell the people who run the "
            "portal."
        )
    if _differ(accession, report.accession):
        return (
            "These images carry another accession number than the report, so they may be of another exam. "
            "Do not rely on them before somebody has made sure which exam they show."
        )
    return ""


def _differ(one: str, other: str) -> bool:
    return bool(one.strip() and other.strip()) and one.strip().casefold() != other.strip().casefold()
