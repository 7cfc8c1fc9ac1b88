"""Words that can only come from one place, put into reports of every kind, and looked for in every form.

Must never: print a place's content; it says where something was found and in which form.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import secrets
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_PDF_STREAM = re.compile(rb"stream\r?\n")
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_INFLATE = 1 << 20


class Canaries:
    """One word for each place a patient's data can be in; all of them begin with the same marker."""

    PLACES = (
        "family",
        "given",
        "identifier",
        "text",
        "html",
        "pdf",
        "narrative",
        "conclusion",
        "accession",
        "exam",
    )

    def __init__(self) -> None:
        self.marker = f"Qx{secrets.token_hex(7)}"
        self.words = {place: self.marker + place for place in self.PLACES}

    def forms(self) -> dict[str, bytes]:
        """Return every form in which the marker may lie on a disk or in memory, by name."""
        found: dict[str, bytes] = {}
        for name, text in (
            ("", self.marker),
            (" upper", self.marker.upper()),
            (" lower", self.marker.lower()),
        ):
            for codec in ("utf-8", "utf-16-le", "utf-32-le"):
                found[codec + name] = text.encode(codec)
        raw = self.marker.encode()
        found["hex"] = raw.hex().encode()
        found["HEX"] = raw.hex().upper().encode()
        for shift in range(3):  # base64 of the marker inside something else: what does not depend on the rest
            text = base64.b64encode(bytes(shift) + raw)
            found[f"base64 shifted by {shift}"] = text[4 if shift else 0 : (len(raw) + shift) // 3 * 4]
        return found

    def bundle(self) -> bytes:
        """Return a FHIR Bundle of canary patients: text, HTML, PDF by Binary, narrative and conclusion."""
        word = self.words
        patient = {
            "resourceType": "Patient",
            "id": "canary-patient",
            "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": word["identifier"]}],
            "name": [{"family": word["family"], "given": [word["given"]]}],
            "birthDate": "1961-02-03",
            "gender": "female",
        }
        binary = {
            "resourceType": "Binary",
            "id": "canary-pdf",
            "contentType": "application/pdf",
            "data": base64.b64encode(_pdf(word["pdf"])).decode(),
        }
        text = f"CLINICAL INFORMATION: Cough.\n\nFINDINGS: {word['text']} in the left lower lobe.\n"
        forms: dict[str, list[dict[str, Any]]] = {
            "text": [_inline("text/plain", text + "IMPRESSION: As above.")],
            "html": [_inline("text/html", f"<h2>Findings</h2><p>{word['html']}</p>")],
            "pdf": [{"contentType": "application/pdf", "url": "Binary/canary-pdf", "title": "Report"}],
            "narrative": [],
        }
        reports = [self._report(kind, form) for kind, form in forms.items()]
        return json.dumps(
            {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [{"resource": each} for each in (patient, binary, *reports)],
            }
        ).encode()

    def _report(self, kind: str, form: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "resourceType": "DiagnosticReport",
            "id": f"canary-{kind}",
            "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": self.words["accession"]}],
            "status": "final",
            "category": [
                {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}
            ],
            "code": {"text": f"CT chest {self.words['exam']}"},
            "subject": {"reference": "Patient/canary-patient"},
            "effectiveDateTime": "2026-11-21T10:00:00+00:00",
            "issued": "2026-11-21T11:00:00+00:00",
            "text": {
                "status": "generated",
                "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{self.words["narrative"]}</p></div>',
            },
            "conclusion": self.words["conclusion"],
            "presentedForm": form,
        }


def _inline(content_type: str, text: str) -> dict[str, Any]:
    return {"contentType": content_type, "data": base64.b64encode(text.encode()).decode()}


def _pdf(word: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=1)
    canvas.drawString(72, 700, word)
    canvas.save()
    return file.getvalue()


def search(data: bytes, forms: dict[str, bytes]) -> Counter[str]:
    """Return how often each form occurs in `data`, and in what zlib, gzip and PDF streams inflate to."""
    found: Counter[str] = Counter()
    for text, how in _layers(data):
        for name, form in forms.items():
            if times := text.count(form):
                found[name + how] += times
    return found


def _layers(data: bytes) -> Iterator[tuple[bytes, str]]:
    yield data, ""
    for place in _DEFLATED.finditer(data):
        inflated = _inflate(data[place.start() : place.start() + _INFLATE], 15 + 32)
        if inflated:
            yield inflated, ", deflated"
    for place in _PDF_STREAM.finditer(data):
        stream = data[place.end() : place.end() + _INFLATE]
        inflated = _inflate(stream, 15) or _inflate(_ascii85(stream), 15)
        if inflated:
            yield inflated, ", in a PDF stream"


def _inflate(data: bytes, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(data, 4 * _INFLATE)
    except zlib.error:
        return b""


def _ascii85(stream: bytes) -> bytes:
    try:
        return base64.a85decode(stream.partition(b"~>")[0])
    except ValueError:
        return b""


def search_files(folders: Iterable[Path], forms: dict[str, bytes]) -> dict[str, Counter[str]]:
    """Return what was found in which file below `folders`, names of files and folders included."""
    found: dict[str, Counter[str]] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            its = search(str(path).encode(), forms)
            if path.is_file() and not path.is_symlink():
                its += search(path.read_bytes(), forms)
            if its:
                found[str(path)] = its
    return found


def planted(word: str) -> dict[str, bytes]:
    """Return the leaks the search must find: a word as it is, encoded, compressed, and inside a PDF."""
    raw = word.encode()
    return {
        "plain": b"..." + raw + b"...",
        "UTF-16": word.encode("utf-16"),
        "base64": base64.b64encode(b"some words before " + raw + b" and after"),
        "hex": raw.hex().encode(),
        "zlib": b"junk" + zlib.compress(b"a text with " + raw),
        "gzip": gzip.compress(b"a text with " + raw),
        "PDF": _pdf(word),
    }
