"""Small grammar of dictated prose: one sentence template gives many sentences that mean the same.

Owns: variants, ranges, ages, sizes and dates in words. Must never: change what a sentence says about a
patient (side, size, presence); such words are put in by the story, not chosen here.

    [a|b|c]            one of the variants
    #80-110#           a whole number in the range; #0.6-1.1# a number with one decimal
    {f: her // his}    by the patient's sex
    {60: old // young} by the patient's age in years at the exam
    ⟦2026-05-14⟧       a date, written the way the radiologist writes dates
    a 8 mm, a 11 mm    the article is put right: an 8 mm, an 11 mm
"""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from random import Random

_PATIENT = re.compile(r"\{(f|\d+): ([^{}]*?) ?// ?([^{}]*?)\}")
_VARIANTS = re.compile(r"\[([^\[\]]*)\]")
_RANGE = re.compile(r"#(\d+(?:\.\d)?)-(\d+(?:\.\d)?)#")
_DATE = re.compile(r"⟦([^⟧]*)⟧")
_SPACES = re.compile(r" {2,}")
_ARTICLE = re.compile(r"\ba (?=(?:8\d?|11|18)(?:[ .]|-|th))")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Sex(StrEnum):
    """Administrative gender, as FHIR spells it."""

    FEMALE = "female"
    MALE = "male"


class DateStyle(StrEnum):
    """How a radiologist dictates a date."""

    LONG = "May 14, 2026"
    DAY_FIRST = "14 May 2026"
    ISO = "2026-05-14"
    SLASHES = "05/14/2026"


def write_date(day: date, style: DateStyle) -> str:
    """The day in words, as that radiologist writes it."""
    if style is DateStyle.LONG:
        return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    if style is DateStyle.DAY_FIRST:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    if style is DateStyle.SLASHES:
        return f"{day.month:02}/{day.day:02}/{day.year}"
    return f"{day.year}-{day.month:02}-{day.day:02}"


def mark_date(when: date | datetime) -> str:
    """A placeholder that `say` writes out in the radiologist's own style."""
    return f"⟦{when.year}-{when.month:02}-{when.day:02}⟧"


def say(text: str, dice: Random, sex: Sex, age: float, style: DateStyle) -> str:
    """Write a template out for one patient and one radiologist; years of `age` may have a fraction."""
    if "{" in text:
        text = _PATIENT.sub(
            lambda m: m[2] if (sex is Sex.FEMALE if m[1] == "f" else age >= int(m[1])) else m[3], text
        )
    if "[" in text:
        text = _VARIANTS.sub(lambda m: _choose(m[1], dice), text)
    if "#" in text:
        text = _RANGE.sub(lambda m: _number(m[1], m[2], dice), text)
    if "⟦" in text:
        text = _DATE.sub(lambda m: write_date(date.fromisoformat(m[1]), style), text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if "a 8" in text or "a 1" in text:
        text = _ARTICLE.sub("an ", text)
    return text.strip()


def _choose(variants: str, dice: Random) -> str:
    options = variants.split("|")
    return options[int(dice.random() * len(options))]


def _number(low: str, high: str, dice: Random) -> str:
    if "." in low or "." in high:
        return f"{float(low) + dice.random() * (float(high) - float(low)):.1f}"
    return str(int(low) + int(dice.random() * (int(high) - int(low) + 1)))


def describe(sex: Sex, age: float) -> str:
    """`64-year-old woman`, `7-year-old girl`, `5-week-old boy`, for an age in years."""
    noun = ("girl", "boy") if age < 18 else ("woman", "man")
    person = noun[0] if sex is Sex.FEMALE else noun[1]
    if age < 2:
        days = round(age * 365.25)
        if days < 28:
            return f"{max(days, 1)}-day-old {person}"
        if days < 120:
            return f"{days // 7}-week-old {person}"
        return f"{days // 30}-month-old {person}"
    return f"{int(age)}-year-old {person}"


def mm(size: float) -> str:
    """A size given in millimetres, in millimetres: `7 mm`."""
    return f"{round(size)} mm"


def cm(*sizes: float) -> str:
    """One to three sizes given in millimetres, in centimetres: `3.4 x 2.9 cm`."""
    return " x ".join(f"{size / 10:.1f}" for size in sizes) + " cm"


def other(side: str) -> str:
    """The opposite side."""
    return {"left": "right", "right": "left"}[side]
