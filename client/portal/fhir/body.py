"""The texts, documents and results of a DiagnosticReport, still as the portal sent them.

Owns: bounds and decoding. Must never: sanitise or show (that is `client.documents`), or fetch.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import replace

from client.errors import PortalFault
from client.model.report import Attachment, Media, ReportBody, Result
from client.portal.fhir.observation import code_of, members_of, read_observation, unreadable
from client.portal.fhir.parse import Json, Resource, objects, parse_object
from client.portal.fhir.text import line, paragraphs

_TEXT = 1_000_000  # characters of a conclusion or a narrative: far above any report, far below harm
_ATTACHMENTS = 50
_RESULTS = 500


def read_body(resource: bytes) -> ReportBody:
    """Read the texts of one report from its own JSON, and what it contains.

    Raises PortalFault when it is not a JSON object.
    """
    report = parse_object(resource)
    text = report.get("text")
    narrative = text.get("div") if type(text) is dict else None
    contained = {f"#{each.get('id')}": each for each in objects(report.get("contained"), 200)}
    forms = objects(report.get("presentedForm"), _ATTACHMENTS)
    attachments = [_attachment(form, contained) for form in forms]
    for each in contained.values():
        if each.get("resourceType") == "DocumentReference":
            attachments.extend(_document_reference(each, contained))
    subject = _reference(report.get("subject"))
    references = _references(report.get("result"), _RESULTS)
    results = [
        result
        for reference in references
        if reference in contained
        for result in read_observation(contained[reference], subject=subject, contained=contained)
    ]
    codes = (code_of(concept) for concept in objects(report.get("conclusionCode")))
    return ReportBody(
        narrative=paragraphs(narrative, _TEXT),
        conclusion=paragraphs(report.get("conclusion"), _TEXT),
        attachments=tuple(attachments[:_ATTACHMENTS]),
        imaging_studies=tuple(_references(report.get("imagingStudy"), 50)),
        results=tuple(results[:_RESULTS]),
        awaited_results=tuple(each for each in references if each not in contained),
        codes=tuple(code for code in codes if code.display or code.code),
        media=tuple(_media(each, contained) for each in objects(report.get("media"))),
        subject=subject,
    )


def with_results(body: ReportBody, fetched: Mapping[str, bytes]) -> ReportBody:
    """Return the body with the results whose Observations were fetched, by `awaited_results`' references.

    What they name as their members is awaited in its turn: two or three rounds bring all of them.
    """
    results = list(body.results)
    awaited: list[str] = []
    known = {result.key for result in results if result.key}
    for reference in body.awaited_results:
        if reference not in fetched:
            awaited.append(reference)
            continue
        if reference in known or len(results) >= _RESULTS:
            continue
        known.add(reference)
        found, members = _fetched_result(reference, fetched[reference], body.subject)
        results.extend(found)
        awaited.extend(each for each in members if each not in known and each not in awaited)
    return replace(body, results=tuple(results[:_RESULTS]), awaited_results=tuple(awaited[:_RESULTS]))


def with_documents(body: ReportBody, resources: list[bytes]) -> ReportBody:
    """Return the body with the attachments of DocumentReferences that speak of the same report.

    Raises PortalFault when one is not a JSON object.
    """
    found: list[Attachment] = []
    for resource in resources:
        found.extend(_document_reference(parse_object(resource), {}))
    return replace(body, attachments=(*body.attachments, *found)[:_ATTACHMENTS])


def decode_base64(value: Json) -> bytes | None:
    """Decode FHIR base64Binary, line breaks tolerated; None when it is not base64."""
    if type(value) is not str:
        return None
    try:
        return binascii.a2b_base64(value)
    except (binascii.Error, ValueError):
        return None


def decode_digest(value: Json) -> bytes | None:
    """Decode Attachment.hash: base64 of a SHA-1 by the standard, hexadecimal in some published examples.

    Some portals send a SHA-256, in either form. None when it is neither.
    """
    if type(value) is not str or len(value) > 200:
        return None
    text = value.strip()
    for prefix in ("sha1-", "sha256-", "sha-1:", "sha-256:", "sha1:", "sha256:"):
        text = text[len(prefix) :] if text.lower().startswith(prefix) else text
    for candidate in (text, (decode_base64(text) or b"").decode("latin-1").strip()):
        if len(candidate) in (40, 64) and candidate.isascii():
            try:
                return bytes.fromhex(candidate)
            except ValueError:
                continue
    digest = decode_base64(text)
    return digest if digest is not None and len(digest) in (20, 32) else None


def _attachment(form: Resource, contained: Mapping[str, Resource]) -> Attachment:
    size = form.get("size")
    content_type = line(form.get("contentType"), 200).lower()
    url = form.get("url")
    url = url.strip() if type(url) is str and len(url) <= 4000 and url.isprintable() else ""
    data = decode_base64(form.get("data"))
    if data is None and url.startswith("#"):
        binary = contained.get(url, {})
        data = decode_base64(binary.get("data"))
        content_type = content_type or line(binary.get("contentType"), 200).lower()
        url = ""
    return Attachment(
        content_type=content_type,
        title=line(form.get("title")),
        url="" if data is not None else url,
        data=data,
        size=size if type(size) is int and 0 <= size < 2**40 else None,
        digest=decode_digest(form.get("hash")),
        language=line(form.get("language"), 35),
    )


def _document_reference(resource: Resource, contained: Mapping[str, Resource]) -> list[Attachment]:
    """Read the attachments of a DocumentReference; none of one that was withdrawn or replaced."""
    if resource.get("resourceType") != "DocumentReference" or resource.get("status") in (
        "entered-in-error",
        "superseded",
    ):
        return []
    found: list[Attachment] = []
    for content in objects(resource.get("content"), _ATTACHMENTS):
        for form in objects(content.get("attachment"), 1):
            attachment = _attachment(form, contained)
            title = attachment.title or line(resource.get("description"))
            found.append(replace(attachment, title=title))
    return found


def _media(value: Resource, contained: Mapping[str, Resource]) -> Media:
    reference = _reference(value.get("link"))
    comment = line(value.get("comment"), 500)
    content: Attachment | None = None
    if reference in contained:
        forms = objects(contained[reference].get("content"), 1)
        content = _attachment(forms[0], contained) if forms else None
        reference = ""
    if content is not None and not content.title:
        content = replace(content, title=comment[:200] or "Key image")
    return Media(comment, reference, content)


def _fetched_result(reference: str, resource: bytes, subject: str) -> tuple[list[Result], list[str]]:
    try:
        observation = parse_object(resource)
    except PortalFault:
        return [unreadable(reference)], []
    found = read_observation(observation, subject=subject, key=reference)
    return found, members_of(observation)


def _reference(value: Json) -> str:
    return line(value.get("reference"), 2000) if type(value) is dict else ""


def _references(value: Json, limit: int) -> list[str]:
    found = (_reference(item) for item in objects(value, limit))
    return list(dict.fromkeys(reference for reference in found if reference))
