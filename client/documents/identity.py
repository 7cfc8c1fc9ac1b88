"""Whether a document that names its own patient speaks of the report's.

Must never: take a disagreement for agreement: only what one of the two does not say is passed over.
"""

from __future__ import annotations

import unicodedata

from client.documents.document import Named
from client.model.moment import Precision
from client.model.report import Patient

_WARNING = (
    "This document names another {what} than the report does, so it may be about somebody else. "
    "Compare both before relying on it, and tell whoever files reports."
)
_DAY = len("2026-11-22")


def disagreement(named: Named | None, patient: Patient | None) -> str:
    """Return the warning where a document's patient is not the report's; "" where nothing contradicts."""
    if named is None or patient is None:
        return ""
    differing = []
    if named.identifier and patient.identifier and _letters(named.identifier) != _letters(patient.identifier):
        differing.append("patient number")
    if _births_differ(named, patient):
        differing.append("birth date")
    if not differing and not (named.identifier and patient.identifier) and _names_differ(named, patient):
        differing.append("name")
    return _WARNING.format(what=" and ".join(differing)) if differing else ""


def _births_differ(named: Named, patient: Patient) -> bool:
    born = patient.birth_date
    if born is None or born.precision < Precision.DAY or len(named.birth_date) != _DAY:
        return False
    return born.at.strftime("%Y-%m-%d") != named.birth_date


def _names_differ(named: Named, patient: Patient) -> bool:
    """Compare family names alone: given names are shortened and reordered everywhere."""
    one, other = (_letters(each.name.partition(",")[0]) for each in (named, patient))
    return bool(one and other) and one not in other and other not in one


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum()).lstrip("0")
