"""The headings radiologists dictate, in English, Spanish, French, German and Japanese, and what each is for.

Must never: take a sentence for a heading; a missed heading costs a shortcut, an invented one the sense.
"""

from __future__ import annotations

import re
import unicodedata

from client.documents.document import SectionRole

_HEADINGS = {
    SectionRole.EXAM: """exam, examination, exam type, examination type, study, study
        type, procedure performed, type of exam, estudio, exploracion, tipo de estudio, examen,
        etude, type d'examen, untersuchung, art der untersuchung, 検査, 検査名, 検査項目, 検査種別,
        検査部位""",
    SectionRole.INDICATION: """indication, indications, clinical indication, clinical
        history, history, clinical information, clinical data, clinical details, clinical
        question, clinical context, indication/clinical question, reason for exam, reason for
        examination, reason for study, reason for the exam, indicacion, indicaciones, datos
        clinicos, historia clinica, informacion clinica, motivo, motivo del estudio, motivo de
        consulta, antecedentes, renseignements cliniques, motif, motif de l'examen, contexte
        clinique, information clinique, informations cliniques, antecedents, indikation,
        rechtfertigende indikation, klinische angaben, klinische fragestellung, fragestellung,
        klinische information, anamnese, 臨床情報, 臨床診断, 臨床経過, 依頼内容, 依頼目的, 依頼理由,
        検査目的, 目的, 主訴, 現病歴, 既往歴, 適応""",
    SectionRole.TECHNIQUE: """technique, techniques, protocol, procedure, procedure details,
        scan technique, imaging technique, tecnica, tecnica de examen, protocolo, procedimiento,
        protocole, technique d'examen, technik, untersuchungstechnik, methodik, methode,
        撮影方法, 撮像方法, 検査方法, 撮影条件, 撮像条件, 方法, 手技""",
    SectionRole.COMPARISON: """comparison, comparisons, comparison studies, comparison study,
        prior studies, prior exams, previous studies, comparacion, estudios previos, estudio
        previo, comparaison, comparatif, examens anterieurs, examen anterieur, vergleich,
        voraufnahmen, voruntersuchung, voruntersuchungen, vergleichsuntersuchung,
        比較, 比較検査, 比較対象, 比較画像, 前回検査, 前回比較, 過去画像""",
    SectionRole.FINDINGS: """findings, finding, results, observations, hallazgos, hallazgo,
        resultados, resultats, resultat, constatations, befund, befunde, befundbericht,
        description, 所見, 画像所見, 読影所見, 検査所見, ct所見, mri所見""",
    SectionRole.IMPRESSION: """impression, impressions, diagnostic impression, conclusion,
        conclusions, summary, opinion, assessment, interpretation, impression and
        recommendation, impression and recommendations, impression/recommendation,
        impression/recommendations, impression and plan, impresion, impresion diagnostica,
        conclusiones, conclusion diagnostica, au total, synthese, en resume, beurteilung,
        zusammenfassung, zusammenfassende beurteilung, 診断, 画像診断, 総合診断, 診断結果, 読影結果,
        結論, 印象, まとめ, 要約, 判定, インプレッション""",
    SectionRole.RECOMMENDATION: """recommendation, recommendations, follow-up, follow up,
        followup, recomendacion, recomendaciones, recommandation, recommandations, conduite a
        tenir, empfehlung, empfehlungen, procedere, communication, critical result communication,
        推奨, 推奨事項, 提案, 追加検査""",
    SectionRole.ADDENDUM: """addendum, addenda, amendment, corrected report, correction,
        adenda, additif, nachtrag, erganzung, 追記, 補遺, 追加報告, 訂正""",
}


def normalise(text: str) -> str:
    """Return `text` in lower case without accents, marks of stress, or double spaces."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(text.casefold().replace("’", "'").split())


ROLES = {normalise(phrase): role for role, phrases in _HEADINGS.items() for phrase in phrases.split(",")}
_PHRASES = sorted(
    (" ".join(p.split()) for ps in _HEADINGS.values() for p in ps.split(",")), key=len, reverse=True
)
_CASELESS = [phrase for phrase in _PHRASES if not phrase.isascii()]
_CAPITALS = [phrase.upper() for phrase in _PHRASES if len(phrase) > 6 and phrase.isascii()]
_LONGEST = max(map(len, ROLES)) + 24  # a heading may carry a body part, a number or a date besides
# A colon within reach; possessive, or a line of blanks would be read again from each of them.
_LABEL = re.compile(rf"[#\s*_■□●◆◇◎○▼]*+([^\W\d_][^:：\n]{{0,{_LONGEST + 8}}}+)[:：]")
_RUN_IN = re.compile(r"([A-ZÀ-ÖØ-Þ][^:.;\n]{1,44}):(?=\s)")
# 【所見】 and [FINDINGS], with or without words behind.
_BRACKETED = re.compile(r"\s*+[【［\[〈《＜]\s*+([^】］\]〉》＞\n]{1,40}+)[】］\]〉》＞]\s*+[:：]?")
_OPENING = ("[", "【", "［", "〈", "《", "＜", "■", "◆", "●")
_INSIDE = re.compile(rf"(?<=[.;)])\s+(?=(?:{'|'.join(map(re.escape, _CAPITALS))}):\s)")
_INSIDE_CASELESS = re.compile(rf"(?<=。)\s*+(?=【|[■◆●]|(?:{'|'.join(_CASELESS)})[:：])")  # no blanks between


def role_of(heading: str) -> SectionRole | None:
    """Return what a heading is for; None if it is none that is known."""
    words = normalise(heading.strip(" \t:：*_#-=."))
    if len(words) > _LONGEST:
        return None
    if (role := ROLES.get(words)) is not None:
        return role
    if not heading.isupper() or " " not in words:
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
    if "[" in line or not line.isascii():
        bracketed = _BRACKETED.match(line)
        if bracketed is not None and (role := role_of(bracketed[1])) is not None:
            return bracketed[1].strip(), role, line[bracketed.end() :].strip()
    found = _LABEL.match(line)
    if found is not None:
        role, label = role_of(found[1]), found[1].rstrip()
        if role is None:
            return None
        # Marks of stress may stand around a heading.
        rest = line[found.end() :].strip().removeprefix("**").removeprefix("__").lstrip()
        return label.strip(" *_#"), role, rest
    alone = line.strip(" \t*_#=■□●◆◇◎○▼")
    if not alone or len(alone) > 40 or not _may_begin(alone[0]) or alone[-1] in ".,;。":
        return None
    role = ROLES.get(normalise(alone)) if shouted else role_of(alone)
    return None if role is None else (alone, role, "")


def may_interrupt(line: str) -> bool:
    """Say whether a line without ":" and capitals may be a heading though no blank line stands before it."""
    start = line.lstrip()
    if line.isascii():
        return start.startswith("[")
    return "：" in line or len(start) <= 12 or start.startswith(_OPENING)


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
    if "。" in line:
        return _INSIDE_CASELESS.split(line)
    return _INSIDE.split(line) if ":" in line else [line]


def _may_begin(sign: str) -> bool:
    """Say whether a heading may begin with a letter: a capital, or one of a script that has none."""
    return sign.isalpha() and not sign.islower()
