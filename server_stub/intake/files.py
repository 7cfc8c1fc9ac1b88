"""Files and folders, recognised by their content: FHIR JSON, NDJSON, DICOM.

Must never: stop at something it cannot read; it is named and the next file is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from server_stub.intake.bundles import Item, open_document
from server_stub.intake.complaints import Complaints
from server_stub.intake.dicom import Studies

_MAX_FILE = 1024**3  # bytes
_DICOM_MARK = slice(128, 132)


def read_paths(
    paths: Iterable[Path], complaints: Complaints, studies: Studies | None = None
) -> Iterator[list[Item]]:
    """Yield the resources of all files, one batch per document, and what the DICOM files say at the end.

    `studies` takes the DICOM files; without it, what they say is taken and the files are not kept.
    """
    studies = studies or Studies(None)
    for path in _files(paths, complaints):
        try:
            if path.stat().st_size > _MAX_FILE:
                complaints.add(str(path), "", "the file is larger than 1 GiB")
                continue
            with path.open("rb") as stream:
                start = stream.read(132)
            if start[_DICOM_MARK] == b"DICM":
                reason = studies.add(path)
                if reason:
                    complaints.add(str(path), "", reason)
                continue
            content = path.read_bytes()
        except OSError as error:
            complaints.add(str(path), "", f"the file cannot be read ({error.strerror})")
            continue
        yield from _read_json(path, content, complaints)
    yield studies.items()


def _files(paths: Iterable[Path], complaints: Complaints) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                found
                for found in path.rglob("*")
                if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts)
            )
        elif path.is_file():
            yield path
        else:
            complaints.add(str(path), "", "there is no such file or folder")


def _read_json(path: Path, content: bytes, complaints: Complaints) -> Iterator[list[Item]]:
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.lstrip()[:1] not in (b"{", b"["):
        complaints.add(str(path), "", "it is neither FHIR JSON, nor NDJSON, nor DICOM")
        return
    try:
        document: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        yield from _read_lines(path, content, complaints)
        return
    for number, single in enumerate(document if isinstance(document, list) else [document], 1):
        place = f"element {number}" if isinstance(document, list) else ""
        yield open_document(single, str(path), place, complaints)


def _read_lines(path: Path, content: bytes, complaints: Complaints) -> Iterator[list[Item]]:
    lines = content.splitlines()
    if path.suffix.lower() != ".ndjson" and not _is_json(lines[0]):
        complaints.add(str(path), "", "it is not valid JSON")
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = orjson.loads(line)
        except orjson.JSONDecodeError:
            complaints.add(str(path), f"line {number}", "it is not valid JSON")
            continue
        yield open_document(document, str(path), f"line {number}", complaints)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True
