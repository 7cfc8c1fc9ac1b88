"""Is this DiagnosticReport radiology?

Asking a portal for one category code misses whole hospitals, so every report is looked at here: by its
categories where they say something, otherwise by what was examined. Must never: drop what it cannot tell.
"""

from __future__ import annotations

import re

from client.portal.fhir.modality import canonical, from_words
from client.portal.fhir.parse import Resource, objects

# HL7 v2 table 0074 (diagnostic service section).
_IMAGING_SECTIONS = frozenset({"RAD", "CT", "MR", "NMR", "NMS", "RUS", "OUS", "VUS", "CUS", "RX", "XRC"})
_OTHER_SECTIONS = frozenset(
    {
        "AU",
        "BG",
        "BLB",
        "CG",
        "CH",
        "CP",
        "CTH",
        "EC",
        "EN",
        "GE",
        "HM",
        "ICU",
        "IMM",
        "LAB",
        "MB",
        "MCB",
        "MYC",
    }
    | {"NRS", "OSL", "PAT", "PF", "PHR", "PHY", "PT", "RC", "RT", "SP", "TX", "URN", "VR"}
)
# LOINC "Radiology"; SNOMED CT "Radiology", "Diagnostic imaging", "Imaging".
_RADIOLOGY_CODES = frozenset({"RAD", "LP29684-5", "394914008", "4201000179104", "363679005"})
# LOINC "Cardiology", "Pathology", "Laboratory"; SNOMED CT the same.
_OTHER_CODES = frozenset({"LP29708-2", "LP7839-6", "LP29693-6", "LAB", "394579002", "394595002", "394915009"})
_IMAGING_WORDS = re.compile(
    r"(?i)radiolog|radiograph|röntgen|imaging|imagerie|imagen|bildgebung|x-?ray|nuclear med|ultraso|mammogr"
)
_OTHER_WORDS = re.compile(
    r"(?i)\b(?:lab|laborator|patholog|cardiolog|kardiolog|microbiol|haemato|hemato|chemistry|genetic|endoscop"
    r"|pulmonary|neurophys|electro|ekg|ecg|eeg|audiolog|cytolog|histolog|serolog|immunolog|toxicolog|blood)"
)
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"


def is_radiology(resource: Resource) -> bool:
    """Return whether a DiagnosticReport belongs on a radiology worklist."""
    said_other = False
    for concept in objects(resource.get("category"), 20):
        for coding in objects(concept.get("coding"), 20):
            verdict = _coding_says(coding)
            if verdict is True:
                return True
            said_other = said_other or verdict is False
        verdict = _words_say(concept.get("text"))
        if verdict is True:
            return True
        said_other = said_other or verdict is False
    return not said_other and _examination_hints(resource)


def _coding_says(coding: Resource) -> bool | None:
    code, system = coding.get("code"), coding.get("system")
    if type(code) is str:
        code = code.strip()
        if code in _RADIOLOGY_CODES:
            return True
        if code in _OTHER_CODES:
            return False
        if system is None or (type(system) is str and ("0074" in system or system.endswith(".12.74"))):
            if code.upper() in _IMAGING_SECTIONS:
                return True
            if code.upper() in _OTHER_SECTIONS:
                return False
        elif system == _DICOM and canonical(code):
            return True
        if (verdict := _words_say(code)) is not None:
            return verdict
    return _words_say(coding.get("display"))


def _words_say(text: object) -> bool | None:
    if type(text) is not str:
        return None
    if _IMAGING_WORDS.search(text[:200]):
        return True
    return False if _OTHER_WORDS.search(text[:200]) else None


def _examination_hints(resource: Resource) -> bool:
    if resource.get("imagingStudy"):
        return True
    code = resource.get("code")
    if type(code) is not dict:
        return True  # R4 demands a code: without one nothing tells, and a report too many beats one missing
    words = [code.get("text")]
    for coding in objects(code.get("coding"), 20):
        if coding.get("system") == _DICOM and canonical(coding.get("code")):
            return True
        words.append(coding.get("display"))
    texts = [word[:300] for word in words if type(word) is str]
    return any(from_words(text) or _IMAGING_WORDS.search(text) for text in texts)
