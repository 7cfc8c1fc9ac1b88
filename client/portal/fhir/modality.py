"""Which modality an examination is, read from codes first and from its name second.

Answers DICOM modality codes (PS3.3 C.7.3.1.1.1): CT, MR, CR, US, MG, NM, PT, XA, RF, BMD, or "" when unsure.
Plain radiographs are "CR" however they were taken: reports say "XR", and the worklist needs one word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from client.portal.fhir.parse import Resource, objects

_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_KNOWN = frozenset(
    {
        "CR",
        "CT",
        "DX",
        "IO",
        "IVUS",
        "MG",
        "MR",
        "NM",
        "OT",
        "PT",
        "PX",
        "RF",
        "SC",
        "US",
        "XA",
        "BMD",
        "BDUS",
    }
)
_SAME = {"DX": "CR", "RG": "CR", "MRI": "MR", "XR": "CR", "DR": "CR", "PET": "PT", "MA": "MR", "CA": "CT"}
_SECTION = {  # HL7 v2 table 0074, the imaging sections that name a modality
    "CT": "CT",
    "NMR": "MR",
    "MR": "MR",
    "NMS": "NM",
    "RUS": "US",
    "OUS": "US",
    "VUS": "US",
    "CUS": "US",
    "RX": "CR",
    "XRC": "RF",
}
_WORDS = re.compile(
    r"""(?xi)
      (?P<PT> \b(?:pet|positron)\b )
    | (?P<MG> \b(?:mg|mammo\w*|mamo\w*|tomosynthesis|dbt)\b )
    | (?P<BMD> \b(?:dexa|dxa|bmd|densitom\w*|osteodensitom\w*)\b | bone\ densit )
    | (?P<NM> \b(?:nm|spect|scintigra\w*|szintigra\w*|gammagraf\w*|bone\ scan|nuclear\ medicine|hida|dmsa)\b )
    | (?P<MR> \b(?:mri?|mra|mrcp|mrt|nmr|irm|rmn|magnetic\ resonance|magnetresonanz\w*|kernspin\w*
                 |resonancia\ magn\w*|r[ée]sonance\ magn\w*)\b )
    | (?P<CT> \b(?:ct|cta|cat\ scan|tdm|tac|tc|cbct|computed\ tomogra\w*|computertomogra\w*|tomodensitom\w*
                 |scanner|tomograf[ií]a\ comp\w*)\b )
    | (?P<US> \b(?:us|ultraso\w*|sonogra\w*|sonogram\w*|doppler|duplex|ecograf\w*|[ée]chograph\w*|echo\w*
                 |ecocardio\w*|tte|tee)\b )
    | (?P<XA> \b(?:xa|angiogra\w*|angiografie|dsa|venogra\w*|arteriogra\w*|fistulogra\w*)\b )
    | (?P<RF> \b(?:rf|fl|fluoro\w*|barium|esophagram|oesophagram|swallow|upper\ gi|vcug
                 |cystogra\w*|hysterosalping\w*
                 |durchleuchtung|myelogra\w*)\b )
    | (?P<CR> \b(?:cr|dx|dr|xr|x-?rays?|x\ ray|radiogra\w*|r[öo]e?ntgen\w*|rx|plain\ film
                 |skeletal\ survey|kub)\b )
    """
)


def modality_of(resource: Resource, exam: str) -> str:
    """Return the modality of a DiagnosticReport named `exam`, "" where nothing tells."""
    for concept in objects(resource.get("category"), 10):
        for coding in objects(concept.get("coding"), 10):
            found = _from_coding(coding)
            if found:
                return found
    code = resource.get("code")
    if type(code) is dict:
        for coding in objects(code.get("coding"), 10):
            if coding.get("system") == _DICOM and (found := canonical(coding.get("code"))):
                return found
    found = from_words(exam)
    if found:
        return found
    for contained in objects(resource.get("contained"), 20):
        if contained.get("resourceType") == "ImagingStudy" and (found := of_study(contained)):
            return found
    return ""


def of_study(study: Resource) -> str:
    """Return the modality an ImagingStudy names first, its series included; "" when it names none."""
    codings = objects(study.get("modality"), 10)
    for series in objects(study.get("series"), 50):
        codings.extend(objects(series.get("modality"), 1))
    for coding in codings:
        found = canonical(coding.get("code"))
        if found and found not in ("OT", "SC"):
            return found
    return ""


def canonical(code: object) -> str:
    """Return a DICOM modality code as the worklist shows it, "" for anything unknown."""
    if type(code) is not str or len(code) > 16:
        return ""
    code = code.upper()
    code = _SAME.get(code, code)
    return code if code in _KNOWN else ""


@lru_cache(maxsize=4096)
def from_words(text: str) -> str:
    """Return the modality the earliest telling word of a text names, "" when there is none."""
    found = _WORDS.search(text)
    return (found.lastgroup or "") if found else ""


def _from_coding(coding: Resource) -> str:
    code, system = coding.get("code"), coding.get("system")
    if type(code) is not str:
        return ""
    if system == _DICOM:
        return canonical(code)
    if system is None or (type(system) is str and ("0074" in system or system.endswith(".12.74"))):
        return _SECTION.get(code.upper(), "")
    return ""
