"""How FHIR's patient, study and report are spelled in DICOM.

Must never: say more of them than the resources do.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom and which examination a file is about, in DICOM's own spelling."""

    study: str
    name: str
    identifier: str
    born: str  # YYYYMMDD or ""
    sex: str
    accession: str
    date: str
    time: str
    description: str
    referrer: str
    title: str  # of the report
    text: str  # of the report
    impression: str


def spell_name(patient: Resource) -> str:
    """Return a person's name as DICOM writes it: alphabetic, then in its own script (PS3.5 6.2.1)."""
    names = patient.get("name") or [{}]
    own = names[0]
    family, given = own.get("family", ""), " ".join(own.get("given", []))
    native = f"{family}^{given}" if family or given else own.get("text", "")
    if len(names) < 2:
        return native[:64]
    *first, last = names[1].get("text", "").split(" ")
    return f"{last}^{' '.join(first)}={native}"[:128]


def describe_subject(uid: str, study: Resource, patient: Resource, report: Resource) -> Subject:
    """Return what the files of a study say about patient and report."""
    identifiers = patient.get("identifier") or [{}]
    accession = next((one["value"] for one in study["identifier"] if "type" in one), "")
    started = study.get("started", "")
    born = patient.get("birthDate", "")
    return Subject(
        study=uid,
        name=spell_name(patient),
        identifier=identifiers[0].get("value", ""),
        born=born.replace("-", "") if len(born) == 10 else "",
        sex={"female": "F", "male": "M"}.get(patient.get("gender", ""), "O"),
        accession=accession,
        date=started[:10].replace("-", ""),
        time=started[11:19].replace(":", ""),
        description=study.get("description", ""),
        referrer="",
        title=report.get("code", {}).get("text", "Report"),
        text=_words(report),
        impression=report.get("conclusion", ""),
    )


def _words(report: Resource) -> str:
    for form in report.get("presentedForm", []):
        if form["contentType"].startswith("text/plain") and "data" in form:
            return base64.b64decode(form["data"]).decode().replace("\r\n", "\n")
    return str(report.get("conclusion") or "See the report.")
