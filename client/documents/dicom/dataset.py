"""One way into a DICOM file: its elements as texts that are safe to show.

Owns: pydicom's settings and silence (its messages quote values), character sets that lie.
Must never: let a value of a file reach a log or a warning.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import warnings
from collections.abc import Iterator

import pydicom
from pydicom import config
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from client.documents.charset import UNREADABLE_CHARACTERS, clean
from client.documents.dicom.wholeness import is_whole
from client.documents.document import Named
from client.errors import DocumentError
from client.model.report import Code

_LONGEST = 1_000_000  # characters of one value
_BYTES = re.compile("[\x80-\xff]")
_CONTROLS = re.compile("[\x80-\x9f]")
_DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})")
_TIME = re.compile(r"(\d{2}):?(\d{2})(?::?(\d{2}))?(?:\.\d{1,6})?")
_MOMENT = re.compile(r"(\d{8})(\d{2,6}(?:\.\d{1,6})?)?([+-]\d{4})?")
DAMAGED = (
    "This DICOM file is damaged, so Safelight cannot show it. Open it at the portal, or ask who sent it."
)
TORN = (
    "This DICOM file breaks off before its end, so part of it is missing. "
    "Open it at the portal before relying on it."
)
_ANOTHER_SET = (
    "Some characters of this document do not fit the character set it names; "
    "a few may look wrong. Check numbers and units against the original before relying on them."
)
_AS_IT_CAME = (
    "Some values of this document are not written as the standard asks; they are shown as they came. "
    "Check them against the original before relying on them."
)


class Texts:
    """Reads values as texts, and remembers what a reader must be told of their characters."""

    def __init__(self, declared: bool) -> None:
        self._declared = declared  # whether the file names a character set at all
        self._doubts: dict[str, None] = {}

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a reader must be told, each once."""
        return tuple(self._doubts)

    def of(self, dataset: Dataset, keyword: str) -> str:
        """Return a value with its lines; several values are joined; "" where there is none."""
        try:
            value = _value(dataset, keyword)
        except Exception:  # a number that is none, a date that is none: as it came, and said
            raw = dataset.get_item(keyword)
            value = raw.value.decode("utf-8", "replace") if raw and isinstance(raw.value, bytes) else "�"
            self._doubts[_AS_IT_CAME] = None
        return self.said(value)

    def line(self, dataset: Dataset, keyword: str) -> str:
        """Return a value as one line."""
        return " ".join(self.of(dataset, keyword).split())

    def said(self, value: object) -> str:
        """Return any value of pydicom's as a text."""
        if value is None or isinstance(value, bytes | Dataset):
            return ""
        if isinstance(value, MultiValue | list | tuple):
            return ", ".join(filter(None, (self.said(each) for each in value[:200])))
        return clean(self._mended(str(value)[:_LONGEST])).strip()

    def code(self, dataset: Dataset, keyword: str) -> Code:
        """Return the first code of a sequence; an empty one where there is none (PS3.3 8)."""
        items = sequence(dataset, keyword)
        if not items:
            return Code("", "", "")
        value = next(filter(None, (self.line(items[0], each) for each in _CODE_VALUES)), "")
        scheme = self.line(items[0], "CodingSchemeDesignator")
        return Code(self.line(items[0], "CodeMeaning"), value, scheme)

    def person(self, dataset: Dataset, keyword: str) -> str:
        """Return a name as "Family, Given Middle", other scripts behind it (PS3.5 6.2.1)."""
        groups = [_name(group) for group in self.line(dataset, keyword).split("=")[:3]]
        first, *others = list(dict.fromkeys(filter(None, groups))) or [""]
        return f"{first} ({', '.join(others)})" if others else first

    def _mended(self, text: str) -> str:
        if "\ufffd" in text:
            self._doubts[UNREADABLE_CHARACTERS] = None
        if _BYTES.search(text) is None:
            return text
        with contextlib.suppress(UnicodeError):
            # No Latin text reads as UTF-8 by chance: the file's own name for its characters is wrong.
            mended = text.encode("latin-1").decode("utf-8")
            if self._declared:
                self._doubts[_ANOTHER_SET] = None
            return mended
        if _CONTROLS.search(text) is not None:
            with contextlib.suppress(UnicodeError):
                return text.encode("latin-1").decode("cp1252")
        return text


_CODE_VALUES = ("CodeValue", "LongCodeValue", "URNCodeValue")


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep pydicom from warning and logging: both quote what a file says."""
    logger = logging.getLogger("pydicom")
    before = logger.disabled
    logger.disabled = True
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logger.disabled = before


def open_dataset(data: bytes) -> tuple[Dataset, tuple[str, ...]]:
    """Return a file's elements up to its pixels, and a warning where its end is missing.

    Raises DocumentError, with a sentence for the reader, when it is none that can be read.
    """
    warned = () if is_whole(data) else (TORN,)
    try:
        dataset = pydicom.dcmread(io.BytesIO(data), force=True, stop_before_pixels=True)
        known = "SOPClassUID" in dataset or "ContentSequence" in dataset
    except Exception:  # whatever a damaged file makes of the reader
        raise DocumentError(DAMAGED) from None
    if not known:
        raise DocumentError(TORN if warned else DAMAGED)
    return dataset, warned


def texts_of(dataset: Dataset) -> Texts:
    """Return the reader of a file's texts."""
    named = str(dataset.get("SpecificCharacterSet") or "")
    return Texts(declared=named not in ("", "ISO_IR 6", "ISO 2022 IR 6"))


def sequence(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Return the items of a sequence; none where it is absent or no sequence."""
    value = _value(dataset, keyword)
    return (
        [item for item in value if isinstance(item, Dataset)] if isinstance(value, pydicom.Sequence) else []
    )


def patient_of(dataset: Dataset, texts: Texts) -> Named:
    """Return whom a file is about (PS3.3 C.7.1.1)."""
    birth = date_said(texts.line(dataset, "PatientBirthDate"))
    return Named(texts.person(dataset, "PatientName"), texts.line(dataset, "PatientID"), birth)


def date_said(text: str) -> str:
    """Return a DA as YYYY-MM-DD; as it came where it is none."""
    found = _DATE.fullmatch(text)
    return "-".join(found.groups()) if found is not None else text


def time_said(text: str) -> str:
    """Return a TM as HH:MM or HH:MM:SS; as it came where it is none."""
    found = _TIME.fullmatch(text)
    return ":".join(part for part in found.groups() if part) if found is not None else text


def moment_said(text: str) -> str:
    """Return a DT as date and time with its offset from UTC; as it came where it is none."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    day, time, offset = found.groups()
    zone = f"UTC{offset[:3]}:{offset[3:]}" if offset else ""
    return " ".join(filter(None, (date_said(day), time_said(time or ""), zone)))


def _value(dataset: Dataset, keyword: str) -> object:
    return dataset.get(keyword) if keyword in dataset else None


def _name(group: str) -> str:
    parts = [part.strip() for part in group.split("^")]
    family, given = parts[0], " ".join(filter(None, parts[1:3]))
    return ", ".join(filter(None, (family, given)))
