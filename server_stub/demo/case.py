"""A case: one patient's illness as the radiology department sees it, exam after exam.

Stories call `Case.study` in the order of time; what it returns can be named as a prior by later ones.
Must never: read a clock (dates count back from `TODAY`) or use another source of chance than the case's dice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from random import Random

from server_stub.demo.exams import Exam, Modality, Setting
from server_stub.demo.people import RADIOLOGISTS, REFERRERS, Person, Radiologist, Referrer
from server_stub.demo.wording import Sex, describe, mark_date, say

_SPECIALISTS = {Modality.XA: "vessels", Modality.MG: "women"}


class Category(IntEnum):
    """ACR actionable finding categories: told within minutes (1) or hours (2)."""

    MINUTES = 1
    HOURS = 2


@dataclass(frozen=True, slots=True)
class Critical:
    """A critical finding, `what` as named when it is telephoned."""

    category: Category
    what: str


@dataclass(frozen=True, slots=True)
class Study:
    """One exam of one patient with what was dictated about it."""

    exam: Exam
    side: str
    when: datetime
    setting: Setting
    radiologist: Radiologist
    referrer: Referrer
    why: str
    technique: str
    priors: tuple[Study, ...]
    comparison: str
    findings: tuple[tuple[str, str], ...]
    impression: tuple[str, ...]
    critical: Critical | None
    told: datetime | None
    communication: str
    addendum: str
    language: str

    @property
    def title(self) -> str:
        """The exam's name with its side."""
        return self.exam.name(self.side)

    @property
    def brief(self) -> str:
        """How a later report names this exam."""
        return self.exam.brief or self.title

    @property
    def day(self) -> str:
        """The exam's date, for use inside another dictation."""
        return mark_date(self.when)


