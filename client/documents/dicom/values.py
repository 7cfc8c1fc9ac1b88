"""The value of one content item as words, by its value type (PS3.3 C.17.3.2.1).

Must never: drop what it does not know, show a number without its unit, or a code without its meaning.
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from client.documents.blocks import Words, words
from client.documents.codes import coded, named
from client.documents.dicom.dataset import Texts, date_said, moment_said, sequence, time_said
from client.documents.dicom.references import References

_MOST_FIELDS = 20  # of an item of an unknown kind
_LONGEST_FIELD = 300  # characters
_FRAME = frozenset({
    "RelationshipType", "ValueType", "ConceptNameCodeSequence", "ContentSequence", "ContinuityOfContent",
    "ObservationDateTime", "ObservationUID",
})  # fmt: skip


class Values:
    """Reads values of one document."""

    def __init__(self, texts: Texts, references: References) -> None:
        self._texts = texts
        self._references = references

    def labelled(self, item: Dataset, kind: str) -> Words:
        """Return an item's name and value as one line."""
        name = named(self._texts.code(item, "ConceptNameCodeSequence"))
        value = self.bare(item, kind)
        if not name:
            return value
        if not value.plain:
            return words(name)
        first = label(name)
        return Words(f"{first.html} {value.html}", f"{first.plain} {value.plain}")

    def bare(self, item: Dataset, kind: str) -> Words:
        """Return an item's value alone."""
        match kind:
            case "TEXT":
                return words(self._texts.of(item, "TextValue") or "(empty)")
            case "CODE":
                return words(self._code(item))
            case "NUM":
                return words(self._number(item))
            case "DATETIME":
                return words(moment_said(self._texts.line(item, "DateTime")))
            case "DATE":
                return words(date_said(self._texts.line(item, "Date")))
            case "TIME":
                return words(time_said(self._texts.line(item, "Time")))
            case "PNAME":
                return words(self._texts.person(item, "PersonName"))
            case "UIDREF":
                return words(self._texts.line(item, "UID"))
            case "IMAGE" | "COMPOSITE" | "WAVEFORM":
                return self._references.link(item, kind)
            case "SCOORD" | "SCOORD3D":
                return words(self._points(item, 3 if kind == "SCOORD3D" else 2))
            case "TCOORD":
                return words(self._times(item))
            case "CONTAINER":
                return words("")
            case _:
                return words(self._unknown(item, kind))

    def _code(self, item: Dataset) -> str:
        code = self._texts.code(item, "ConceptCodeSequence")
        said, system = named(code), coded(code)
        return f"{said} ({system})" if system and said != system else said or "(no code)"

    def _number(self, item: Dataset) -> str:
        """Return the numbers with their units, or why there is none (PS3.3 C.18.1)."""
        measured = []
        for value in sequence(item, "MeasuredValueSequence")[:100]:
            number = self._texts.line(value, "NumericValue") or self._texts.line(value, "FloatingPointValue")
            measured.append(" ".join(filter(None, (number, self._unit(value)))))
        reason = named(self._texts.code(item, "NumericValueQualifierCodeSequence"))
        said = ", ".join(filter(None, measured))
        return f"{said} ({reason})" if said and reason else said or reason or "(no value)"

    def _unit(self, value: Dataset) -> str:
        unit = self._texts.code(value, "MeasurementUnitsCodeSequence")
        if unit.code == "1" or unit.display.casefold() in ("no units", "unity"):
            return ""
        if unit.system.upper() != "UCUM":
            return named(unit)
        # UCUM's annotations, "{beats}/min", are their own meaning.
        return unit.display if "{" in unit.code or not unit.code else unit.code

    def _points(self, item: Dataset, size: int) -> str:
        graphic = self._texts.line(item, "GraphicType").lower() or "region"
        values = item.get("GraphicData")
        count = len(values) // size if hasattr(values, "__len__") else 0
        return f"a {graphic} of {count} point{'' if count == 1 else 's'} in the image"

    def _times(self, item: Dataset) -> str:
        kind = self._texts.line(item, "TemporalRangeType").lower() or "moment"
        places = (
            ("ReferencedSamplePositions", "samples"),
            ("ReferencedTimeOffsets", "seconds"),
            ("ReferencedDateTime", ""),
        )
        where = (f"{name} {said}" for key, name in places if (said := self._texts.line(item, key)[:200]))
        return f"a {kind} in time: {'; '.join(each.strip() for each in where) or 'not said where'}"

    def _unknown(self, item: Dataset, kind: str) -> str:
        """Return an item of an unknown kind as such, with whatever of it can be read."""
        fields: list[str] = []
        for element in item:
            if element.keyword not in _FRAME and len(fields) < _MOST_FIELDS:
                value = " ".join(self._texts.said(element.value).split()) if element.VR != "SQ" else ""
                name = " ".join(element.name.split())[:100] if not element.tag.is_private else "private"
                if value:
                    fields.append(f"{name} {value[:_LONGEST_FIELD]}")
        said = f"an item of a kind that is not known here ({kind})" if kind else "an item without a kind"
        return f"{said}: {'; '.join(fields)}" if fields else said


def label(title: str) -> Words:
    """Return the name that stands before a value."""
    run = words(f"{title}:")
    return Words(f"<b>{run.html}</b>", run.plain)
