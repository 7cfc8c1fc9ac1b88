"""The headings radiologists dictate, in English, Spanish, French and German, and what each is for.

Must never: take a sentence for a heading; a missed heading costs a shortcut, an invented one the sense.
"""

from __future__ import annotations

import re
import unicodedata

from client.documents.document import SectionRole

_HEADINGS = {
    SectionRole.EXAM: """exam, examination, exam type, examination type, study, study
        type, procedure performed, type of exam, estudio, exploracion, tipo de estudio, examen,
        etude, type d'examen, untersuchung, art der untersuchung""",
    SectionRole.INDICATION: """indication, indications, clinical indication, clinical
        history, history, clinical information, clinical data, clinical details, clinical
        question, clinical context, indication/clinical question, reason for exam, reason for
        examination, reason for study, reason for the exam, indicacion, indicaciones, datos
        clinicos, historia clinica, informacion clinica, motivo, motivo del estudio, motivo de
        consulta, antecedentes, renseignements cliniques, motif, motif de l'examen, contexte
        clinique, information clinique, informations cliniques, antecedents, indikation,
        rechtfertigende indikation, klinische angaben, klinische fragestellung, fragestellung,
        klinische information, anamnese""",
    SectionRole.TECHNIQUE: """technique, techniques, protocol, procedure, procedure details,
        scan technique, imaging technique, tecnica, tecnica de examen, protocolo, procedimiento,
        protocole, technique d'examen, technik, untersuchungstechnik, methodik, methode""",
    SectionRole.COMPARISON: """comparison, comparisons, comparison studies, comparison study,
        prior studies, prior exams, previous studies, comparacion, estudios previos, estudio
        previo, comparaison, comparatif, examens anterieurs, examen anterieur, vergleich,
        voraufnahmen, voruntersuchung, voruntersuchungen, vergleichsuntersuchung""",
    SectionRole.FINDINGS: """findings, finding, results, observations, hallazgos, hallazgo,
        resultados, resultats, resultat, constatations, befund, befunde, befundbericht,
        description""",
    SectionRole.IMPRESSION: """impression, impressions, diagnostic impression, conclusion,
        conclusions, summary, opinion, assessment, interpretation, impression and
        recommendation, impression and recommendations, impression/recommendation,
        impression/recommendations, impression and plan, impresion, impresion diagnostica,
        conclusiones, conclusion diagnostica, au total, synthese, en resume, beurteilung,
        zusammenfassung, zusammenfassende beurteilung""",
    SectionRole.RECOMMENDATION: """recommendation, recommendations, follow-up, follow up,
        followup, recomendacion, recomendaciones, recommandation, recommandations, conduite a
        tenir, empfehlung, empfehlungen, procedere, communication, critical result communication""",
    SectionRole.ADDENDUM: """addendum, addenda, amendment, corrected report, correction,
        adenda, additif, nachtrag, erganzung""",
}
ROLES = {
    phrase: role
    for role, phrases in _HEADINGS.items()
    for phrase in (" ".join(part.split()) for part in phrases.split(","))
}

_LONGEST = max(map(len, ROLES)) + 24  # a heading may carry a body part, a number or a date besides
# A colon within reach; possessive, or a line of blanks would be read again from each of them.
_LABEL = re.compile(rf"[#\s]*+([^\W\d_][^:：\n]{{0,{_LONGEST + 8}}}+)[:：]")
_RUN_IN = re.compile(r"([A-ZÀ-ÖØ-Þ][^:.;\n]{1,44}):(?=\s)")
_INSIDE = re.compile(
    r"(?<=[.;)])\s+(?=(?:"
    + "|".join(sorted((re.escape(p.upper()) for p in ROLES if len(p) > 6), key=len, reverse=True))
    + r"):\s)"
)


def normalise(text: str) -> str:
    """Return `text` in lower case without accents, marks of stress, or double spaces."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(text.casefold().replace("’", "'").split())


def role_of(heading: str) -> SectionRole | None:
    """Return what a heading is for; None if it is none that is known."""
    words = normalise(heading.strip(" \t:：*_#-=."))
    if len(words) > _LONGEST:
        return None
    if (role := ROLES.get(words)) is not None:
        return role
    if heading.upper() != heading or " " not in words:
        return None
    # "FINDINGS CHEST", "ADDENDUM 2", "CT HEAD IMPRESSION": only in capitals, where it is no sentence.
    first, _, rest = words.partition(" ")
    last = rest.rpartition(" ")[2]
    return ROLES.get(first) or ROLES.get(last)


def is_shouted(text: str) -> bool:
    """Say whether a text is written in capitals, so that they tell no heading from a sentence."""
    return sum(map(str.isupper, text)) > sum(map(str.islower, text))


def split_heading(line: str, shouted: bool = False) -> tuple[str, SectionRole, str] | None:
    """Split "Heading: words" or a heading alone into heading, role and the words; None for any other line.

    In a `shouted` text only the very words of a known heading count where there is no colon.
    """
    found = _LABEL.match(line)
    if found is not None:
        role, label = role_of(found[1]), found[1].rstrip()
        return None if role is None else (label.strip(" *_#"), role, line[found.end() :].strip())
    alone = line.strip(" \t*_#=")
    if not alone or len(alone) > 40 or not alone[0].isupper() or alone[-1] in ".,;":
        return None
    role = ROLES.get(normalise(alone)) if shouted else role_of(alone)
    return None if role is None else (alone, role, "")


def is_capitals_heading(line: str) -> bool:
    """Say whether an unknown line reads as a heading: few words, all capitals, no sentence."""
    words = line.strip().rstrip(":：")
    return (
        3 < len(words) <= 60
        and words == words.upper()
        and sum(map(str.isupper, words)) > len(words) * 0.6  # scripts without capitals have none of these
        and len(words.split()) <= 8
        and words[-1] not in ".,;。．、؟،"
    )


def split_run_in(line: str) -> int:
    """Return the length of a label such as "Lungs:" at the start of a line, 0 if there is none."""
    found = _RUN_IN.match(line)
    return found.end() if found is not None and found.group(1).count(" ") <= 5 else 0


def split_inside(line: str) -> list[str]:
    """Split a line where a known heading in capitals with a colon follows the end of a sentence."""
    return _INSIDE.split(line) if ":" in line else [line]
