"""How a report comes to be: registered, preliminary, final, and what is put right afterwards.

Must never: change a study that a later one names as its prior into one that was never made.
"""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random

from server_stub.demo.case import Study
from server_stub.demo.exams import Modality, Setting
from server_stub.demo.people import TODAY
from server_stub.demo.wording import other, write_date

_NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 23, 30, tzinfo=UTC)
_SIDE = re.compile(r"\b(left|right)\b")
_SMALL = re.compile(r"\b([4-9]) mm\b")
_BY_RESIDENTS = (Modality.CR, Modality.CT, Modality.MR, Modality.US)

_CANCELLED = (
    "Examination not performed. The patient declined intravenous contrast.",
    "Examination cancelled. The patient did not attend.",
    "Examination cancelled by the referring service; duplicate order.",
    "Examination not performed. The patient was unable to lie flat and will be rebooked.",
    "Examination cancelled. eGFR below the threshold for contrast; an alternative was discussed with the referrer.",
)
_IN_ERROR = (
    "This report was dictated under the wrong accession number and has been withdrawn. Please disregard it.",
    "This report was filed to the wrong patient and has been withdrawn. Please disregard it.",
    "Entered in error: the images belong to another examination. A new report will follow.",
)
_ADDENDA = (
    "The images were reviewed at the multidisciplinary conference on {date}. The impression is unchanged.",
    "An outside study of {past} has been received since the original report. Allowing for differences in technique, "
    "there has been no relevant change.",
    "Dr. {referrer} telephoned on {date} with further history. The images were reviewed again in this light; the "
    "impression is unchanged.",
    "Images from {past} have become available from another hospital. The findings described above were present then and are "
    "unchanged.",
)
_AMENDMENTS = (
    "The comparison section was amended on {date} to include outside images of {past}, received after dictation. "
    "The impression is unchanged.",
    "Amended on {date}: the clinical information was completed after a call from Dr. {referrer}. The impression is unchanged.",
    "Amended on {date}: the technique section was completed. Findings and impression are unchanged.",
)


class Status(StrEnum):
    """FHIR R4 DiagnosticReport.status, those the data uses."""

    REGISTERED = "registered"
    PARTIAL = "partial"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    CORRECTED = "corrected"
    APPENDED = "appended"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a report; `note` stands under its own heading, after the impression or instead of the text."""

    status: Status
    issued: datetime
    impression: tuple[str, ...]
    heading: str = ""
    note: str = ""
    dictated: bool = True  # False: there is no text yet, or none any more


def tell_history(study: Study, dice: Random, prior_of_another: bool) -> tuple[Version, ...]:
    """All versions of the study's report, oldest first; none lies after the fixed end of the data."""
    first = study.when + timedelta(minutes=dice.randint(18, 75))
    if study.told:
        first = max(first, study.told + timedelta(minutes=dice.randint(2, 9)))
    if study.language != "en":  # the notes of the other versions are in English
        return (Version(Status.FINAL, min(first, _NOW), study.impression),)
    roll = dice.random()
    if not prior_of_another:
        if (ended := _unfinished(study, first, roll, dice)) is not None:
            return ended
        roll = dice.random()
    history: list[Version] = []
    urgent = study.setting is not Setting.OUTPATIENT
    if dice.random() < (0.45 if urgent else 0.05) and study.exam.modality in _BY_RESIDENTS:
        history.append(_preliminary(study, first))
        signed = first + timedelta(hours=dice.randint(3, 14))
        if signed > _NOW:
            return tuple(history)
    else:
        signed = first if urgent else first + timedelta(minutes=dice.randint(5, 900))
        if signed > _NOW:
            signed = first
    final = Version(Status.FINAL, min(signed, _NOW), study.impression)
    later = signed + timedelta(minutes=dice.randint(50, 4000))
    if study.addendum:
        later = min(later, _NOW + timedelta(minutes=5))
        return (
            *history,
            final,
            Version(Status.APPENDED, later, study.impression, "ADDENDUM", study.addendum),
        )
    if later > _NOW:
        return (*history, final)
    if roll < 0.03:
        return (*history, *_corrected(study, final, later))
    if roll < 0.05:
        return (
            *history,
            final,
            _noted(study, Status.APPENDED, later, "ADDENDUM", dice.choice(_ADDENDA), dice),
        )
    if roll < 0.063:
        return (
            *history,
            final,
            _noted(study, Status.AMENDED, later, "AMENDMENT", dice.choice(_AMENDMENTS), dice),
        )
    return (*history, final)


