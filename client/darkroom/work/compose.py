"""A whole report, laid out: its body and what was fetched for it go in, its documents come out.

Owns: the two ends of that exchange. Must never: send back a document that the session has anyway: which of
the session's own it is suffices.
"""

from __future__ import annotations

import encodings
import importlib
import pickle
import pkgutil
from dataclasses import replace

from client.darkroom.message import Blob, Message
from client.darkroom.task import Begun
from client.documents import parsers
from client.documents.composition import compose
from client.documents.package import pack
from client.model.report import Attachment, ReportBody

READS: tuple[str, ...] = ()
_HTML = Attachment("text/html", "", "", b"<html><h2>A</h2><p>b &amp; c</p></html>", None, None)
_OTHER_SYSTEMS = ("cp65001", "mbcs", "oem")


def prepare_texts() -> None:
    """Import what text and HTML need: quick, for the first report."""
    compose(ReportBody("<div><p>A</p></div>", "A.", (_HTML,), ()), {})


def prepare() -> None:
    """Import what any document of a report may need, every character set included."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in _OTHER_SYSTEMS:
            importlib.import_module(f"encodings.{module.name}")
    parsers.load()


def begin(request: Message) -> Begun:
    """Compose; the answer says of each document whether it is missing, and which of the given it shows."""
    # What the session said of its own; locked in as this process is, it could not do harm otherwise either.
    light, urls, failed = pickle.loads(bytes(request.blobs[0]))  # noqa: S301
    given = [bytes(blob) for blob in request.blobs[1:]]
    inline = iter(given)
    body = replace(
        light,
        attachments=tuple(
            each if each.data is None else replace(each, data=next(inline)) for each in light.attachments
        ),
    )
    documents = compose(body, dict(zip(urls, inline, strict=True)), failed)
    packed = pack([replace(document, data=b"", missing=False) for document in documents])
    blobs: list[Blob] = [packed or b"[]"]
    shows: list[int | None] = []  # below zero: one that was made here, counted from the end
    for document in documents:
        known = next((at for at, data in enumerate(given) if data is document.data), None)
        if known is None and document.data:
            blobs.append(document.data)
            known = -len(blobs) + 1
        shows.append(known)
    said = {"shows": shows, "missing": [document.missing for document in documents]}
    return Begun(Message(said, tuple(blobs)))
