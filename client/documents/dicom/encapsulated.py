"""PDF documents within DICOM files (PS3.3 A.45.1).

Must never: pass on the file around the document, or a padding byte as part of it.
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from client.documents.content import Content, sniff
from client.documents.dicom.dataset import DAMAGED, open_dataset, quietly
from client.errors import DocumentError


def pdf_of(data: bytes) -> bytes:
    """Return the PDF within a DICOM file's bytes; raises DocumentError where there is none."""
    with quietly():
        dataset, _ = open_dataset(data)
        document = document_of(dataset)
    if sniff(document) is not Content.PDF:
        raise DocumentError(DAMAGED)
    return document


def document_of(dataset: Dataset) -> bytes:
    """Return the document that a data set encapsulates, without padding; b"" where it has none."""
    try:
        value = dataset.get("EncapsulatedDocument")
        length = dataset.get("EncapsulatedDocumentLength")
    except Exception:  # whatever a damaged file makes of the reader
        raise DocumentError(DAMAGED) from None
    if not isinstance(value, bytes):
        return b""
    if isinstance(length, int) and len(value) - 1 <= length <= len(value):
        return value[:length]
    # A value's length is even (PS3.5 6.2): a zero behind the PDF's last line is none of its bytes.
    return value[:-1] if value.endswith(b"\x00") else value
