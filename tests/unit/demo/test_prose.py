"""What a radiologist would notice in the dictated text."""

import re
from calendar import month_name
from datetime import date, datetime

import pytest

MONTH = "(" + "|".join(month_name[1:]) + ")"
ISO = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
LONG = re.compile(rf"\b{MONTH} (\d{{1,2}}), (\d{{4}})")
DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) {MONTH} (\d{{4}})")
SLASHES = re.compile(r"\b(\d{2}/\d{2}/\d{4})\b")
NOTES = re.compile(r"(?is)\n(CORRECTION|AMENDMENT|ADDENDUM)\b.*")
MADE_LATER = re.compile(
    r"(?is)\n(communication|critical result|addendum|amendment|correction)\b.*|electronically signed.*"
)


def dates_in(text):
    text = re.sub(r"\s+", " ", text)
    for found in ISO.findall(text):
        yield date.fromisoformat(found)
    for found in LONG.findall(text):
        yield datetime.strptime(" ".join(found), "%B %d %Y").date()
    for found in DAY_FIRST.findall(text):
        yield datetime.strptime(" ".join(found), "%d %B %Y").date()
    for found in SLASHES.findall(text):
        yield datetime.strptime(found, "%m/%d/%Y").date()


def english(data):
    for report in data.latest():
        text = data.text(report)
        language = (report.get("presentedForm") or [{}])[0].get("language", "en")
        if text and language == "en" and report["status"] not in ("cancelled", "entered-in-error"):
            yield report, text


def sides(text):
    """Left and right as sides of a lesion: the right heart and a left ventricle are organs."""
    return set(re.findall(r"\b(left|right)\b(?!\s+(?:heart|ventric|atri|main|subclavian))", text.lower()))


def age(data, report):
    born = data.by_reference[report["subject"]["reference"]]["birthDate"]
    return int(report["effectiveDateTime"][:4]) - int(born[:4])


def test_no_template_marks_are_left_in_any_text(data):
    for history in data.versions.values():
        for report in history:
            assert not re.search(r"[\[\]{}⟦⟧|#]| // |\b[Aa] (?:8|11|18)\b", data.text(report)), report["id"]


def test_a_sided_exam_never_speaks_of_the_other_side(data):
    checked = 0
    for report, text in english(data):
        title = report["code"]["text"]
        side = sides(title)
        if len(side) == 1:
            other = "right" if side == {"left"} else "left"
            assert other not in re.findall(r"\w+", NOTES.sub("", text).lower()), report["id"]
            checked += 1
    assert checked > 40


def test_the_impression_keeps_the_side_of_the_findings(data):
    """Where findings and impression both name exactly one side, it is the same one."""
    checked = 0
    for report, text in english(data):
        parts = re.split(r"(?i)\n\s*(?:impression|conclusion)\b", NOTES.sub("", text))
        if len(parts) != 2:
            continue
        before, after = (sides(part) for part in parts)
        if len(before) == len(after) == 1:
            assert before == after, report["id"]
            checked += 1
    assert checked > 60


def test_sex_and_anatomy_agree(data):
    for report, text in english(data):
        sex = data.by_reference[report["subject"]["reference"]]["gender"]
        words = text.lower() + report["code"]["text"].lower()
        if sex == "female":
            assert not re.search(r"prostat|testic|scrot|seminal|\b(?:man|boy)\b", words), report["id"]
        else:
            assert not re.search(
                r"uter(?:us|ine)|ovar|endometri|pregnan|mammogra|\b(?:woman|girl)\b", words
            ), report["id"]


def test_the_age_in_the_text_is_the_age_at_the_exam(data):
    checked = 0
    for report, text in english(data):
        if found := re.search(r"(\d+)-year-old", text):
            assert abs(int(found[1]) - age(data, report)) <= 1, report["id"]
            checked += 1
    assert checked > 100


def test_mammograms_belong_to_women_of_screening_age_and_carry_a_bi_rads_category(data):
    checked = 0
    for report, text in english(data):
        if report["code"]["text"].startswith("MG "):
            assert 38 <= age(data, report) <= 80
            assert report["status"] == "partial" or re.search(r"BI-RADS [0-6]", re.sub(r"\s+", " ", text))
            checked += 1
    assert checked > 10


def test_lung_screening_follows_lung_rads(data):
    for report, text in english(data):
        if "lung cancer screening" in report["code"]["text"] and report["status"] != "partial":
            assert re.search(r"Lung-RADS (2|4B)", text)
            assert 50 <= age(data, report) <= 80


def test_priors_named_were_made_before_and_exist(data):
    exams = {}
    for history in data.versions.values():
        report = history[-1]
        exams.setdefault(report["subject"]["reference"], set()).add(report["effectiveDateTime"][:10])
    checked = 0
    for report, text in english(data):
        body = MADE_LATER.sub("", text)
        for day in dates_in(body):
            assert day.isoformat() <= report["effectiveDateTime"][:10], report["id"]
            assert day.isoformat() in exams[report["subject"]["reference"]], report["id"]
            checked += 1
    assert checked > 150


def test_nobody_denies_a_prior_that_the_patient_has(data):
    """No report says that there is no prior where the same exam of the same side was made before."""
    made = sorted(data.latest(), key=lambda one: one["effectiveDateTime"])
    seen = set()
    for report in made:
        exam = (report["subject"]["reference"], report["code"]["text"])
        if exam in seen:
            text = re.sub(r"\s+", " ", data.text(report))
            assert not re.search(r"(?i)comparison:? (none|no (prior|relevant))", text), report["id"]
        if report["status"] not in ("cancelled", "registered", "entered-in-error"):
            seen.add(exam)


def test_a_critical_finding_names_who_was_told_when_and_that_it_was_read_back(data):
    told = 0
    for report in data.latest():
        if (
            "conclusionCode" in report
            and (text := data.text(report))
            and report["status"] != "entered-in-error"
        ):
            assert re.search(r"(?s)Dr\..*at\s+\d\d:\d\d\s+on.*read[\s-]+back", text), report["id"]
            told += 1
    assert told > 10


def test_a_correction_says_what_was_wrong_and_the_first_version_was(data):
    seen = 0
    for history in data.versions.values():
        if history[-1]["status"] == "corrected" and data.text(history[-1]):
            text = re.sub(r"\s+", " ", data.text(history[-1]))
            if found := re.search(r"gave the side as (left|right)\. It should read (left|right)", text):
                assert found[1] != found[2]
                first = re.split(r"(?i)\n\s*(?:impression|conclusion)\b", data.text(history[-2]))[-1]
                assert found[1] in first
            seen += 1
    assert seen >= 1


@pytest.mark.parametrize("language", ["es", "de", "fr"])
def test_some_reports_are_in_other_languages(data, language):
    headings = {"es": "HALLAZGOS", "de": "BEFUND", "fr": "RÉSULTATS"}
    reports = [one for one in data.latest() if headings[language] in data.text(one)]
    assert reports
