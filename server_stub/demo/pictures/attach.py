"""What a report says about its images: key images, and its own words as a structured report.

Must never: change what the report already says.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from server_stub.demo.pictures.dataset import write
from server_stub.demo.pictures.plan import TEXT, Kind, Resource, key_image, study_uid
from server_stub.demo.pictures.structured import basic_text
from server_stub.demo.pictures.subject import describe_subject

_DICOM = "application/dicom"


def attach(report: Resource, study: Resource, patient: Resource, kind: Kind) -> Iterator[Resource]:
    """Let a report point to its key image, some to a structured report too; yields what they point to."""
    media, entry = key_image(study, kind)
    report["contained"] = [*report.get("contained", []), media]
    report["media"] = [entry]
    if kind not in (Kind.MR, Kind.US):
        return
    content = write(basic_text(describe_subject(study_uid(study), study, patient, report), TEXT))
    own = report["id"].removeprefix("rep-")
    binary = {
        "resourceType": "Binary",
        "id": f"bin-sr-{own}",
        "meta": {"versionId": "1", "lastUpdated": report["issued"]},
        "contentType": _DICOM,
        "securityContext": {"reference": f"DiagnosticReport/{report['id']}"},
        "data": base64.b64encode(content).decode(),
    }
    attachment = {
        "contentType": _DICOM,
        "url": f"Binary/{binary['id']}",
        "size": len(content),
        "hash": base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode(),
        "title": f"{report['code']['text']} structured report",
        "creation": report["issued"],
    }
    yield binary
    if kind is Kind.MR:
        report["presentedForm"] = [*report.get("presentedForm", []), attachment]
        return
    yield {
        "resourceType": "DocumentReference",
        "id": f"doc-sr-{own}",
        "meta": {"versionId": "1", "lastUpdated": report["issued"]},
        "status": "current",
        "type": {
            "coding": [
                {"system": "http://loinc.org", "code": "18748-4", "display": "Diagnostic imaging study"}
            ]
        },
        "subject": report["subject"],
        "date": report["issued"],
        "content": [{"attachment": attachment}],
        "context": {"related": [{"reference": f"DiagnosticReport/{report['id']}"}]},
    }
