"""The texts and documents of a DiagnosticReport, still as the portal sent them.

Owns: bounds and decoding. Must never: sanitise or show (that is `client.documents`), or fetch.
"""

from __future__ import annotations

import binascii

from client.model.report import Attachment, ReportBody
from client.portal.fhir.parse import Json, Resource, objects, parse_object
from client.portal.fhir.text import line, paragraphs

_TEXT = 1_000_000  # characters of a conclusion or a narrative: far above any report, far below harm
_ATTACHMENTS = 50


def read_body(resource: bytes) -> ReportBody:
    """Read the texts of one report from its own JSON.

    Raises PortalFault when it is not a JSON object.
    """
    report = parse_object(resource)
    text = report.get("text")
    narrative = text.get("div") if type(text) is dict else None
    forms = objects(report.get("presentedForm"), _ATTACHMENTS)
    return ReportBody(
        narrative=paragraphs(narrative, _TEXT),
        conclusion=paragraphs(report.get("conclusion"), _TEXT),
        attachments=tuple(_attachment(form, report) for form in forms),
        imaging_studies=tuple(_references(report.get("imagingStudy"))),
    )


def decode_base64(value: Json) -> bytes | None:
    """Decode FHIR base64Binary, line breaks tolerated; None when it is not base64."""
    if type(value) is not str:
        return None
    try:
        return binascii.a2b_base64(value)
    except (binascii.Error, ValueError):
        return None


def decode_digest(value: Json) -> bytes | None:
    """Decode Attachment.hash: base64 of a SHA-1 by the standard, hexadecimal in some published examples."""
    if type(value) is not str or len(value) > 200:
        return None
    text = value.strip()
    for candidate in (text, (decode_base64(text) or b"").decode("latin-1")):
        if len(candidate) == 40 and candidate.isascii():
            try:
                return bytes.fromhex(candidate)
            except ValueError:
                continue
    digest = decode_base64(text)
    return digest if digest is not None and len(digest) == 20 else None


def _attachment(form: Resource, report: Resource) -> Attachment:
    size = form.get("size")
    content_type = line(form.get("contentType"), 200).lower()
    url = form.get("url")
    url = url.strip() if type(url) is str and len(url) <= 4000 and url.isprintable() else ""
    data = decode_base64(form.get("data"))
    if data is None and url.startswith("#"):
        contained = _contained(report, url[1:])
        data = decode_base64(contained.get("data"))
        content_type = content_type or line(contained.get("contentType"), 200).lower()
        url = ""
    return Attachment(
        content_type=content_type,
        title=line(form.get("title")),
        url="" if data is not None else url,
        data=data,
        size=size if type(size) is int and 0 <= size < 2**40 else None,
        digest=decode_digest(form.get("hash")),
    )


def _contained(report: Resource, key: str) -> Resource:
    for resource in objects(report.get("contained"), 100):
        if resource.get("id") == key:
            return resource
    return {}


def _references(value: Json) -> list[str]:
    found = (line(item.get("reference"), 2000) for item in objects(value))
    return [reference for reference in found if reference]
