"""Demonstration data, the same for the same count and seed.

Must never: use a clock, or hold more than one patient's resources at a time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from server_stub.demo import other_departments
from server_stub.demo.case import Case, Story, Study
from server_stub.demo.people import REFERRERS, TODAY, Person, Referrer, make_person
from server_stub.demo.pictures.plan import Allowance
from server_stub.demo.resources import Filing, Form, Resource, file_study, patient, practitioners
from server_stub.demo.stories import FILLERS, SINGLES, STORIES
from server_stub.demo.versions import tell_history
from server_stub.demo.wording import write_date

_END = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
_FORMS = (
    (Form.TEXT, 0.55),
    (Form.HTML, 0.20),
    (Form.RTF, 0.10),
    (Form.PDF, 0.10),
    (Form.NARRATIVE, 0.03),
    (Form.CONCLUSION, 0.02),
)
_MOST_PDFS = 160
"""A PDF takes as long as fifty texts; a large set gets about this many, not a tenth."""
_ELSEWHERE = 0.033
"""Share of reports of other departments, which a radiology client must keep out."""


def generate(count: int = 520, seed: int = 1) -> Iterator[Resource]:
    """FHIR R4 resources of `count` reports: practitioners first, then patient by patient.

    Versions of one report have one id and a rising `meta.versionId`, oldest first. `count` is the number of
    different DiagnosticReports, about 3.3 % of them from other departments. Raises ValueError if negative.
    """
    if count < 0:
        msg = "The number of reports cannot be negative."
        raise ValueError(msg)
    yield from practitioners()
    patients = min(max(80, count // 6), count)
    pictures = Allowance()
    left = count
    owed = 0.0  # reports of other departments, carried over from patient to patient
    for number in range(patients):
        dice = Random(f"{seed}/{number}")  # noqa: S311 - repeatable on purpose
        waiting = patients - number - 1
        mean = left / (waiting + 1)
        wanted = left if waiting == 0 else min(max(1, round(mean * dice.uniform(0.3, 1.7))), left - waiting)
        person = make_person(number, dice)
        owed += wanted * _ELSEWHERE
        elsewhere = int(owed)
        owed -= elsewhere
        left -= yield from _patient(
            person, wanted, left - waiting, elsewhere, _MOST_PDFS / max(count, 1), pictures, dice
        )


def _patient(
    person: Person,
    wanted: int,
    most: int,
    elsewhere: int,
    pdfs: float,
    pictures: Allowance,
    dice: Random,
) -> Generator[Resource, None, int]:
    """One patient's resources: about `wanted` reports, never more than `most`. Returns how many."""
    studies = _live(person, wanted - elsewhere, most - elsewhere, dice)
    elsewhere = min(elsewhere, most - len(studies))
    first = min((study.when for study in studies), default=_END)
    yield patient(person, max(first - timedelta(days=30), _morning(person)))
    priors = {(prior.title, prior.when) for study in studies for prior in study.priors}
    for place, study in enumerate(studies):
        history = tell_history(study, dice, (study.title, study.when) in priors)
        filing = _filing(person, place, study, pdfs, dice)
        yield from file_study(person, study, history, filing, dice, pictures)
    for place in range(elsewhere):
        yield from other_departments.report(person, place, _END, dice)
    return len(studies) + elsewhere


def _live(person: Person, wanted: int, most: int, dice: Random) -> list[Study]:
    """The patient's studies in the order of time: stories while there is room, single exams for the rest."""
    told: set[str] = set()
    studies: list[Study] = []
    for _ in range(12):
        if len(studies) >= wanted:
            break
        end = _end_of_case(person, dice)
        stories = STORIES if wanted - len(studies) > 1 else SINGLES
        story = _choose(stories, person, person.age(end), told, dice) or _choose(
            SINGLES, person, person.age(end), told, dice
        )
        if story is None:
            continue
        case = Case(person, dice, story.service, end, _referrer(story.service, dice))
        made = list(story.tell(case))
        if len(studies) + len(made) <= most:
            studies += made
            told |= story.regions
    while len(studies) < wanted:
        studies.append(_single(person, dice))
    return _name_priors(sorted(studies, key=lambda study: study.when))


def _name_priors(studies: list[Study]) -> list[Study]:
    """Where two single exams happen to be the same, the later one names the earlier one."""
    last: dict[tuple[str, str], Study] = {}
    named: list[Study] = []
    for study in studies:
        key = (study.exam.title, study.side)
        prior = last.get(key)
        if prior is not None and not study.priors and study.language == "en":
            day = write_date(prior.when, study.radiologist.dates)
            study = replace(study, priors=(prior,), comparison=f"{prior.brief} dated {day}.")
        last[key] = study
        named.append(study)
    return named


def _single(person: Person, dice: Random) -> Study:
    """One more exam for a patient whose stories are told: routine, and compatible with anything."""
    end = _end_of_case(person, dice)
    story = _choose(FILLERS, person, person.age(end), set(), dice) or FILLERS[0]
    return next(iter(story.tell(Case(person, dice, story.service, end, _referrer(story.service, dice)))))


def _choose(
    stories: tuple[Story, ...], person: Person, age: float, told: set[str], dice: Random
) -> Story | None:
    fitting = [story for story in stories if story.suits(person, age, told)]
    return dice.choices(fitting, weights=[story.weight for story in fitting])[0] if fitting else None


def _end_of_case(person: Person, dice: Random) -> datetime:
    """When a case's last exam takes place: a third of them in the last week."""
    roll = dice.random()
    days = (
        dice.uniform(0, 7) if roll < 0.34 else dice.uniform(7, 90) if roll < 0.62 else dice.uniform(90, 1000)
    )
    lived = (TODAY - person.born).days
    if lived < 6 * 365:
        days = min(days, lived * dice.uniform(0, 0.3))
    end = _END - timedelta(days=int(days))
    return end + timedelta(minutes=dice.randint(0, 1150))


def _morning(person: Person) -> datetime:
    return datetime(person.born.year, person.born.month, person.born.day, 6, tzinfo=UTC)


def _referrer(service: str, dice: Random) -> Referrer:
    fitting = [one for one in REFERRERS if service in one.services or "general" in one.services]
    weights = [4 if service in one.services else 1 for one in fitting]
    return dice.choices(fitting, weights=weights)[0]


def _filing(person: Person, place: int, study: Study, pdfs: float, dice: Random) -> Filing:
    form = dice.choices([form for form, _ in _FORMS], weights=[share for _, share in _FORMS])[0]
    if form is Form.PDF and dice.random() >= pdfs * 10:
        form = Form.TEXT
    number = f"{person.number:06}-{place:03}"
    serial = (person.number * 409 + place * 61 + 1307) % 10_000_000
    return Filing(
        report=f"rep-{number}",
        order=f"ord-{number}",
        imaging=f"img-{number}",
        accession=f"A{study.when:%y}{serial:07}",
        form=form,
        by_binary=form is Form.PDF or dice.random() < 0.1,
        tidy=dice.random() < 0.5,
    )
