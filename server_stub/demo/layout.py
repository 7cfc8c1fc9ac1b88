"""From a dictation to a page: headings, sections and line breaks as the radiologist's system prints them.

Must never: add or drop a statement.
"""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.demo.case import Study
from server_stub.demo.exams import Modality
from server_stub.demo.versions import Status, Version
from server_stub.demo.wording import write_date


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs; `numbered` ones are an enumerated impression."""

    heading: str
    paragraphs: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A report ready to be written in any format."""

    title: str
    sections: tuple[Section, ...]
    signature: str
    inline: bool
    width: int


_PROSE = (Modality.CR, Modality.CT, Modality.MR, Modality.MG)
_HEADINGS = {
    "es": ("DATOS CLÍNICOS", "TÉCNICA", "COMPARACIÓN", "HALLAZGOS", "CONCLUSIÓN"),
    "de": ("KLINISCHE ANGABEN", "TECHNIK", "VORUNTERSUCHUNGEN", "BEFUND", "BEURTEILUNG"),
    "fr": ("INDICATION", "TECHNIQUE", "COMPARAISON", "RÉSULTATS", "CONCLUSION"),
}
_SIGNED = {
    "en": "Electronically signed by Dr. {given} {family}, {date} {time} UTC",
    "es": "Firmado electrónicamente por Dr. {given} {family}, {date} {time} UTC",
    "de": "Elektronisch signiert: Dr. {given} {family}, {date} {time} UTC",
    "fr": "Signé électroniquement par Dr {given} {family}, le {date} à {time} UTC",
}


def lay_out(study: Study, version: Version) -> Page:
    """The page of one version of a report."""
    hand = study.radiologist
    names = _HEADINGS.get(study.language, hand.headings)
    sections: list[Section] = []
    if version.heading and version.status in (Status.PRELIMINARY, Status.ENTERED_IN_ERROR):
        sections.append(Section(version.heading, (version.note,)))
    if version.dictated:
        sections += [
            Section(names[0], (study.why,)),
            Section(names[1], (study.technique,)),
            Section(names[2], (study.comparison,)),
            Section(names[3], _findings(study, hand.organ_labels)),
        ]
        if version.impression:
            sections.append(
                Section(names[4], version.impression, hand.numbered and len(version.impression) > 1)
            )
        if study.communication and version.impression:
            sections.append(Section(_like(names[4], "Communication"), (study.communication,)))
    if version.heading and version.status not in (Status.PRELIMINARY, Status.ENTERED_IN_ERROR):
        sections.append(Section(_like(names[4], version.heading), (version.note,)))
    signed = ""
    if version.dictated and version.status not in (Status.PRELIMINARY, Status.PARTIAL):
        signed = _SIGNED[study.language].format(
            given=hand.given, family=hand.family, date=_date(version, study), time=f"{version.issued:%H:%M}"
        )
    return Page(study.title, tuple(sections), signed, hand.inline, hand.width)


def _date(version: Version, study: Study) -> str:
    if study.language == "en":
        return write_date(version.issued, study.radiologist.dates)
    return f"{version.issued:%d.%m.%Y}" if study.language == "de" else f"{version.issued:%d/%m/%Y}"


def _like(model: str, heading: str) -> str:
    return heading.upper() if model.isupper() else heading.capitalize()


def _findings(study: Study, labels: bool) -> tuple[str, ...]:
    """Organ by organ with labels, or as paragraphs of three organs each where every sentence stands alone."""
    if (labels or study.exam.modality not in _PROSE) and len(study.findings) > 1:
        return tuple(f"{organ}: {text}" for organ, text in study.findings)
    texts = [text for _, text in study.findings]
    return tuple(" ".join(texts[start : start + 3]) for start in range(0, len(texts), 3))
