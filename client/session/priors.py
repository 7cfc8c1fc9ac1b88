"""The patient's other reports, and which of them a reader of this one wants first.

Owns: which rows of the worklist belong to which patient, and what makes two reports those of one patient.
Must never: offer a report of somebody else. The whole patient must be the same: key, name, identifier, birth
date, sex; where one differs, or the portal has no key for the patient, it is no prior.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from client.model.report import Report
from client.session.body_part import BodyPart, body_parts, side
from client.session.worklist import Merged, Worklist

_EVER = float("-inf")


class Relevance(IntEnum):
    """How near a prior is to the report being read; the lowest comes first."""

    SAME_EXAM = 0  # body part and modality
    SAME_PART = 1  # or the same exam of the other side
    OTHER = 2


@dataclass(frozen=True, slots=True)
class Prior:
    """Another report of the patient; `part` is "" where the exam's name does not tell."""

    report: Report
    relevance: Relevance
    part: str = field(repr=False)
    earlier: bool  # made before the report being read

    @property
    def readable(self) -> bool:
        """Whether there is a text that may be shown beside another."""
        return not self.report.problem and not self.report.status.withdrawn


def same_patient(one: Report, other: Report) -> bool:
    """Say whether two reports are certainly of one patient: everything known of them is the same."""
    return one.patient is not None and bool(one.patient.key) and one.patient == other.patient


def rank(current: Report, reports: Iterable[Report]) -> tuple[Prior, ...]:
    """Return the other reports of `current`'s patient, the most relevant first, in a rank the latest first.

    Those made after `current` follow the earlier ones of their rank. Reports of anybody else are left out.
    """
    others = (each for each in reports if each.key != current.key and same_patient(current, each))
    priors = [_judge(current, other) for other in others]
    return tuple(sorted(priors, key=lambda prior: (prior.relevance, not prior.earlier, -_at(prior.report))))


def in_time(priors: Iterable[Prior]) -> tuple[Prior, ...]:
    """Return priors from the oldest to the newest."""
    return tuple(sorted(priors, key=lambda prior: (_at(prior.report), prior.report.key)))


def most_relevant(priors: Iterable[Prior]) -> Prior | None:
    """Return the first of ranked priors that can be read, an earlier one where there is any."""
    readable = [prior for prior in priors if prior.readable]
    return next((prior for prior in readable if prior.earlier), readable[0] if readable else None)


class PatientRows:
    """Which rows of the worklist are of which patient, kept as they come: no look through all of them."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, None]] = {}

    def take(self, worklist: Worklist, merged: Merged) -> None:
        """Note the rows of a delivery; a report that went to another patient is found under both."""
        for row in (*merged.new, *merged.replaced):
            patient = worklist.report(row).patient
            if patient is not None and patient.key:
                self._rows.setdefault(patient.key, {})[row] = None

    def priors(self, worklist: Worklist, current: Report) -> tuple[Prior, ...]:
        """Return the ranked priors of a report, as the worklist has them now."""
        if current.patient is None:
            return ()
        return rank(current, map(worklist.report, self._rows.get(current.patient.key, ())))


def _judge(current: Report, other: Report) -> Prior:
    here, there = body_parts(current.exam), body_parts(other.exam)
    shared = here & there
    if shared and current.modality and current.modality == other.modality and not _opposite(current, other):
        relevance = Relevance.SAME_EXAM
    else:
        relevance = Relevance.SAME_PART if shared else Relevance.OTHER
    return Prior(other, relevance, _name(there), _at(other) <= _at(current))


def _opposite(one: Report, other: Report) -> bool:
    return {side(one.exam), side(other.exam)} == {"left", "right"}


def _name(parts: frozenset[BodyPart]) -> str:
    return ", ".join(part.value for part in BodyPart if part in parts)


def _at(report: Report) -> float:
    return report.date.at.timestamp() if report.date else _EVER