@dataclass(frozen=True, slots=True)
class Case:
    """One patient, one service, and the moment of the last exam."""

    person: Person
    dice: Random
    service: str
    end: datetime
    referrer: Referrer

    @property
    def woman(self) -> bool:
        """Whether the patient is female."""
        return self.person.sex is Sex.FEMALE

    @property
    def side(self) -> str:
        """One of the two sides, drawn anew."""
        return "left" if self.dice.random() < 0.5 else "right"

    def age(self, before: float = 0) -> float:
        """The patient's age in years that many days before the end of the case."""
        return self.person.age(self.end - timedelta(days=before))

    def who(self, before: float = 0) -> str:
        """`64-year-old woman` at that time."""
        return describe(self.person.sex, self.age(before))

    def one(self, *options: str) -> str:
        """One of the options."""
        return self.dice.choice(options)

    def between(self, low: float, high: float) -> float:
        """A number in the range."""
        return low + self.dice.random() * (high - low)

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.dice.random() < share

    def moment(self, before: float, setting: Setting) -> datetime:
        """The time of an exam that many days before the end, at an hour that suits the setting."""
        when = self.end - timedelta(days=before)
        if setting is Setting.OUTPATIENT:
            when -= timedelta(days=max(0, when.weekday() - 4))
            when = when.replace(hour=8, minute=0) + timedelta(minutes=int(self.dice.random() * 540))
        return when.astimezone(UTC)

    def study(
        self,
        exam: Exam,
        before: float,
        *,
        why: str,
        impression: Sequence[str],
        findings: Mapping[str, str] | None = None,
        compare: Sequence[Study] = (),
        without: Sequence[str] = (),
        comparison: str = "",
        technique: str = "",
        side: str = "",
        setting: Setting = Setting.OUTPATIENT,
        same_day: Study | None = None,
        critical: Critical | None = None,
        addendum: str = "",
        language: str = "en",
    ) -> Study:
        """Dictate one exam, `before` days ahead of the case's end (or the same day as another one).

        `findings` replace the exam's normal text organ by organ; organs it does not know are added in front.
        `without` leaves organs out. `compare` must lie earlier than the exam.
        """
        when = (
            same_day.when + timedelta(minutes=self.dice.randint(25, 95))
            if same_day
            else self.moment(before, setting)
        )
        if compare:
            when = max(
                when, max(prior.when for prior in compare) + timedelta(minutes=self.dice.randint(35, 80))
            )
        radiologist = self._radiologist(exam.modality)
        referrer = self.referrer
        if setting is Setting.EMERGENCY:
            referrer = next(one for one in REFERRERS if "emergency" in one.services)
        age = self.person.age(when)

        def write(text: str) -> str:
            text = say(text.replace("{side}", side), self.dice, self.person.sex, age, radiologist.dates)
            return text.replace(" x ", f" {radiologist.times} ") if radiologist.times != "x" else text

        found = dict(findings or {})
        organs = {organ: text for organ, text in exam.normal.items() if organ not in without}
        lines = [(organ, text) for organ, text in found.items() if organ not in organs]
        lines += [(organ, found.get(organ, text)) for organ, text in organs.items()]
        told = self._told(critical, when)
        return Study(
            exam=exam,
            side=side,
            when=when,
            setting=setting,
            radiologist=radiologist,
            referrer=referrer,
            why=write(why),
            technique=write(technique or exam.technique),
            priors=tuple(compare),
            comparison=write(comparison or self._comparison(compare)),
            findings=tuple((organ, text) for organ, raw in lines if (text := write(raw))),
            impression=tuple(write(text) for text in impression),
            critical=critical,
            told=told,
            communication=write(self._communication(critical, told, referrer, radiologist)),
            addendum=write(addendum),
            language=language,
        )

    def _radiologist(self, modality: Modality) -> Radiologist:
        """The section's own radiologist mostly; interventions and mammograms are nobody else's."""
        service = _SPECIALISTS.get(modality, self.service)
        if modality in _SPECIALISTS or self.dice.random() < 0.7:
            fitting = [one for one in RADIOLOGISTS if service in one.reads]
            if fitting:
                return self.dice.choice(fitting)
        return self.dice.choice(RADIOLOGISTS)

    def _comparison(self, compare: Sequence[Study]) -> str:
        if not compare:
            return (
                "[None.|None available.|No prior studies are available for comparison.|No relevant priors.]"
            )
        newest_first = sorted(compare, key=lambda prior: prior.when, reverse=True)
        return (
            "; ".join(f"{one.brief} {self.one('', 'of ', 'dated ')}{one.day}" for one in newest_first) + "."
        )

    def _told(self, critical: Critical | None, when: datetime) -> datetime | None:
        """When the referrer was telephoned: the report is never issued before the call it records."""
        if critical is None:
            return None
        return when + timedelta(
            minutes=self.dice.randint(14, 38) + (0 if critical.category is Category.MINUTES else 70)
        )

    def _communication(
        self, critical: Critical | None, told: datetime | None, to: Referrer, by: Radiologist
    ) -> str:
        if critical is None or told is None:
            return ""
        at = f"{told:%H:%M} on {mark_date(told)}"
        return self.one(
            f"{critical.what[0].upper() + critical.what[1:]}: discussed with Dr. {to.family} by telephone "
            f"at {at}, read-back confirmed.",
            f"The finding of {critical.what} was communicated by Dr. {by.family} to Dr. {to.family} by "
            f"telephone at {at}; read-back confirmed.",
            f"Critical result ({critical.what}) telephoned to Dr. {to.family} at {at}. "
            "Receipt was acknowledged and read back.",
        )


@dataclass(frozen=True, slots=True)
class Story:
    """A way a case can go, and whom it can happen to."""

    tell: Callable[[Case], Iterator[Study]]
    service: str
    regions: frozenset[str]  # a patient has one story per region, so that stories never contradict each other
    weight: float
    youngest: float = 18  # years at the end of the case, with the length of the story already in it
    oldest: float = 95
    sex: Sex | None = None
    language: str = ""  # the patient's; "" for any

    def suits(self, person: Person, age: float, told: set[str]) -> bool:
        """Whether it can happen to this patient at that age, after what has been told already."""
        return (
            self.youngest <= age <= self.oldest
            and (self.sex is None or self.sex is person.sex)
            and self.language in ("", person.name.language)
            and self.regions.isdisjoint(told)
        )
