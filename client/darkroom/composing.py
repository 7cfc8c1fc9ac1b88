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
from client.errors import DevelopError
from client.model.report import ReportBody


def compose_in(
    darkroom: Darkroom,
    body: ReportBody,
    fetched: Mapping[str, bytes],
    failed: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Document, ...]:
    """Return a report's documents, as `client.documents.composition.compose` does; raises DevelopError."""
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
