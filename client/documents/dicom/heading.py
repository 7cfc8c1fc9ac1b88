"""What stands above a structured report: whose it is, how finished, who vouches for it, what it replaces.

PS3.3 C.17.2 (SR Document General). Must never: leave out that a document is partial, preliminary or
unverified.
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from client.documents.blocks import Block, Cell, Grid, words
from client.documents.codes import named
from client.documents.dicom.dataset import Texts, date_said, moment_said, patient_of, sequence, time_said

_KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
_PRELIMINARY = "This document is preliminary: its content may still change."
_PARTIAL = "This document is not complete: its author marked it as partial."


def read_heading(dataset: Dataset, texts: Texts) -> tuple[list[Block], str, tuple[str, ...]]:
    """Return the table above a document, its title, and what a reader must be told."""
    completion = texts.line(dataset, "CompletionFlag").upper()
    preliminary = texts.line(dataset, "PreliminaryFlag").upper() == "PRELIMINARY"
    rows = [
        ("Patient", _patient(dataset, texts)),
        ("Date", _date(dataset, texts)),
        ("State", _state(dataset, texts, completion, preliminary)),
        *(("Verified by", who) for who in _observers(dataset, texts)),
        ("Reason", texts.line(dataset, "CompletionFlagDescription")),
        *(("Replaces", what) for what in _predecessors(dataset, texts)),
    ]
    cells = tuple(
        (Cell(words(name), True, 1, 1), Cell(words(value), False, 1, 1)) for name, value in rows if value
    )
    told = ((_PRELIMINARY,) if preliminary else ()) + ((_PARTIAL,) if completion == "PARTIAL" else ())
    title = named(texts.code(dataset, "ConceptNameCodeSequence"))
    return [Grid(cells)] if cells else [], title, told


def _patient(dataset: Dataset, texts: Texts) -> str:
    patient = patient_of(dataset, texts)
    born = f"born {patient.birth_date}" if patient.birth_date else ""
    return ", ".join(filter(None, (patient.name, patient.identifier, born)))


def _date(dataset: Dataset, texts: Texts) -> str:
    day, time = texts.line(dataset, "ContentDate"), texts.line(dataset, "ContentTime")
    return " ".join(filter(None, (date_said(day), time_said(time))))


def _state(dataset: Dataset, texts: Texts, completion: str, preliminary: bool) -> str:
    if str(dataset.get("SOPClassUID")) == _KEY_OBJECTS:
        return ""  # a key object selection has none (PS3.3 C.17.6.2)
    verification = texts.line(dataset, "VerificationFlag").upper()
    known = {"COMPLETE": "complete", "PARTIAL": "partial"}
    vouched = {"VERIFIED": "verified", "UNVERIFIED": "not verified"}
    state = ", ".join(
        (
            *(("preliminary",) if preliminary else ()),
            known.get(completion, completion.lower() or "completeness not said"),
            vouched.get(verification, verification.lower() or "verification not said"),
        )
    )
    return state[0].upper() + state[1:]


def _observers(dataset: Dataset, texts: Texts) -> list[str]:
    found = []
    for item in sequence(dataset, "VerifyingObserverSequence")[:50]:
        who = texts.person(item, "VerifyingObserverName") or named(
            texts.code(item, "VerifyingObserverIdentificationCodeSequence")
        )
        organisation = texts.line(item, "VerifyingOrganization")
        when = moment_said(texts.line(item, "VerificationDateTime"))
        found.append(", ".join(filter(None, (who or "an observer without a name", organisation, when))))
    return found


def _predecessors(dataset: Dataset, texts: Texts) -> list[str]:
    """Return the earlier documents that this one replaces or builds on (PS3.3 C.17.2.2)."""
    found = [
        texts.line(instance, "ReferencedSOPInstanceUID")
        for study in sequence(dataset, "PredecessorDocumentsSequence")[:50]
        for series in sequence(study, "ReferencedSeriesSequence")[:50]
        for instance in sequence(series, "ReferencedSOPSequence")[:50]
    ]
    return [f"document {uid}" for uid in found if uid][:50]
