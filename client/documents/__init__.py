"""Bytes from a portal to something harmless to show. Pure: no Qt, no disk, no network."""

from client.documents.checksum import matches
from client.documents.composition import compose, needs_parsers, worth_fetching
from client.documents.document import Document, DocumentKind, Section, SectionRole
from client.documents.spoken import composed_text, plain_text

__all__ = [
    "Document",
    "DocumentKind",
    "Section",
    "SectionRole",
    "compose",
    "composed_text",
    "matches",
    "needs_parsers",
    "plain_text",
    "worth_fetching",
]