def _unfinished(study: Study, first: datetime, roll: float, dice: Random) -> tuple[Version, ...] | None:
    recent = _NOW - study.when < timedelta(days=2)
    if recent and roll < 0.07:
        return (Version(Status.REGISTERED, study.when, (), dictated=False),)
    if recent and roll < 0.11:
        note = (
            "The findings will be completed after comparison with outside images, which have been requested."
        )
        return (Version(Status.PARTIAL, min(first, _NOW), (), "NOTE", note),)
    if recent and roll < 0.22 and study.exam.modality in _BY_RESIDENTS:
        return (_preliminary(study, min(first, _NOW)),)
    if 0.22 <= roll < 0.238 and study.critical is None:
        later = min(first + timedelta(minutes=dice.randint(30, 2000)), _NOW + timedelta(minutes=2))
        return (
            Version(Status.FINAL, first, study.impression),
            Version(
                Status.ENTERED_IN_ERROR,
                later,
                study.impression,
                "WITHDRAWN",
                dice.choice(_IN_ERROR),
                dictated=dice.random() < 0.5,
            ),
        )
    if 0.238 <= roll < 0.256 and study.critical is None and study.setting is Setting.OUTPATIENT:
        return (
            Version(Status.REGISTERED, study.when - timedelta(days=dice.randint(1, 9)), (), dictated=False),
            Version(Status.CANCELLED, study.when, (), "NOTE", dice.choice(_CANCELLED), dictated=False),
        )
    return None


def _preliminary(study: Study, when: datetime) -> Version:
    note = "Preliminary report by the resident on call. A final report will follow after review by the attending radiologist."
    return Version(Status.PRELIMINARY, when, study.impression, "PRELIMINARY REPORT", note)


def _noted(study: Study, status: Status, when: datetime, heading: str, note: str, dice: Random) -> Version:
    past = study.when - timedelta(days=dice.randint(200, 900))
    style = study.radiologist.dates
    text = note.format(
        date=write_date(when, style), past=write_date(past, style), referrer=study.referrer.family
    )
    return Version(status, when, study.impression, heading, text)


def _corrected(study: Study, final: Version, when: datetime) -> tuple[Version, ...]:
    """A dictation slip in the first version of the impression, and the version that puts it right."""
    day = write_date(when, study.radiologist.dates)
    for place, text in enumerate(study.impression):
        if len(set(_SIDE.findall(text))) == 1:
            side = _SIDE.findall(text)[0]
            slip = _SIDE.sub(other(side), text)
            note = (
                f"Corrected on {day}: the impression of the original report gave the side as {other(side)}. "
                f"It should read {side}, as above. The findings section was correct."
            )
        elif (size := _SMALL.search(text)) and not text.startswith("No"):
            slip = text.replace(size[0], f"1{size[1]} mm", 1)
            note = (
                f"Corrected on {day}: the impression of the original report gave the measurement as 1{size[1]} mm, a "
                f"transcription error. It should read {size[1]} mm, as above."
            )
        else:
            continue
        wrong = (*study.impression[:place], slip, *study.impression[place + 1 :])
        return (
            Version(Status.FINAL, final.issued, wrong),
            Version(Status.CORRECTED, when, study.impression, "CORRECTION", note),
        )
    note = f"Corrected on {day}: a transcription error in the clinical information was put right. Findings and impression are unchanged."
    return (final, Version(Status.CORRECTED, when, study.impression, "CORRECTION", note))
