"""A report composed in the darkroom, as the session asks for it and takes it back.

Owns: the session's end of `client.darkroom.work.compose`.
Must never: take more from the answer than documents of the known form.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from client.darkroom.darkroom import Darkroom
from client.darkroom.desk import Developed
from client.darkroom.refusal import Refusal
from client.darkroom.task import Task
from client.documents.document import Document
from client.documents.package import unpack
from client.errors import DarkroomClosed, DevelopError
from client.model.report import ReportBody

_MOST_TRIED = 8  # attachments that are tried one by one when the report as a whole fails
_INLINE = "safelight:inline:"  # stands for the address of a document that came with the report


def compose_in(
    darkroom: Darkroom,
    body: ReportBody,
    fetched: Mapping[str, bytes],
    failed: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Document, ...]:
    """Return a report's documents, as `client.documents.composition.compose` does; raises DevelopError.

    A document that ends the process that reads it costs a notice in its place, not the report.
    """
    try:
        return _compose(darkroom, body, fetched, failed)
    except DarkroomClosed:
        raise
    except DevelopError:
        if len(body.attachments) > _MOST_TRIED:
            raise
    told = dict(failed)
    attachments = list(body.attachments)
    for at, each in enumerate(body.attachments):
        alone = ReportBody("", "", (each,), ())
        try:
            _compose(darkroom, alone, {each.url: fetched[each.url]} if each.url in fetched else {}, {})
        except DevelopError as error:
            url = each.url or f"{_INLINE}{at}"
            attachments[at] = replace(each, data=None, url=url, digest=None)
            told[url] = str(error)
    kept = {url: data for url, data in fetched.items() if url not in told}
    return _compose(darkroom, replace(body, attachments=tuple(attachments)), kept, told)


def _compose(
    darkroom: Darkroom, body: ReportBody, fetched: Mapping[str, bytes], failed: Mapping[str, str]
) -> tuple[Document, ...]:
    given = [each.data for each in body.attachments if each.data is not None]
    given += fetched.values()
    light = replace(
        body,
        attachments=tuple(
            each if each.data is None else replace(each, data=b"") for each in body.attachments
        ),
    )
    # Pickled, because the session speaks to its own code, whatever a body consists of. Never the other way.
    words = pickle.dumps((light, tuple(fetched), dict(failed)))
    return _documents(darkroom.develop(Task.COMPOSE, {}, words, *given), given)


def _documents(answer: Developed, given: list[bytes]) -> tuple[Document, ...]:
    try:
        plain = unpack(bytes(answer.blobs[0]))
        shows, missing = answer.said["shows"], answer.said["missing"]
        return tuple(
            replace(document, data=_shown(place, given, answer), missing=bool(lacks))
            for document, place, lacks in zip(plain, shows, missing, strict=True)
        )
    except (KeyError, IndexError, TypeError, ValueError):
        raise DevelopError(Refusal.UNFORESEEN.sentence) from None


def _shown(place: int | None, given: list[bytes], answer: Developed) -> bytes:
    if place is None:
        return b""
    return given[place] if place >= 0 else bytes(answer.blobs[-place])
