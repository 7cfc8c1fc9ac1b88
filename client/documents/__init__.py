"""Bytes from a portal to something harmless to show. Pure: no Qt, no disk, no network."""

from client.documents.composition import compose, plain_text
from client.documents.document import Document, DocumentKind, Section, SectionRole

__all__ = ["Document", "DocumentKind", "Section", "SectionRole", "compose", "plain_text"]
