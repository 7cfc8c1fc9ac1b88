"""What coded headings are for, and how a code is written for a reader.

Sources: LOINC's document sections for imaging; DICOM PS3.16 CID 7001 (report sections) and CID 7002 (their
elements). Must never: hide a code whose meaning is not given.
"""

from __future__ import annotations

from client.documents.charset import clean
from client.documents.document import SectionRole
from client.documents.headings import role_of
from client.model.report import Code

_LOINC = {
    "18785-6": SectionRole.INDICATION,
    "55115-0": SectionRole.INDICATION,
    "11329-0": SectionRole.INDICATION,
    "29299-5": SectionRole.INDICATION,
    "42349-1": SectionRole.INDICATION,
    "55111-9": SectionRole.TECHNIQUE,
    "55107-7": SectionRole.ADDENDUM,
    "18834-2": SectionRole.COMPARISON,
    "55114-3": SectionRole.COMPARISON,
    "18782-3": SectionRole.FINDINGS,
    "59776-5": SectionRole.FINDINGS,
    "18748-4": SectionRole.FINDINGS,
    "19005-8": SectionRole.IMPRESSION,
    "55110-1": SectionRole.IMPRESSION,
    "18783-1": SectionRole.RECOMMENDATION,
}
_DICOM = {
    "121060": SectionRole.INDICATION,  # History
    "121062": SectionRole.INDICATION,  # Request
    "121109": SectionRole.INDICATION,  # Indications for Procedure
    "121110": SectionRole.INDICATION,  # Patient Presentation
    "121064": SectionRole.TECHNIQUE,  # Current Procedure Descriptions
    "121065": SectionRole.TECHNIQUE,  # Procedure Description
    "121066": SectionRole.COMPARISON,  # Prior Procedure Descriptions
    "121068": SectionRole.COMPARISON,  # Previous Findings
    "121070": SectionRole.FINDINGS,
    "121071": SectionRole.FINDINGS,
    "121072": SectionRole.IMPRESSION,
    "121073": SectionRole.IMPRESSION,
    "121076": SectionRole.IMPRESSION,  # Conclusions
    "121077": SectionRole.IMPRESSION,
    "121111": SectionRole.IMPRESSION,  # Summary
    "121074": SectionRole.RECOMMENDATION,
    "121075": SectionRole.RECOMMENDATION,
    "121078": SectionRole.ADDENDUM,
}
_SYSTEMS = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://www.radlex.org": "RadLex",
    "http://radlex.org": "RadLex",
    "http://unitsofmeasure.org": "UCUM",
    "http://dicom.nema.org/resources/ontology/dcm": "DICOM",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
    "http://www.ama-assn.org/go/cpt": "CPT",
    "dcm": "DICOM",
    "ln": "LOINC",
    "sct": "SNOMED CT",
    "srt": "SNOMED",
    "snm3": "SNOMED",
    "radlex": "RadLex",
    "ucum": "UCUM",
}


def role_of_code(code: Code) -> SectionRole | None:
    """Return what a section of this name is for, by its code or its meaning; None if that is not known."""
    match _SYSTEMS.get(code.system.lower()):
        case "LOINC" if code.code in _LOINC:
            return _LOINC[code.code]
        case "DICOM" if code.code in _DICOM:
            return _DICOM[code.code]
        case _:
            return role_of(code.display)


def named(code: Code) -> str:
    """Return the meaning of a code as one line, the code itself where it has none, "" for an empty one."""
    return _line(code.display) or coded(code)


def coded(code: Code) -> str:
    """Return a code with its system as secondary text: "SNOMED CT 391040000"; "" for an empty one."""
    system = _SYSTEMS.get(code.system.lower()) or code.system.rstrip("/").rpartition("/")[2]
    return _line(f"{system} {code.code}") if code.code else ""


def _line(text: str) -> str:
    return " ".join(clean(text).split())
