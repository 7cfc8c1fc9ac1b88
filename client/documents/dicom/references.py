"""The images a structured report points to, as links that a viewer opens by their number.

Must never: put an identifier into a link, or offer to open what names no image.
"""

from __future__ import annotations

import re
from html import escape

from pydicom.dataset import Dataset
from pydicom.uid import UID

from client.documents.blocks import Words, words
from client.documents.dicom.dataset import Texts, sequence
from client.model.imaging import ImageReference

_UID = re.compile(r"[0-9]+(?:\.[0-9]+){2,}")
_LONGEST_UID = 64  # characters (PS3.5 9.1)
_EVIDENCE = ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")
_MOST = 10_000  # instances
_FRAMES = 1000
_NOWHERE = "(it names no image that could be opened)"


class References:
    """Collects what is pointed to; each image once."""

    def __init__(self, dataset: Dataset, texts: Texts) -> None:
        self._texts = texts
        self._places = self._evidence(dataset)
        self._numbers: dict[ImageReference, int] = {}

    @property
    def found(self) -> tuple[ImageReference, ...]:
        """The images in the order of their links' numbers."""
        return tuple(self._numbers)

    def link(self, item: Dataset, kind: str) -> Words:
        """Return a link for an item that references an object (PS3.3 C.18.3, C.18.4, C.18.5)."""
        objects = sequence(item, "ReferencedSOPSequence")
        if not objects:
            return words(f"{kind.capitalize()} {_NOWHERE}")
        links = [self._one(each, kind) for each in objects[:_FRAMES]]
        return Words(", ".join(link.html for link in links), ", ".join(link.plain for link in links))

    def _one(self, target: Dataset, kind: str) -> Words:
        instance = self._texts.line(target, "ReferencedSOPInstanceUID")
        sop_class = self._texts.line(target, "ReferencedSOPClassUID")
        named = self._texts.line(target, "ReferencedFrameNumber")
        frames = _numbers(named)
        said = self._said(target, sop_class, frames, kind)
        if named and not frames:
            return words(f"{said} (its frames are not readable: {named[:100]})")
        if not _is_uid(instance):
            return words(f"{said} {_NOWHERE}")
        study, series = self._places.get(instance, ("", ""))
        reference = ImageReference(study, series, instance, sop_class if _is_uid(sop_class) else "", frames)
        number = self._numbers.setdefault(reference, len(self._numbers))
        return Words(f'<a href="image:{number}">{escape(said, quote=False)}</a>', said)

    def _said(self, target: Dataset, sop_class: str, frames: tuple[int, ...], kind: str) -> str:
        uid = UID(sop_class)
        name = kind.capitalize() if uid.name == sop_class else uid.name.removesuffix(" Storage")
        details = []
        if frames:
            shown = ", ".join(map(str, frames[:12])) + (" …" if len(frames) > 12 else "")
            details.append(f"frame{'s' if len(frames) > 1 else ''} {shown}")
        if segments := self._texts.line(target, "ReferencedSegmentNumber"):
            details.append(f"segment {segments}")
        if channels := self._texts.line(target, "ReferencedWaveformChannels"):
            details.append(f"channels {channels}")
        if sequence(target, "ReferencedSOPSequence"):
            details.append("with a presentation of its own")
        return f"{name} ({', '.join(details)})" if details else name

    def _evidence(self, dataset: Dataset) -> dict[str, tuple[str, str]]:
        """Return the study and the series of each instance that a document lists (PS3.3 C.17.2)."""
        places: dict[str, tuple[str, str]] = {}
        for keyword in _EVIDENCE:
            for study in sequence(dataset, keyword):
                study_uid = self._texts.line(study, "StudyInstanceUID")
                for series in sequence(study, "ReferencedSeriesSequence"):
                    series_uid = self._texts.line(series, "SeriesInstanceUID")
                    for instance in sequence(series, "ReferencedSOPSequence"):
                        if len(places) >= _MOST:
                            return places
                        uid = self._texts.line(instance, "ReferencedSOPInstanceUID")
                        own = tuple(each if _is_uid(each) else "" for each in (study_uid, series_uid))
                        places.setdefault(uid, (own[0], own[1]))
        return places


def _is_uid(text: str) -> bool:
    return len(text) <= _LONGEST_UID and _UID.fullmatch(text) is not None


def _numbers(text: str) -> tuple[int, ...]:
    parts = (part.strip() for part in text.split(",")[:_FRAMES])
    return tuple(int(part) for part in parts if part.isdecimal() and 0 < int(part) < 2**31)
