"""A DICOM file to the document that it is: words, pages, an image, or why it is not shown.

Must never: raise for any content.
"""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset
from pydicom.uid import UID

from client.documents.content import Content, sniff
from client.documents.dicom.dataset import DAMAGED, Texts, open_dataset, patient_of, quietly, texts_of
from client.documents.dicom.encapsulated import document_of
from client.documents.dicom.heading import read_heading
from client.documents.dicom.tree import Tree
from client.documents.document import Document, DocumentKind, Wrapping
from client.documents.piece import Piece, Rank, notice, shortened, text_piece
from client.errors import DocumentError

_PRIVATE = (
    "This document is of a kind that only its maker knows. Its content is shown as far as it can be read; "
    "compare it with the portal."
)


def read_dicom(data: bytes) -> Piece:
    """Return the document that a DICOM file is; a notice where it is none that can be shown."""
    try:
        with quietly():
            dataset, warned = open_dataset(data)
            texts = texts_of(dataset)
            piece = _read(data, dataset, texts)
            patient = patient_of(dataset, texts)
    except DocumentError as error:
        return notice(Rank.NOTICE, "", str(error))
    except Exception:  # whatever a damaged file makes of the reader: one document, not the report
        return notice(Rank.NOTICE, "", DAMAGED)
    warnings = (*warned, *piece.document.warnings, *texts.doubts)
    return replace(piece, document=replace(piece.document, warnings=warnings, patient=patient))


def kind_of(dataset: Dataset) -> str:
    """Return what a data set's class is called, without "Storage"; "" for one that is not in the standard."""
    uid = UID(str(dataset.get("SOPClassUID") or ""))
    return "" if uid.name == str(uid) else uid.name.removesuffix(" Storage")


def _read(data: bytes, dataset: Dataset, texts: Texts) -> Piece:
    if "ContentSequence" in dataset:
        return _structured(dataset, texts)
    if "EncapsulatedDocument" in dataset:
        return _encapsulated(dataset, texts)
    if "Rows" in dataset and "Columns" in dataset:
        title = texts.line(dataset, "SeriesDescription") or kind_of(dataset) or "Image"
        image = Document(DocumentKind.IMAGE, shortened(title), "", (), "", data, (), False)
        return Piece(Rank.PAGES, image)
    what = kind_of(dataset)
    said = f"This is a DICOM object ({what})" if what else "This is a DICOM object of a private kind"
    return notice(
        Rank.NOTICE, "", f"{said} without words or an image. Safelight cannot show it; open it at the portal."
    )


def _structured(dataset: Dataset, texts: Texts) -> Piece:
    tree = Tree(dataset, texts)
    body = tree.read()
    heading, title, warnings = read_heading(dataset, texts)
    if not kind_of(dataset):
        warnings = (*warnings, _PRIVATE)
    piece = text_piece([*heading, *body], warnings, shortened(title))
    return replace(piece, document=replace(piece.document, references=tree.references))


def _encapsulated(dataset: Dataset, texts: Texts) -> Piece:
    document = document_of(dataset)
    title = shortened(texts.line(dataset, "DocumentTitle"))
    if sniff(document) is not Content.PDF:
        what = kind_of(dataset) or "an unknown document"
        said = (
            f"This DICOM object holds a document ({what}) that is no PDF. Safelight cannot show it; open it"
        )
        return notice(Rank.NOTICE, title, f"{said} at the portal.")
    pdf = Document(DocumentKind.PDF, title, "", (), "", document, (), False, wrappings=(Wrapping.DICOM,))
    return Piece(Rank.PAGES, pdf)
